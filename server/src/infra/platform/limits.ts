import { isLimitName, type LimitOverrides, type LimitProfile, limitProfile } from '@nuanyu/wecom'

/** A corp's stored overrides, read leniently: a name or kind that this version no longer knows keeps its default. */
export function readOverrides(stored: unknown): LimitOverrides {
  if (typeof stored !== 'object' || stored === null) return {}
  const known = limitProfile()
  return Object.fromEntries(
    Object.entries(stored).filter(([name, value]) => isLimitName(name) && typeof value === typeof known.value(name)),
  )
}

export function profileOf(stored: unknown): LimitProfile {
  return limitProfile(readOverrides(stored))
}
