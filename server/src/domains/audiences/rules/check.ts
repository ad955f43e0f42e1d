import {
  dayOfDate,
  daysOfWindow,
  hundredthsOf,
  markOf,
  type OrdersLeaf,
  type PersonFacts,
  type RelationLeaf,
  sinceOf,
  within,
} from './facts.ts'
import type { Leaf, Rule } from './rule.schema.ts'
import { partsOf } from './rule.ts'

/** Whether a rule holds for a person, and why, part by part. */
export interface Reason {
  readonly rule: Rule
  readonly holds: boolean
  readonly parts: readonly Reason[]
  readonly evidence: Evidence
}

/** What of a person a leaf was decided by. */
export interface Evidence {
  /** The days of the orders, events or relations that counted, oldest first. */
  readonly days?: readonly number[]
  /** The number that was compared. */
  readonly value?: number
  /** The marks that were found. */
  readonly found?: readonly string[]
}

/** `today` is the number of the corp's business day. */
export function inMemory(rule: Rule, person: PersonFacts, today: number): Reason {
  if ('is' in rule) return { rule, parts: [], ...checkLeaf(rule, person, today) }
  const parts = partsOf(rule).map((part) => inMemory(part, person, today))
  const holds =
    'all' in rule
      ? parts.every((part) => part.holds)
      : 'any' in rule
        ? parts.some((part) => part.holds)
        : !parts.some((part) => part.holds)
  return { rule, parts, holds, evidence: {} }
}

interface Answer {
  readonly holds: boolean
  readonly evidence: Evidence
}

function checkLeaf(leaf: Leaf, person: PersonFacts, today: number): Answer {
  switch (leaf.is) {
    case 'choice':
      return marked(person, leaf.any, (value) => markOf.choice(leaf.field, value))
    case 'known':
      return marked(person, [leaf.field], markOf.known)
    case 'stage':
      return marked(person, leaf.any, markOf.stage)
    case 'tier':
      return marked(person, leaf.any, markOf.tier)
    case 'group':
      return marked(person, leaf.any, markOf.group)
    case 'account':
      return marked(person, [leaf.state], (state) => markOf.account(leaf.account, state))
    case 'audience':
      return marked(person, [leaf.id], markOf.audience)
    case 'list':
      return marked(person, [leaf.id], markOf.list)
    case 'identity':
      return marked(person, leaf.any, markOf.identity)
    case 'wish':
      return marked(person, [leaf.wish], markOf.wish)
    case 'stock':
      return marked(person, [leaf.product], (product) => markOf.stock(product, leaf.where))
    case 'tags': {
      const found = leaf.tags.filter((tag) => person.marks.has(markOf.tag(tag, leaf.source)))
      const wanted = leaf.mode === 'all' ? new Set(leaf.tags).size : 1
      const holds = leaf.mode === 'none' ? found.length === 0 : new Set(found).size >= wanted
      return { holds, evidence: { found } }
    }
    case 'number':
      return compared(person.numbers.get(leaf.field), leaf)
    case 'date':
      return compared(person.numbers.get(leaf.field), {
        from: leaf.from === undefined ? undefined : dayOfDate(leaf.from),
        to: leaf.to === undefined ? undefined : dayOfDate(leaf.to),
      })
    case 'ago': {
      const day = person.numbers.get(leaf.field)
      const ago = compared(day === undefined ? undefined : today - day, leaf)
      return day === undefined ? ago : { ...ago, evidence: { ...ago.evidence, days: [day] } }
    }
    case 'relation':
      return checkRelation(leaf, person, today)
    case 'orders':
      return checkOrders(leaf, person, today)
    case 'events': {
      const span = daysOfWindow(leaf.window, today)
      const counted = person.behaviours.filter((one) => one.name === leaf.name && within(one.day, span))
      const days = ordered(counted.map((one) => one.day))
      const times = counted.reduce((sum, one) => sum + one.times, 0)
      return measured(leaf.measure === 'count' ? times : agoOf(days, today), leaf, days)
    }
  }
}

function marked(person: PersonFacts, values: readonly string[], name: (value: string) => string): Answer {
  const found = values.filter((value) => person.marks.has(name(value)))
  return { holds: found.length > 0, evidence: { found } }
}

interface Bounds {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

function compared(value: number | undefined, bounds: Bounds): Answer {
  if (value === undefined) return { holds: false, evidence: {} }
  const holds = within(hundredthsOf(value), {
    from: bounds.from === undefined ? undefined : hundredthsOf(bounds.from),
    to: bounds.to === undefined ? undefined : hundredthsOf(bounds.to),
  })
  return { holds, evidence: { value } }
}

function measured(value: number | undefined, bounds: Bounds, days: readonly number[]): Answer {
  if (value === undefined) return { holds: false, evidence: { days } }
  return { holds: within(value, bounds), evidence: { days, value } }
}

const ordered = (days: readonly number[]) => [...days].sort((a, b) => a - b)

/** Days since the latest; what is dated ahead is today. */
function agoOf(days: readonly number[], today: number): number | undefined {
  const latest = days.at(-1)
  return latest === undefined ? undefined : Math.max(0, today - latest)
}

function checkRelation(leaf: RelationLeaf, person: PersonFacts, today: number): Answer {
  const since = sinceOf(leaf, today) ?? {}
  const chosen = new Set(leaf.any)
  const counted = person.relations.filter((one) => {
    if (leaf.state !== 'ever' && (one.ended === undefined) !== (leaf.state === 'alive')) return false
    if (!within(one.since, since)) return false
    if (leaf.by === 'anyone') return true
    if (leaf.by === 'staff') return chosen.has(one.staff)
    if (leaf.by === 'department') return one.departments.some((id) => chosen.has(id))
    const place = leaf.by === 'store' ? one.store : one.channel
    return place !== undefined && chosen.has(place)
  })
  const days = ordered(counted.map((one) => one.since))
  return { holds: counted.length > 0, evidence: { days, found: counted.map((one) => one.staff) } }
}

function checkOrders(leaf: OrdersLeaf, person: PersonFacts, today: number): Answer {
  const span = daysOfWindow(leaf.window, today)
  const byLine = leaf.product !== undefined || leaf.category !== undefined
  const counted = person.orders.flatMap((order) => {
    if (!within(order.day, span)) return []
    if (leaf.store !== undefined && order.store !== leaf.store) return []
    if (leaf.channel !== undefined && order.channel !== leaf.channel) return []
    if (!byLine) return [{ day: order.day, amount: order.net }]
    const lines = order.lines.filter(
      (line) =>
        (leaf.product === undefined || line.product === leaf.product) &&
        (leaf.category === undefined || line.category === leaf.category),
    )
    if (lines.length === 0) return []
    return [{ day: order.day, amount: lines.reduce((sum, line) => sum + line.amount, 0) }]
  })
  const days = ordered(counted.map((one) => one.day))
  const sum = counted.reduce((total, one) => total + one.amount, 0)
  switch (leaf.measure) {
    case 'count':
      return measured(counted.length, leaf, days)
    case 'sum':
      return measured(sum, leaf, days)
    case 'average':
      return measured(counted.length === 0 ? undefined : sum / counted.length, leaf, days)
    case 'recency':
      return measured(agoOf(days, today), leaf, days)
  }
}
