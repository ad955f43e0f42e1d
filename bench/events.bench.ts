import { randomBytes } from 'node:crypto'
import type { Bench, BenchContext } from './lib/bench.ts'
import { eventOf, type FactPlan, type FactReport } from './lib/fact-generator.ts'
import { type FactWorld, startFactWorld } from './lib/fact-world.ts'
import { percentile } from './lib/percentiles.ts'
import { runWorker } from './lib/processes.ts'
import { perThousand } from './lib/processor.ts'

const mustReach = 15_000

/** Behaviour over HTTP in batches of 100 into a full database; the floor is the bare insert of the same rows. */
export const bench: Bench = {
  name: 'events',
  describe: 'event ingest over HTTP in batches of 100, identities resolved, days counted: ≥ 15,000/s, none lost',
  async run(context) {
    const { say, option } = context
    const persons = option('persons', 3_000_000)
    const seconds = option('seconds', 30)
    const connections = option('connections', 24)
    const batch = option('batch', 100)
    const world = await startFactWorld(context, persons, ['behaviours'])
    try {
      const plan = { ...world.plan, kind: 'events', connections, batch, from: 0, batches: 1_000_000 } as const
      const send = (more: Partial<FactPlan> & Pick<FactPlan, 'limitMs'>) =>
        runWorker<FactReport>('fact-generator.ts', { ...plan, ...more })
      const empty = await countKept(world)
      const warm = await send({ limitMs: 3_000 })
      const first = warm.batches * batch
      const before = await countKept(world)
      const idle = await world.used()
      const sent = await send({ from: first, limitMs: seconds * 1000 })
      const used = perThousand(idle, await world.used(), sent.accepted)
      const rate = Math.round((sent.accepted / sent.elapsedMs) * 1000)
      say(`${sent.accepted} events, ${rate}/s`)
      const kept = await countKept(world)
      const again = await send({ from: first, batches: Math.min(sent.batches, 200), limitMs: 60_000 })
      const after = await countKept(world)
      const floor = await bareInserts(context, world)
      const lost = warm.accepted + sent.accepted - (kept.events - empty.events)
      const uncounted = sent.accepted - (kept.times - before.times)
      const twiceChanged = again.accepted + again.rejected + (after.events - kept.events) + (after.times - kept.times)
      return {
        ok: rate >= mustReach && lost === 0 && uncounted === 0 && twiceChanged === 0 && sent.rejected === 0,
        config: { persons, database_mb: world.before.databaseMb, seconds, connections, batch },
        figures: {
          ...{ rate_per_s: rate, lost, uncounted, twice_changed: twiceChanged, rejected: sent.rejected },
          ...{ batch_p50_ms: rounded(sent.latencies, 0.5), batch_p99_ms: rounded(sent.latencies, 0.99) },
          ...used,
          ...{ twice_per_s: Math.round((again.unchanged / again.elapsedMs) * 1000), floor_insert_per_s: floor },
        },
      }
    } finally {
      await world.stop()
    }
  },
}

async function countKept({ database, corpId }: FactWorld): Promise<{ events: number; times: number }> {
  const { rows } = await database.pool.query<{ events: number; times: number }>(
    `select (select count(*)::int from behaviours where corp_id = $1) as events,
       (select sum(times)::int from (select times from audience_behaviours where corp_id = $1
          union all select times from audience_behaved where corp_id = $1) did) as times`,
    [corpId],
  )
  return rows[0] ?? { events: 0, times: 0 }
}

/** Events and their keys into tables like ours, one connection, two thousand a commit: a second. */
async function bareInserts({ say }: BenchContext, { database: { pool }, plan }: FactWorld): Promise<number> {
  await pool.query(
    'drop table if exists floor_events, floor_keys; create table floor_events (like behaviours including all); create table floor_keys (like dedupe_keys including all)',
  )
  const hour = Math.floor(plan.now / 3_600_000)
  const started = performance.now()
  let rows = 0
  while (performance.now() - started < 5_000) {
    const batch = Array.from({ length: 2_000 }, (_, n) => eventOf(rows + n, plan))
    const keys = batch.map(() => {
      const key = randomBytes(16)
      key.writeUInt32BE(hour, 0)
      return key
    })
    await pool.query(
      `with given as materialized (
         select * from unnest($1::bytea[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[]) as given(key, at, name, properties, home)
       ), keys as (insert into floor_keys select key, at from given)
       insert into floor_events (customer_id, at, corp_id, name, source, properties)
       select home, at, 1, name, 'floor', properties::jsonb from given`,
      [
        keys,
        batch.map(({ at }) => at),
        batch.map(({ name }) => name),
        batch.map(({ properties }) => JSON.stringify(properties)),
        batch.map((_, n) => ((rows + n) * 6_007) % plan.persons),
      ],
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
