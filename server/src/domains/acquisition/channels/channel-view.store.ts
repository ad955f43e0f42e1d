import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { CodeProblem } from '../codes/code.ts'
import type { ChannelKind, Strategy } from './channel.ts'

/**
 * The data scope of a channel `c`: its store is the actor's, or somebody whom he may see is named in it or stands behind
 * one of its codes.
 */
export function channelInScope(actor: Actor): RawBuilder<boolean> {
  if (actor.scope.kind === 'corp') return sql<boolean>`true`
  const stores = actor.scope.kind === 'store' ? [...actor.scope.storeIds] : []
  return sql<boolean>`(
    coalesce(c.routed_store_id, c.store_id) = any(${stores}::uuid[])
    or exists (select 1 from channel_members m where m.channel_id = c.id and m.kind = 'staff' and ${staffInScope(actor, 'm.ref')})
    or exists (select 1 from channel_codes k, unnest(k.effective_users || k.desired_users || k.userid) as behind(userid)
      where k.channel_id = c.id and k.removed_at is null and ${staffInScope(actor, 'behind.userid')}))`
}

/** Whether the actor may see all of these members: nobody puts strangers behind a code. */
export async function allInScope(on: Executor, actor: Actor, userids: readonly string[]): Promise<boolean> {
  if (actor.scope.kind === 'corp') return true
  const { rows } = await sql<{ outside: boolean }>`
    select exists (select 1 from unnest(${[...userids]}::text[]) as named(userid)
      where not ${staffInScope(actor, 'named.userid')}) as outside`.execute(on)
  return rows[0]?.outside === false
}

export interface ChannelListed {
  readonly id: string
  readonly kind: ChannelKind
  readonly name: string
  readonly groupName: string
  readonly state: string
  readonly code: string
  readonly strategy: Strategy
  readonly status: 'active' | 'stopped' | 'deleted'
  readonly storeId: string | null
  readonly storeName: string | null
  readonly routedId: string | null
  readonly routedName: string | null
  readonly onDuty: number
  readonly ready: boolean
  readonly pendingSince: Date | null
  readonly problem: CodeProblem | null
  readonly addsToday: number
  readonly adds7: number
  readonly losses7: number
  readonly scansToday: number
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  readonly createdAt: Date
}

export interface ChannelFilter {
  readonly q?: string | undefined
  readonly kind?: ChannelKind | undefined
  readonly status?: string | undefined
  readonly group?: string | undefined
  readonly storeId?: string | undefined
  readonly problem?: boolean | undefined
  readonly id?: string | undefined
  readonly before?: readonly [createdAt: string, id: string] | undefined
  readonly limit: number
}

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)

/** Channels that the actor may see, newest first, with today's and the week's counts of those rows only. */
export async function listChannels(
  on: Executor,
  actor: Actor,
  filter: ChannelFilter,
  today: string,
): Promise<readonly ChannelListed[]> {
  const { q, kind, status, group, storeId, id, before } = filter
  const has = (condition: unknown, test: RawBuilder<unknown>) => (condition === undefined ? sql`true` : test)
  const like = `%${escapeLike(q ?? '')}%`
  const { rows } = await sql<ChannelListed>`
    with page as (
      select c.* from channels c
      where c.corp_id = ${actor.corpId} and c.status <> 'deleted' and ${channelInScope(actor)}
        and ${has(q, sql`(c.name ilike ${like} or c.group_name ilike ${like} or c.state = ${q ?? ''} or c.bulk_key = ${q ?? ''})`)}
        and ${has(kind, sql`c.kind = ${kind}`)}
        and ${has(status, sql`c.status = ${status}`)}
        and ${has(group, sql`c.group_name = ${group}`)}
        and ${has(storeId, sql`coalesce(c.routed_store_id, c.store_id) = ${storeId}`)}
        and ${has(id, sql`c.id = ${id}`)}
        and ${has(filter.problem || undefined, sql`exists (select 1 from channel_codes k where k.channel_id = c.id and k.removed_at is null and k.problem is not null)`)}
        and ${has(before, sql`(c.created_at, c.id) < (${before?.[0]}::timestamptz, ${before?.[1]}::uuid)`)}
      order by c.created_at desc, c.id desc limit ${filter.limit}
    )
    select c.id, c.kind, c.name, c.group_name as "groupName", c.state, c.code, c.strategy, c.status,
      c.store_id as "storeId", own.name as "storeName", c.routed_store_id as "routedId", routed.name as "routedName",
      codes.on_duty as "onDuty", c.kind = 'landing' or codes.ready as ready, codes.pending_since as "pendingSince", codes.problem,
      days.adds_today as "addsToday", days.adds_7 as "adds7", days.losses_7 as "losses7", days.scans_today as "scansToday",
      c.valid_from as "validFrom", c.valid_until as "validUntil", c.created_at as "createdAt"
    from page c
    left join stores own on own.id = c.store_id
    left join stores routed on routed.id = c.routed_store_id
    cross join lateral (
      select coalesce(sum(cardinality(k.effective_users)), 0)::int as on_duty, coalesce(bool_or(k.userid = '' and k.content is not null), false) as ready,
        min(k.pending_since) as pending_since, (array_agg(k.problem) filter (where k.problem is not null))[1] as problem
      from channel_codes k where k.channel_id = c.id and k.removed_at is null
    ) codes
    cross join lateral (
      select coalesce(sum(d.adds) filter (where d.day = ${today}::date), 0)::int as adds_today,
        coalesce(sum(d.adds), 0)::int as adds_7, coalesce(sum(d.losses), 0)::int as losses_7,
        coalesce(sum(d.scans) filter (where d.day = ${today}::date), 0)::int as scans_today
      from channel_days d where d.corp_id = c.corp_id and d.channel_id = c.id and d.day > ${today}::date - 7
    ) days
    order by c.created_at desc, c.id desc`.execute(on)
  return rows
}

/** Names of groups in use, for the filter and the wizard. */
export async function channelGroups(on: Executor, actor: Actor): Promise<readonly string[]> {
  const { rows } = await sql<{ group_name: string }>`
    select distinct group_name from channels c
    where corp_id = ${actor.corpId} and status <> 'deleted' and group_name <> '' and ${channelInScope(actor)}
    order by group_name limit 500`.execute(on)
  return rows.map((row) => row.group_name)
}

export interface ChannelStored {
  readonly revision: number
  readonly tag_ids: string[]
  readonly remark: string
  readonly description: string
  readonly skip_verify: boolean
  readonly exclusive: boolean
  readonly fallback: 'members' | 'closed'
  readonly closed_text: string
  readonly daily_limit: number | null
  readonly expected_per_day: number | null
  readonly logo_id: string | null
  readonly members: {
    role: string
    kind: 'staff' | 'department' | 'store'
    ref: string
    weight: number
    daily_limit: number | null
    name: string | null
  }[]
  readonly shifts: { weekdays: number; from_minute: number; until_minute: number; members: string[] }[]
  readonly periods: { name: string; from_at: string; until_at: string; members: string[] }[]
}

/** What the list does not show: the parts that are edited. */
export async function channelParts(on: Executor, corpId: number, id: string): Promise<ChannelStored | undefined> {
  const { rows } = await sql<ChannelStored>`
    select revision, tag_ids, remark, description, skip_verify, exclusive, fallback, closed_text, daily_limit, expected_per_day, logo_id,
      (select coalesce(jsonb_agg(jsonb_build_object('role', m.role, 'kind', m.kind, 'ref', m.ref, 'weight', m.weight, 'daily_limit', m.daily_limit,
          'name', coalesce(s.name, d.name, st.name)) order by m.role, m.position), '[]')
        from channel_members m
        left join staff s on m.kind = 'staff' and s.corp_id = m.corp_id and s.userid = m.ref
        left join departments d on m.kind = 'department' and d.corp_id = m.corp_id and d.department_id::text = m.ref
        left join stores st on m.kind = 'store' and st.id::text = m.ref
        where m.channel_id = channels.id) as members,
      (select coalesce(jsonb_agg(jsonb_build_object('weekdays', weekdays, 'from_minute', from_minute, 'until_minute', until_minute, 'members', to_jsonb(members)) order by position), '[]')
        from channel_shifts where channel_id = channels.id) as shifts,
      (select coalesce(jsonb_agg(jsonb_build_object('name', name, 'from_at', from_at, 'until_at', until_at, 'members', to_jsonb(members)) order by position), '[]')
        from channel_periods where channel_id = channels.id) as periods
    from channels where corp_id = ${corpId} and id = ${id} and status <> 'deleted'`.execute(on)
  return rows[0]
}

export interface ChannelDay {
  readonly day: string
  readonly userid: string
  readonly adds: number
  readonly losses: number
  readonly scans: number
}

export async function channelDays(
  on: Executor,
  corpId: number,
  channelId: string,
  from: string,
  until: string,
): Promise<readonly ChannelDay[]> {
  const { rows } = await sql<ChannelDay>`
    select day::text as day, userid, adds, losses, scans from channel_days
    where corp_id = ${corpId} and channel_id = ${channelId} and day between ${from}::date and ${until}::date
    order by day, userid`.execute(on)
  return rows
}
