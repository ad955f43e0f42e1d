import type pg from 'pg'
import { decideFor, previewAll, recordTouches } from '../server/src/domains/reach/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { summary } from './lib/percentiles.ts'
import { useOf } from './lib/processor.ts'
import { openReach, reachMoment, reachPolicies } from './lib/reach-world.ts'

const limitMs = 3
const corpId = 1

const asked = (at: Date) =>
  ({ channel: 'customer_send', priority: 5, at, waitUntil: new Date(at.getTime() + 3 * 86_400_000) }) as const

/** What the governor takes for one person, from the ledger, and for everybody, from the arrays; and what the ledger would take for everybody. */
export const bench: Bench = {
  name: 'governor',
  describe: `the governor’s answer for one person beside a ledger of 60 M touches: p99 ≤ ${limitMs} ms`,
  async run(context) {
    const { folder, say, option } = context
    const { database, world, touches } = await openReach(context, corpId)
    const { persons } = world
    const [now, count, warm] = [reachMoment(world), option('asked', 10_000), option('warm', 4_000)]
    try {
      const used = async () => {
        const { serverMs = 0, databaseMs = 0 } = await useOf(process.pid, folder, database.pool)
        return serverMs + databaseMs
      }
      const floor: number[] = []
      for (let at = 0; at < count + 50; at += 1) {
        const began = performance.now()
        await database.pool.query('select 1')
        if (at >= 50) floor.push(performance.now() - began)
      }
      const least = summary(floor)
      say(`select 1 over the same pool: p50 ${least.p50} ms, p99 ${least.p99} ms`)
      const decideNext = async (places: number, from: number) => {
        const took: number[] = []
        for (let at = from; at < from + places; at += 1) {
          const began = performance.now()
          await decideFor(database.db, corpId, 1 + ((at * 7_919) % persons), asked(now))
          took.push(performance.now() - began)
        }
        return took
      }
      // a server runs for months: what it answers while its code is still being compiled is told apart
      const cold = summary(await decideNext(warm, 0))
      const before = await used()
      const { p50, p99 } = summary(await decideNext(count, warm))
      const one_processor_ms = Math.round(((await used()) - before) / count / 0.1) / 10
      say(`one person: p50 ${p50} ms, p99 ${p99} ms; the first ${warm}: p50 ${cold.p50} ms, p99 ${cold.p99} ms`)
      const beforeAll = await used()
      const [held, all_s] = await timed(() => everybodyByArrays(database, now))
      const all_processor_s = Math.round(((await used()) - beforeAll) / 100) / 10
      say(`everybody by arrays: ${all_s} s`)
      const beforeRows = await used()
      const [, rows_s] = await timed(() => everybodyByRows(database.pool, now))
      const rows_processor_s = Math.round(((await used()) - beforeRows) / 100) / 10
      say(`the same touches gathered from the ledger: ${rows_s} s`)
      const marketing_per_s = await written(database, now, 'marketing')
      const service_per_s = await written(database, now, 'service')
      return {
        ok: p99 !== null && p99 <= limitMs && held > 0,
        config: { persons, touches, asked: count, warm, policies: reachPolicies.length },
        figures: {
          ...{
            p50_ms: p50,
            p99_ms: p99,
            cold_p50_ms: cold.p50,
            cold_p99_ms: cold.p99,
            floor_p50_ms: least.p50,
            floor_p99_ms: least.p99,
            one_processor_ms,
            everybody_processor_s: all_processor_s,
            everybody_by_arrays_s: all_s,
            gather_from_ledger_s: rows_s,
            gather_processor_s: rows_processor_s,
            held_or_dropped: held,
          },
          ...{ written_marketing_per_s: marketing_per_s, written_service_per_s: service_per_s },
          ...(await sizes(database.pool)),
        },
      }
    } finally {
      await database.close()
    }
  },
}

async function everybodyByArrays({ db }: OpenDatabase, now: Date): Promise<number> {
  const { groups } = await previewAll(
    { db, clock: { now: () => now } },
    {
      ...{ id: 'bench-preview', corpId, checkpoint: null, progress: async () => undefined },
      input: { channel: 'customer_send', priority: 5, waitHours: 72 },
    },
  )
  return groups.filter((one) => one.verdict !== 'send').reduce((sum, one) => sum + one.persons, 0)
}

/** The least that a plan over rows must do: bring the touches of each person of the last 30 days together, in order. */
async function everybodyByRows(pool: pg.Pool, now: Date): Promise<void> {
  await pool.query(
    `select count(*), sum(latest[1]) from (
       select customer_id, array_agg(extract(epoch from at)::bigint order by at desc) as latest from touches
       where kind = 'marketing' and at > $1::timestamptz - interval '30 days' and at <= $1 group by customer_id) felt`,
    [now],
  )
}

/** Batches as one transaction each would write them; taken back at the end, for a kept world stays as it was. */
async function written({ db }: OpenDatabase, now: Date, kind: 'marketing' | 'service'): Promise<number> {
  const [batches, batch] = [20, 1_000]
  const tx = await db.startTransaction().execute()
  const [, seconds] = await timed(async () => {
    for (let at = 0; at < batches; at += 1)
      await recordTouches(
        tx,
        Array.from({ length: batch }, (_, place) => ({
          ...{ customerId: 1 + (((at * batch + place) * 17) % 1_000_000), at: now },
          ...{
            effect: `bench:${kind}:${at}:${place}`,
            corpId,
            channel: 'customer_send',
            kind,
            sender: `u${place % 100}`,
          },
        })),
      )
  })
  await tx.rollback().execute()
  return Math.round((batches * batch) / seconds)
}

async function sizes(pool: pg.Pool): Promise<Record<'ledger_mb' | 'arrays_mb', number>> {
  const { rows } = await pool.query<{ ledger: number; arrays: number }>(
    `select round(sum(pg_total_relation_size(oid)) filter (where relname ~ '^touches_') / 1048576)::int as ledger,
       round(sum(pg_total_relation_size(oid)) filter (where relname = 'recent_touches') / 1048576)::int as arrays
     from pg_class where relkind = 'r'`,
  )
  return { ledger_mb: rows[0]?.ledger ?? 0, arrays_mb: rows[0]?.arrays ?? 0 }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now()
  const answer = await work()
  return [answer, Math.round((performance.now() - began) / 10) / 100]
}
