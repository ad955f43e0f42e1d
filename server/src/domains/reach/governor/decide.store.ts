import { type RawBuilder, sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Policy } from './policy.schema.ts'
import {
  type Ask,
  afterQuiet,
  daySeconds,
  type Frame,
  frameOf,
  halfLifeSeconds,
  type Limit,
  memorySeconds,
  windowSeconds,
} from './policy.ts'
import type { QuotaWindow } from './quota.ts'
import { channels, type Reason, reasons, secondOf } from './touch.ts'

/** Later than any moment: what never ends. */
const never = 9_000_000_000_000
const n = (value: number) => sql.raw(String(value))
type Sql = RawBuilder<unknown>

/**
 * Those of a span of numbers whom `markMembers` marked with the first policy that speaks of them, as `governed` of this
 * transaction; `everybody`: the place of the policy of those whom it marked with none.
 */
export async function governSpan(
  tx: Tx,
  marked: string,
  everybody: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await sql`
    create temporary table governed on commit drop as
    select coalesce(policy, ${n(everybody)})::text as class, customer_id from ${sql.table(marked)}
    where customer_id between ${from} and ${to}`.execute(tx)
  await sql`analyze governed`.execute(tx)
}

export interface SpentQuota {
  readonly window: QuotaWindow
  readonly spent: string
}

/**
 * What `decide` says of everybody in `governed (customer_id, class)`, whose class is the place of a policy in this list:
 * customer_id, policy, verdict, bits of all reasons, the reason that holds longest, and until when (seconds). Each step is
 * fenced by `offset 0`: without, the planner writes a step's expressions into every place that names them, and a person's
 * touches were gone through some twenty times. `quota`: what counts beside the rules, and the table that `keepSpent` made for the
 * same ask. With `span` everybody in `governed` has a number within it, and no more of what is
 * kept by customer is read than that.
 */
export function decisions(
  corpId: number,
  policies: readonly Policy[],
  ask: Ask,
  zone: string,
  quota: SpentQuota | null,
  span?: { readonly from: number; readonly to: number },
): RawBuilder<Decided> {
  const within = (column: string) =>
    span === undefined ? sql`true` : sql`${sql.ref(column)} between ${n(span.from)} and ${n(span.to)}`
  const framed = policies.map((policy) => ({ policy, frame: frameOf(policy, ask, zone) }))
  const second = n(secondOf(ask.at))
  const each = (of: (one: (typeof framed)[number]) => Sql) =>
    sql`case policy ${sql.join(
      framed.map((one, place) => sql`when ${n(place)} then ${of(one)}`),
      sql` `,
    )} end`
  const waitUntil = n(ask.waitUntil === null ? -1 : secondOf(ask.waitUntil))
  const counts = quota !== null && quota.window.most > 0
  const freeAt = counts ? sql`q.until` : quota === null ? sql`null` : n(never)
  return sql<Decided>`
    with mine as (
      select distinct on (customer_id) customer_id, class::int as policy from governed order by customer_id, class::int
    ), others as materialized (
      select root, array_agg(touch) as latest from (
        select m.customer_id as root, ${taken(secondOf(ask.at))} as touch
        from mine m join touch_reservations t on t.customer_id = m.customer_id and ${within('t.customer_id')}
        union all
        select c.merged_into, ${taken(secondOf(ask.at))} from customers c join touch_reservations t on t.customer_id = c.id
        where c.corp_id = ${corpId} and c.merged_into is not null and ${within('c.merged_into')}
        union all
        select c.merged_into, touch
        from customers c join recent_touches r on r.customer_id = c.id cross join unnest(r.latest) as touch
        where c.corp_id = ${corpId} and c.merged_into is not null and ${within('c.merged_into')}
      ) beside group by root
    ), wished as materialized (
      select distinct on (root) root, wish from (
        select coalesce(c.merged_into, c.id) as root, w.wish, w.at
        from touch_wishes w join customers c on c.id = w.customer_id where w.corp_id = ${corpId} and w.at <= ${ask.at}
      ) told order by root, at desc
    ), person as (
      select m.customer_id, m.policy, coalesce(w.wish, 'all') as wish, ${freeAt} as free_at,
        case when o.root is null and coalesce(r.latest[1] >> 16 <= ${second}, true) then coalesce(r.latest, '{}')
          else array(select touch from unnest(r.latest || o.latest) as touch where touch >> 16 <= ${second} order by touch desc)
        end as touches
      from mine m left join recent_touches r on r.customer_id = m.customer_id and ${within('r.customer_id')}
      left join others o on o.root = m.customer_id left join wished w on w.root = m.customer_id
      ${counts ? sql`left join ${sql.table(quota.spent)} q on q.customer_id = m.customer_id` : sql``} offset 0
    ), tired as (
      select *, case when cardinality(touches) > 0 then ${fatigue(second)} end as fatigue from person offset 0
    ), hit as (
      select customer_id, policy, ${each(({ policy, frame }) => untils(policy, frame))} as untils from tired offset 0
    ), held as (
      select customer_id, policy, untils, greatest(${sql.join(reasons.map((_, place) => sql`untils[${n(place + 1)}]`))}) as longest from hit offset 0
    ), freed as (
      select *, case when longest < ${n(never)} then ${each(({ frame }) => pastQuiet(frame))} end as until from held offset 0
    )
    select customer_id as "customerId", policy,
      case when longest is null then 'send' when until <= ${waitUntil} then 'hold' else 'drop' end as verdict,
      ${sql.join(
        reasons.map((_, place) => sql`((untils[${n(place + 1)}] is not null)::int << ${n(place)})`),
        sql` | `,
      )} as bits,
      case when longest is not null then array_position(untils, longest) - 1 end as reason, until
    from freed`
}

/** What an open task has taken, as felt at this second: `feltAt` over sets. */
function taken(second: number): Sql {
  const places = channels.map((channel, place) => sql`when ${channel} then ${n(place)}`)
  return sql`(${n(second * 65_536)} + t.weight * 64 + case t.channel ${sql.join(places, sql` `)} end)`
}

export interface Decided {
  readonly customerId: number
  readonly policy: number
  readonly verdict: 'send' | 'hold' | 'drop'
  readonly bits: number
  readonly reason: number | null
  readonly until: number | null
}

/** Until when each reason holds, in their order; null where it does not. */
function untils(policy: Policy, frame: Frame): Sql {
  const limitsOf = (reason: Reason) => frame.limits.filter((limit) => limit.reason === reason)
  const latest = (reason: Reason) => {
    const all = limitsOf(reason).map((limit) => capUntil(limit, frame))
    return all.length === 0 ? sql`null` : sql`greatest(${sql.join(all)})`
  }
  const quietUntil = afterQuiet(frame, frame.second)
  const byReason: Readonly<Record<Reason, Sql>> = {
    opted_out: sql`case when wish = 'none' then ${n(never)} end`,
    no_marketing: policy.marketing === 'never' ? n(never) : sql`null`,
    wished_less: sql`case when wish = 'less' then ${latest('wished_less')} end`,
    month_cap: latest('month_cap'),
    week_cap: latest('week_cap'),
    day_cap: latest('day_cap'),
    fatigue: policy.fatigue === null ? sql`null` : restedAt(frame.second, policy.fatigue.most),
    gap: later(sql`(touches[1] >> 16) + ${n(policy.gap_minutes * 60)}`, frame),
    quiet: quietUntil > frame.second ? n(quietUntil) : sql`null`,
    quota: sql`free_at`,
  }
  return sql`array[${sql.join(reasons.map((reason) => byReason[reason]))}]::bigint[]`
}

function later(moment: Sql, { second }: Frame): Sql {
  return sql`case when ${moment} > ${n(second)} then ${moment} end`
}

function capUntil({ channel, per, most }: Limit, frame: Frame): Sql {
  if (most === 0) return n(never)
  const nth =
    channel === null
      ? sql`(touches[${n(most)}] >> 16)`
      : sql`(case when cardinality(touches) >= ${n(most)} then (
          select t >> 16 from unnest(touches) with ordinality as u(t, at) where t & 63 = ${n(channels.indexOf(channel))}
          order by at offset ${n(most - 1)} limit 1) end)`
  if (per === 'day') return sql`case when ${nth} >= ${n(frame.dayStart)} then ${n(frame.nextDay)} end`
  return later(sql`${nth} + ${n(windowSeconds[per])}`, frame)
}

/** M43 of one person: the same terms in the same order as `fatigueAt`. */
function fatigue(second: Sql): Sql {
  return sql`(select sum(${weighed(second)}) from unnest(touches) as t where t >> 16 > ${second} - ${n(memorySeconds)})`
}

function weighed(second: Sql): Sql {
  return sql`(t >> 6 & 1023) * power(0.5::float8, (${second} - (t >> 16))::float8 / ${n(halfLifeSeconds)})`
}

/** Of the few who are tired out the sums of their newest, two newest … touches say when they are rested. */
function restedAt(second: number, most: number): Sql {
  return sql`case when fatigue >= ${n(most)} then (
    select least(max(felt) + ${n(memorySeconds)}, min(greatest(
        (floor((${n(second)} + ${n(halfLifeSeconds)} * ln(sum / ${n(most)}) / ln(2::float8) + 0.001) / 60) + 1) * 60,
        older + ${n(memorySeconds)}, ${n(second)})))::bigint
    from (
      select t >> 16 as felt, lead(t >> 16) over (order by at) as older, sum(${weighed(n(second))}) over (order by at) as sum
      from unnest(touches) with ordinality as u(t, at) where t >> 16 > ${n(second - memorySeconds)}
    ) as sums) end`
}

/** The span is found by its day: it and its neighbours, for a day may be an hour shorter or longer than others. */
function pastQuiet({ quiet }: Frame): Sql {
  const [first] = quiet
  if (first === undefined) return sql`longest`
  const list = (moments: readonly number[]) => sql`(${sql.lit(numberArray(moments))}::bigint[])`
  const [froms, untils] = [list(quiet.map((span) => span.from)), list(quiet.map((span) => span.until))]
  const day = sql`(longest - ${n(first.from)}) / ${n(daySeconds)}`
  const spans = [0, 1, 2].map((beside) => {
    const [from, until] = [froms, untils].map((moments) => sql`${moments}[${day} + ${n(beside)}]`)
    return sql`when longest >= ${from} and longest < ${until} then ${until}`
  })
  return sql`case ${sql.join(spans, sql` `)} else longest end`
}

export interface DecidedCount {
  readonly policy: number
  readonly verdict: Decided['verdict']
  readonly reason: Reason | undefined
  readonly persons: number
}

/** How many of those who are governed would get it, be held or be dropped, by policy and reason. */
export async function countDecisions(
  on: Executor,
  corpId: number,
  policies: readonly Policy[],
  ask: Ask,
  zone: string,
  quota: SpentQuota | null,
  span: { readonly from: number; readonly to: number },
): Promise<readonly DecidedCount[]> {
  const { rows } = await sql<{ policy: number; verdict: Decided['verdict']; reason: number | null; persons: number }>`
    select policy, verdict, reason, count(*)::int as persons from (${decisions(corpId, policies, ask, zone, quota, span)}) decided
    group by policy, verdict, reason order by policy, verdict, reason`.execute(on)
  return rows.map(({ reason, ...row }) => ({ ...row, reason: reason === null ? undefined : reasons[reason] }))
}
