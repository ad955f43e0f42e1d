import type { Change } from './change.ts'
import { inMemory } from './check.ts'
import { daysOfWindow, namedMarks, type PersonFacts, periodDays, sinceOf } from './facts.ts'
import type { Leaf, Rule, Window } from './rule.schema.ts'
import { leavesOf } from './rule.ts'

/** Whether what changed of a person can change his answer: only then a live audience looks at him. */
export function turner(rule: Rule): (change: Change) => boolean {
  const leaves = leavesOf(rule)
  const marks = new Set(leaves.flatMap(namedMarks))
  return (change) => (change.kind === 'mark' ? marks.has(change.key) : leaves.some((leaf) => reads(leaf, change)))
}

function reads(leaf: Leaf, change: Exclude<Change, { kind: 'mark' }>): boolean {
  switch (change.kind) {
    case 'person':
      return true
    case 'number':
      return (
        'field' in leaf &&
        leaf.field === change.field &&
        (leaf.is === 'number' || leaf.is === 'date' || leaf.is === 'ago' || leaf.is === 'known')
      )
    case 'relation':
      return leaf.is === 'relation' || (leaf.is === 'stock' && leaf.where === 'own')
    case 'order':
      return leaf.is === 'orders'
    case 'behaviour':
      return leaf.is === 'events' && leaf.name === change.behaviour.name
  }
}

/** How far ahead a turn is looked for: what lies beyond is found by the look that this one leads to. */
const horizonDays = 3_660

/**
 * The first business day after `today` on which time alone gives the person another answer; undefined: none within ten
 * years. The answer turns at that day's midnight.
 */
export function turnsOn(rule: Rule, person: PersonFacts, today: number): number | undefined {
  const now = inMemory(rule, person, today).holds
  const days = new Set(leavesOf(rule).flatMap((leaf) => edgesOf(leaf, person, today)))
  return [...days]
    .filter((day) => day > today && day <= today + horizonDays)
    .sort((a, b) => a - b)
    .find((day) => inMemory(rule, person, day).holds !== now)
}

/** The days on which the answer of a leaf may turn by itself: where a fact enters or leaves one of its spans. */
function edgesOf(leaf: Leaf, person: PersonFacts, today: number): readonly number[] {
  if (leaf.is === 'ago') {
    const day = person.numbers.get(leaf.field)
    return day === undefined ? [] : ageEdges(day, leaf)
  }
  if (leaf.is === 'relation') {
    const since = leaf.sinceDays
    if (since === undefined || !sinceOf(leaf, today)) return []
    return person.relations.map((one) => one.since + since + 1)
  }
  if (leaf.is !== 'orders' && leaf.is !== 'events') return []
  const facts = leaf.is === 'orders' ? person.orders : person.behaviours.filter((one) => one.name === leaf.name)
  return facts.flatMap(({ day }) => [
    ...windowEdges(leaf.window, day, today),
    ...(leaf.measure === 'recency' ? ageEdges(day, leaf) : []),
  ])
}

function ageEdges(day: number, { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined }) {
  return [...(from === undefined ? [] : [day + from]), ...(to === undefined ? [] : [day + to + 1])]
}

function windowEdges(window: Window | undefined, day: number, today: number): readonly number[] {
  if (!window || 'from' in window) return []
  if ('days' in window) return [day + window.days]
  const period = Math.floor(day / periodDays)
  return [period * periodDays, (period + window.periods) * periodDays].filter(
    (edge) => edge > (daysOfWindow(window, today).from ?? 0),
  )
}
