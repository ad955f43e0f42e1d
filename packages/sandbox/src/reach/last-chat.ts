import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'

/** When two people last chatted, by relation; only what happened in the sandbox. Seconds. */
export type Talks = Map<number, number>

/**
 * When the two of a relation last chatted, in seconds. Of the years before the sandbox was started only the seed knows; a
 * new friendship begins with a greeting.
 */
function lastChatAt({ world, reach }: Platform, row: number): number {
  const known = reach.talks.get(row)
  const created = world.relations.createdAt(row)
  if (known !== undefined && known >= created) return known
  if (row >= world.seededRelations || created >= world.madeAtS) return created
  return created + Math.floor((hash(row, world.seed + 96) / 0x1_0000_0000) * (world.madeAtS - created))
}

/** Of these relations of one customer the one in which he chatted last. */
export function lastChatted(platform: Platform, rows: readonly number[]): number | undefined {
  let last: number | undefined
  let lastAt = -1
  for (const row of rows) {
    const at = lastChatAt(platform, row)
    if (at <= lastAt) continue
    last = row
    lastAt = at
  }
  return last
}
