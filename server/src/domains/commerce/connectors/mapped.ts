import { z } from 'zod'

/** Which value of a document fills which field of a fact. */
const factKinds = ['orders', 'members', 'events', 'products'] as const

/** A path such as `data.order.items[0].name`; `=text` is the text itself. */
const jsonPath = z.string().max(200)

export const factMapping = z.object({
  kind: z.enum(factKinds),
  source: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  /** Where the list of facts stands; empty: the document is one fact. */
  items: jsonPath.default(''),
  /** Field of the /v1 shape, such as `customer.unionid` or `lines[].product`, and where it comes from. */
  fields: z.record(z.string().max(80), jsonPath),
  /** Of an order's lines: where they stand in the fact. */
  lines: jsonPath.default(''),
  /** yuan: money is multiplied by 100. */
  money: z.enum(['fen', 'yuan']).default('fen'),
})
export type FactMapping = z.infer<typeof factMapping>

export function valueAt(document: unknown, path: string): unknown {
  if (path.startsWith('=')) return path.slice(1)
  const steps = path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '')
  return steps.reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    return Reflect.get(at, step)
  }, document)
}

const moneyFields = /(?:^|\.)(?:amount|price|refunded)$/
const numberFields = /(?:^|\.)(?:amount|price|refunded|quantity|points|stock)$/
const timeFields = /(?:^|\.|_)at$/
const textFields =
  /(?:^|\.)(?:number|product|member_no|unionid|external_userid|openid|appid|phone|phone_typed|store|staff|channel|level|name|category)$/

/** A value as the /v1 shape has it: numbers from texts, times from numbers, texts from numbers. */
function shaped(field: string, value: unknown, money: FactMapping['money']): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (numberFields.test(field)) {
    const number = typeof value === 'string' ? Number(value.replaceAll(',', '')) : value
    return moneyFields.test(field) && money === 'yuan' && typeof number === 'number' ? Math.round(number * 100) : number
  }
  if (timeFields.test(field)) {
    const ms =
      typeof value === 'number' || /^\d{10,13}$/.test(String(value)) ? Number(value) : Date.parse(String(value))
    const at = new Date(ms < 100_000_000_000 ? ms * 1000 : ms)
    return Number.isNaN(at.getTime()) ? value : at.toISOString()
  }
  return textFields.test(field) && typeof value !== 'object' ? String(value) : value
}

/** Facts of a document in the /v1 shape. What a path does not find is left out, and the shape says what is missing. */
export function mapFacts(mapping: FactMapping, document: unknown): readonly Record<string, unknown>[] {
  const found = mapping.items === '' ? document : valueAt(document, mapping.items)
  return (Array.isArray(found) ? found : [found]).map((item) => mapFact(mapping, item))
}

function mapFact({ fields, lines, money, source }: FactMapping, item: unknown): Record<string, unknown> {
  const fact: Record<string, unknown> = { source }
  const ofLines = Object.entries(fields).filter(([field]) => field.startsWith('lines[].'))
  for (const [field, path] of Object.entries(fields)) {
    if (field.startsWith('lines[].')) continue
    put(fact, field, shaped(field, valueAt(item, path), money))
  }
  if (ofLines.length > 0) {
    const found = lines === '' ? item : valueAt(item, lines)
    fact['lines'] = (Array.isArray(found) ? found : [found]).map((line) => {
      const row: Record<string, unknown> = {}
      for (const [field, path] of ofLines)
        put(row, field.slice('lines[].'.length), shaped(field, valueAt(line, path), money))
      return row
    })
  }
  return fact
}

/** A row of a table as a document: the header names its fields; a point in a name would begin a path. */
export function rowOf(header: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(header.map((name, at) => [name.replaceAll('.', '_'), cells[at] ?? '']))
}

const unsafe = new Set(['__proto__', 'constructor', 'prototype'])

function put(into: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) return
  const steps = field.split('.')
  const last = steps.pop() ?? field
  if ([...steps, last].some((step) => unsafe.has(step))) return
  let at = into
  for (const step of steps) {
    const next = at[step]
    const inner: Record<string, unknown> = isRecord(next) ? next : {}
    at[step] = inner
    at = inner
  }
  at[last] = value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
