import type { Bench, BenchContext } from './lib/bench.ts'
import { type FactPlan, type FactReport, orderOf } from './lib/fact-generator.ts'
import { type FactWorld, startFactWorld } from './lib/fact-world.ts'
import { percentile } from './lib/percentiles.ts'
import { runWorker } from './lib/processes.ts'
import { perThousand } from './lib/processor.ts'

const mustReach = 4_000

/** Orders over HTTP into a full database; the floor is the bare insert of the same orders and their numbers. */
export const bench: Bench = {
  name: 'orders',
  describe: 'order ingest over HTTP, 5 lines each, identities resolved, aggregates kept: ≥ 4,000/s, none lost',
  async run(context) {
    const { say, option } = context
    const persons = option('persons', 3_000_000)
    const seconds = option('seconds', 30)
    const connections = option('connections', 4)
    const batch = option('batch', 1_000)
    const world = await startFactWorld(context, persons)
    try {
      const plan = { ...world.plan, kind: 'orders', connections, batch, from: 0, batches: 100_000 } as const
      const send = (more: Partial<FactPlan> & Pick<FactPlan, 'limitMs'>) =>
        runWorker<FactReport>('fact-generator.ts', { ...plan, ...more })
      const warm = await send({ limitMs: 3_000 })
      const first = warm.batches * batch
      say(`warm: ${Math.round((warm.accepted / warm.elapsedMs) * 1000)}/s`)
      const idle = await world.used()
      const sent = await send({ from: first, limitMs: seconds * 1000 })
      const used = perThousand(idle, await world.used(), sent.accepted)
      const behind = await behindOf(world)
      const rate = Math.round((sent.accepted / sent.elapsedMs) * 1000)
      say(`${sent.accepted} orders, ${rate}/s`)
      const kept = await countKept(world)
      const again = await send({ from: first, batches: Math.min(sent.batches, 20), limitMs: 60_000 })
      const after = await countKept(world)
      const floor = await bareInserts(context, world)
      const lost = warm.accepted + sent.accepted - kept.orders
      const twiceChanged =
        again.accepted + again.rejected + (kept.orders === after.orders && kept.events === after.events ? 0 : 1)
      return {
        ok: rate >= mustReach && lost === 0 && twiceChanged === 0 && sent.rejected === 0 && kept.wrong === 0,
        config: {
          persons,
          orders_before: world.before.orders,
          database_mb: world.before.databaseMb,
          seconds,
          connections,
          batch,
          lines: 5,
        },
        figures: {
          ...{ rate_per_s: rate, lost, twice_changed: twiceChanged, rejected: sent.rejected, wrong_sums: kept.wrong },
          ...{ batch_p50_ms: rounded(sent.latencies, 0.5), batch_p99_ms: rounded(sent.latencies, 0.99) },
          ...used,
          ...behind,
          ...{ twice_per_s: Math.round((again.unchanged / again.elapsedMs) * 1000), floor_insert_per_s: floor },
        },
      }
    } finally {
      await world.stop()
    }
  },
}

/** What stands of the orders that were sent, and how many persons' sums are not those of their orders. */
async function countKept({
  database,
  corpId,
  plan,
}: FactWorld): Promise<{ orders: number; events: number; wrong: number }> {
  const { rows } = await database.pool.query<{ orders: number; events: number; wrong: number }>(
    `with sums as (
       select person_no, count(*)::int as orders, sum(net)::bigint as net from audience_orders where corp_id = $1 group by 1
     ), kept as (select person_no, orders, net from audience_buyers where corp_id = $1)
     select least(
         (select count(*)::int from orders where corp_id = $1 and source = 'bench' and number like $2 and ordered_at > now() - interval '2 hours'
            and jsonb_array_length(lines) = 5),
         (select count(*)::int from order_keys where corp_id = $1 and source = 'bench' and number like $2)) as orders,
       (select count(*)::int from events where corp_id = $1 and kind = 'order.paid' and payload->>'number' like $2) as events,
       (select count(*)::int from sums full join kept using (person_no)
        where sums.orders is distinct from kept.orders or sums.net is distinct from kept.net) as wrong`,
    [corpId, `${plan.run}-%`],
  )
  return rows[0] ?? { orders: 0, events: 0, wrong: 0 }
}

/** Values and stages follow after the flood: how many events they have still to read when its last order is answered. */
async function behindOf({ database }: FactWorld): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ subscriber: string; left: number }>(
    `select subscriber, (select count(*)::int from events e where (e.txid, e.id) > (c.txid, c.id)) as left
     from event_cursors c where subscriber in ('audiences.values', 'customers.stages')`,
  )
  return Object.fromEntries(rows.map(({ subscriber, left }) => [`${subscriber.split('.')[1]}_behind`, left]))
}

/** Orders and their numbers into tables like ours, one connection, a thousand a commit: a second. */
async function bareInserts({ say }: BenchContext, { database: { pool }, plan }: FactWorld): Promise<number> {
  await pool.query(
    'drop table if exists floor_orders, floor_keys; create table floor_orders (like orders including all); create table floor_keys (like order_keys including all)',
  )
  const at = new Date(plan.now).toISOString()
  const started = performance.now()
  let rows = 0
  while (performance.now() - started < 5_000) {
    const batch = Array.from({ length: 1_000 }, (_, n) => {
      const order = orderOf(rows + n, plan)
      return {
        ...{
          customer_id: ((rows + n) * 7_919) % plan.persons,
          id: rows + n,
          corp_id: 1,
          source: 'floor',
          number: order.number,
        },
        ...{ status: 'paid', amount: order.amount, refunded: 0, ordered_at: at, paid_at: at, lines: order.lines },
        ...{ refunds: [], version_at: at, learnt_at: at },
      }
    })
    await pool.query(
      `with given as materialized (select * from json_populate_recordset(null::floor_orders, $1::json)),
       keys as (insert into floor_keys overriding system value select number, source, corp_id, id, customer_id, version_at, decode(md5(number), 'hex') from given)
       insert into floor_orders select * from given`,
      [JSON.stringify(batch)],
    )
    rows += batch.length
  }
  const rate = Math.round((rows / (performance.now() - started)) * 1000)
  say(`floor: ${rate}/s`)
  return rate
}

function rounded(sorted: readonly number[], share: number): number {
  return Math.round((percentile([...sorted], share) ?? 0) * 10) / 10
}
