import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { CustomerStatus } from '../cards/cards.ts'
import { homesOf } from '../persons/person-homes.store.ts'

export interface CustomerHead {
  readonly id: number
  /** Of somebody whom no member added and no page told of: null. */
  readonly externalUserid: string | null
  readonly unionid: string | null
  readonly name: string | null
  readonly avatar: string | null
  readonly gender: number | null
  readonly kind: number | null
  readonly corpName: string | null
  /** `none`: no member ever added him. */
  readonly status: CustomerStatus | 'none'
  readonly createdAt: Date
  readonly detailAt: Date | null
}

export interface RelationRow {
  readonly userid: string
  readonly staffName: string
  readonly status: 'alive' | 'half' | 'ended'
  readonly endedBy: 'customer' | 'staff' | 'transfer' | null
  readonly addedAt: Date | null
  readonly firstAddedAt: Date | null
  readonly halfAt: Date | null
  readonly endedAt: Date | null
  readonly channelId: string | null
  readonly channelName: string | null
  readonly state: string | null
  readonly addWay: number | null
  readonly remark: string | null
  readonly description: string | null
  /** A JSON list, sealed. */
  readonly mobiles: Buffer | null
  readonly tags: readonly { id: string; name: string; group: string }[]
  readonly personalTags: readonly string[]
  readonly detailAt: Date | null
}

/**
 * The customer by any of his homes, if the actor sees any relation of his. Whom no member ever added is nobody's: he is
 * seen by who sees the whole brand.
 */
export async function findCustomer(on: Executor, actor: Actor, id: number): Promise<CustomerHead | undefined> {
  const homes = await homesOf(on, actor.corpId, id)
  const all = sql`${[...homes]}::bigint[]`
  const { rows } = await sql<CustomerHead>`
    select c.id, coalesce(i.external_userid,
        (select u.value from identities u where u.customer_id = any(${all}) and u.kind = 'external_userid' order by u.seen_at limit 1)) as "externalUserid",
      (select u.value from identities u where u.customer_id = any(${all}) and u.kind = 'unionid' order by u.seen_at limit 1) as unionid, c.name, c.avatar, c.gender, c.kind, c.corp_name as "corpName",
      coalesce(k.status, case when i.external_userid is null then 'none' else 'ended' end) as status, c.created_at as "createdAt", c.detail_at as "detailAt"
    from customers c
    ${actor.scope.kind === 'corp' ? sql`left join` : sql`join`} lateral (
      select r.external_userid from relations r
      where r.customer_id = any(${all}) and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')} limit 1
    ) i on true
    left join customer_cards k on k.customer_id = c.id
    where c.id = any(${all}) and c.merged_into is null and c.corp_id = ${actor.corpId} and c.erased_at is null`.execute(
    on,
  )
  return rows[0]
}

export interface ImportedRow {
  readonly name: Buffer | null
  readonly phone: Buffer | null
  readonly at: Date
}

/** What imports told of the person last, sealed. */
export async function importedOf(on: Executor, actor: Actor, id: number): Promise<ImportedRow | undefined> {
  const homes = await homesOf(on, actor.corpId, id)
  const { rows } = await sql<ImportedRow & { at: Date | null }>`
    select (array_agg(name_sealed order by updated_at desc) filter (where name_sealed is not null))[1] as name,
      (array_agg(phone_sealed order by updated_at desc) filter (where phone_sealed is not null))[1] as phone, max(updated_at) as at
    from imported_customers where customer_id = any(${[...homes]}::bigint[])`.execute(on)
  const [row] = rows
  return row === undefined || row.at === null ? undefined : row
}

/** Every relation within the data scope; those that ended stay as history. */
export async function relationsOf(on: Executor, actor: Actor, id: number): Promise<readonly RelationRow[]> {
  const homes = await homesOf(on, actor.corpId, id)
  const { rows } = await sql<RelationRow>`
    select r.userid, coalesce(s.name, r.userid) as "staffName", r.status, r.ended_by as "endedBy", r.added_at as "addedAt",
      r.first_added_at as "firstAddedAt", r.half_at as "halfAt", r.ended_at as "endedAt", r.channel_id as "channelId",
      h.name as "channelName", r.state, r.add_way as "addWay", r.remark, r.description, r.mobiles,
      coalesce((select json_agg(json_build_object('id', tag.id, 'name', coalesce(g.name, tag.id), 'group', coalesce(g.group_name, ''))
          order by g.group_position desc nulls last, g.position desc nulls last, g.name)
        from unnest(r.tag_ids) as tag(id) left join corp_tags g on g.corp_id = r.corp_id and g.tag_id = tag.id), '[]') as tags,
      r.personal_tags as "personalTags", r.detail_at as "detailAt"
    from relations r
    left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
    left join channels h on h.id = r.channel_id
    where r.customer_id = any(${[...homes]}::bigint[]) and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}
    order by r.status, coalesce(r.added_at, r.half_at) desc nulls last, r.userid`.execute(on)
  return rows
}

export interface Reading {
  /** When he was added by the member whose view of him is to be read. */
  readonly since: Date | null
  /** Why the last try came to nothing. */
  readonly reason: string | null
}

/** What of him is still to be read at the platform: while the budget allows it is read within seconds. */
export async function readingOf(on: Executor, actor: Actor, id: number): Promise<Reading | undefined> {
  const homes = await homesOf(on, actor.corpId, id)
  const { rows } = await sql<Reading>`
    select coalesce(r.added_at, r.half_at) as since, t.reason
    from relations r join customer_todos t on t.corp_id = r.corp_id and t.kind = 'detail' and t.userid = r.userid and t.external_userid = r.external_userid
    where r.customer_id = any(${[...homes]}::bigint[]) and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}
    order by 1 nulls last limit 1`.execute(on)
  return rows[0]
}

export interface EventRow {
  readonly id: number
  readonly kind: string
  readonly userid: string | null
  readonly staffName: string | null
  readonly occurredAt: Date
  readonly learntAt: Date
  readonly payload: Readonly<Record<string, unknown>>
  readonly channelName: string | null
  readonly groupName: string | null
  readonly tags: readonly string[]
  readonly outcome: string | null
  readonly errcode: number | null
  readonly reason: string | null
  readonly stages: unknown
  readonly trace: unknown
  readonly decidedAt: Date | null
}

/**
 * What happened to the customer, the newest first, within the data scope. An add carries the decision about its welcome:
 * both are known by relation and second.
 */
export async function timelineOf(
  on: Executor,
  actor: Actor,
  id: number,
  page: {
    readonly before: { readonly at: Date; readonly id: number } | undefined
    readonly limit: number
    /** Only events of these things: the first part of their kinds. */
    readonly of?: readonly string[] | undefined
  },
): Promise<readonly EventRow[]> {
  const { before, limit, of } = page
  const homes = await homesOf(on, actor.corpId, id)
  const { rows } = await sql<EventRow>`
    with shown as materialized (
      select e.id, e.customer_id, e.kind, e.staff_userid, e.occurred_at, e.learnt_at, e.payload, e.corp_id from events e
      where e.customer_id = any(${[...homes]}::bigint[]) and e.corp_id = ${actor.corpId}
        and (e.staff_userid is null or ${staffInScope(actor, 'e.staff_userid')})
        ${of === undefined ? sql`` : sql`and split_part(e.kind, '.', 1) = any(${[...of]}::text[])`}
        ${before === undefined ? sql`` : sql`and (e.occurred_at, e.id) < (${before.at}::timestamptz, ${before.id}::bigint)`}
      order by e.occurred_at desc, e.id desc limit ${limit}
    )
    select e.id, e.kind, e.staff_userid as userid, s.name as "staffName", e.occurred_at as "occurredAt", e.learnt_at as "learntAt",
      e.payload, h.name as "channelName", x.name as "groupName",
      coalesce((select json_agg(coalesce((select g.name from corp_tags g where g.corp_id = e.corp_id and g.tag_id = tag.id), tag.id))
        from jsonb_array_elements_text(
          case when jsonb_typeof(e.payload->'tagIds') = 'array' then e.payload->'tagIds' else '[]' end) as tag(id)), '[]') as tags,
      w.outcome, w.errcode, w.reason, w.stages, w.trace, w.received_at as "decidedAt"
    from shown e
    left join staff s on s.corp_id = e.corp_id and s.userid = e.staff_userid
    left join channels h on h.corp_id = e.corp_id and h.id::text = e.payload->>'channelId'
    left join groups x on x.corp_id = e.corp_id and x.chat_id = e.payload->>'chatId'
    left join lateral (
      select outcome, errcode, reason, stages, trace, received_at from welcome_sends w
      where e.kind in ('relation.added', 'relation.half_added') and w.customer_id = e.customer_id and w.corp_id = e.corp_id
        and w.userid = e.staff_userid and w.added_at = e.occurred_at limit 1
    ) w on true
    order by e.occurred_at desc, e.id desc`.execute(on)
  return rows
}
