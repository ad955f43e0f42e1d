import type { Say } from '#shared/i18n/words.ts'
import { type LimitValue, writeLimit } from './limits.ts'
import { words } from './words.ts'

type T = Say<keyof typeof words.zh>

export function valueText(value: LimitValue, unit: string, t: T): string {
  if (typeof value === 'boolean') return t(value ? 'limits.on' : 'limits.off')
  const { text, per } = writeLimit(value, unit)
  return per === undefined ? text : t(`limits.per.${per}`, { value: text })
}

const keys: readonly string[] = Object.keys(words.zh)

function isKey(key: string): key is keyof typeof words.zh {
  return keys.includes(key)
}

export function groupName(group: string, t: T): string {
  const key = `group.${group}`
  return isKey(key) ? t(key) : group
}

/** The thing counted, in the reader's words; `count/min` is counted in pieces. */
export function unitName(unit: string, t: T): string {
  const key = `unit.${unit.split('/')[0] ?? unit}`
  return isKey(key) ? t(key) : unit
}
