import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { bucketSql } from '../plan/bucket.store.ts'
import { heldOutBelow } from '../plan/plan.ts'
import type { Spending } from './bootstrap.ts'
import { slicesOf } from './count.store.ts'
import { aliveAt } from './credits.store.ts'
import { paidLaterMs } from './gather.store.ts'
import { type Programme, type ProgrammeSide, programmeShape } from './programme.schema.ts'

const n = (value: number) => sql.raw(String(value))

/** The least and the most that was set while a quarter was looked at, per mille. */
export interface Held {
  readonly least: number
  readonly most: number
}

export interface KeptProgramme {
  readonly asOf: Date
  readonly held: Held
  readonly figures: Programme
}

export async function programmeOf(on: Executor, corpId: number, quarter: string): Promise<KeptProgramme | undefined> {
  const row = await on
    .selectFrom('programme_lifts')
    .select(['as_of', 'held_least', 'held_most', 'figures'])
    .where('corp_id', '=', corpId)
    .where('quarter', '=', quarter)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { as_of: asOf, held_least: least, held_most: most, figures } = row
  return { asOf, held: { least, most }, figures: programmeShape.parse(figures) }
}

export async function keepProgramme(
  tx: Tx,
  corpId: number,
  quarter: string,
  { asOf, held, figures }: KeptProgramme,
): Promise<void> {
  await sql`
    insert into programme_lifts (corp_id, quarter, held_least, held_most, as_of, figures)
    values (${corpId}, ${quarter}, ${held.least}, ${held.most}, ${asOf}, ${JSON.stringify(figures)}::jsonb)
    on conflict (corp_id, quarter) do update
    set held_least = excluded.held_least, held_most = excluded.held_most, as_of = excluded.as_of, figures = excluded.figures`.execute(
    tx,
  )
}

/** When the first campaign since then began that leaves out who is held out of everything; undefined: none did. */
export async function firstMarketing(on: Executor, corpId: number, since: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(r.started_at) as at from campaign_runs r
    join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.corp_id = ${corpId} and not r.rehearsal and r.started_at >= ${since}
      and coalesce((v.spec->>'marketing')::boolean, true) and coalesce(v.spec->>'kind', 'customer_send') <> 'group_send'`.execute(
    on,
  )
  return rows[0]?.at ?? undefined
}

/** Counts who was a customer at `began` on both sides of the lot, and what they did until `asOf`. */
export async function countProgramme(
  tx: Tx,
  corpId: number,
  { seed, held, began, asOf }: { seed: bigint; held: Held; began: Date; asOf: Date },
): Promise<{ figures: Omit<Programme, 'gmv_person'>; spent: { held: Spending; others: Spending } }> {
  await sql`
    create temporary table programme_people on commit drop as
    select root, case when bucket < ${n(heldOutBelow(held.least))} then 'held'
      when bucket >= ${n(heldOutBelow(held.most))} then 'others' end as side
    from (
      select root, ${bucketSql(seed, sql.ref('root'))} as bucket from (
        select distinct coalesce(c.merged_into, c.id) as root from relations r join customers c on c.id = r.customer_id
        where r.corp_id = ${corpId} and ${aliveAt('r', sql`${began}::timestamptz`)}) alive) drawn`.execute(tx)
  await sql`create temporary table programme_facts (home bigint, net bigint, bought boolean, deleted boolean) on commit drop`.execute(
    tx,
  )
  await sql`
    insert into programme_facts
    select o.customer_id, sum(o.amount - o.refunded), true, false from orders o
    where o.corp_id = ${corpId} and o.ordered_at >= ${new Date(began.getTime() - paidLaterMs)} and o.ordered_at <= ${asOf}
      and o.paid_at >= ${began} and o.paid_at <= ${asOf} and o.status in ('paid', 'part_refunded') group by o.customer_id`.execute(
    tx,
  )
  await sql`
    insert into programme_facts
    select e.customer_id, 0, false, true from events e
    where e.corp_id = ${corpId} and e.kind = 'relation.ended' and e.occurred_at >= ${began} and e.occurred_at <= ${asOf}
      and e.payload->>'by' = 'customer' and e.cause not like 'effect:%' group by e.customer_id`.execute(tx)
  await sql`
    create temporary table programme_done on commit drop as
    select coalesce(c.merged_into, c.id) as root, sum(f.net)::bigint as net, bool_or(f.bought) as bought, bool_or(f.deleted) as deleted
    from programme_facts f join customers c on c.id = f.home group by 1`.execute(tx)
  const { rows } = await sql<ProgrammeSide & { side: string }>`
    select p.side, count(*)::int as persons, count(*) filter (where d.bought)::int as converted,
      count(*) filter (where d.deleted)::int as deleted, coalesce(sum(d.net), 0)::bigint as gmv
    from programme_people p left join programme_done d on d.root = p.root where p.side is not null group by p.side`.execute(
    tx,
  )
  const slices = await slicesOf(
    tx,
    sql`select p.side, d.net as gmv from programme_people p join programme_done d on d.root = p.root where d.net <> 0`,
  )
  const side = (name: string): ProgrammeSide => {
    const { persons, converted, deleted, gmv } = rows.find((one) => one.side === name) ?? nobody
    return { persons, converted, deleted, gmv }
  }
  const [heldOut, others] = [side('held'), side('others')]
  return {
    figures: {
      began_at: began.toISOString(),
      held: heldOut,
      others,
      touched: await touchedOf(tx, corpId, began, asOf),
    },
    spent: {
      held: { persons: heldOut.persons, slices: slices('held') },
      others: { persons: others.persons, slices: slices('others') },
    },
  }
}

const nobody: ProgrammeSide = { persons: 0, converted: 0, deleted: 0, gmv: 0 }

/** Who is held out and has a marketing touch all the same. */
async function touchedOf(tx: Tx, corpId: number, began: Date, asOf: Date): Promise<number> {
  await sql`
    create temporary table programme_held on commit drop as
    select c.id as home, p.root from programme_people p join customers c on c.id = p.root or c.merged_into = p.root
    where p.side = 'held'`.execute(tx)
  await sql`
    create temporary table programme_touched on commit drop as
    select distinct t.customer_id as home from touches t
    where t.corp_id = ${corpId} and t.kind = 'marketing' and t.at >= ${began} and t.at <= ${asOf}
      and t.customer_id in (select h.home from programme_held h)`.execute(tx)
  const { rows } = await sql<{ persons: number }>`
    select count(distinct h.root)::int as persons from programme_held h join programme_touched t on t.home = h.home`.execute(
    tx,
  )
  return rows[0]?.persons ?? 0
}

/** Corps in which a campaign began after a moment. */
export async function corpsWithRuns(on: Executor, since: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ corpId: number }>`
    select distinct corp_id as "corpId" from campaign_runs where not rehearsal and started_at >= ${since} order by 1`.execute(
    on,
  )
  return rows.map(({ corpId }) => corpId)
}
