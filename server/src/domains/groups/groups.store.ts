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
  readonly status: number
  readonly members: number
  readonly customers: number
  readonly createdAt: Date
  readonly dismissedAt: Date | null
  readonly readAt: Date
}

export interface GroupsAsk {
  readonly q: string | undefined
  readonly owner: string | undefined
  readonly dismissed: 'no' | 'yes' | 'all'
  readonly after: { readonly at: Date; readonly chatId: string } | undefined
  readonly limit: number
}

/** Groups whose owners the actor may see, the newest first. */
export async function listGroups(on: Executor, actor: Actor, ask: GroupsAsk): Promise<readonly GroupRow[]> {
  const { q, owner, dismissed, after, limit } = ask
  const part = q === undefined ? undefined : `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<GroupRow>`
    select g.chat_id as "chatId", g.name, g.owner, s.name as "ownerName", g.status, g.members, g.customers,
      g.created_at as "createdAt", g.dismissed_at as "dismissedAt", g.read_at as "readAt"
    from groups g
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    where g.corp_id = ${actor.corpId} and g.read_at is not null and ${staffInScope(actor, 'g.owner')}
      ${owner === undefined ? sql`` : sql`and g.owner = ${owner}`}
      ${part === undefined ? sql`` : sql`and (g.name ilike ${part} or s.name ilike ${part} or s.name_pinyin ilike ${part})`}
      ${dismissed === 'all' ? sql`` : dismissed === 'yes' ? sql`and g.dismissed_at is not null` : sql`and g.dismissed_at is null`}
      ${after === undefined ? sql`` : sql`and (g.created_at, g.chat_id) < (${after.at}::timestamptz, ${after.chatId})`}
    order by g.created_at desc, g.chat_id desc limit ${limit}`.execute(on)
  return rows
}

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
