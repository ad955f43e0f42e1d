import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { prepared } from '../../../infra/db/prepared.ts'
import { type Ask, daySeconds, memorySeconds } from './policy.ts'
import { quotaDays } from './quota.ts'
import { channelAt, channels, type Felt, type Reserved, secondOf, unpacked, type Wish } from './touch.ts'
import { feltBetween } from './touches.store.ts'

/** All that the rule asks of one person, as of one moment. */
export interface Standing {
  readonly zone: string
  /** All homes of the person. */
  readonly homes: readonly number[]
  /** What he had wished by that moment; null: nothing was ever told. */
  readonly wish: Wish | null
  readonly wishedAt: Date | null
  /** His marketing touches of the 30 days before, in any order. */
  readonly felt: readonly Felt[]
  readonly reserved: readonly Reserved[]
  /** What may count against the quota of a channel beside: his marketing touches of `quotaDays`. */
  readonly sent: readonly Felt[]
  /** When the platform last refused him as over its cap. */
  readonly fullAt: Date | null
  /** What the corp set of the platform's limits, and how many Moments a month its customers are to see. */
  readonly limits: unknown
  readonly momentsAMonth: number | null
  /** Which turns of the corp's policies had been made, and its latest run: where it is the same, the same policies count. */
  readonly turns: string
}

/**
 * In one statement: the decision for one person is to take a few round trips at most, and they cost more than the work. What
 * he felt is read from what is kept beside the ledger; of a moment that lies further back than that, from the ledger.
 */
export async function standingAt(on: Executor, corpId: number, customerId: number, at: Date): Promise<Standing> {
  const { rows } = await sql<
    Omit<Standing, 'felt' | 'sent' | 'reserved'> & { latest: number[]; reserved: [number, number][] }
  >`${prepared}
    with given as (select coalesce(merged_into, id) as root from customers where id = ${customerId} and corp_id = ${corpId}),
    home as materialized (
      select root as id from given union all select c.id from given join customers c on c.merged_into = given.root
    ), wished as (
      select w.wish, w.at from home join touch_wishes w on w.customer_id = home.id where w.at <= ${at} order by w.at desc limit 1
    )
    select time_zone as zone, corps.limits, (select moments_a_month from reach_settings s where s.corp_id = ${corpId}) as "momentsAMonth",
      to_json(array(select id from home)) as homes, wished.wish, wished.at as "wishedAt",
      to_json(array(select unnest(t.latest) from recent_touches t where t.customer_id = any(array(select id from home)))) as latest,
      (select coalesce(json_agg(json_build_array(${placeOfChannel}, r.weight)), '[]') from touch_reservations r
       where r.customer_id = any(array(select id from home)) and r.at <= ${at}) as reserved,
      (select max(f.at) from quota_fulls f where f.customer_id = any(array(select id from home)) and f.at <= ${at}) as "fullAt",
      (select count(*) || ' ' || coalesce(max(t.id), 0) from touch_policies p join touch_policy_turns t on t.policy_id = p.id
       where p.corp_id = ${corpId} and t.at <= ${at})
       || coalesce((select ' ' || id from campaign_runs where corp_id = ${corpId} order by id desc limit 1), '') as turns
    from corps left join wished on true where corps.id = ${corpId}`.execute(on)
  const [row] = rows
  if (row === undefined) throw new Error(`there is no corp ${corpId}`)
  const { latest, reserved, ...standing } = row
  const [second, felt] = [secondOf(at), latest.map(unpacked)]
  // what is kept of a person reaches 31 days back from his latest touch
  const reaches = felt.every((one) => one.second <= second)
  const sent = reaches ? felt : await feltBetween(on, standing.homes, quotaSince(at), at)
  return {
    ...standing,
    sent,
    felt: sent.filter((one) => one.second > second - memorySeconds),
    reserved: reserved.map(([place, weight]) => ({ channel: channelAt(place), weight })),
  }
}

const quotaSince = (at: Date) => new Date(at.getTime() - quotaDays * daySeconds * 1000)

/** Whether the corp ever sent what was no marketing to many: only then are such sends looked for in the ledger. */
export async function everServed(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql`
    select from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.corp_id = ${corpId} and not (v.spec->>'marketing')::boolean limit 1`.execute(on)
  return rows.length > 0
}

/** Seconds of what this channel brought to these homes that was no marketing, as far as a quota may count it. */
export async function servedBy(
  on: Executor,
  homes: readonly number[],
  { channel, at }: Pick<Ask, 'channel' | 'at'>,
): Promise<readonly number[]> {
  const { rows } = await sql<{ second: number }>`
    select floor(extract(epoch from at))::bigint as second from touches
    where customer_id = any(${numberArray(homes)}::bigint[]) and kind = 'service' and channel = ${channel}
      and at > ${quotaSince(at)} and at <= ${at}`.execute(on)
  return rows.map((row) => row.second)
}

/** A channel's number; its name would be most of what is sent. */
const placeOfChannel = sql`array_position(array[${sql.join(channels.map((channel) => sql.lit(channel)))}]::text[], r.channel) - 1`
