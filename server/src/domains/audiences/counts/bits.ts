import { buyerMark, type KeptBound, keptBound, keptMark, latestDay, ofAllOrders, spentBound } from '../kept/buyers.ts'
import {
  type DaySpan,
  dayOfDate,
  daysOfWindow,
  hundredthsOf,
  leastNumber,
  markedRelations,
  markOf,
  type OrdersLeaf,
  partBits,
  type RelationLeaf,
  sinceOf,
  sliceBits,
} from '../rules/facts.ts'
import type { Leaf, Rule } from '../rules/rule.schema.ts'
import { partsOf } from '../rules/rule.ts'
import { behavedSince, boughtSince, eventsSet, ordersSet, relationSet, type SetOf, stockSet } from './sets.ts'

/** A rule as arithmetic over sets of persons: marks that are kept as bits, and sets that are read from rows. */
export type Bits =
  | boolean
  | { readonly key: string }
  | { readonly set: SetOf }
  | { readonly and: readonly Bits[] }
  | { readonly or: readonly Bits[] }
  | { readonly not: Bits }

export function and(parts: readonly Bits[]): Bits {
  if (parts.includes(false)) return false
  const open = parts.filter((part) => part !== true)
  return open.length > 1 ? { and: open } : (open[0] ?? true)
}

export function or(parts: readonly Bits[]): Bits {
  if (parts.includes(true)) return true
  const open = parts.filter((part) => part !== false)
  return open.length > 1 ? { or: open } : (open[0] ?? false)
}

export function not(part: Bits): Bits {
  return typeof part === 'boolean' ? !part : { not: part }
}

const mark = (key: string): Bits => ({ key })

/** The persons of a rule; `today` is the number of the corp's business day. */
export function bitsOf(rule: Rule, today: number): Bits {
  if ('is' in rule) return leafBits(rule, today)
  const parts = partsOf(rule).map((part) => bitsOf(part, today))
  return 'all' in rule ? and(parts) : 'any' in rule ? or(parts) : not(or(parts))
}

function leafBits(leaf: Leaf, today: number): Bits {
  switch (leaf.is) {
    case 'choice':
      return or(leaf.any.map((value) => mark(markOf.choice(leaf.field, value))))
    case 'known':
      return mark(markOf.known(leaf.field))
    case 'stage':
      return or(leaf.any.map((id) => mark(markOf.stage(id))))
    case 'tier':
      return or(leaf.any.map((id) => mark(markOf.tier(id))))
    case 'group':
      return or(leaf.any.map((id) => mark(markOf.group(id))))
    case 'account':
      return mark(markOf.account(leaf.account, leaf.state))
    case 'audience':
      return mark(markOf.audience(leaf.id))
    case 'list':
      return mark(markOf.list(leaf.id))
    case 'identity':
      return or(leaf.any.map((kind) => mark(markOf.identity(kind))))
    case 'wish':
      return mark(markOf.wish(leaf.wish))
    case 'stock':
      return { set: stockSet(leaf) }
    case 'tags': {
      const tags = leaf.tags.map((tag) => mark(markOf.tag(tag, leaf.source)))
      return leaf.mode === 'all' ? and(tags) : leaf.mode === 'any' ? or(tags) : not(or(tags))
    }
    case 'number':
      return numberBits(leaf.field, leaf.from, leaf.to)
    case 'date':
      return dayBits(
        leaf.field,
        leaf.from === undefined ? undefined : dayOfDate(leaf.from),
        leaf.to === undefined ? undefined : dayOfDate(leaf.to),
      )
    case 'ago':
      return dayBits(
        leaf.field,
        leaf.to === undefined ? undefined : today - leaf.to,
        leaf.from === undefined ? undefined : today - leaf.from,
      )
    case 'relation':
      return relationBits(leaf, today)
    case 'orders': {
      const days = daysOfWindow(leaf.window, today)
      if (leaf.measure === 'recency' && ofAllOrders(leaf) && (!leaf.window || 'days' in leaf.window))
        return latestBits(leaf, days, today)
      if (leaf.measure === 'average' || leaf.measure === 'recency') return { set: ordersSet(leaf, days, today) }
      return between(leaf.from, leaf.to, (least) => {
        const kept = keptBound(leaf, least, today)
        if (kept) return buyersBits(keptAtLeast(kept), `${kept.kept.column} >= $`, kept.least)
        const spent = spentBound(leaf, least, today)
        if (spent) return spentBits(spent)
        return { set: ordersSet({ ...leaf, from: least, to: undefined }, days, today) }
      })
    }
    case 'events': {
      const days = daysOfWindow(leaf.window, today)
      if (leaf.measure === 'recency') return eventsBits(leaf, days, today)
      return between(leaf.from, leaf.to, (least) => eventsBits({ ...leaf, from: least, to: undefined }, days, today))
    }
  }
}

/** What is folded alone where that is enough; of whom more was noted since, all rows together. */
function eventsBits(leaf: Extract<Leaf, { is: 'events' }>, days: DaySpan, today: number): Bits {
  const folded = eventsSet(leaf, days, today, 'behaviours')
  if (folded.having === '') return or([{ set: folded }, { set: eventsSet(leaf, days, today, 'behaved') }])
  const since: Bits = { set: behavedSince(leaf.name) }
  return or([and([{ set: folded }, not(since)]), { set: eventsSet(leaf, days, today, 'rowsOfBehaved') }])
}

/** A sum or count that is never negative, from "at least" alone: who has none at all stands in no row. */
function between(from: number | undefined, to: number | undefined, atLeast: (least: number) => Bits): Bits {
  const reach = (least: number): Bits => (least <= 0 ? true : atLeast(least))
  return and([from === undefined ? true : reach(from), to === undefined ? true : to < 0 ? false : not(reach(to + 1))])
}

/** Days since the latest order of all; what is dated ahead is today. */
function latestBits(leaf: OrdersLeaf, { from }: DaySpan, today: number): Bits {
  if (leaf.to !== undefined && leaf.to < 0) return false
  const least = Math.max(from ?? 0, leaf.to === undefined ? 0 : today - leaf.to)
  const after = leaf.from !== undefined && leaf.from > 0 ? today - leaf.from + 1 : undefined
  const sinceThen = and([mark(buyerMark), keptAtLeast({ kept: latestDay, least })])
  if (after === undefined) return buyersBits(sinceThen, 'd1 >= $', least)
  return buyersBits(
    and([sinceThen, not(keptAtLeast({ kept: latestDay, least: after }))]),
    'd1 >= $ and d1 < $',
    least,
    after,
  )
}

/** What was bought since a period that is over holds an older sum of who bought nothing since. */
function spentBits({ kept, least, since }: KeptBound & { readonly since: number }): Bits {
  const digits = and([keptAtLeast({ kept: latestDay, least: since }), keptAtLeast({ kept, least })])
  return buyersBits(digits, `d1 >= $ and ${kept.column} >= $`, since, least)
}

/** From digits; but from the row, for who bought since they were folded. */
function buyersBits(digits: Bits, where: string, ...values: readonly number[]): Bits {
  return or([and([digits, not({ set: boughtSince() })]), { set: boughtSince(where, ...values) }])
}

const keptAtLeast = ({ kept, least }: KeptBound) => digitsAtLeast(least, kept.bits, (bit) => keptMark(kept, bit))

/** A number of so many digits, from the lowest to the highest. */
function digitsAtLeast(least: number, digits: number, keyOf: (bit: number) => string): Bits {
  if (least <= 0) return true
  if (least >= 2 ** digits) return false
  let bits: Bits = true
  for (let bit = 0; bit < digits; bit += 1) {
    const digit = mark(keyOf(bit))
    bits = Math.floor(least / 2 ** bit) % 2 === 1 ? and([digit, bits]) : or([digit, bits])
  }
  return bits
}

/** A known day within bounds, digit by digit. */
function dayBits(field: string, from: number | undefined, to: number | undefined): Bits {
  const atLeast = (least: number) => digitsAtLeast(least - leastNumber, sliceBits, (bit) => markOf.slice(field, bit))
  const fitted = (day: number) => hundredthsOf(day) / 100
  return and([
    mark(markOf.known(field)),
    from === undefined ? true : atLeast(fitted(from)),
    to === undefined ? true : not(atLeast(fitted(to) + 1)),
  ])
}

/** A known number within bounds, digit by digit; its hundredths are only read where a bound has some. */
function numberBits(field: string, from: number | undefined, to: number | undefined): Bits {
  const whole = (bit: number) => markOf.slice(field, bit)
  const beside = (bits: number, keyOf: (bit: number) => string) => (bit: number) =>
    bit < bits ? keyOf(bit) : whole(bit - bits)
  const atLeast = (hundredths: number): Bits => {
    const [above, part] = split(hundredths)
    if (part === 0) return digitsAtLeast(above, sliceBits, whole)
    const keyOf = beside(partBits, (bit) => markOf.part(field, bit))
    return digitsAtLeast(above * 2 ** partBits + part, sliceBits + partBits, keyOf)
  }
  const moreThan = (hundredths: number): Bits => {
    const [above, part] = split(hundredths)
    if (part > 0) return atLeast(hundredths + 1)
    return digitsAtLeast(
      above * 2 + 1,
      sliceBits + 1,
      beside(1, () => markOf.broken(field)),
    )
  }
  return and([
    mark(markOf.known(field)),
    from === undefined ? true : atLeast(hundredthsOf(from)),
    to === undefined ? true : not(moreThan(hundredthsOf(to))),
  ])
}

/** How far above the least number, and its hundredths. */
function split(hundredths: number): readonly [number, number] {
  const whole = Math.floor(hundredths / 100)
  return [whole - leastNumber, hundredths - whole * 100]
}

function relationBits(leaf: RelationLeaf, today: number): Bits {
  const since = sinceOf(leaf, today)
  if (since || !markedRelations.includes(leaf.by)) return { set: relationSet(leaf, since ?? {}) }
  const states = leaf.state === 'ever' ? (['alive', 'ended'] as const) : ([leaf.state] as const)
  const whom = leaf.by === 'anyone' ? [''] : leaf.any
  return or(states.flatMap((state) => whom.map((id) => mark(markOf.relation(state, leaf.by, id)))))
}

/** The same where nobody has these marks. */
export function without(bits: Bits, absent: ReadonlySet<string>): Bits {
  if (typeof bits === 'boolean' || 'set' in bits) return bits
  if ('key' in bits) return absent.has(bits.key) ? false : bits
  if ('not' in bits) return not(without(bits.not, absent))
  if ('and' in bits) return and(bits.and.map((part) => without(part, absent)))
  return or(bits.or.map((part) => without(part, absent)))
}

/** The marks that a rule reads, and the sets of rows, each once. */
export function readsOf(bits: Bits): { keys: readonly string[]; sets: readonly SetOf[] } {
  const keys = new Set<string>()
  const sets = new Map<string, SetOf>()
  const walk = (one: Bits): void => {
    if (typeof one === 'boolean') return
    if ('key' in one) keys.add(one.key)
    else if ('set' in one) sets.set(setKey(one.set), one.set)
    else if ('not' in one) walk(one.not)
    else for (const part of 'and' in one ? one.and : one.or) walk(part)
  }
  walk(bits)
  return { keys: [...keys], sets: [...sets.values()] }
}

export const setKey = (set: SetOf) => JSON.stringify(set)
