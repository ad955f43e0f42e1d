import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { type Fate, fateNumber, fates, senderReasons, sendStatus } from '../campaigns/recipient.ts'
import { type Slice, type Spending, slicesMost } from './bootstrap.ts'
import { aliveAt } from './credits.store.ts'
import { factKinds, type Span } from './gather.store.ts'
import { isPartial } from './partial.ts'
import type { Figures, Side } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'

const n = (value: number) => sql.raw(String(value))
const fate = (name: Fate) => n(fateNumber(name))
const status = (name: keyof typeof sendStatus) => n(sendStatus[name])

/**
 * For want of a sender that shows itself after the bucket was looked at: who is held out is never found to be one of these. Who
 * was in a task and was listed then keeps the name of who was to send it. For whom there is no content has a member too, but of
 * those held out who have none is none compared.
 */
const lateReasons = sql.join(
  (['sender_full', 'not_given', 'not_marked'] as const).map((name) => n(senderReasons.indexOf(name))),
)

/**
 * Whom a comparison by chance is of (SC4). Planned: those to whom it was to be sent, also those for whom there was then no
 * member after all. Held out: those of the holdout who would have been planned too: past the governor and with somebody to
 * send it. The plan asks all of that of everybody before it looks at the bucket, so both sides differ by the bucket alone.
 * Of a run that went out in part (a canary) both sides are the customers of the members who were asked: which members these
 * are hangs on nobody's bucket either, and the effect is not thinned by those who were never to get it.
 */
export function sideOf(run: ReportedRun): RawBuilder<string | null> {
  const late = sql`r.fate = ${fate('no_sender')} and r.variant is not null and (r.sender is not null or r.reason in (${lateReasons}))`
  const planned = isPartial(run)
    ? sql`r.task in (${asked(run, 'number')}) or (${late} and r.sender in (${asked(run, 'sender')}))`
    : sql`r.fate = ${fate('sent_to')} or (${late})`
  const would = wouldBePlanned(run)
  return sql<string | null>`case
    when ${planned} then 'treated'
    when r.fate = ${fate('holdout')} and ${would} then 'holdout'
    when r.fate = ${fate('global_holdout')} and ${would} then 'global' end`
}

/** Whether only the lot kept it from somebody: nothing else stood in the way of his getting it. */
export function wouldBePlanned(run: ReportedRun): RawBuilder<boolean> {
  const drawn = run.spec.variants.some((one) => one.for === null) ? sql`true` : sql`r.variant is not null`
  const asks = isPartial(run) ? sql`r.sender in (${asked(run, 'sender')})` : sql`true`
  return sql<boolean>`r.hits = 0 and r.sender is not null and ${drawn} and ${asks}`
}

/** Of the tasks that a member was asked to confirm. */
function asked(run: ReportedRun, column: 'number' | 'sender'): RawBuilder<unknown> {
  return sql`select ${sql.ref(column)} from campaign_tasks where run_id = ${n(run.id)} and asked_at is not null`
}

/** Every recipient counted once, by all that a report tells of: `report_cells` of this transaction, some thousand rows. */
export async function countCells(tx: Tx, run: ReportedRun, zone: string): Promise<void> {
  const got = sql`r.status = ${status('sent')}`
  // the platform's word about somebody proves that his member confirmed, even where the task's own state is older
  const confirmed = sql`(t.confirmed_at is not null or r.status <> ${status('unsent')})`
  const ours = sql`r.fate = ${fate('sent_to')}`
  const count = (what: RawBuilder<unknown>) => sql`count(*) filter (where ${what})::int`
  await sql`
    create temporary table report_cells on commit drop as
    select r.fate, r.reason, ${sideOf(run)} as side, r.variant, r.sender,
      case when ${got} then extract(hour from r.sent_at at time zone ${zone})::int end as hour,
      count(*)::int as persons,
      ${count(sql`${ours} and (t.asked_at is not null or ${confirmed})`)} as asked,
      ${count(sql`${ours} and ${confirmed}`)} as confirmed,
      ${count(sql`${ours} and ${got}`)} as delivered,
      ${count(sql`${ours} and r.status = ${status('noFriend')}`)} as no_friend,
      ${count(sql`${ours} and r.status = ${status('overCap')}`)} as over_cap,
      ${count(sql`${ours} and ${got} and o.opened`)} as opened,
      ${count(sql`${ours} and ${got} and o.converted`)} as converted,
      ${count(sql`${ours} and ${got} and o.deleted`)} as deleted,
      ${count(sql`${ours} and ${got} and o.issued`)} as issued,
      ${count(sql`${ours} and ${got} and o.claimed`)} as claimed,
      ${count(sql`${ours} and ${got} and o.redeemed`)} as redeemed,
      coalesce(sum(o.gmv) filter (where ${ours} and ${got}), 0)::bigint as gmv,
      ${count(sql`o.converted`)} as all_converted, ${count(sql`o.redeemed`)} as all_redeemed,
      ${count(sql`o.issued`)} as all_issued, ${count(sql`o.claimed`)} as all_claimed, ${count(sql`o.deleted`)} as all_deleted,
      coalesce(sum(o.gmv), 0)::bigint as all_gmv
    from campaign_recipients r
    left join campaign_tasks t on t.run_id = r.run_id and t.number = r.task
    left join report_outcome o on o.customer_id = r.customer_id
    where r.run_id = ${run.id} group by 1, 2, 3, 4, 5, 6`.execute(tx)
}

type Counted = Omit<Figures, 'version' | 'channels' | 'sources' | 'period' | 'gmv_person' | 'first_at' | 'last_at'>

/** The numbers of the whole run, from its cells, its tasks, its opens and its credits. */
export async function countRun(tx: Tx, run: ReportedRun, span: Span | undefined): Promise<Counted> {
  const [fated, [sends], sides, variants, [tasks], [applause], [opens], [credited], [scope]] = [
    await rowsOf<{ fate: number; reason: number | null; persons: number }>(
      tx,
      sql`select fate, reason, sum(persons)::int as persons from report_cells group by 1, 2 order by 1, 2`,
    ),
    await rowsOf<SendRow>(
      tx,
      sql`
      select coalesce(sum(persons) filter (where fate = ${fate('sent_to')}), 0)::int as to_send, ${summed([
        ...['asked', 'confirmed', 'delivered', 'no_friend', 'over_cap', 'opened', 'converted', 'deleted'],
      ])}, coalesce(sum(gmv), 0)::bigint as gmv from report_cells`,
    ),
    await rowsOf<Side & { side: string }>(
      tx,
      sql`
      select side, sum(persons)::int as persons, sum(delivered)::int as delivered, sum(all_converted)::int as converted,
        sum(all_deleted)::int as deleted, sum(all_gmv)::bigint as gmv from report_cells where side is not null group by side`,
    ),
    await rowsOf<Side & { number: number }>(
      tx,
      sql`
      select variant as number, sum(persons)::int as persons, sum(delivered)::int as delivered,
        sum(all_converted)::int as converted, sum(all_deleted)::int as deleted, sum(all_gmv)::bigint as gmv
      from report_cells where side = 'treated' and variant is not null group by variant order by variant`,
    ),
    await rowsOf<Figures['tasks']>(
      tx,
      sql`
      select count(*) filter (where replaced_by is null and (why is distinct from 'absent' or confirmed_at is not null))::int as issued,
        count(*) filter (where replaced_by is null and confirmed_at <= coalesce(expires_at, confirmed_at))::int as in_time,
        count(distinct sender)::int as senders_asked,
        count(distinct sender) filter (where confirmed_at is not null)::int as senders_confirmed
      from campaign_tasks where run_id = ${run.id} and asked_at is not null`,
    ),
    await rowsOf<Figures['applause']>(
      tx,
      sql`
      select coalesce(sum(likes), 0)::int as likes, coalesce(sum(comments), 0)::int as comments,
        coalesce(sum(beside), 0)::int as beside
      from campaign_tasks where run_id = ${run.id}`,
    ),
    await rowsOf<Figures['opens']>(
      tx,
      sql`
      select count(distinct customer_id) filter (where customer_id <> 0)::int as persons,
        count(*) filter (where customer_id <> 0)::int as known, count(*) filter (where customer_id = 0)::int as unknown
      from link_opens where run_id = ${run.id}`,
    ),
    await rowsOf<Figures['credited']>(
      tx,
      sql`
      select count(*) filter (where run_id = ${run.id})::int as orders,
        coalesce(sum(net) filter (where run_id = ${run.id}), 0)::bigint as net,
        coalesce(sum(net) filter (where run_id = ${run.id} and by = 'click'), 0)::bigint as by_click,
        coalesce(sum(net) filter (where run_id = ${run.id} and by = 'send'), 0)::bigint as by_send,
        count(*) filter (where first_run = ${run.id})::int as first_orders,
        coalesce(sum(net) filter (where first_run = ${run.id}), 0)::bigint as first_net
      from order_credits where run_id = ${run.id} or first_run = ${run.id}`,
    ),
    span === undefined ? [] : await scopeGmv(tx, run, span),
  ]
  if (
    sends === undefined ||
    tasks === undefined ||
    applause === undefined ||
    opens === undefined ||
    credited === undefined
  )
    throw new Error('an aggregate over no rows is one row')
  const side = (name: string): Side => {
    const found = sides.find((one) => one.side === name)
    return found === undefined ? noSide : sideFrom(found)
  }
  const fatedAs = (name: Fate) =>
    fated.filter((row) => row.fate === fateNumber(name)).reduce((all, row) => all + row.persons, 0)
  const treated = side('treated')
  const { to_send, asked, confirmed, delivered, no_friend, over_cap, opened, converted, deleted, gmv } = sends
  const unsettled = confirmed - delivered - no_friend - over_cap
  return {
    fates: {
      ...{
        sent_to: fatedAs('sent_to'),
        held: fatedAs('held'),
        dropped: fatedAs('dropped'),
        excluded: fatedAs('excluded'),
      },
      ...{ holdout: fatedAs('holdout'), global_holdout: fatedAs('global_holdout'), no_sender: fatedAs('no_sender') },
      elsewhere: fatedAs('elsewhere'),
    },
    reasons: fated.flatMap(({ fate: place, reason, persons }) => {
      const name = fates[place]
      return name === undefined || name === 'sent_to' ? [] : [{ fate: name, reason, persons }]
    }),
    tasks,
    applause,
    sends: {
      ...{ to_send, asked, confirmed, delivered, no_friend, over_cap },
      ...{ not_confirmed: to_send - confirmed, other: unsettled },
    },
    reached: { opened, converted, deleted, gmv },
    opens,
    sides: {
      ...{ treated, holdout: side('holdout'), global: side('global') },
      undelivered: {
        persons: treated.persons - delivered,
        delivered: 0,
        converted: treated.converted - converted,
        deleted: treated.deleted - deleted,
        gmv: treated.gmv - gmv,
      },
    },
    variants: variants.map((one) => ({ number: one.number, ...sideFrom(one) })),
    credited,
    scope_gmv: scope?.net ?? 0,
  }
}

/** M33: what persons with a living relation paid, from the first delivery to the end of the last window. */
function scopeGmv(tx: Tx, run: ReportedRun, span: Span): Promise<readonly { net: number }[]> {
  return rowsOf(
    tx,
    sql`
    select coalesce(sum(f.net), 0)::bigint as net from report_facts f join report_homes own on own.home = f.customer_id
    where f.kind = ${n(factKinds.order)} and f.at >= ${span.firstAt} and f.at < ${span.closesAt} and exists (
      select from report_homes h join relations r on r.customer_id = h.home and r.corp_id = ${run.corpId}
      where h.root = own.root and ${aliveAt('r', sql`f.at`)})`,
  )
}

const noSide: Side = { persons: 0, delivered: 0, converted: 0, deleted: 0, gmv: 0 }
const sideFrom = ({ persons, delivered, converted, deleted, gmv }: Side): Side => ({
  ...{ persons, delivered, converted, deleted, gmv },
})

interface SendRow {
  readonly to_send: number
  readonly asked: number
  readonly confirmed: number
  readonly delivered: number
  readonly no_friend: number
  readonly over_cap: number
  readonly opened: number
  readonly converted: number
  readonly deleted: number
  readonly gmv: number
}

function summed(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((name) => sql`coalesce(sum(${sql.ref(name)}), 0)::int as ${sql.ref(name)}`))
}

async function rowsOf<Row>(tx: Tx, query: RawBuilder<unknown>): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`${query}`.execute(tx)
  return rows
}

/**
 * Those of `spent` (side, gmv; only who paid anything), by side, in slices of equal numbers for the bootstrap. However many they
 * are, so few rows come back.
 */
export async function slicesOf(tx: Tx, spent: RawBuilder<unknown>): Promise<(side: string) => readonly Slice[]> {
  const { rows } = await sql<Slice & { side: string }>`
    select side, count(*)::int as persons, avg(gmv)::float8 as mean, coalesce(stddev_pop(gmv), 0)::float8 as deviation
    from (select side, gmv, ntile(${n(slicesMost)}) over (partition by side order by gmv) as slice from (${spent}) spent
      where side is not null) cut
    group by side, slice order by side, slice`.execute(tx)
  return (side) =>
    rows.filter((one) => one.side === side).map(({ persons, mean, deviation }) => ({ persons, mean, deviation }))
}

/** What the planned and the held out spent: all of them counted, and the buyers in slices. */
export async function spendingOf(tx: Tx, run: ReportedRun): Promise<{ treated: Spending; holdout: Spending }> {
  const slices = await slicesOf(
    tx,
    sql`select ${sideOf(run)} as side, o.gmv from campaign_recipients r
      join report_outcome o on o.customer_id = r.customer_id where r.run_id = ${run.id} and o.gmv <> 0`,
  )
  const { rows: whole } = await sql<{ side: string; persons: number }>`
    select side, sum(persons)::int as persons from report_cells where side is not null group by side`.execute(tx)
  const of = (side: string): Spending => ({
    persons: whole.find((one) => one.side === side)?.persons ?? 0,
    slices: slices(side),
  })
  return { treated: of('treated'), holdout: of('holdout') }
}
