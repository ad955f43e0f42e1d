import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { DomainEvent } from '../../infra/events/events.ts'
import { resolveCustomers } from '../customers/index.ts'
import { factKey } from '../intake/index.ts'
import type { GroupMember, LeftBy } from './group-member.ts'
import { memberKey } from './group-reading.ts'

export interface MemberRow {
  readonly chatId: string
  readonly kind: 'staff' | 'external'
  readonly id: string
  readonly member: GroupMember
}

interface StoredMember {
  readonly chatId: string
  readonly kind: 'staff' | 'external'
  readonly id: string
  readonly name: string | null
  readonly nickname: string | null
  readonly joinedAt: Date | null
  readonly firstJoinedAt: Date | null
  readonly scene: number | null
  readonly invitor: string | null
  readonly state: string | null
  readonly leftAt: Date | null
  readonly leftBy: LeftBy | null
  readonly absentAt: Date | null
}

/** The members of these groups but the erased, by group and then by kind and id; `ids`: only these. */
export async function knownMembers(
  tx: Tx,
  corpId: number,
  chatIds: readonly string[],
  ids?: readonly string[],
): Promise<Map<string, Map<string, GroupMember>>> {
  const { rows } = await sql<StoredMember>`
    select chat_id as "chatId", kind, member_id as id, name, nickname, joined_at as "joinedAt",
      first_joined_at as "firstJoinedAt", scene, invitor, state, left_at as "leftAt", left_by as "leftBy", absent_at as "absentAt"
    from group_members where chat_id = any(${[...chatIds]}::text[]) and corp_id = ${corpId}
      and member_id not like 'erased-%' ${ids === undefined ? sql`` : sql`and member_id = any(${[...ids]}::text[])`}`.execute(
    tx,
  )
  const groups = new Map(chatIds.map((chatId) => [chatId, new Map<string, GroupMember>()]))
  for (const row of rows) {
    groups.get(row.chatId)?.set(memberKey(row.kind, row.id), {
      name: row.name ?? undefined,
      nickname: row.nickname ?? undefined,
      joinedAt: row.joinedAt ?? undefined,
      firstJoinedAt: row.firstJoinedAt ?? undefined,
      scene: row.scene ?? undefined,
      invitor: row.invitor ?? undefined,
      state: row.state ?? undefined,
      leftAt: row.leftAt ?? undefined,
      leftBy: row.leftBy ?? undefined,
      absentAt: row.absentAt ?? undefined,
    })
  }
  return groups
}

/** The customers of external ids; unknown ones become provisional persons. */
export async function customersOfMembers(
  tx: Tx,
  corpId: number,
  externalUserids: readonly string[],
  at: Date,
): Promise<(externalUserid: string) => number | undefined> {
  const ids = [...new Set(externalUserids)].map((externalUserid) => ({ corpId, externalUserid }))
  const found = await resolveCustomers(tx, ids, at)
  return (externalUserid) => found.get(`${corpId} ${externalUserid}`)
}

/** Writes members as they now stand, and counts their groups anew. The groups' rows must be locked by the caller. */
export async function writeMembers(
  tx: Tx,
  corpId: number,
  rows: readonly MemberRow[],
  customerOf: (externalUserid: string) => number | undefined,
): Promise<void> {
  if (rows.length === 0) return
  const iso = (date: Date | undefined) => date?.toISOString() ?? null
  await sql`
    insert into group_members (chat_id, corp_id, kind, member_id, customer_id, name, nickname, joined_at, first_joined_at,
      scene, invitor, state, left_at, left_by, absent_at)
    select n.chat_id, ${corpId}, n.kind, n.member_id, n.customer_id, n.name, n.nickname, n.joined_at, n.first_joined_at,
      n.scene, n.invitor, n.state, n.left_at, n.left_by, n.absent_at
    from unnest(
      ${rows.map((row) => row.chatId)}::text[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => (row.kind === 'external' ? (customerOf(row.id) ?? null) : null))}::bigint[],
      ${rows.map((row) => row.member.name ?? null)}::text[], ${rows.map((row) => row.member.nickname ?? null)}::text[],
      ${rows.map((row) => iso(row.member.joinedAt))}::timestamptz[], ${rows.map((row) => iso(row.member.firstJoinedAt))}::timestamptz[],
      ${rows.map((row) => row.member.scene ?? null)}::smallint[], ${rows.map((row) => row.member.invitor ?? null)}::text[],
      ${rows.map((row) => row.member.state ?? null)}::text[], ${rows.map((row) => iso(row.member.leftAt))}::timestamptz[],
      ${rows.map((row) => row.member.leftBy ?? null)}::text[], ${rows.map((row) => iso(row.member.absentAt))}::timestamptz[]
    ) as n(chat_id, kind, member_id, customer_id, name, nickname, joined_at, first_joined_at, scene, invitor, state, left_at, left_by, absent_at)
    on conflict (chat_id, corp_id, kind, member_id) do update set
      customer_id = coalesce(group_members.customer_id, excluded.customer_id), name = excluded.name, nickname = excluded.nickname,
      joined_at = excluded.joined_at, first_joined_at = excluded.first_joined_at, scene = excluded.scene, invitor = excluded.invitor,
      state = excluded.state, left_at = excluded.left_at, left_by = excluded.left_by, absent_at = excluded.absent_at`.execute(
    tx,
  )
  await sql`
    update groups g set members = c.members, customers = c.customers
    from (
      select chat_id, count(*) filter (where present) as members, count(*) filter (where present and kind = 'external') as customers
      from group_members where chat_id = any(${[...new Set(rows.map((row) => row.chatId))]}::text[]) and corp_id = ${corpId}
      group by chat_id
    ) c
    where g.chat_id = c.chat_id and g.corp_id = ${corpId}`.execute(tx)
}

/** What is told of a customer who came or went. */
export interface MemberNews {
  readonly what: 'joined' | 'left'
  readonly corpId: number
  readonly chatId: string
  /** The group's owner: whose data scope decides who may see it. */
  readonly owner: string
  readonly externalUserid: string
  readonly customerId: number | undefined
  readonly at: Date
  readonly cause: string
  /** Who ended it, or how he came; `unknown`: a reading missed him. */
  readonly by?: LeftBy | 'dismissed' | 'unknown' | undefined
  readonly scene?: number | undefined
}

/** The same join or end is told once, whoever tells it first: both are known by group, person and second. */
export async function tellMembers(tx: Tx, news: readonly MemberNews[], learntAt: Date): Promise<void> {
  await appendEvents(
    tx,
    news.flatMap(({ what, corpId, chatId, externalUserid, customerId, owner, at, cause, by, scene }): DomainEvent[] =>
      customerId === undefined
        ? []
        : [
            {
              ...{ kind: `group.${what}`, corpId, customerId, staffUserid: owner, occurredAt: at, cause },
              payload: {
                externalUserid,
                chatId,
                ...(by === undefined ? {} : { by }),
                ...(scene === undefined ? {} : { scene }),
              },
              dedupeKey: factKey(corpId, [`group.${what}`, chatId, externalUserid, Math.floor(at.getTime() / 1000)]),
            },
          ],
    ),
    learntAt,
  )
}

/** What is told of a group itself. */
export interface GroupNews {
  readonly what: 'created' | 'changed' | 'dismissed'
  readonly corpId: number
  readonly chatId: string
  readonly owner: string
  readonly at: Date
  readonly cause: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A group is created once and dismissed once; other changes of it are as many as there are readings that show one. */
export async function tellGroups(tx: Tx, news: readonly GroupNews[], learntAt: Date): Promise<void> {
  await appendEvents(
    tx,
    news.map(({ what, corpId, chatId, owner, at, cause, payload }) => ({
      ...{ kind: `group.${what}` as const, corpId, customerId: 0, staffUserid: owner, occurredAt: at, cause },
      payload: { chatId, ...payload },
      dedupeKey: factKey(corpId, [`group.${what}`, chatId, what === 'changed' ? at.getTime() : undefined]),
    })),
    learntAt,
  )
}
