import { type RawBuilder, sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { feedHomes } from '../../audiences/index.ts'
import type { Wish } from '../governor/touch.ts'
import type { WishedBy } from '../governor/wishes.store.ts'
import type { Preferences } from './preferences.page.ts'

/** Whose page it is, and what the corp has set for it. */
export interface Brand {
  readonly id: number
  readonly corpid: string
  readonly name: string
  readonly settings: unknown
}

export async function brandOf(on: Executor, corpId: number): Promise<Brand | undefined> {
  return on.selectFrom('corps').select(['id', 'corpid', 'name', 'settings']).where('id', '=', corpId).executeTakeFirst()
}

/** Whether there is such a customer of the corp, who was not erased since; his row stands still for the transaction. */
export async function isCustomer(on: Executor, corpId: number, customerId: number): Promise<boolean> {
  const { rows } = await sql`
    select from customers where id = ${customerId} and corp_id = ${corpId} and erased_at is null for share`.execute(on)
  return rows.length === 1
}

/** What a person's latest words over these homes come to; who never said any gets everything, chosen for him. */
export async function preferencesNow(on: Executor, homes: readonly number[]): Promise<Preferences> {
  const mine = sql`customer_id = any(${[...homes]}::bigint[])`
  const { rows } = await sql<{ wish: Wish | null; personalised: boolean | null }>`
    select (select wish from touch_wishes where ${mine} order by at desc limit 1) as wish,
      (select personalised from personalisation_wishes where ${mine} order by at desc limit 1) as personalised`.execute(
    on,
  )
  return { wish: rows[0]?.wish ?? 'all', personalised: rows[0]?.personalised ?? true }
}

/** The persons of a corp, as `person`, who do not want to be addressed by what is known of them: their latest word counts. */
export function impersonal(corpId: number): RawBuilder<unknown> {
  return sql`
    select coalesce(c.merged_into, c.id) as person from personalisation_wishes w join customers c on c.id = w.customer_id
    where w.corp_id = ${corpId} group by 1 having not (array_agg(w.personalised order by w.at desc))[1]`
}

/** How many persons of a corp want less, nothing, and nothing chosen for them. */
export async function countWishes(
  on: Executor,
  corpId: number,
): Promise<{ readonly less: number; readonly none: number; readonly impersonal: number }> {
  const { rows } = await sql<{ less: number; none: number; impersonal: number }>`
    with said as (
      select (array_agg(w.wish order by w.at desc))[1] as wish from touch_wishes w join customers c on c.id = w.customer_id
      where w.corp_id = ${corpId} group by coalesce(c.merged_into, c.id)
    )
    select (count(*) filter (where wish = 'less'))::int as less, (count(*) filter (where wish = 'none'))::int as none,
      (select count(*)::int from (${impersonal(corpId)}) refused) as impersonal
    from said`.execute(on)
  return rows[0] ?? { less: 0, none: 0, impersonal: 0 }
}

export async function notePersonalisation(
  tx: Tx,
  corpId: number,
  customerId: number,
  { personalised, reason }: { readonly personalised: boolean; readonly reason: string },
  { account, through = 'account', at }: WishedBy,
): Promise<void> {
  await sql`
    insert into personalisation_wishes (customer_id, at, corp_id, personalised, through, noted_by, reason)
    values (${customerId}, ${at}, ${corpId}, ${personalised}, ${through}, ${account}, ${reason})
    on conflict (customer_id, at) do update set personalised = excluded.personalised, through = excluded.through,
      noted_by = excluded.noted_by, reason = excluded.reason`.execute(tx)
  await feedHomes(tx, corpId, [customerId])
}

export interface NotedWish {
  readonly at: Date
  readonly what: 'touch' | 'personalisation'
  readonly said: Wish | 'on' | 'off'
  readonly through: 'account' | 'link' | 'oauth'
  readonly by: string | null
  readonly reason: string
}

/** What a person wished lately, of both kinds, by whom and which way; the latest first. */
export async function wishesOf(on: Executor, homes: readonly number[], limit: number): Promise<readonly NotedWish[]> {
  const mine = sql`customer_id = any(${[...homes]}::bigint[])`
  const { rows } = await sql<NotedWish>`
    select w.at, w.what, w.said, w.through, a.name as by, w.reason from (
      select at, 'touch' as what, wish as said, through, noted_by, reason from touch_wishes where ${mine}
      union all
      select at, 'personalisation', case when personalised then 'on' else 'off' end, through, noted_by, reason
      from personalisation_wishes where ${mine}
    ) w left join accounts a on a.id = w.noted_by
    order by w.at desc, w.what limit ${limit}`.execute(on)
  return rows
}
