import { type RawBuilder, sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import { sendStatus } from '../campaigns/recipient.ts'

/** So long after a click an order counts as woken, and so long before it there was none (SC5). */
export const woken = { afterHours: 24, quietDays: 7 } as const

const n = (value: number) => sql.raw(String(value))

/**
 * 唤醒: of these runs, which went to groups, the tables
 * - `touches` (run_id, task, person, at): who clicked a link of a run, or redeemed its coupon after it was in his group;
 * - `woken` (run_id, task, person, customer_id, id): orders paid within 24 hours of one, by persons who had paid none in the
 *   7 days before their first of that run. A person is counted by all of his homes.
 * An order is owed to one run: to the last click, by the rule of `creditOf`, so what a click on another send deserves is not
 * told here too, nor is what `order_credits` says is another's.
 */
export function wokenOf(corpId: number, runIds: readonly number[]): RawBuilder<unknown> {
  const ours = sql`any(${numberArray(runIds)}::int[])`
  return sql`
    asked as materialized (
      select r.id as run_id, v.spec->'coupon' as coupon,
        coalesce((v.spec->'attribution'->>'click_hours')::int, 168) as click_hours
      from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
      where r.id = ${ours} and r.corp_id = ${corpId}
    ), redeemed as materialized (
      select distinct on (a.run_id, b.customer_id, b.at) a.run_id, g.task, b.customer_id, b.at
      from asked a join behaviours b on b.corp_id = ${corpId} and b.name = a.coupon->>'redeemed'
      join group_members m on m.corp_id = ${corpId} and m.kind = 'external' and m.customer_id = b.customer_id
      join campaign_groups g on g.run_id = a.run_id and g.chat_id = m.chat_id and g.status = ${n(sendStatus.sent)}
        and g.sent_at <= b.at and b.at < g.sent_at + make_interval(hours => a.click_hours)
      where a.coupon->>'redeemed' is not null
        and (a.coupon->'batch'->>'property' is null
          or b.properties->>(a.coupon->'batch'->>'property') = a.coupon->'batch'->>'value')
      order by a.run_id, b.customer_id, b.at, g.sent_at desc, g.chat_id
    ), touches as materialized (
      select t.run_id, t.task, t.at, coalesce(c.merged_into, c.id) as person
      from (
        select run_id, task, at, customer_id from link_opens
        where run_id = ${ours} and corp_id = ${corpId} and customer_id <> 0
        union all select run_id, task, at, customer_id from redeemed
      ) t join customers c on c.id = t.customer_id
    ), firsts as materialized (
      select run_id, person, min(at) as at from touches group by 1, 2
    ), persons as materialized (
      select person, min(at) as at from firsts group by 1
    ), homes as materialized (
      select p.person, p.at, p.person as home from persons p
      union all select p.person, p.at, c.id from persons p join customers c on c.corp_id = ${corpId} and c.merged_into = p.person
    ), bought as materialized (
      select h.person, o.customer_id, o.id, o.paid_at from homes h
      join orders o on o.customer_id = h.home and o.corp_id = ${corpId}
      where o.status in ('paid', 'part_refunded') and o.paid_at >= h.at - make_interval(days => ${n(woken.quietDays)})
    ), busy as materialized (
      select distinct f.run_id, f.person from firsts f join bought b on b.person = f.person
      where b.paid_at >= f.at - make_interval(days => ${n(woken.quietDays)}) and b.paid_at < f.at
    ), last_of as materialized (
      select * from (
        select b.person, b.customer_id, b.id, b.paid_at, t.run_id, t.task, t.at,
          row_number() over (partition by b.customer_id, b.id order by t.at desc, t.run_id desc) as place
        from bought b join touches t on t.person = b.person and t.at <= b.paid_at
          and b.paid_at < t.at + make_interval(hours => ${n(woken.afterHours)})
      ) paired where place = 1
    ), woken as materialized (
      select l.run_id, l.task, l.person, l.customer_id, l.id from last_of l
      where not exists (select from busy b where b.run_id = l.run_id and b.person = l.person)
        and not exists (
          select from homes h join link_opens x on x.customer_id = h.home and x.corp_id = ${corpId}
          join campaign_runs r on r.id = x.run_id join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
          where h.person = l.person and x.run_id <> all(${numberArray(runIds)}::int[]) and not r.rehearsal
            and (x.at, x.run_id) > (l.at, l.run_id) and x.at <= l.paid_at
            and l.paid_at < x.at + make_interval(hours => coalesce((v.spec->'attribution'->>'click_hours')::int, 168)))
        and not exists (
          select from order_credits c where c.customer_id = l.customer_id and c.order_id = l.id
            and c.run_id <> all(${numberArray(runIds)}::int[]))
    )`
}
