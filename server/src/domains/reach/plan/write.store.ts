import { type RawBuilder, sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { commitLazily } from '../../../infra/db/database.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { type DraftTables, partitionOf } from './draft.store.ts'

const n = (value: number | bigint) => sql.raw(String(value))
type Sql = RawBuilder<unknown>
const sentTo = n(fateNumber('sent_to'))

/**
 * What was drawn, counted once by all that a plan tells of it: the few rows from which tasks are cut and the plan is written.
 * Of a sender and a variant `first` is the number of the first of their `tasks`.
 */
export async function countDrawn(on: Executor, tables: DraftTables, taskMost: number): Promise<void> {
  await sql`
    create unlogged table ${sql.table(tables.cells)} as
    with counted as (
      select fate, reason, case when fate = ${n(fateNumber('excluded'))} then hits & 65535 end as hits,
        variant, case when fate = ${sentTo} then sender end as sender, count(*)::int as persons
      from ${sql.table(tables.drawn)} group by 1, 2, 3, 4, 5
    ), cut as (
      select *, case when fate = ${sentTo} then (persons + ${n(taskMost - 1)}) / ${n(taskMost)} end as tasks from counted
    )
    select *, case when fate = ${sentTo} then
      1 + coalesce(sum(tasks) over (order by fate, sender, variant rows between unbounded preceding and 1 preceding), 0) end::int as first
    from cut`.execute(on)
  await sql`analyze ${sql.table(tables.cells)}`.execute(on)
}

/** What becomes the partition of the run: the condition spares the attaching a look at every row. */
export async function makeRows(on: Executor, tables: DraftTables, runId: number): Promise<void> {
  await sql`
    create table ${sql.table(tables.rows)} (like campaign_recipients including defaults, check (run_id = ${n(runId)}))`.execute(
    on,
  )
}

const columns = sql`run_id, customer_id, corp_id, fate, reason, hits, policy, held_until, bucket, variant, sender, external_userid`

/** The steps that write the partition; they can be done at the same time. */
export function rowsSteps(tables: DraftTables): readonly ((db: Database) => Promise<void>)[] {
  const lanes = [0, 1]
  return [
    ...lanes.map((lane) => (db: Database) => copyDrawn(db, tables, { lane, lanes: lanes.length })),
    (db: Database) => copyParted(db, tables),
  ]
}

/** Everybody whose task is the only one of its sender and variant, or who is in none. */
async function copyDrawn(
  db: Database,
  tables: DraftTables,
  { lane, lanes }: { readonly lane: number; readonly lanes: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await commitLazily(tx)
    await sql`
      insert into ${sql.table(tables.rows)} (${columns}, task)
      select ${prefixed('d')}, c.first
      from ${sql.table(tables.drawn)} d left join ${sql.table(tables.cells)} c
        on c.fate = ${sentTo} and d.fate = ${sentTo} and c.sender = d.sender and c.variant = d.variant
      where coalesce(c.tasks, 1) = 1 and d.customer_id % ${n(lanes)} = ${n(lane)}`.execute(tx)
  })
}

/** Whom several tasks of one sender and variant share: parted evenly, by bucket. */
async function copyParted(db: Database, tables: DraftTables): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await commitLazily(tx)
    await sql`
      insert into ${sql.table(tables.rows)} (${columns}, task)
      select ${prefixed('d')}, d.first + (d.rank * d.tasks / d.persons)::int
      from (
        select d.*, c.first, c.tasks::bigint as tasks, c.persons,
          row_number() over (partition by c.first order by d.bucket, d.customer_id) - 1 as rank
        from ${sql.table(tables.drawn)} d join ${sql.table(tables.cells)} c
          on c.fate = ${sentTo} and c.sender = d.sender and c.variant = d.variant
        where d.fate = ${sentTo} and c.tasks > 1
      ) d`.execute(tx)
  })
}

function prefixed(table: string): Sql {
  const names = 'run_id customer_id corp_id fate reason hits policy held_until bucket variant sender external_userid'
  return sql.join(names.split(' ').map((name) => sql.ref(`${table}.${name}`)))
}

/** Indexed after it is full, at the same time. A rehearsal has no tasks. */
export function indexSteps(table: string, tasks: boolean): readonly ((on: Executor) => Promise<void>)[] {
  const named = sql.table(table)
  const bySteps = async (on: Executor) => {
    await sql`create index on ${named} (task) where task is not null`.execute(on)
    await sql`create index on ${named} (held_until) where held_until is not null`.execute(on)
  }
  return [
    async (on) => {
      await sql`create unique index on ${named} (customer_id)`.execute(on)
      await sql`analyze ${named}`.execute(on)
    },
    ...(tasks ? [bySteps] : []),
  ]
}

/** From now on these are the run's recipients. */
export async function attachPartition(tx: Tx, table: string, runId: number): Promise<void> {
  const name = sql.table(partitionOf(runId))
  await sql`alter table ${sql.table(table)} rename to ${name}`.execute(tx)
  await sql`alter table campaign_recipients attach partition ${name} for values in (${n(runId)})`.execute(tx)
}

/** One row a task: what one member is asked to confirm. Of rank r of n persons in t tasks the task is r × t / n. */
export async function writeTasks(tx: Tx, tables: DraftTables, runId: number, corpId: number): Promise<number> {
  const upTo = (k: Sql) => sql`((${k}) * persons::bigint + tasks - 1) / tasks`
  const { numAffectedRows } = await sql`
    insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients)
    select ${n(runId)}, first + k, ${n(corpId)}, variant, sender, ${upTo(sql`k + 1`)} - ${upTo(sql`k`)}
    from ${sql.table(tables.cells)}, generate_series(0, tasks - 1) k where fate = ${sentTo}`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/** Of tasks (number, recipients) those that go first: drawn by hash, until they hold their share of all recipients. */
export function canaryOf(tasks: Sql, runId: number, permille: number): Sql {
  return sql`
    select number from (
      select number, sum(recipients) over (order by hashint8extended(number, ${n(runId)}), number) - recipients as before,
        sum(recipients) over () as whole
      from (${tasks}) t
    ) drawn where drawn.before * 1000 < drawn.whole * ${n(permille)}`
}

/** The numbers as one list: what the planner believes of a run that was written just now may be one row, and it joined 16,000 by 16,000. */
export async function markCanary(tx: Tx, runId: number, permille: number): Promise<void> {
  const tasks = sql`select number, recipients from campaign_tasks where run_id = ${n(runId)}`
  await sql`
    update campaign_tasks set canary = true
    where run_id = ${n(runId)} and number = any(array(${canaryOf(tasks, runId, permille)}))`.execute(tx)
}
