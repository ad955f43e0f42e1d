import type { components } from '#shared/api/schema.gen.ts'
import type { Say } from '#shared/i18n/words.ts'
import { type Words, words } from './words.ts'

export type Entry = components['schemas']['AuditEntry']

export const outcomeColours = { done: 'success', refused: 'error' } as const

/** `channel.update` as «渠道活码 · 修改»; words that we do not have are shown as they are. */
export function actionName(action: string, t: Say<Words>): string {
  const [thing = action, verb] = action.split('.', 2)
  return verb === undefined ? named('thing', thing, t) : `${named('thing', thing, t)} · ${named('verb', verb, t)}`
}

export function thingName(thing: string, t: Say<Words>): string {
  return named('thing', thing, t)
}

function named(kind: 'thing' | 'verb', name: string, t: Say<Words>): string {
  const key = `${kind}.${name}`
  return isWord(key) ? t(key) : name.replaceAll('_', ' ')
}

function isWord(key: string): key is Words {
  return key in words.zh
}

export interface Change {
  field: string
  before: string
  after: string
  changed: boolean
}

/** Before and after side by side, what differs first; nested values as compact JSON. */
export function changesOf(summary: Entry['summary']): Change[] {
  const { before = {}, after = {} } = summary
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields
    .map((field) => {
      const [old, fresh] = [shown(before[field]), shown(after[field])]
      return { field, before: old, after: fresh, changed: old !== fresh }
    })
    .toSorted((a, b) => Number(b.changed) - Number(a.changed))
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The days of a range picker as the API's half-open times, in the corp's zone. */
export function timesOf(days: string | undefined): { from?: string; to?: string } {
  const [, first, last] = /^(\d{4}-\d{2}-\d{2})~(\d{4}-\d{2}-\d{2})$/.exec(days ?? '') ?? []
  if (first === undefined || last === undefined) return {}
  const end = new Date(`${last}T00:00:00+08:00`)
  if (Number.isNaN(end.getTime()) || Number.isNaN(Date.parse(`${first}T00:00:00+08:00`))) return {}
  end.setUTCDate(end.getUTCDate() + 1)
  return { from: `${first}T00:00:00+08:00`, to: end.toISOString() }
}
