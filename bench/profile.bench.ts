import { randomUUID } from 'node:crypto'
import { createSession } from '../server/src/infra/auth/sessions.store.ts'
import { hashToken, newToken } from '../server/src/infra/auth/tokens.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { dice } from './lib/customer-generator.ts'
import { startFactWorld } from './lib/fact-world.ts'
import { percentile } from './lib/percentiles.ts'

const limitMs = 50

/** What a customer's page asks for: who he is with all relations, and his orders; the floor is the bare read of his orders. */
export const bench: Bench = {
  name: 'profile',
  describe: 'customer page with 90-day orders and totals in a full database, over HTTP: p95 ≤ 50 ms',
  async run(context) {
    const { option } = context
    const persons = option('persons', 3_000_000)
    const requests = option('requests', 300)
    const world = await startFactWorld(context, persons, ['relations'])
    const { pool } = world.database
    try {
      const cookie = `nuanyu_session=${await logIn(world.database, world.corpId)}`
      const ids = await buyers(world.database, world.corpId, persons, requests + 5)
      const ask = async (path: string) => {
        const answer = await fetch(`${world.plan.url}${path}`, { headers: { cookie } })
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
        await answer.arrayBuffer()
      }
      const [page, orders, floor]: [number[], number[], number[]] = [[], [], []]
      for (const [at, id] of ids.entries()) {
        const took = await times(() => Promise.all([ask(`/api/customers/${id}`), ask(`/api/customers/${id}/orders`)]))
        const alone = await times(() => ask(`/api/customers/${id}/orders`))
        const bare = await times(() => pool.query('select * from orders where customer_id = $1', [id]))
        // the first open connections and fill caches
        if (at < 5) continue
        page.push(took)
        orders.push(alone)
        floor.push(bare)
      }
      const p95 = p(page, 0.95)
      return {
        ok: p95 <= limitMs,
        config: { persons, orders: world.before.orders, database_mb: world.before.databaseMb, requests },
        figures: {
          p95_ms: p95,
          p50_ms: p(page, 0.5),
          orders_p95_ms: p(orders, 0.95),
          floor_read_p95_ms: p(floor, 0.95),
        },
      }
    } finally {
      await world.stop()
    }
  },
}

async function times(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function p(values: readonly number[], share: number): number {
  return Math.round((percentile(Float64Array.from(values).sort(), share) ?? 0) * 10) / 10
}

/** People who bought, as often as they buy. */
async function buyers({ pool }: OpenDatabase, corpId: number, persons: number, count: number): Promise<number[]> {
  const random = dice(7)
  const wanted = Array.from({ length: count * 4 }, () => 1 + ((Math.floor(random() ** 2 * persons) * 7_919) % persons))
  const { rows } = await pool.query<{ id: number }>(
    `select distinct on (w.at) w.id from unnest($2::bigint[]) with ordinality as w(id, at)
     join orders o on o.customer_id = w.id and o.corp_id = $1
     join relations r on r.customer_id = w.id and r.corp_id = $1 order by w.at limit $3`,
    [corpId, wanted, count],
  )
  return rows.map(({ id }) => id)
}

async function logIn({ db }: OpenDatabase, corpId: number): Promise<string> {
  const [accountId, at, token] = [randomUUID(), new Date(), newToken()]
  const who = { id: accountId, corp_id: corpId, username: `bench-${accountId}`, name: 'bench', role: 'administrator' }
  await db
    .insertInto('accounts')
    .values({ ...who, scope_kind: 'corp', created_at: at, created_by: 'bench' })
    .execute()
  const session = { id: randomUUID(), tokenHash: hashToken(token), accountId, method: 'password' as const }
  await createSession(db, { ...session, ip: '127.0.0.1', userAgent: 'bench' }, at)
  return token
}
