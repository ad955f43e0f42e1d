import { dayMs } from '../../../infra/zone.ts'
import type { Leaf, Window } from './rule.schema.ts'

/** What is known of one person, as far as rules ask for it. Days are numbers since 1970-01-01 on the wall calendar. */
export interface PersonFacts {
  /** Tags, values of fields, stage, groups, lists …: see `markOf`. */
  readonly marks: ReadonlySet<string>
  /** Numbers and dates of fields. */
  readonly numbers: ReadonlyMap<string, number>
  readonly relations: readonly RelationOfPerson[]
  readonly orders: readonly OrderOfPerson[]
  readonly behaviours: readonly BehaviourOfPerson[]
}

export interface RelationOfPerson {
  readonly staff: string
  readonly departments: readonly string[]
  readonly store?: string | undefined
  readonly channel?: string | undefined
  readonly since: number
  readonly ended?: number | undefined
}

export interface OrderOfPerson {
  readonly id: number
  readonly day: number
  /** Fen, after refunds. */
  readonly net: number
  readonly store?: string | undefined
  readonly channel?: string | undefined
  readonly lines: readonly { readonly product: string; readonly category: string; readonly amount: number }[]
}

export interface BehaviourOfPerson {
  readonly name: string
  readonly day: number
  readonly times: number
}

/** The names of marks: one a thing that a person has or has not. */
export const markOf = {
  person: 'person',
  choice: (field: string, value: string) => `field:${field}=${value}`,
  known: (field: string) => `known:${field}`,
  /** One binary digit of a number. */
  slice: (field: string, bit: number) => `slice:${field}:${bit}`,
  /** A number has hundredths, and one binary digit of them. */
  broken: (field: string) => `broken:${field}`,
  part: (field: string, bit: number) => `part:${field}:${bit}`,
  tag: (id: string, source?: string) => (source === undefined ? `tag:${id}` : `tag:${id}@${source}`),
  relation: (state: 'alive' | 'ended', by: string, id: string) => `${state}:${by}:${id}`,
  stage: (id: string) => `stage:${id}`,
  tier: (id: string) => `tier:${id}`,
  group: (id: string) => `group:${id}`,
  account: (id: string, state: string) => `account:${id}=${state}`,
  audience: (id: string) => `audience:${id}`,
  /** A list is an audience whose members stay as they were. */
  list: (id: string) => `audience:${id}`,
  identity: (kind: string) => `identity:${kind}`,
  wish: (wish: string) => `wish:${wish}`,
  stock: (product: string, where: string) => `stock:${product}@${where}`,
}

/** Numbers are kept as so many binary digits above the least. */
export const sliceBits = 32
export const leastNumber = -(2 ** 31)
/** Fields keep two decimals: so many binary digits beside the whole part. */
export const partBits = 7

/** By what relations are kept as marks: few values with many persons. Members of staff and stores are read from rows. */
export const markedRelations: readonly string[] = ['anyone', 'department', 'channel']

/** The marks of what a relation is now. */
export function marksOfRelation(relation: RelationOfPerson): readonly string[] {
  const state = relation.ended === undefined ? 'alive' : 'ended'
  return [
    markOf.relation(state, 'anyone', ''),
    ...relation.departments.map((id) => markOf.relation(state, 'department', id)),
    ...(relation.channel === undefined ? [] : [markOf.relation(state, 'channel', relation.channel)]),
  ]
}

/** A number in hundredths, as far as fields keep numbers: what is beyond counts as the least or the greatest. */
export function hundredthsOf(value: number): number {
  return Math.min(Math.max(Math.round(value * 100), leastNumber * 100), (2 ** 31 - 1) * 100)
}

/** The marks of a number: that it is known, and its binary digits that are one. */
export function marksOfNumber(field: string, value: number): readonly string[] {
  const hundredths = hundredthsOf(value)
  const whole = Math.floor(hundredths / 100)
  const part = hundredths - whole * 100
  const above = whole - leastNumber
  const marks = [markOf.known(field)]
  for (let bit = 0; bit < sliceBits; bit += 1)
    if (Math.floor(above / 2 ** bit) % 2 === 1) marks.push(markOf.slice(field, bit))
  if (part > 0) marks.push(markOf.broken(field))
  for (let bit = 0; bit < partBits; bit += 1) if ((part >> bit) % 2 === 1) marks.push(markOf.part(field, bit))
  return marks
}

/** Every mark that a number may have. */
export function digitMarks(field: string, whole: boolean): readonly string[] {
  return [
    markOf.known(field),
    ...Array.from({ length: sliceBits }, (_, bit) => markOf.slice(field, bit)),
    ...(whole ? [] : [markOf.broken(field), ...Array.from({ length: partBits }, (_, bit) => markOf.part(field, bit))]),
  ]
}

/** The marks that a leaf names; numbers, relations, orders and behaviour are read otherwise. */
export function namedMarks(leaf: Leaf): readonly string[] {
  switch (leaf.is) {
    case 'known':
      return [markOf.known(leaf.field)]
    case 'choice':
      return leaf.any.map((value) => markOf.choice(leaf.field, value))
    case 'tags':
      return leaf.tags.map((tag) => markOf.tag(tag, leaf.source))
    case 'stage':
      return leaf.any.map(markOf.stage)
    case 'tier':
      return leaf.any.map(markOf.tier)
    case 'group':
      return leaf.any.map(markOf.group)
    case 'account':
      return [markOf.account(leaf.account, leaf.state)]
    case 'audience':
      return [markOf.audience(leaf.id)]
    case 'list':
      return [markOf.list(leaf.id)]
    case 'identity':
      return leaf.any.map(markOf.identity)
    case 'wish':
      return [markOf.wish(leaf.wish)]
    case 'number':
    case 'date':
    case 'ago':
    case 'relation':
    case 'orders':
    case 'events':
    case 'stock':
      return []
  }
}

/** The number that these marks say; undefined: it is not known. */
export function numberOfMarks(field: string, marks: ReadonlySet<string>): number | undefined {
  if (!marks.has(markOf.known(field))) return undefined
  let whole = leastNumber
  let part = 0
  for (let bit = 0; bit < sliceBits; bit += 1) if (marks.has(markOf.slice(field, bit))) whole += 2 ** bit
  for (let bit = 0; bit < partBits; bit += 1) if (marks.has(markOf.part(field, bit))) part += 2 ** bit
  return (whole * 100 + part) / 100
}

export const periodDays = 30

export interface DaySpan {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** The days that a window holds today. A moving window has no end: what is dated ahead counts. */
export function daysOfWindow(window: Window | undefined, today: number): DaySpan {
  if (!window) return {}
  if ('days' in window) return { from: today - window.days + 1 }
  if ('periods' in window) {
    const period = Math.floor(today / periodDays)
    return { from: (period - window.periods + 1) * periodDays }
  }
  return { from: dayOfDate(window.from), to: dayOfDate(window.to) }
}

export function dayOfDate(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs)
}

export const within = (day: number, { from, to }: DaySpan) =>
  (from === undefined || day >= from) && (to === undefined || day <= to)

export type OrdersLeaf = Extract<Leaf, { is: 'orders' }>
export type RelationLeaf = Extract<Leaf, { is: 'relation' }>

/** The days on which a relation must have begun. */
export function sinceOf(leaf: RelationLeaf, today: number): DaySpan | undefined {
  if (leaf.sinceFrom === undefined && leaf.sinceTo === undefined && leaf.sinceDays === undefined) return undefined
  const moving = leaf.sinceDays === undefined ? [] : [today - leaf.sinceDays]
  const fixed = leaf.sinceFrom === undefined ? [] : [dayOfDate(leaf.sinceFrom)]
  const from = moving.length + fixed.length === 0 ? undefined : Math.max(...moving, ...fixed)
  return { from, to: leaf.sinceTo === undefined ? undefined : dayOfDate(leaf.sinceTo) }
}
