import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { amongMembers } from '../../audiences/index.ts'
import { type CustomerStatus, keyHash, keyNames } from '../cards/cards.ts'
import { folded, piecesAsked } from '../cards/search-pieces.ts'

export interface CustomerAsk {
  readonly q: string | undefined
  readonly staff: string | undefined
  readonly channel: string | undefined
  readonly tag: string | undefined
  readonly addedFrom: Date | undefined
  readonly addedUntil: Date | undefined
  readonly status: CustomerStatus | undefined
  readonly audience: string | undefined
  /** Only these. */
  readonly ids?: readonly number[]
  readonly after: { readonly at: Date; readonly id: number } | undefined
  readonly limit: number
}

interface Named {
  readonly id: string
  readonly name: string
}

export interface CustomerRow {
  readonly id: number
  readonly name: string | null
  readonly avatar: string | null
  readonly kind: number | null
  readonly corpName: string | null
  readonly status: CustomerStatus
  readonly lastAddedAt: Date
  readonly remark: string | null
  readonly members: readonly { userid: string; name: string; status: 'alive' | 'half' | 'ended' }[]
  readonly tags: readonly Named[]
  readonly channels: readonly Named[]
}

/** The members whose customers the actor sees; undefined: all of the corp's. */
export async function membersInScope(on: Executor, actor: Actor): Promise<readonly string[] | undefined> {
  if (actor.scope.kind === 'corp') return undefined
  if (actor.scope.kind === 'self') return [actor.scope.userid]
  const { rows } = await sql<{ userid: string }>`
    select userid from staff where corp_id = ${actor.corpId} and ${staffInScope(actor, 'staff.userid')}`.execute(on)
  return rows.map((row) => row.userid)
}

/** True where a card `k` holds what was typed: a name, its pinyin, its initials or a remark. */
export function cardNamed(q: string): RawBuilder<boolean> {
  const keys = piecesAsked(q).map((piece) => keyHash(keyNames.piece(piece)))
  const like = `%${folded(q).replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql<boolean>`(${keys.length === 0 ? sql`true` : sql`k.keys @> ${keys}::int[]`}
    and ${like === '%%' ? sql`true` : sql`k.search like ${like}`})`
}

/** Which cards are asked for. The index finds by hashes; the real columns decide. */
function cardsAsked(
  ask: Omit<CustomerAsk, 'after' | 'limit'>,
  corpId: number,
  members: readonly string[] | undefined,
  among: RawBuilder<boolean> | undefined,
): RawBuilder<unknown> {
  const keys = [
    ...(ask.staff === undefined ? [] : [keyNames.member(ask.staff)]),
    ...(ask.channel === undefined ? [] : [keyNames.channel(ask.channel)]),
    ...(ask.tag === undefined ? [] : [keyNames.tag(ask.tag)]),
    ...(ask.status === undefined ? [] : [keyNames.status(ask.status)]),
  ].map((name) => keyHash(name))
  return sql`k.corp_id = ${corpId}
      ${ask.ids === undefined ? sql`` : sql`and k.customer_id = any(${[...ask.ids]}::bigint[])`}
      ${keys.length === 0 ? sql`` : sql`and k.keys @> ${keys}::int[]`}
      ${ask.q === undefined ? sql`` : sql`and ${cardNamed(ask.q)}`}
      ${ask.staff === undefined ? sql`` : sql`and k.userids @> array[${ask.staff}]::text[]`}
      ${ask.channel === undefined ? sql`` : sql`and k.channel_ids @> array[${ask.channel}]::uuid[]`}
      ${ask.tag === undefined ? sql`` : sql`and k.tag_ids @> array[${ask.tag}]::text[]`}
      ${ask.status === undefined ? sql`` : sql`and k.status = ${ask.status}`}
      ${among === undefined ? sql`` : sql`and ${among}`}
      ${ask.addedFrom === undefined ? sql`` : sql`and k.last_added_at >= ${ask.addedFrom}`}
      ${ask.addedUntil === undefined ? sql`` : sql`and k.last_added_at < ${ask.addedUntil}`}
      ${
        members === undefined
          ? sql``
          : sql`and k.keys && ${members.map((userid) => keyHash(keyNames.member(userid)))}::int[]
                and k.userids && ${[...members]}::text[]`
      }`
}

/** One page of cards, the last added first. */
export function pageOfCards(
  ask: CustomerAsk,
  corpId: number,
  members: readonly string[] | undefined,
  among: RawBuilder<boolean> | undefined,
): RawBuilder<unknown> {
  return sql`
    select k.customer_id, k.status, k.last_added_at from customer_cards k
    where ${cardsAsked(ask, corpId, members, among)}
      ${
        ask.after === undefined
          ? sql``
          : sql`and (k.last_added_at, k.customer_id) < (${ask.after.at}::timestamptz, ${ask.after.id}::bigint)`
      }
    order by k.last_added_at desc, k.customer_id desc limit ${ask.limit}`
}

/** Which cards of a list the actor sees; undefined: none. */
async function askedOf(on: Executor, actor: Actor, ask: Omit<CustomerAsk, 'after' | 'limit'>) {
  const members = await membersInScope(on, actor)
  if (members?.length === 0) return undefined
  if (ask.staff !== undefined && members !== undefined && !members.includes(ask.staff)) return undefined
  const among =
    ask.audience === undefined ? undefined : await amongMembers(on, actor.corpId, ask.audience, 'k.customer_id')
  return { members, among }
}

/** How many customers a list has. */
export async function countCustomers(
  on: Executor,
  actor: Actor,
  ask: Omit<CustomerAsk, 'after' | 'limit'>,
): Promise<number> {
  const asked = await askedOf(on, actor, ask)
  if (asked === undefined) return 0
  const { rows } = await sql<{ customers: number }>`select count(*)::int as customers from customer_cards k
    where ${cardsAsked(ask, actor.corpId, asked.members, asked.among)}`.execute(on)
  return rows[0]?.customers ?? 0
}

/** One page of a list, where it is only to be known who they are. */
export async function customersAsked(
  on: Executor,
  actor: Actor,
  ask: CustomerAsk,
): Promise<readonly { readonly id: number; readonly lastAddedAt: Date }[]> {
  const asked = await askedOf(on, actor, ask)
  if (asked === undefined) return []
  const { rows } = await sql<{ id: number; lastAddedAt: Date }>`
    with page as (${pageOfCards(ask, actor.corpId, asked.members, asked.among)})
    select customer_id as id, last_added_at as "lastAddedAt" from page order by 2 desc, 1 desc`.execute(on)
  return rows
}

/** Customers with what a list shows of them; relations outside the data scope are not among it. */
export async function listCustomers(on: Executor, actor: Actor, ask: CustomerAsk): Promise<readonly CustomerRow[]> {
  const asked = await askedOf(on, actor, ask)
  if (asked === undefined) return []
  const { members, among } = asked
  const scope = members === undefined ? sql`true` : sql`r.userid = any(${[...members]}::text[])`
  const { rows } = await sql<CustomerRow>`
    with page as materialized (${pageOfCards(ask, actor.corpId, members, among)})
    select page.customer_id as id, c.name, c.avatar, c.kind, c.corp_name as "corpName", page.status,
      page.last_added_at as "lastAddedAt", d.remark, coalesce(d.members, '[]') as members, coalesce(t.tags, '[]') as tags,
      coalesce(d.channels, '[]') as channels
    from page join customers c on c.id = page.customer_id
    cross join lateral (
      select (array_agg(r.remark order by r.status, r.added_at desc nulls last) filter (where r.remark <> ''))[1] as remark,
        json_agg(json_build_object('userid', r.userid, 'name', coalesce(s.name, r.userid), 'status', r.status)
          order by r.status, r.added_at desc nulls last) as members,
        json_agg(distinct jsonb_build_object('id', h.id, 'name', h.name)) filter (where h.id is not null) as channels
      from relations r
      left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
      left join channels h on h.id = r.channel_id
      where r.customer_id = page.customer_id and r.corp_id = ${actor.corpId} and ${scope}
    ) d
    cross join lateral (
      select json_agg(distinct jsonb_build_object('id', g.tag_id, 'name', g.name)) as tags
      from relations r cross join unnest(r.tag_ids) as tag(id)
      join corp_tags g on g.corp_id = r.corp_id and g.tag_id = tag.id and g.gone_at is null
      where r.customer_id = page.customer_id and r.corp_id = ${actor.corpId} and r.status <> 'ended' and ${scope}
    ) t
    order by page.last_added_at desc, page.customer_id desc`.execute(on)
  return rows
}

/** What lists can be filtered by: tags, the newest channels, and members of the scope by name, account or pinyin. */
export async function filterOptionsOf(
  on: Executor,
  actor: Actor,
  staffQ: string,
): Promise<{ tags: (Named & { group: string })[]; channels: Named[]; staff: Named[] }> {
  const tags = await sql<Named & { group: string }>`
    select tag_id as id, name, group_name as "group" from corp_tags where corp_id = ${actor.corpId} and gone_at is null
    order by group_position desc, group_name, position desc, name limit 2000`.execute(on)
  const channels = await sql<Named>`
    select id, name from channels where corp_id = ${actor.corpId} and status <> 'deleted'
    order by created_at desc limit 500`.execute(on)
  const like = `%${staffQ.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const staff = await sql<Named>`
    select userid as id, name from staff
    where corp_id = ${actor.corpId} and ${staffInScope(actor, 'staff.userid')} and follows
      and (name ilike ${like} or userid ilike ${like} or replace(name_pinyin, ' ', '') ilike ${like}
        or (select string_agg(left(word, 1), '') from unnest(string_to_array(name_pinyin, ' ')) as word) like ${like})
    order by name_pinyin, userid limit 100`.execute(on)
  return { tags: tags.rows, channels: channels.rows, staff: staff.rows }
}
