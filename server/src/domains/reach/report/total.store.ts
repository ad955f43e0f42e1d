import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { sideOf } from './count.store.ts'
import type { ReportedRun } from './runs.store.ts'
import { type Total, totalShape } from './total.schema.ts'

/** Where the persons of all runs are gathered, run by run: `report_total` of this transaction. */
export async function beginTotal(tx: Tx): Promise<void> {
  await sql`
    create temporary table report_total (root bigint, run integer, planned boolean, held boolean, got boolean, opened boolean,
      converted boolean, deleted boolean) on commit drop`.execute(tx)
}

/** Adds the persons of a run whose recipients were judged, and makes room for the next. */
export async function addRun(tx: Tx, run: ReportedRun): Promise<void> {
  await sql`
    insert into report_total
    select coalesce(c.merged_into, c.id), ${run.id}::int, bool_or(r.side = 'treated'), bool_or(r.side = 'holdout'), bool_or(r.got),
      bool_or(r.got and o.opened), bool_or(o.converted), bool_or(r.got and o.deleted)
    from (
      select r.customer_id, ${sideOf(run)} as side, r.status = 1 and r.sent_at is not null as got from campaign_recipients r
      where r.run_id = ${run.id}
    ) r join customers c on c.id = r.customer_id left join report_outcome o on o.customer_id = r.customer_id
    where r.side in ('treated', 'holdout') or r.got or o.converted group by 1`.execute(tx)
  await sql`drop table if exists report_facts, report_homes, report_senders, report_reached, report_outcome`.execute(tx)
}

/**
 * All persons once, whatever in how many runs they were. Of the planned and the held out every window counts from the first run
 * that was for them: that they got one holds many back from the next, which nobody held out is, and by their own windows only
 * those would be looked at longer.
 */
export async function countTotal(tx: Tx, runs: readonly ReportedRun[]): Promise<Total> {
  const ids = runs.map(({ id }) => id)
  const { rows } = await sql<Record<string, number>>`
    with known as (
      select *, min(run) filter (where planned or held) over (partition by root) as first from report_total
    ), people as (
      select root, count(*) filter (where planned) as sends, bool_or(coalesce(planned, false)) as planned,
        bool_or(coalesce(held, false)) as held, bool_or(coalesce(got, false)) as got, bool_or(coalesce(opened, false)) as opened,
        bool_or(coalesce(run >= first and converted, false)) as converted, bool_or(coalesce(got and converted, false)) as did,
        bool_or(coalesce(deleted, false)) as deleted
      from known where first is not null group by root
    )
    select coalesce(sum(sends), 0)::int as sends, count(*) filter (where planned)::int as persons,
      count(*) filter (where got)::int as delivered, count(*) filter (where opened)::int as opened,
      count(*) filter (where did)::int as did, count(*) filter (where deleted)::int as deleted,
      count(*) filter (where planned and converted)::int as treated, count(*) filter (where held and not planned)::int as held,
      count(*) filter (where held and not planned and converted)::int as held_converted from people`.execute(tx)
  const one = (name: string) => rows[0]?.[name] ?? 0
  return {
    runs: ids,
    ...{ sends: one('sends'), persons: one('persons'), delivered: one('delivered'), opened: one('opened') },
    ...{ converted: one('did'), deleted: one('deleted') },
    treated: { persons: one('persons'), converted: one('treated') },
    holdout: { persons: one('held'), converted: one('held_converted') },
    credited: await creditedTo(tx, ids),
  }
}

/** The orders that stand as owed to any of these runs. */
export async function creditedTo(on: Executor, runs: readonly number[]): Promise<Total['credited']> {
  const { rows } = await sql<Total['credited']>`
    select count(*)::int as orders, coalesce(sum(net), 0)::bigint as net from order_credits
    where run_id = any(${numberArray(runs)}::int[])`.execute(on)
  return rows[0] ?? { orders: 0, net: 0 }
}

/** Whether a report of another campaign was worked out since: it says of some orders to whom they are owed. */
export async function isNewerBeside(
  on: Executor,
  { corpId, campaignId }: Pick<ReportedRun, 'corpId' | 'campaignId'>,
  since: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select from campaign_reports where corp_id = ${corpId} and campaign_id <> ${campaignId} and as_of >= ${since} limit 1`.execute(
    on,
  )
  return rows.length > 0
}

export interface KeptTotal {
  readonly asOf: Date
  readonly figures: Total
}

export async function totalOf(on: Executor, campaignId: string): Promise<KeptTotal | undefined> {
  const row = await on
    .selectFrom('campaign_totals')
    .select(['as_of', 'figures'])
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst()
  return row === undefined ? undefined : { asOf: row.as_of, figures: totalShape.parse(row.figures) }
}

export async function keepTotal(
  tx: Tx,
  corpId: number,
  campaignId: string,
  { asOf, figures }: KeptTotal,
): Promise<void> {
  await sql`
    insert into campaign_totals (campaign_id, corp_id, as_of, figures)
    values (${campaignId}, ${corpId}, ${asOf}, ${JSON.stringify(figures)}::jsonb)
    on conflict (campaign_id) do update set as_of = excluded.as_of, figures = excluded.figures`.execute(tx)
}

/** When the latest report of a run of it was worked out, and what these reports say is credited to them. */
export async function reportsOf(
  on: Executor,
  runs: readonly number[],
): Promise<{ readonly asOf: Date | null; readonly orders: number; readonly net: number; readonly sends: number }> {
  const { rows } = await sql<{ asOf: Date | null; orders: number; net: number; sends: number }>`
    select max(as_of) as "asOf", coalesce(sum((figures->'credited'->>'orders')::int), 0)::int as orders,
      coalesce(sum((figures->'credited'->>'net')::bigint), 0)::bigint as net,
      coalesce(sum((figures->'sides'->'treated'->>'persons')::int), 0)::int as sends
    from campaign_reports where run_id = any(${numberArray(runs)}::int[])`.execute(on)
  return rows[0] ?? { asOf: null, orders: 0, net: 0, sends: 0 }
}
