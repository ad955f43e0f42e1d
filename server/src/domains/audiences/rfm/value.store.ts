import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Tier } from './rfm.schema.ts'
import type { Bought, RfmScores } from './rfm.ts'
import { boughtOf } from './rfm-orders.store.ts'
import { defaultTiers } from './value.ts'

export async function tiersOf(on: Executor, corpId: number): Promise<readonly Tier[]> {
  const { rows } = await sql<{ tiers: Tier[] }>`select tiers from value_tiers where corp_id = ${corpId}`.execute(on)
  return rows[0]?.tiers ?? defaultTiers
}

export async function writeTiers(
  tx: Tx,
  corpId: number,
  tiers: readonly Tier[],
  by: { readonly at: Date; readonly account: string },
): Promise<void> {
  await sql`insert into value_tiers (corp_id, tiers, updated_at, updated_by)
    values (${corpId}, ${JSON.stringify(tiers)}::jsonb, ${by.at}, ${by.account}::uuid)
    on conflict (corp_id) do update set tiers = excluded.tiers, updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(
    tx,
  )
}

export interface PersonBought extends Bought {
  readonly customerId: number
  readonly personNo: number
  /** The tier that is kept of him so far. */
  readonly tier: string | null
}

/** The roots of these customers, whichever of their homes is named, with what they bought; without what nobody bought. */
export async function boughtOfCustomers(
  tx: Tx,
  corpId: number,
  customerIds: readonly number[],
  today: number,
): Promise<{ readonly bought: readonly PersonBought[]; readonly others: readonly number[] }> {
  const { rows: people } = await sql<{ person_no: number }>`
    select distinct p.person_no from audience_people p
    where p.corp_id = ${corpId} and p.customer_id in (
      select id from customers where id = any(${[...customerIds]}::bigint[])
      union select merged_into from customers where id = any(${[...customerIds]}::bigint[]) and merged_into is not null
      union select unnest(${[...customerIds]}::bigint[]))`.execute(tx)
  const numbers = people.map((one) => one.person_no)
  const { rows } = await sql<PersonBought>`
    select p.customer_id as "customerId", p.person_no as "personNo", b.last_day as "lastDay", b.orders, b.net, v.tier
    from (${boughtOf(corpId, today, numbers)}) b
    join audience_people p on p.corp_id = ${corpId} and p.person_no = b.person_no
    left join rfm_people v on v.corp_id = ${corpId} and v.person_no = b.person_no`.execute(tx)
  const found = new Set(rows.map((one) => one.personNo))
  return { bought: rows, others: numbers.filter((no) => !found.has(no)) }
}

export interface PersonValue extends PersonBought {
  readonly scores: RfmScores
  readonly nextTier: string | undefined
}

/** Writes the values of single persons. Answers those whose tier is another now. */
export async function writeValues(
  tx: Tx,
  corpId: number,
  values: readonly PersonValue[],
  at: Date,
): Promise<readonly PersonValue[]> {
  const rows = values.map((one) => ({
    ...{ corp_id: corpId, chunk: one.personNo >> 16, person_no: one.personNo, last_day: one.lastDay },
    ...{ orders: one.orders, net: one.net, ...one.scores, tier: one.nextTier ?? null, tier_since: at.toISOString() },
  }))
  await sql`insert into rfm_people (corp_id, chunk, person_no, last_day, orders, net, r, f, m, tier, tier_since)
    select corp_id, chunk, person_no, last_day, orders, net, r, f, m, tier, tier_since
    from json_populate_recordset(null::rfm_people, ${JSON.stringify(rows)}::json)
    on conflict (corp_id, person_no, chunk) do update set last_day = excluded.last_day, orders = excluded.orders,
      net = excluded.net, r = excluded.r, f = excluded.f, m = excluded.m, tier = excluded.tier,
      tier_since = case when excluded.tier is distinct from rfm_people.tier then excluded.tier_since else rfm_people.tier_since end`.execute(
    tx,
  )
  return values.filter((one) => (one.nextTier ?? null) !== one.tier)
}

/** Takes away the values of persons who have no paid order any more. Answers whom, with the tier they had. */
export async function dropValues(
  tx: Tx,
  corpId: number,
  numbers: readonly number[],
): Promise<readonly { readonly customerId: number; readonly tier: string | null }[]> {
  const { rows } = await sql<{ customerId: number; tier: string | null }>`with gone as (
      delete from rfm_people where corp_id = ${corpId} and person_no = any(${[...numbers]}::int[]) returning person_no, tier
    )
    select p.customer_id as "customerId", gone.tier from gone
    join audience_people p on p.corp_id = ${corpId} and p.person_no = gone.person_no`.execute(tx)
  return rows
}

export interface TierChange {
  readonly customerId: number
  readonly from: string | null
  readonly tier: string | null
  readonly name: string | null
}

export async function tellTierChanges(
  tx: Tx,
  corpId: number,
  changes: readonly TierChange[],
  cause: string,
  at: Date,
): Promise<void> {
  await appendEvents(
    tx,
    changes.map(({ customerId, tier, from, name }) => ({
      ...{ kind: 'tier.changed', corpId, customerId, staffUserid: undefined, occurredAt: at, cause },
      payload: { tier, name, from, recomputed: false },
    })),
    at,
  )
}
