import { type RawBuilder, sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { limitsOfCorp } from '../../../infra/platform/apps.store.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import { type QuotaFacts, type QuotaFrame, quotaAt, quotaChannels } from './quota.ts'
import { channels, secondOf } from './touch.ts'

type Sql = RawBuilder<unknown>
const n = (value: number) => sql.raw(String(value))

const daysBack = 38

/** What is known of the platform's quota of these homes together, for `quotaOf`: from the ledger, to the send. */
export async function quotaFacts(on: Executor, homes: readonly number[], frame: QuotaFrame, at: Date) {
  const his = sql`customer_id = any(${numberArray(homes)}::bigint[])`
  const { rows } = await sql<{ sent: number[]; reserved: number; fullAt: Date | null }>`
    select to_json(array(
        select floor(extract(epoch from at))::bigint from touches
        where ${his} and channel = any(${textArray(quotaChannels(frame))}::text[])
          and at > ${new Date(at.getTime() - daysBack * 86_400_000)} and at <= ${at})) as sent,
      (select count(*)::int from touch_reservations where ${his} and at <= ${at}) as reserved,
      (select max(at) from quota_fulls where ${his}) as "fullAt"`.execute(on)
  const [facts] = rows
  if (facts === undefined) throw new Error('one row is always answered')
  return facts satisfies QuotaFacts
}

/**
 * Who has nothing left of the platform's quota, for a plan: a temporary table `quota_spent (customer_id)` of persons, which
 * the transaction drops at its end. Reckoned from `recent_touches`, open tasks and refusals; of sends that are no marketing
 * only where the corp has made some. Answers the frame, for what is left of the others.
 */
export async function quotaLeft(tx: Tx, corpId: number, at: Date): Promise<QuotaFrame> {
  const frame = quotaAt(profileOf(await limitsOfCorp(tx, corpId)), at)
  await sql`create temporary table quota_spent on commit drop as ${quotaSpent(corpId, frame, at)}`.execute(tx)
  await sql`analyze quota_spent`.execute(tx)
  return frame
}

/** The table's query, for who wants it elsewhere: customer_id. */
export function quotaSpent(corpId: number, frame: QuotaFrame, at: Date): RawBuilder<unknown> {
  const numbers = quotaChannels(frame).map((channel) => channels.indexOf(channel))
  const [first, last, most] = [n(frame.since), n(secondOf(at)), n(frame.most)]
  const felt = (from: Sql, until: Sql) => sql`(select count(*) from unnest(r.latest) as touch
    where touch >> 16 between ${from} and ${until} and touch & 63 = any(${numberArray(numbers)}::int[]))`
  const refused = sql`floor(extract(epoch from f.at))::bigint`
  // a week is counted back from the refusal; months and days are the same as now
  const refusedFirst = frame.renewed === null ? sql`${refused} - ${n(secondOf(at) - frame.since)}` : first
  return sql`
    with beside as materialized (
      select customer_id, sum(n) as n from (
        select customer_id, 1 as n from touch_reservations where corp_id = ${corpId} and at <= ${at}
        union all
        -- sends that we cannot account for, without which the platform would not have refused
        select f.customer_id, greatest(0, ${most} - coalesce(${felt(refusedFirst, refused)}, 0))
        from quota_fulls f left join recent_touches r on r.customer_id = f.customer_id
        where f.corp_id = ${corpId} and f.at >= to_timestamp(${first}) and f.at <= ${at}
        union all
        select customer_id, 1 from touches where corp_id = ${corpId} and kind = 'service'
          and channel = any(${textArray(quotaChannels(frame))}::text[])
          and at >= to_timestamp(${first}) and at <= ${at} and exists (
            select from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
            where r.corp_id = ${corpId} and not (v.spec->>'marketing')::boolean)
      ) one group by customer_id
    ), counted as materialized (
      -- most people have been sent to less often than the cap allows, by the length alone
      select r.customer_id, ${felt(first, last)} + coalesce(b.n, 0) as n
      from recent_touches r left join beside b on b.customer_id = r.customer_id
      where r.corp_id = ${corpId} and r.latest[1] >> 16 >= ${first} and (
        cardinality(r.latest) + coalesce(b.n, 0) >= ${most}
        or r.customer_id in (select id from customers where corp_id = ${corpId} and merged_into is not null
          union select merged_into from customers where corp_id = ${corpId} and merged_into is not null))
      union all
      select b.customer_id, b.n from beside b where not exists (
        select from recent_touches r where r.customer_id = b.customer_id and r.latest[1] >> 16 >= ${first})
    )
    select coalesce(c.merged_into, c.id) as customer_id from counted join customers c on c.id = counted.customer_id
    group by 1 having sum(n) >= ${most}`
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
  frame: QuotaFrame,
  at: Date,
): Promise<ReadonlyMap<string, QuotaFacts>> {
  const channel = frame.ownCount ? ['group_send', 'by_hand'] : ['group_send']
  const { rows } = await sql<{ chatId: string; sent: number[]; fullAt: Date | null }>`
    select chat_id as "chatId", to_json(array(
        select floor(extract(epoch from t.at))::bigint from group_touches t
        where t.chat_id = given.chat_id and t.corp_id = ${corpId} and t.channel = any(${textArray(channel)}::text[])
          and t.at > ${new Date(at.getTime() - daysBack * 86_400_000)} and t.at <= ${at})) as sent,
      (select f.at from group_quota_fulls f where f.chat_id = given.chat_id and f.corp_id = ${corpId}) as "fullAt"
    from unnest(${textArray(chatIds)}::text[]) as given(chat_id)`.execute(on)
  return new Map(rows.map(({ chatId, sent, fullAt }) => [chatId, { sent, reserved: 0, fullAt }]))
}
