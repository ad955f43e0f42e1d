import { type Change, markOf } from '../../server/src/domains/audiences/index.ts'
import { dice } from './customer-generator.ts'
import { runWorker } from './processes.ts'
import { shape, skewed, type World } from './world.ts'
import type { TablePlan, WorldTable } from './world-writer.ts'

export { type World, worldOf } from './world.ts'

/** Writes the world of one corp by COPY, two tables at a time, each by a process of its own, indexes last. */
export async function generateWorld(url: string, corpId: number, world: World, say: (text: string) => void) {
  const tables: WorldTable[] = [
    'audience_lines',
    'audience_orders',
    'audience_behaviours',
    'audience_bits',
    'audience_relations',
    'audience_people',
  ]
  const work = async () => {
    for (let table = tables.shift(); table; table = tables.shift()) {
      const plan: TablePlan = { url, corpId, world, table }
      await runWorker('world-writer.ts', plan)
      say(`${table} written`)
    }
  }
  await Promise.all([work(), work()])
}

/** So many marks that changed since the bits were folded: tags put on and taken off, stages, tiers, accounts. */
export function generateChanges({ persons, seed }: World, count: number): readonly Change[] {
  const random = dice(seed * 1_000 + 904)
  const changes = new Map<string, Change>()
  while (changes.size < count) {
    const customerId = 1 + Math.floor(random() * persons)
    const roll = random()
    const key =
      roll < 0.7
        ? markOf.tag(`t${skewed(random(), shape.tags)}`)
        : roll < 0.8
          ? markOf.stage(`stage${skewed(random(), 6)}`)
          : roll < 0.9
            ? markOf.account('oa', 'followed')
            : roll < 0.97
              ? markOf.tier(`tier${skewed(random(), 5)}`)
              : markOf.relation('alive', 'anyone', '')
    changes.set(`${key} ${customerId}`, { customerId, kind: 'mark', key, present: random() < 0.7 })
  }
  return [...changes.values()]
}
