import { sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'
import type { LeftBy } from './group-member.ts'
import { type GroupRow, goneAt } from './groups.store.ts'

export interface GroupDetailRow extends GroupRow {
  readonly notice: string | null
  readonly admins: readonly { readonly userid: string; readonly name: string | null }[]
  readonly ways: readonly { readonly scene: number | null; readonly customers: number }[]
  readonly invitors: readonly { readonly userid: string; readonly name: string | null; readonly customers: number }[]
  readonly days: readonly { readonly day: string; readonly joined: number; readonly left: number }[]
}

export interface GroupDetailAsk {
  readonly chatId: string
  readonly since: Date
  readonly now: Date
}

const mostInvitors = 5
/** Today and those before it. */
const daysShown = 30

/** One group whose owner the actor may see. */
export async function findGroup(on: Executor, actor: Actor, ask: GroupDetailAsk): Promise<GroupDetailRow | undefined> {
  const { chatId, since, now } = ask
  const { rows } = await sql<GroupDetailRow>`
    with m as materialized (
      select m.scene, m.invitor, m.present, m.joined_at, ${goneAt} as gone_at,
        (m.joined_at at time zone c.time_zone)::date as joined_on, (${goneAt} at time zone c.time_zone)::date as gone_on
      from group_members m join corps c on c.id = m.corp_id
      where m.chat_id = ${chatId} and m.corp_id = ${actor.corpId} and m.kind = 'external'),
    today as (select (${now}::timestamptz at time zone time_zone)::date as day from corps where id = ${actor.corpId})
    select g.chat_id as "chatId", g.name, g.owner, s.name as "ownerName", s.store_id as "storeId", store.name as "storeName",
      g.status, g.members, g.customers, g.created_at as "createdAt", g.dismissed_at as "dismissedAt", g.read_at as "readAt",
      g.notice,
      (select count(*) from m where joined_at >= ${since})::int as joined,
      (select count(*) from m where gone_at >= ${since})::int as left,
      (select coalesce(jsonb_agg(jsonb_build_object('userid', a, 'name', one.name)), '[]')
        from unnest(g.admins) a left join staff one on one.corp_id = g.corp_id and one.userid = a) as admins,
      (select coalesce(jsonb_agg(w order by w.customers desc, w.scene), '[]')
        from (select scene, count(*)::int as customers from m where present group by scene) w) as ways,
      (select coalesce(jsonb_agg(i order by i.customers desc, i.userid), '[]')
        from (select m.invitor as userid, one.name, count(*)::int as customers from m
              left join staff one on one.corp_id = ${actor.corpId} and one.userid = m.invitor
              where m.present and m.invitor <> '' group by m.invitor, one.name
              order by customers desc, m.invitor limit ${mostInvitors}) i) as invitors,
      (select jsonb_agg(d order by d.day)
        from (select to_char(today.day - n, 'YYYY-MM-DD') as day,
                (select count(*) from m where joined_on = today.day - n)::int as joined,
                (select count(*) from m where gone_on = today.day - n)::int as left
              from today, generate_series(0, ${daysShown - 1}::int) n) d) as days
    from groups g
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    left join stores store on store.id = s.store_id
    where g.chat_id = ${chatId} and g.corp_id = ${actor.corpId} and g.read_at is not null and ${staffInScope(actor, 'g.owner')}`.execute(
    on,
  )
  return rows[0]
}

export interface GroupMemberRow {
  readonly id: string
  readonly kind: 'staff' | 'external'
  readonly customerId: number | null
  readonly name: string | null
  readonly nickname: string | null
  readonly present: boolean
  readonly joinedAt: Date | null
  readonly scene: number | null
  readonly invitor: string | null
  readonly invitorName: string | null
  readonly leftAt: Date | null
  readonly absentAt: Date | null
  readonly leftBy: LeftBy | null
  readonly dismissedAt: Date | null
  /** By which the list is sorted: when he was gone for leavers, when he joined for others. */
  readonly sortedAt: Date
}

export interface GroupMembersAsk {
  readonly chatId: string
  readonly who: 'customers' | 'newcomers' | 'leavers' | 'staff'
  readonly since: Date
  readonly after: { readonly at: Date; readonly id: string } | undefined
  readonly limit: number
}

/**
 * Who is or was in a group, the latest change first. Whoever may see the group sees who is in it, as in WeCom; the number
 * of a customer, which opens his page, is there only for whom the actor may see.
 */
export async function listMembers(
  on: Executor,
  actor: Actor,
  { chatId, who, since, after, limit }: GroupMembersAsk,
): Promise<readonly GroupMemberRow[]> {
  const sorted = who === 'leavers' ? goneAt : sql<Date>`coalesce(m.joined_at, m.first_joined_at, to_timestamp(0))`
  const asked = {
    customers: sql`m.kind = 'external' and m.present`,
    newcomers: sql`m.kind = 'external' and m.joined_at >= ${since}`,
    leavers: sql`m.kind = 'external' and ${goneAt} >= ${since}`,
    staff: sql`m.kind = 'staff' and m.present`,
  }
  const { rows } = await sql<GroupMemberRow>`
    select * from (
      select m.member_id as id, m.kind, cu.id as "customerId",
        coalesce(s.name, nullif(m.name, ''), nullif(h.name, '')) as name, m.nickname,
        m.present and g.dismissed_at is null as present, m.joined_at as "joinedAt", m.scene, m.invitor,
        i.name as "invitorName", m.left_at as "leftAt", m.absent_at as "absentAt", m.left_by as "leftBy",
        g.dismissed_at as "dismissedAt", ${sorted} as "sortedAt"
      from group_members m
      join groups g on g.chat_id = m.chat_id and g.corp_id = m.corp_id
      left join staff s on m.kind = 'staff' and s.corp_id = m.corp_id and s.userid = m.member_id
      left join staff i on i.corp_id = m.corp_id and i.userid = m.invitor
      left join customers h on h.id = m.customer_id
      left join customers cu on cu.id = coalesce(h.merged_into, h.id)
        and exists (select from relations r where r.customer_id = h.id and r.corp_id = m.corp_id and ${staffInScope(actor, 'r.userid')})
      where m.chat_id = ${chatId} and m.corp_id = ${actor.corpId} and ${asked[who]}) one
    ${after === undefined ? sql`` : sql`where ("sortedAt", id) < (${after.at}::timestamptz, ${after.id})`}
    order by "sortedAt" desc, id desc limit ${limit}`.execute(on)
  return rows
}
