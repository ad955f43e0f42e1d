import type pg from 'pg'
import { type Change, markOf } from '../../server/src/domains/audiences/index.ts'
import { type Fill, fillTable } from './binary-rows.ts'
import { dice } from './customer-generator.ts'
import { shape, skewed, type World } from './world.ts'
import { behaviourDays, bits, lines, orders, people, relations } from './world-rows.ts'

export { type World, worldOf } from './world.ts'

/** Writes the world of one corp by COPY, two tables at a time, indexes last. */
export async function generateWorld(pool: pg.Pool, corpId: number, world: World, say: (text: string) => void) {
  await pool.query('insert into audience_corps (corp_id, next_no) values ($1, $2)', [corpId, world.persons])
  const tables: [string, string, Fill][] = [
    [
      'audience_lines',
      'corp_id, chunk, order_id, line, person_no, day, product, category, store, channel, amount',
      lines(corpId, world),
    ],
    ['audience_orders', 'corp_id, chunk, order_id, person_no, day, net, store, channel', orders(corpId, world)],
    ['audience_behaviours', 'corp_id, name, day, chunk, person_no, times', behaviourDays(corpId, world)],
    ['audience_bits', 'corp_id, key, chunk, bits', bits(corpId, world)],
    [
      'audience_relations',
      'corp_id, chunk, person_no, staff, departments, store, channel, since, ended',
      relations(corpId, world),
    ],
    ['audience_people', 'customer_id, corp_id, person_no', people(corpId, world)],
  ]
  const work = async () => {
    const client = await pool.connect()
    try {
      await client.query("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
      for (let next = tables.shift(); next; next = tables.shift()) {
        await fillTable(client, ...next)
        say(`${next[0]} written`)
      }
    } finally {
      client.release(true)
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
