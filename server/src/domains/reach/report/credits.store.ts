import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { factKinds, type Span, windowsOf } from './gather.store.ts'
import type { Figures } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'

const n = (value: number) => sql.raw(String(value))
/** No window of attribution is longer (campaign.schema.ts). */
const longestMs = 30 * 86_400_000
const hours = (which: 'click_hours' | 'send_hours', otherwise: number) =>
  sql`make_interval(hours => coalesce((v.spec->'attribution'->>${sql.lit(which)})::int, ${n(otherwise)}))`

/**
 * Says to which run every order goes that this run touched within its windows: to the last click, else to the last send
 * (`creditOf` says the same of one order). What other runs did to the same people is looked at too, so an order that another
 * run deserves moves there, whichever of the two is worked out first.
 */
export async function creditOrders(tx: Tx, run: ReportedRun, span: Span): Promise<void> {
  const runs = await runsBeside(tx, run, span)
  await sql`
    create temporary table report_sends on commit drop as
    select r.run_id, r.customer_id, r.sent_at from campaign_recipients r
    where r.run_id = any(${numberArray(runs)}::int[]) and r.status = ${n(sendStatus.sent)} and r.sent_at is not null
      and r.customer_id in (select h.home from report_homes h where h.root in (
        select b.root from report_homes b join report_facts f on f.customer_id = b.home and f.kind = ${n(factKinds.order)}))`.execute(
    tx,
  )
  await sql`
    create temporary table report_touched on commit drop as
    with bought as (
      select h.root, f.customer_id, f.order_id, f.at as paid_at, f.net, f.seller, f.store
      from report_facts f join report_homes h on h.home = f.customer_id where f.kind = ${n(factKinds.order)}
    ), touched as (
      select h.root, o.run_id, o.at, 'click' as by, ${hours('click_hours', 168)} as lasts
      from link_opens o join report_homes h on h.home = o.customer_id
      join campaign_runs r on r.id = o.run_id join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
      where o.customer_id <> 0 and o.corp_id = ${run.corpId} and not r.rehearsal
      union all
      select h.root, s.run_id, s.sent_at, 'send', ${hours('send_hours', 24)}
      from report_sends s join report_homes h on h.home = s.customer_id
      join campaign_runs r on r.id = s.run_id join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    )
    select b.*, t.run_id, t.at, t.by,
      first_value(t.run_id) over (partition by customer_id, order_id order by t.at, t.run_id) as first_run,
      row_number() over (partition by customer_id, order_id order by t.by, t.at desc, t.run_id desc) as place,
      bool_or(t.run_id = ${run.id}) over (partition by customer_id, order_id) as ours
    from bought b join touched t on t.root = b.root and t.at <= b.paid_at and b.paid_at < t.at + t.lasts`.execute(tx)
  await sql`
    create temporary table report_credit on commit drop as
    select customer_id, order_id, root, paid_at, net, by, run_id, at, first_run, seller, store
    from report_touched where place = 1 and ours`.execute(tx)
  await sql`
    delete from order_credits c where (c.run_id = ${run.id} or c.first_run = ${run.id})
      and not exists (select from report_credit t where t.customer_id = c.customer_id and t.order_id = c.order_id)`.execute(
    tx,
  )
  await sql`analyze report_credit`.execute(tx)
  const from = { seller: sql.ref('t.seller'), owner: sql.ref('o.userid'), store: sql.ref('t.store') } as const
  const cases = run.earnerOrder.map((name) => sql`when ${from[name]} is not null then ${sql.lit(name)}`)
  const known = run.earnerOrder.map((name) => from[name])
  await sql`
    insert into order_credits (customer_id, order_id, corp_id, paid_at, net, by, run_id, at, first_run, earner_kind, earner)
    with owner as (
      select t.customer_id, t.order_id, coalesce(
        (array_agg(r.userid order by r.owned_at desc, r.userid)
          filter (where r.owned_at >= r.added_at and r.owned_at <= t.paid_at))[1],
        case when count(distinct r.userid) = 1 then min(r.userid) end) as userid
      from report_credit t join report_homes h on h.root = t.root
      join relations r on r.customer_id = h.home and r.corp_id = ${run.corpId}
      where ${aliveAt('r', sql`t.paid_at`)} group by t.customer_id, t.order_id
    )
    select t.customer_id, t.order_id, ${run.corpId}, t.paid_at, t.net, t.by, t.run_id, t.at, t.first_run,
      case ${sql.join(cases, sql` `)} else 'none' end, coalesce(${sql.join(known)}, '')
    from report_credit t left join owner o on o.customer_id = t.customer_id and o.order_id = t.order_id
    on conflict (customer_id, order_id) do update set paid_at = excluded.paid_at, net = excluded.net, by = excluded.by,
      run_id = excluded.run_id, at = excluded.at, first_run = excluded.first_run, earner_kind = excluded.earner_kind,
      earner = excluded.earner`.execute(tx)
}

/**
 * To what all orders of the run's days are owed (M34): a click or a send of this run or of another, else the code by which the
 * customer was added so long before as a click would count, else nothing that we know of.
 */
export async function countSources(tx: Tx, run: ReportedRun, span: Span): Promise<Pick<Figures, 'sources' | 'period'>> {
  const within = sql`make_interval(hours => ${n(windowsOf(run).click_hours)})`
  const { rows } = await sql<Figures['sources'][number]>`
    with paid as (
      select customer_id, order_id, at, net from report_facts
      where kind = ${n(factKinds.order)} and at >= ${span.firstAt} and at < ${span.closesAt}
    ), coded as (
      select distinct p.customer_id, p.order_id from paid p join report_homes own on own.home = p.customer_id
      join report_homes h on h.root = own.root
      join relations r on r.customer_id = h.home and r.corp_id = ${run.corpId} and r.channel_id is not null
      where r.source_at <= p.at and p.at < r.source_at + ${within}
    )
    select case when t.run_id = ${run.id} then t.by when t.run_id is not null then 'other_run'
        when c.order_id is not null then 'code' else 'none' end as source,
      count(*)::int as orders, coalesce(sum(p.net), 0)::bigint as net
    from paid p left join report_touched t on t.customer_id = p.customer_id and t.order_id = p.order_id and t.place = 1
    left join coded c on c.customer_id = p.customer_id and c.order_id = p.order_id group by 1`.execute(tx)
  const { rows: whole } = await sql<Figures['period']>`
    select count(*)::int as orders, coalesce(sum(net), 0)::bigint as net from report_facts
    where kind = ${n(factKinds.order)} and at >= ${span.firstAt} and at < ${span.closesAt}`.execute(tx)
  return { sources: [...rows], period: whole[0] ?? { orders: 0, net: 0 } }
}

/** Whether a relation lived at a moment, as far as its registers tell: the time between a delete and another add is not kept. */
export function aliveAt(relation: string, moment: ReturnType<typeof sql>) {
  const r = (name: string) => sql.ref(`${relation}.${name}`)
  return sql`${r('first_added_at')} <= ${moment}
    and (${r('ended_at')} is null or ${r('ended_at')} > ${moment} or ${r('ended_at')} < ${r('added_at')})`
}

/** Runs that may have sent to the same people within a window of attribution. */
async function runsBeside(tx: Tx, run: ReportedRun, span: Span): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from campaign_runs
    where corp_id = ${run.corpId} and not rehearsal and state not in ('planning', 'planned', 'failed')
      and planned_for >= ${new Date(span.firstAt.getTime() - 2 * longestMs)}
      and planned_for <= ${new Date(span.closesAt.getTime() + longestMs)}`.execute(tx)
  return [...new Set([run.id, ...rows.map(({ id }) => id)])]
}
