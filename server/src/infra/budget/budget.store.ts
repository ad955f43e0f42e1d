import { sql } from 'kysely'
import { z } from 'zod'
import type { Database, Executor, Tx } from '../db/database.ts'
import { type Listener, notify } from '../db/listen.ts'
import type { BudgetKey, History, LeaseSource } from './leases.ts'
import { type Ask, type Lease, type MinuteCount, oldestMinute, type Pace, takeLease } from './rules.ts'

/** How often what is long past is deleted. Machine time. */
const tidyMs = 600_000

/** The budgets in the database, by the database's clock. `db` should have a few connections of its own: a lease must not queue behind other work. */
export function databaseLeases(options: { db: Database; listener: Listener; machineNow?: () => number }): LeaseSource {
  const { db, listener } = options
  const now = options.machineNow ?? (() => performance.now())
  let tidiedAt = now()
  return {
    lease: (key, ask) => db.transaction().execute((tx) => lease(tx, key, ask)),
    block: (key, ms) =>
      db.transaction().execute(async (tx) => {
        await lockPace(tx, key)
        await sql`
          update budgets set blocked_until = greatest(blocked_until, clock_timestamp() + ${ms} * interval '1 millisecond')
          where ${isKey(key)}`.execute(tx)
        await notify(tx, 'nuanyu_budget', JSON.stringify(key))
      }),
    history: (key) => history(db, key),
    async apis(corpId) {
      const { rows } = await sql<{ api: string }>`
        select api from budget_minutes
        where corp_id = ${corpId} and source = '' and minute >= now() - interval '61 minutes'
        group by api having sum(used) > 0 order by sum(used) desc, api`.execute(db)
      return rows.map((row) => row.api)
    },
    async survey() {
      if (now() - tidiedAt > tidyMs) {
        tidiedAt = now()
        await sql`delete from budget_minutes where minute < now() - interval '2 hours'`.execute(db)
      }
      const { rows } = await sql<{ processes: number; corps: number }>`
        select (select count(*)::int from processes where roles ~ '(http|worker)' and id in (
            select objid::bigint from pg_locks where locktype = 'advisory' and classid = 1 and objsubid = 2 and granted
              and database = (select oid from pg_database where datname = current_database()))) as processes,
          (select count(*)::int from corps) as corps`.execute(db)
      return { processes: rows[0]?.processes ?? 1, corps: rows[0]?.corps ?? 1 }
    },
    onBlock: (handler) =>
      listener.on('nuanyu_budget', (payload) => handler(payload === undefined ? undefined : readKey(payload))),
  }
}

/** One decision: read and write under the lock of the key's row. */
async function lease(tx: Tx, key: BudgetKey, ask: Ask): Promise<Lease> {
  const { pace, now } = await lockPace(tx, key)
  const counts = merged([...(await readCounts(tx, key, now)), ...ask.spent, ...negative(ask.returned)])
  const taken = takeLease(pace, counts, ask, now)
  const changes = merged([
    ...ask.spent,
    ...negative(ask.returned),
    { minute: taken.lease.minute, count: taken.lease.count },
  ]).filter(({ count }) => count !== 0)
  await sql`
    with paced as (
      update budgets set pace_at = ${moment(taken.pace.paceAt)} where ${isKey(key)}
    )
    insert into budget_minutes as known (corp_id, source, api, minute, used)
    select ${key.corpId}, ${key.source}, ${key.api}, to_timestamp(minute / 1000), count
    from unnest(${changes.map(({ minute }) => minute)}::float8[], ${changes.map(({ count }) => count)}::int[])
      as change(minute, count)
    on conflict (corp_id, source, api, minute) do update set used = known.used + excluded.used`.execute(tx)
  return taken.lease
}

async function lockPace(tx: Tx, key: BudgetKey): Promise<{ pace: Pace; now: number }> {
  const read = () =>
    sql<{ paceAt: number; blockedUntil: number | null; now: number }>`
      select extract(epoch from pace_at)::float8 * 1000 as "paceAt",
        extract(epoch from blocked_until)::float8 * 1000 as "blockedUntil",
        extract(epoch from clock_timestamp())::float8 * 1000 as now
      from budgets where ${isKey(key)} for update`.execute(tx)
  let row = (await read()).rows[0]
  if (row === undefined) {
    await sql`
      insert into budgets (corp_id, source, api, pace_at) values (${key.corpId}, ${key.source}, ${key.api}, to_timestamp(0))
      on conflict do nothing`.execute(tx)
    row = (await read()).rows[0]
  }
  if (row === undefined) throw new Error('a budget row is gone')
  return { pace: { paceAt: row.paceAt, blockedUntil: row.blockedUntil ?? undefined }, now: row.now }
}

async function readCounts(on: Executor, key: BudgetKey, now: number): Promise<readonly MinuteCount[]> {
  const { rows } = await sql<MinuteCount>`
    select extract(epoch from minute)::float8 * 1000 as minute, used as count from budget_minutes
    where ${isKey(key)} and minute >= ${moment(oldestMinute(now))}`.execute(on)
  return rows
}

async function history(db: Database, key: BudgetKey): Promise<History> {
  const { rows } = await sql<{ blockedUntil: number | null; now: number }>`
    select extract(epoch from clock_timestamp())::float8 * 1000 as now,
      (select extract(epoch from blocked_until)::float8 * 1000 from budgets where ${isKey(key)}) as "blockedUntil"`.execute(
    db,
  )
  const row = rows[0]
  if (row === undefined) throw new Error('the clock of the database did not answer')
  return { now: row.now, counts: await readCounts(db, key, row.now), blockedUntil: row.blockedUntil ?? undefined }
}

const moment = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`
const isKey = (key: BudgetKey) => sql`corp_id = ${key.corpId} and source = ${key.source} and api = ${key.api}`
const negative = (counts: readonly MinuteCount[]) => counts.map(({ minute, count }) => ({ minute, count: -count }))

function merged(counts: readonly MinuteCount[]): readonly MinuteCount[] {
  const sums = new Map<number, number>()
  for (const { minute, count } of counts) sums.set(minute, (sums.get(minute) ?? 0) + count)
  return [...sums].map(([minute, count]) => ({ minute, count }))
}

const keyShape = z.object({ corpId: z.number(), source: z.string(), api: z.string() })

function readKey(payload: string): BudgetKey | undefined {
  return keyShape.safeParse(JSON.parse(payload)).data
}
