import { isLimitName, type LimitName, type LimitOverrides, type LimitProfile } from '@nuanyu/wecom'
import { AppError } from '../../../infra/errors.ts'

export type LimitChanges = Readonly<Record<string, number | string | boolean | null>>

/** A corp's overrides after a change; a name or kind that does not exist is the caller's error. */
export function changedOverrides(
  before: LimitOverrides,
  changes: LimitChanges,
  defaults: LimitProfile,
): LimitOverrides {
  const after: Record<string, number | string | boolean> = {}
  for (const [name, value] of Object.entries(before)) if (value !== undefined) after[name] = value
  for (const [name, value] of Object.entries(changes)) {
    if (!isLimitName(name)) throw unknownLimit(name)
    const own = defaults.value(name)
    if (value !== null) checkValue(name, value, own)
    if (value === null || value === own) delete after[name]
    else after[name] = value
  }
  return after as LimitOverrides
}

function checkValue(name: LimitName, value: number | string | boolean, own: number | string | boolean): void {
  if (typeof value !== typeof own) {
    throw wrongValue(name, `应为 ${kindZh(typeof own)}`, `must be a ${typeof own}`)
  }
  if (typeof value === 'number' && (!Number.isFinite(value) || value < 0)) {
    throw wrongValue(name, '应为不小于 0 的数', 'must be a number of 0 or more')
  }
}

const kindZh = (kind: string) => (kind === 'number' ? '数字' : kind === 'boolean' ? '开关' : '文字')

function unknownLimit(name: string): AppError {
  return new AppError('invalid_request', {
    zh: `没有名为「${name}」的平台限额。`,
    en: `There is no platform limit named “${name}”.`,
  })
}

function wrongValue(name: string, zh: string, en: string): AppError {
  return new AppError('invalid_request', { zh: `限额「${name}」${zh}。`, en: `The limit “${name}” ${en}.` })
}
