import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { factKinds, type Span } from './gather.store.ts'
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
    create temporary table report_credit on commit drop as
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
    ), eligible as (
      select b.*, t.run_id, t.at, t.by from bought b join touched t on t.root = b.root and t.at <= b.paid_at and b.paid_at < t.at + t.lasts
    ), ranked as (
      select *, first_value(run_id) over (partition by customer_id, order_id order by at, run_id) as first_run,
        row_number() over (partition by customer_id, order_id order by by, at desc, run_id desc) as place,
        bool_or(run_id = ${run.id}) over (partition by customer_id, order_id) as ours
      from eligible
    )
    select customer_id, order_id, root, paid_at, net, by, run_id, at, first_run, seller, store
    from ranked where place = 1 and ours`.execute(tx)
  await sql`
    delete from order_credits c where (c.run_id = ${run.id} or c.first_run = ${run.id})
      and not exists (select from report_credit t where t.customer_id = c.customer_id and t.order_id = c.order_id)`.execute(
    tx,
  )
  await sql`analyze report_credit`.execute(tx)
  await sql`
    insert into order_credits (customer_id, order_id, corp_id, paid_at, net, by, run_id, at, first_run, earner_kind, earner)
    with alone as (
      select t.customer_id, t.order_id, min(r.userid) as userid
      from report_credit t join report_homes h on h.root = t.root
      join relations r on r.customer_id = h.home and r.corp_id = ${run.corpId}
      where ${aliveAt('r', sql`t.paid_at`)} group by t.customer_id, t.order_id having count(distinct r.userid) = 1
    )
    select t.customer_id, t.order_id, ${run.corpId}, t.paid_at, t.net, t.by, t.run_id, t.at, t.first_run,
      case when t.seller is not null then 'seller' when o.userid is not null then 'owner' when t.store is not null then 'store' else 'none' end,
      coalesce(t.seller, o.userid, t.store, '')
    from report_credit t left join alone o on o.customer_id = t.customer_id and o.order_id = t.order_id
    on conflict (customer_id, order_id) do update set paid_at = excluded.paid_at, net = excluded.net, by = excluded.by,
      run_id = excluded.run_id, at = excluded.at, first_run = excluded.first_run, earner_kind = excluded.earner_kind,
      earner = excluded.earner`.execute(tx)
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
