import type pg from 'pg'
import { saveCorp } from '../server/src/domains/organisation/index.ts'
import { decideFor, previewAll, recordTouches, type TouchPolicy } from '../server/src/domains/reach/index.ts'
import { type OpenDatabase, openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import type { Bench } from './lib/bench.ts'
import { summary } from './lib/percentiles.ts'
import { useOf } from './lib/processor.ts'
import { perChunk } from './lib/world.ts'

const limitMs = 3
const corpId = 1
const months = 12
const now = new Date('2026-11-22T04:00:00Z')
const quiet = { info: () => undefined, warn: () => undefined }

const everybody: TouchPolicy = {
  ...{ whom: null, marketing: 'limited', kept_from: 8, gap_minutes: 24 * 60, quiet: { from: 1260, until: 540 } },
  caps: [
    { channel: null, per: 'day', most: 1, kept: 0 },
    { channel: null, per: 'week', most: 2, kept: 0 },
    { channel: 'customer_send', per: 'month', most: 4, kept: 1 },
    { channel: null, per: 'month', most: 8, kept: 0 },
  ],
  ...{ less_per_week: 1, fatigue: { high: 200, most: 400 } },
}
const policies: readonly TouchPolicy[] = [
  { ...everybody, whom: { is: 'tier', any: ['vip'] }, gap_minutes: 0 },
  everybody,
]
const ask = {
  channel: 'customer_send',
  priority: 5,
  at: now,
  waitUntil: new Date(now.getTime() + 3 * 86_400_000),
} as const

/** What the governor takes for one person, from the ledger, and for everybody, from the arrays; and what the ledger would take for everybody. */
export const bench: Bench = {
  name: 'governor',
  describe: `the governor’s answer for one person beside a ledger of 60 M touches: p99 ≤ ${limitMs} ms`,
  async run({ folder, say, option }) {
    const [persons, touches, asked] = [
      option('persons', 3_000_000),
      option('touches', 60_000_000),
      option('asked', 2_000),
    ]
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
    const database = openDatabase(postgres.url)
    try {
      await migrate(database.pool)
      await fillOnce(database, persons, touches, say)
      const used = async () => {
        const { serverMs = 0, databaseMs = 0 } = await useOf(process.pid, folder, database.pool)
        return serverMs + databaseMs
      }
      const floor: number[] = []
      for (let at = 0; at < asked + 50; at += 1) {
        const began = performance.now()
        await database.pool.query('select 1')
        if (at >= 50) floor.push(performance.now() - began)
      }
      const least = summary(floor)
      say(`select 1 over the same pool: p50 ${least.p50} ms, p99 ${least.p99} ms`)
      const one: number[] = []
      const before = await used()
      for (let at = 0; at < asked + 50; at += 1) {
        const began = performance.now()
        await decideFor(database.db, corpId, 1 + ((at * 7_919) % persons), ask)
        // the first open connections and fill caches
        if (at >= 50) one.push(performance.now() - began)
      }
      const { p50, p99 } = summary(one)
      const one_processor_ms = Math.round(((await used()) - before) / (asked + 50) / 0.1) / 10
      say(`one person: p50 ${p50} ms, p99 ${p99} ms`)
      const beforeAll = await used()
      const [held, all_s] = await timed(() => everybodyByArrays(database))
      const all_processor_s = Math.round(((await used()) - beforeAll) / 100) / 10
      say(`everybody by arrays: ${all_s} s`)
      const beforeRows = await used()
      const [, rows_s] = await timed(() => everybodyByRows(database.pool))
      const rows_processor_s = Math.round(((await used()) - beforeRows) / 100) / 10
      say(`the same touches gathered from the ledger: ${rows_s} s`)
      const marketing_per_s = await written(database, 'marketing')
      const service_per_s = await written(database, 'service')
      return {
        ok: p99 !== null && p99 <= limitMs && held > 0,
        config: { persons, touches, asked, policies: policies.length },
        figures: {
          ...{
            p50_ms: p50,
            p99_ms: p99,
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
      await postgres.stop()
    }
  },
}

async function everybodyByArrays({ db }: OpenDatabase): Promise<number> {
  const { groups } = await previewAll(
    { db, clock: { now: () => now } },
    {
      ...{ id: 'bench-preview', corpId, checkpoint: null, progress: async () => undefined },
      input: { channel: ask.channel, priority: ask.priority, waitHours: 72 },
    },
  )
  return groups.filter((one) => one.verdict !== 'send').reduce((sum, one) => sum + one.persons, 0)
}

/** The least that a plan over rows must do: bring the touches of each person of the last 30 days together, in order. */
async function everybodyByRows(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select count(*), sum(latest[1]) from (
       select customer_id, array_agg(extract(epoch from at)::bigint order by at desc) as latest from touches
       where kind = 'marketing' and at > $1::timestamptz - interval '30 days' and at <= $1 group by customer_id) felt`,
    [now],
  )
}

async function written({ db }: OpenDatabase, kind: 'marketing' | 'service'): Promise<number> {
  const [batches, batch] = [20, 1_000]
  const [, seconds] = await timed(async () => {
    for (let at = 0; at < batches; at += 1) {
      const touches = Array.from({ length: batch }, (_, place) => ({
        ...{
          customerId: 1 + (((at * batch + place) * 17) % 1_000_000),
          at: now,
          effect: `${kind}:${performance.now()}`,
        },
        ...{ corpId, channel: 'customer_send' as const, kind, sender: `u${place % 100}` },
      }))
      await db.transaction().execute((tx) => recordTouches(tx, touches))
    }
  })
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

/** Persons, a tenth of them of a tier, and a year of touches, some people touched much more than others. */
async function fillOnce({ db, pool }: OpenDatabase, persons: number, touches: number, say: (text: string) => void) {
  const { rows } = await pool.query<{ there: boolean }>('select exists (select from recent_touches) as there')
  if (rows[0]?.there) return
  await saveCorp(db, { corpid: 'wwbench0000000000001', name: 'Bench' }, now)
  await pool.query(
    `insert into customers (id, corp_id, created_at) select id, $1, $2 from generate_series(1, $3::int) as id`,
    [corpId, now, persons],
  )
  await pool.query(
    `insert into audience_people (customer_id, corp_id, person_no) select id, $1, id from generate_series(1, $2::int) as id`,
    [corpId, persons],
  )
  await pool.query('insert into audience_corps (corp_id, next_no) values ($1, $2)', [corpId, persons + 1])
  await pool.query(
    `insert into audience_bits (corp_id, key, chunk, bits)
     select $1, key, chunk, repeat(pattern, $3::int)::varbit from generate_series(0, $2::int / $3::int) as chunk,
       (values ('person', '1'), ('tier:vip', '0')) as marks(key, pattern)`,
    [corpId, persons, perChunk],
  )
  await pool.query(
    `update audience_bits set bits = (select string_agg(case when n % 10 = 0 then '1' else '0' end, '' order by n) from generate_series(1, $1::int) n)::varbit where key = 'tier:vip'`,
    [perChunk],
  )
  for (const [place, rules] of policies.entries()) {
    await pool.query('insert into touch_policies (id, corp_id, name, created_at) values ($1, $2, $3, $4)', [
      policyId(place),
      corpId,
      `p${place}`,
      now,
    ])
    await pool.query(
      'insert into touch_policy_versions (policy_id, version, place, rules, created_at) values ($1, 1, $2, $3, $4)',
      [policyId(place), place, JSON.stringify(rules), now],
    )
    await pool.query(
      "insert into touch_policy_turns (policy_id, at, version) values ($1, $2::timestamptz - interval '1 day', 1)",
      [policyId(place), now],
    )
  }
  for (let month = 0; month < months; month += 1) {
    await fillMonth(pool, month, persons, Math.floor(touches / months))
    say(`touches of month ${month + 1} of ${months} written`)
  }
  await pool.query(
    `insert into recent_touches (customer_id, corp_id, latest)
     select customer_id, $2, array_agg(extract(epoch from at)::bigint * 65536 + weight * 64 + 1 order by at desc) from touches
     where kind = 'marketing' and at > $1::timestamptz - interval '31 days' and at <= $1 group by customer_id`,
    [now, corpId],
  )
  await pool.query('vacuum analyze customers, audience_people, audience_bits, touches, recent_touches')
}

const policyId = (place: number) => `0199a0a0-0000-7000-8000-00000000000${place + 1}`

/** Indexed after it was written: the partition is attached whole. */
async function fillMonth(pool: pg.Pool, month: number, persons: number, touches: number): Promise<void> {
  const from = new Date(Date.UTC(2025, 11 + month))
  const until = new Date(Date.UTC(2025, 12 + month))
  const name = `touches_${from.toISOString().slice(0, 7).replace('-', '')}`
  await pool.query(`create table ${name} (like touches including defaults including constraints)`)
  await pool.query(
    `insert into ${name} (customer_id, at, effect, corp_id, channel, kind, sender, weight)
     select 1 + (floor(power(random(), 1.5) * $1::int)::bigint * 7919) % $1::int, least($2::timestamptz + random() * ($3::timestamptz - $2::timestamptz), $6::timestamptz),
       'send:' || $5::int || ':' || n, $7, 'customer_send', case when n % 5 = 0 then 'service' else 'marketing' end, 'u' || n % 8000, 100
     from generate_series(1, $4::int) as n`,
    [persons, from, until, touches, month, now, corpId],
  )
  await pool.query(
    `alter table touches attach partition ${name} for values from ('${from.toISOString()}') to ('${until.toISOString()}')`,
  )
}
