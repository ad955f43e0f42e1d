import { sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'
import type { LeftBy } from './group-member.ts'

export interface GroupRow {
  readonly chatId: string
  readonly name: string
  readonly owner: string
  readonly ownerName: string | null
  readonly storeId: string | null
  readonly storeName: string | null
  readonly status: number
  readonly members: number
  readonly customers: number
  readonly joined: number
  readonly left: number
  readonly createdAt: Date
  readonly dismissedAt: Date | null
  readonly readAt: Date
}

export interface GroupsAsk {
  readonly q: string | undefined
  readonly owner: string | undefined
  readonly store: string | undefined
  /** Newcomers and leavers count from here. */
  readonly since: Date
  readonly dismissed: 'no' | 'yes' | 'all'
  readonly after: { readonly at: Date; readonly chatId: string } | undefined
  readonly limit: number
}

/** Groups whose owners the actor may see, the newest first. */
export async function listGroups(on: Executor, actor: Actor, ask: GroupsAsk): Promise<readonly GroupRow[]> {
  const { q, owner, store, dismissed, after, limit } = ask
  const part = q === undefined ? undefined : `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<GroupRow>`
    with page as materialized (
    select g.chat_id, g.corp_id, g.name, g.owner, s.name as owner_name, s.store_id, g.status, g.members, g.customers,
      g.created_at, g.dismissed_at, g.read_at
    from groups g
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    where g.corp_id = ${actor.corpId} and g.read_at is not null and ${staffInScope(actor, 'g.owner')}
      ${store === undefined ? sql`` : sql`and s.store_id = ${store}`}
      ${owner === undefined ? sql`` : sql`and g.owner = ${owner}`}
      ${part === undefined ? sql`` : sql`and (g.name ilike ${part} or s.name ilike ${part} or s.name_pinyin ilike ${part})`}
      ${dismissed === 'all' ? sql`` : dismissed === 'yes' ? sql`and g.dismissed_at is not null` : sql`and g.dismissed_at is null`}
      ${after === undefined ? sql`` : sql`and (g.created_at, g.chat_id) < (${after.at}::timestamptz, ${after.chatId})`}
    order by g.created_at desc, g.chat_id desc limit ${limit})
    select p.chat_id as "chatId", p.name, p.owner, p.owner_name as "ownerName", p.store_id as "storeId",
      store.name as "storeName", p.status, p.members, p.customers, moved.joined, moved.left, p.created_at as "createdAt",
      p.dismissed_at as "dismissedAt", p.read_at as "readAt"
    from page p
    left join stores store on store.id = p.store_id
    -- a group has five hundred members at most, so counting those of one page is cheap
    cross join lateral (
      select count(*) filter (where m.joined_at >= ${ask.since})::int as joined,
        count(*) filter (where ${goneAt} >= ${ask.since})::int as left
      from group_members m
      where m.chat_id = p.chat_id and m.corp_id = p.corp_id and m.kind = 'external') moved
    order by p.created_at desc, p.chat_id desc`.execute(on)
  return rows
}

/** When somebody who is not in the group was gone: as he told, or when a reading missed him. */
export const goneAt = sql<Date | null>`case when not m.present then greatest(m.left_at, m.absent_at) end`

export interface CustomerGroupRow {
  readonly chatId: string
  readonly name: string
  readonly owner: string
  readonly ownerName: string | null
  readonly status: number
  readonly dismissedAt: Date | null
  readonly present: boolean
  readonly joinedAt: Date | null
  readonly scene: number | null
  readonly invitor: string | null
  readonly invitorName: string | null
  readonly state: string | null
  readonly nickname: string | null
  readonly leftAt: Date | null
  readonly absentAt: Date | null
  readonly leftBy: LeftBy | null
}

/** A customer is in a few groups; somebody who is in more than these is hardly one. */
const mostOfOne = 200

/** The groups in which a person is or was, as far as the actor may see their owners; those he is in first, each once. */
export async function groupsOfCustomer(
  on: Executor,
  actor: Actor,
  homes: readonly number[],
): Promise<readonly CustomerGroupRow[]> {
  const { rows } = await sql<CustomerGroupRow>`
    select g.chat_id as "chatId", g.name, g.owner, s.name as "ownerName", g.status, g.dismissed_at as "dismissedAt",
      m.present and g.dismissed_at is null as present, m.joined_at as "joinedAt", m.scene, m.invitor, i.name as "invitorName",
      m.state, m.nickname, m.left_at as "leftAt", m.absent_at as "absentAt", m.left_by as "leftBy"
    from group_members m
    join groups g on g.chat_id = m.chat_id and g.corp_id = m.corp_id
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    left join staff i on i.corp_id = g.corp_id and i.userid = m.invitor
    where m.customer_id = any(${[...homes]}::bigint[]) and m.corp_id = ${actor.corpId} and ${staffInScope(actor, 'g.owner')}
    order by (m.present and g.dismissed_at is null) desc, m.joined_at desc nulls last, g.chat_id limit ${mostOfOne}`.execute(
    on,
  )
  // one person may be in a group under two ids; the stay that lasts, or the later one, stands first
  return rows.filter((row, at) => rows.findIndex((other) => other.chatId === row.chatId) === at)
}
