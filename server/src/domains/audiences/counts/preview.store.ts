import type { Database, Executor } from '../../../infra/db/database.ts'
import type { Leaf, Rule } from '../rules/rule.schema.ts'
import { placedLeaves, ruleClass } from '../rules/rule.ts'
import type { Names } from '../rules/words.ts'
import { words } from '../rules/words.ts'
import { countMembers, estimateMembers } from './counts.store.ts'

/** Counts so many conditions at the same time; the pool is everybody's. */
const atOnce = 3

export interface PreviewCount {
  readonly count: number
  readonly of: number
  readonly low: number
  readonly high: number
  readonly exact: boolean
}

/** How many a rule holds: exactly, or at once from a sample where it is of the class that takes long. */
export async function previewCount(
  db: Executor,
  corpId: number,
  rule: Rule,
  today: number,
  estimate: boolean,
): Promise<PreviewCount> {
  if (estimate && ruleClass(rule) === 'free') {
    const { count, of, low, high, asked } = await estimateMembers(db, corpId, rule, today)
    return { count, of, low, high, exact: asked >= of }
  }
  const { count, of } = await countMembers(db, corpId, rule, today)
  return { count, of, low: count, high: count, exact: true }
}

/** Every condition of a rule counted by itself; the same condition once. */
export async function leafCounts(
  db: Database,
  corpId: number,
  rule: Rule,
  { today, names, estimate }: { readonly today: number; readonly names: Names; readonly estimate: boolean },
) {
  const placed = placedLeaves(rule)
  const distinct = new Map<string, Leaf>(placed.map(({ leaf }) => [JSON.stringify(leaf), leaf]))
  const counts = new Map<string, PreviewCount>()
  const waiting = [...distinct]
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      counts.set(next[0], await previewCount(db, corpId, next[1], today, estimate))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  return placed.map(({ at, leaf }) => {
    const { count, exact } = counts.get(JSON.stringify(leaf)) ?? { count: 0, exact: true }
    return { at, count, exact, words: words(leaf, names) }
  })
}
