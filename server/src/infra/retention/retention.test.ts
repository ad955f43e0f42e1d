import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { createListener } from '../db/listen.ts'
import { createDue } from '../due/due.ts'
import { createLog } from '../log.ts'
import { testDatabase } from '../postgres/testing.ts'
import { partitionsOf } from './partitions.store.ts'
import { applyRetention, defineRetention, makePartitionsAhead, nextRound, scheduleRetention } from './retention.ts'
import { retention } from './rules.ts'

const { db, pool } = await testDatabase()
const start = '2026-11-11T02:00:00Z'
const clock = manualClock(start)
const days = (n: number) => new Date(new Date(start).getTime() + n * 86_400_000)
const partitioned = retention.filter((rule) => rule.partitions !== undefined).map((rule) => rule.table)
const partitions = async (table: string) => [...((await partitionsOf(db, [table])).get(table) ?? [])].sort()

beforeEach(async () => {
  clock.set(start)
  for (const [, names] of await partitionsOf(db, partitioned))
    for (const name of names) if (!name.endsWith('_default')) await sql`drop table ${sql.table(name)}`.execute(db)
  for (const { table } of retention) await sql`delete from ${sql.table(table)}`.execute(db)
})

const callback = (at: Date) =>
  db
    .insertInto('callbacks')
    .values({
      batch_id: 1,
      corp_id: 1,
      app_id: uuid(),
      received_at: at,
      created_at: at,
      kind: 'unknown',
      body: '<xml/>',
    })
    .execute()
const event = (at: Date) =>
  db
    .insertInto('events')
    .values({ customer_id: 1, corp_id: 1, kind: 'relation.added', occurred_at: at, learnt_at: at, cause: 'test' })
    .execute()
const effect = (key: string, at: Date, state: string) =>
  db.insertInto('effects').values({ key, corp_id: 1, kind: 'welcome', state, claimed_at: at }).execute()
const trace = (at: Date) =>
  db.insertInto('traces').values({ corp_id: 1, kind: 'welcome', subject: 's', decided_at: at, body: '{}' }).execute()
const key = (name: string, at: Date) =>
  db
    .insertInto('dedupe_keys')
    .values({ key: createHash('sha1').update(name).digest(), seen_at: at })
    .execute()
const where = async (table: 'callbacks' | 'events' | 'traces' | 'welcome_sends') => {
  const counts: Record<string, number> = {}
  for (const at of await partitions(table)) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(at)}`.execute(db)
    if (rows[0] && rows[0].n > 0) counts[at] = rows[0].n
  }
  return counts
}

/** Today's and the week's to come of a table by day, this month's and the next of one by month. */
const standing = retention
  .map(({ partitions: period }) => (period === 'day' ? 8 : period === 'month' ? 2 : 0))
  .reduce<number>((sum, n) => sum + n, 0)

describe('partitions', () => {
  it('stand ready for now and the time to come, and are made once', async () => {
    const made = await makePartitionsAhead({ db, clock })
    expect(made).toHaveLength(standing)
    expect(await partitions('events')).toEqual(['events_202611', 'events_202612', 'events_default'])
    expect(await partitions('callbacks')).toHaveLength(9)
    expect(await makePartitionsAhead({ db, clock })).toEqual([])
    await Promise.all([callback(days(0)), callback(days(7)), event(days(0)), event(days(20))])
    expect(await where('callbacks')).toEqual({ callbacks_20261111: 1, callbacks_20261118: 1 })
    expect(await where('events')).toEqual({ events_202611: 1, events_202612: 1 })
  })

  it('are made once by processes that start together', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => makePartitionsAhead({ db, clock })))
    expect(made.flat()).toHaveLength(standing)
  })

  it('take what fell into the default partition when time jumped, and keep ids going on', async () => {
    await makePartitionsAhead({ db, clock })
    await callback(days(0))
    await callback(days(40))
    await callback(days(-1))
    expect(await where('callbacks')).toEqual({ callbacks_20261111: 1, callbacks_default: 2 })
    clock.set(days(40))
    await makePartitionsAhead({ db, clock })
    expect(await where('callbacks')).toEqual({ callbacks_20261111: 1, callbacks_20261221: 1, callbacks_default: 1 })
    await callback(days(40))
    const ids = await db.selectFrom('callbacks').select('id').orderBy('id').execute()
    expect(new Set(ids.map((row) => row.id)).size).toBe(4)
    const { rows } = await sql<{ definition: string }>`
      select indexdef as definition from pg_indexes where tablename = 'callbacks_20261221' order by 1`.execute(db)
    expect(rows).toHaveLength(2)
  })

  it('wait for nobody who writes: what cannot be locked now is made another time', async () => {
    await makePartitionsAhead({ db, clock })
    clock.set(days(31))
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto('events')
        .values({ customer_id: 1, corp_id: 1, kind: 'x', occurred_at: days(90), learnt_at: days(0), cause: 'test' })
        .execute()
      await expect(makePartitionsAhead({ db, clock })).rejects.toThrow('lock timeout')
    })
    expect(await makePartitionsAhead({ db, clock })).toContain('events_202701')
  })
})

describe('retention', () => {
  it('removes what is past its days and nothing else; events stay', async () => {
    await makePartitionsAhead({ db, clock })
    for (const at of [days(0), days(1), days(-300)]) await Promise.all([callback(at), event(at), trace(at)])
    await Promise.all([key('old', days(0)), key('young', days(10))])
    await Promise.all([effect('done', days(0), 'done'), effect('claimed', days(0), 'claimed')])
    await db
      .insertInto('callback_retries')
      .values({ callback_id: 7, corp_id: 1, received_at: days(0), attempts: 6, dead_at: days(0), reason: 'x' })
      .execute()

    clock.set(days(29))
    expect((await applyRetention({ db, clock })).deleted).toEqual({ callbacks: 1, traces: 1 })
    expect(await where('callbacks')).toEqual({ callbacks_20261111: 1, callbacks_20261112: 1 })

    clock.set(days(31))
    const { dropped, deleted } = await applyRetention({ db, clock })
    expect([dropped, deleted]).toEqual([['callbacks_20261111'], { callback_retries: 1 }])
    expect(await where('callbacks')).toEqual({ callbacks_20261112: 1 })

    clock.set(days(41))
    expect(await applyRetention({ db, clock })).toMatchObject({ deleted: { dedupe_keys: 1 } })
    expect(await where('callbacks')).toEqual({})

    clock.set(days(220))
    expect(await applyRetention({ db, clock })).toMatchObject({ deleted: { dedupe_keys: 1, effects: 1 } })
    expect(await where('traces')).toEqual({})
    expect(await db.selectFrom('effects').select('key').execute()).toEqual([{ key: 'claimed' }])
    expect(Object.values(await where('events')).reduce((a, b) => a + b, 0)).toBe(3)
  })

  it('leaves in batches', async () => {
    await sql`
      insert into dedupe_keys (key, seen_at)
      select decode(lpad(to_hex(n), 32, '0'), 'hex'), ${days(-50)}::timestamptz from generate_series(1, 12000) n`.execute(
      db,
    )
    expect((await applyRetention({ db, clock })).deleted).toEqual({ dedupe_keys: 12_000 })
  })

  it('comes round every night of business time', async () => {
    expect(nextRound(new Date('2026-11-11T02:00:00Z'))).toEqual(new Date('2026-11-11T19:20:00Z'))
    expect(nextRound(new Date('2026-11-11T19:20:00Z'))).toEqual(new Date('2026-11-12T19:20:00Z'))
    const log = createLog('silent')
    const due = createDue({ db, clock, log, listener: createListener(pool, log) })
    const upkeep = defineRetention({ db, clock, due, log })
    await scheduleRetention({ db, clock, due })
    await due.run()
    const next = db.selectFrom('due').select('at').where('kind', '=', 'retention.daily')
    expect(await next.execute()).toEqual([{ at: new Date('2026-11-11T19:20:00Z') }])
    await expect.poll(() => partitions('events')).toContain('events_202612')
    clock.set(days(30))
    await due.run()
    await expect.poll(() => partitions('events')).toContain('events_202701')
    await upkeep.stop()
  })
})

it('every table that is partitioned by time has its rule', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
    where p.partstrat = 'r' order by 1`.execute(db)
  expect(rows.map((row) => row.name)).toEqual([...partitioned].sort())
})

describe('a partition that belongs to a row', () => {
  it('goes when its owner is past its days, and sooner of what never counted', async () => {
    const campaign = uuid()
    await sql`insert into campaigns (id, corp_id, name, created_at, changed_at) values (${campaign}, 1, 'c', now(), now())`.execute(
      db,
    )
    const run = async (ago: number, rehearsal: boolean) => {
      const { id } = await db
        .insertInto('campaign_runs')
        .values({
          corp_id: 1,
          campaign_id: campaign,
          version: 1,
          rehearsal,
          planned_for: days(-ago),
          created_at: days(-ago),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const name = `campaign_recipients_${id}`
      await sql`create table ${sql.table(name)} partition of campaign_recipients for values in (${sql.lit(id)})`.execute(
        db,
      )
      return name
    }
    const kept = [await run(399, false), await run(29, true)]
    const past = [await run(401, false), await run(31, true)]
    expect((await applyRetention({ db, clock })).dropped).toEqual(past)
    expect(await partitions('campaign_recipients')).toEqual(kept.toSorted())
  })
})
