import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { daySeconds, windowSeconds } from './policy.ts'
import { type QuotaFacts, type QuotaRule, type QuotaWindow, quotaDays, refusalsCount } from './quota.ts'
import { channels, secondOf } from './touch.ts'

type Sql = RawBuilder<unknown>
const n = (value: number) => sql.raw(String(value))

/** What is known of the quota of these homes together, for `quotaOf`: from the ledger, to the send. */
export async function quotaFacts(
  on: Executor,
  homes: readonly number[],
  window: QuotaWindow,
  at: Date,
): Promise<QuotaFacts> {
  const his = sql`customer_id = any(${numberArray(homes)}::bigint[])`
  const counted = sql`channel = any(${textArray(window.channels)}::text[])`
  const { rows } = await sql<{ sent: number[]; reserved: number; fullAt: Date | null }>`
    select to_json(array(
        select floor(extract(epoch from at))::bigint from touches
        where ${his} and ${counted} and at > ${new Date(at.getTime() - quotaDays * daySeconds * 1000)} and at <= ${at})) as sent,
      (select count(*)::int from touch_reservations where ${his} and ${counted} and at <= ${at}) as reserved,
      (select max(at) from quota_fulls where ${his} and at <= ${at} and ${refusalsCount(window)}) as "fullAt"`.execute(
    on,
  )
  const [facts] = rows
  if (facts === undefined) throw new Error('one row is always answered')
  return facts satisfies QuotaFacts
}

/**
 * `quotaFreeAt` over sets: customer_id and until (the second from which on something is left) of whoever has nothing left of
 * this window now. Most people's sends lie in one place, and the length alone says that they are fewer than it takes; the
 * others (with open tasks, refusals, sends that were no marketing, several homes) are gone through send by send. A window of
 * nothing names nobody: it holds for all. `among`: a table (customer_id) of the persons who are asked about.
 */
export function quotaSpent(corpId: number, rule: QuotaRule, at: Date, among?: string): RawBuilder<unknown> {
  const window = rule(at)
  const [first, last, most] = [n(window.since), n(secondOf(at)), n(window.most)]
  const refusedBack = (refused: Sql) =>
    // a week is counted back from the refusal; months and days are the same as now
    window.renewed === null ? sql`${refused} - ${n(secondOf(at) - window.since)}` : first
  const named = sql`any(${textArray(window.channels)}::text[])`
  const counts = sql`touch & 63 = any(${numberArray(window.channels.map((one) => channels.indexOf(one)))}::int[]) and touch >> 16 <= ${last}`
  const his = (home: string) => (among === undefined ? sql`true` : sql`${sql.ref(home)} in (select id from asked)`)
  const rootOf = (table: string) => sql`coalesce(m.root, ${sql.ref(`${table}.customer_id`)})`
  const withRoot = (table: string) =>
    sql`${sql.ref(table)} left join merged m on m.id = ${sql.ref(`${table}.customer_id`)}`
  const until = (nth: Sql) => (window.renewed === null ? sql`${nth} + ${n(windowSeconds.week)}` : n(window.renewed))
  return sql`
    with merged as materialized (
      select id, merged_into as root from customers where corp_id = ${n(corpId)} and merged_into is not null
        ${among === undefined ? sql`` : sql`and merged_into in (select customer_id from ${sql.table(among)})`}
    ), ${among === undefined ? sql`` : sql`asked as materialized (select customer_id as id from ${sql.table(among)} union all select id from merged),`}
    taken as materialized (
      select customer_id, count(*) as n from touch_reservations
      where corp_id = ${n(corpId)} and channel = ${named} and ${his('customer_id')} group by customer_id
    ), served as materialized (
      select customer_id, floor(extract(epoch from at))::bigint as second from touches
      where corp_id = ${n(corpId)} and kind = 'service' and channel = ${named}
        and at > ${new Date(at.getTime() - quotaDays * daySeconds * 1000)} and at <= ${at} and ${his('customer_id')} and exists (
          select 1 from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
          where r.corp_id = ${n(corpId)} and not (v.spec->>'marketing')::boolean)
    ), refusals as (
      select customer_id, floor(extract(epoch from at))::bigint as second from quota_fulls
      where corp_id = ${n(corpId)} and at <= ${at} and ${sql.lit(refusalsCount(window))} and ${his('customer_id')}
    ), refused as materialized (
      select ${rootOf('refusals')} as root, max(second) as second from ${withRoot('refusals')} group by 1 having max(second) >= ${first}
    ), several as materialized (
      select root, sum(most) as most from (
        select ${rootOf('taken')} as root, n as most from ${withRoot('taken')}
        union all select ${rootOf('served')}, 1 from ${withRoot('served')}
        union all select root, ${most} from refused
        union all select root, 0 from merged
      ) one group by root
    ), home as materialized (
      select root, root as id from several union all select root, id from merged
    ), near as materialized (
      select root from (
        select root, most from several
        union all
        select h.root, cardinality(r.latest) from home h join recent_touches r on r.customer_id = h.id
        where r.corp_id = ${n(corpId)}
      ) one group by root having sum(most) >= ${most}
    ), sends as materialized (
      select root, touch >> 16 as second from near join home h using (root) join recent_touches r on r.customer_id = h.id
      cross join unnest(r.latest) as touch where r.corp_id = ${n(corpId)} and ${counts}
      union all
      select root, second from near join home h using (root) join served s on s.customer_id = h.id
    ), counted as (
      select root, second, 1 as n from sends where second >= ${first}
      union all
      select root, ${last}, t.n from near join home h using (root) join taken t on t.customer_id = h.id
      union all
      -- sends that we cannot account for, without which the platform would not have refused
      select f.root, f.second, greatest(0, ${most} - count(s.second)) from refused f
      left join sends s on s.root = f.root and s.second between ${refusedBack(sql`f.second`)} and f.second group by f.root, f.second
    )
    select root as customer_id, ${until(sql`max(second) filter (where upto >= ${most})`)} as until from (
      select root, second, sum(n) over (partition by root order by second desc rows unbounded preceding) as upto from counted
    ) one group by root having max(upto) >= ${most}
    union all
    select r.customer_id, ${until(sql`nth.second`)} from recent_touches r cross join lateral (
      select touch >> 16 as second from unnest(r.latest) with ordinality as u(touch, place) where ${counts}
      order by place offset ${n(Math.max(0, window.most - 1))} limit 1
    ) nth
    where r.corp_id = ${n(corpId)} and ${his('r.customer_id')} and r.latest[1] >> 16 >= ${first} and cardinality(r.latest) >= ${most}
      and nth.second >= ${first} and not exists (select 1 from home h where h.id = r.customer_id)`
}

/** Keeps who has nothing left as a table of this name; of what nothing counts, or counts for all, nobody. */
export async function keepSpent(
  on: Executor,
  name: string,
  corpId: number,
  rule: QuotaRule | null,
  at: Date,
  among?: string,
): Promise<void> {
  const nobody = rule === null || rule(at).most < 1
  await sql`create unlogged table ${sql.table(name)} as ${
    nobody ? sql`select 0::bigint as customer_id, 0::bigint as until where false` : quotaSpent(corpId, rule, at, among)
  }`.execute(on)
  await sql`analyze ${sql.table(name)}`.execute(on)
}

/** The platform refused these people as over its cap at this moment. */
export async function noteFulls(
  tx: Tx,
  corpId: number,
  fulls: readonly { readonly customerId: number; readonly at: Date }[],
): Promise<void> {
  if (fulls.length === 0) return
  await sql`
    insert into quota_fulls (customer_id, corp_id, at)
    select customer_id, ${corpId}::int, max(at) from unnest(
      ${numberArray(fulls.map((one) => one.customerId))}::bigint[], ${textArray(fulls.map(({ at }) => at.toISOString()))}::timestamptz[]
    ) as given(customer_id, at) group by customer_id order by customer_id
    on conflict (customer_id) do update set at = greatest(quota_fulls.at, excluded.at)`.execute(tx)
}

/** The same of groups: what each had, of ours and by hand, and when it was last refused. */
export async function groupQuotaFacts(
  on: Executor,
  corpId: number,
  chatIds: readonly string[],
  window: QuotaWindow,
  at: Date,
): Promise<ReadonlyMap<string, QuotaFacts>> {
  const channel = window.channels.includes('by_hand') ? ['group_send', 'by_hand'] : ['group_send']
  const { rows } = await sql<{ chatId: string; sent: number[]; fullAt: Date | null }>`
    select chat_id as "chatId", to_json(array(
        select floor(extract(epoch from t.at))::bigint from group_touches t
        where t.chat_id = given.chat_id and t.corp_id = ${corpId} and t.channel = any(${textArray(channel)}::text[])
          and t.at > ${new Date(at.getTime() - quotaDays * daySeconds * 1000)} and t.at <= ${at})) as sent,
      (select f.at from group_quota_fulls f where f.chat_id = given.chat_id and f.corp_id = ${corpId}) as "fullAt"
    from unnest(${textArray(chatIds)}::text[]) as given(chat_id)`.execute(on)
  return new Map(rows.map(({ chatId, sent, fullAt }) => [chatId, { sent, reserved: 0, fullAt }]))
}

/**
 * How many sends to a group `g` wait in open tasks. One that is confirmed is sent at once: what was left out then is not sent
 * later, so it counts until it is read, and not beyond the day (its first moment) of the confirmation.
 */
export function openOfGroup(corpId: number, day: Date): Sql {
  return sql`(
    select count(*)::int from campaign_groups o join campaign_tasks k on k.run_id = o.run_id and k.number = o.task
    where o.corp_id = ${corpId} and o.chat_id = g.chat_id and o.task is not null and (o.status is null or o.status = 0)
      and (k.state in ('planned', 'asking', 'asked', 'unknown')
        or (k.state = 'confirmed' and k.settled_at is null and k.confirmed_at >= ${day})))`
}

/** How many sends wait for a group that this account sees; undefined: it sees none of this id. */
export async function groupReserved(
  on: Executor,
  actor: Actor,
  chatId: string,
  day: Date,
): Promise<number | undefined> {
  const { rows } = await sql<{ reserved: number }>`
    select ${openOfGroup(actor.corpId, day)} as reserved from groups g
    where g.chat_id = ${chatId} and g.corp_id = ${actor.corpId} and ${staffInScope(actor, 'g.owner')}`.execute(on)
  return rows[0]?.reserved
}
