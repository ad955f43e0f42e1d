import type { Database } from '../../infra/db/database.ts'
import { countMembers } from './audiences.store.ts'
import type { Leaf, Rule } from './rule.schema.ts'
import { placedLeaves } from './rule.ts'
import type { Names } from './words.ts'
import { words } from './words.ts'

/** Counts so many conditions at the same time; the pool is everybody's. */
const atOnce = 3

/** Every condition of a rule counted by itself; the same condition once. */
export async function leafCounts(db: Database, corpId: number, rule: Rule, today: number, names: Names) {
  const placed = placedLeaves(rule)
  const distinct = new Map<string, Leaf>(placed.map(({ leaf }) => [JSON.stringify(leaf), leaf]))
  const counts = new Map<string, number>()
  const waiting = [...distinct]
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      counts.set(next[0], (await countMembers(db, corpId, next[1], today)).count)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  return placed.map(({ at, leaf }) => ({ at, count: counts.get(JSON.stringify(leaf)) ?? 0, words: words(leaf, names) }))
}
