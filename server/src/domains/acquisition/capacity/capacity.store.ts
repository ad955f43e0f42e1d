import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface MemberLoad {
  readonly userid: string
  readonly name: string
  readonly customers: number
  readonly cap: number
  /** Net adds of the 7 business days before today, one number. */
  readonly net7: number
  /** Codes at the platform that he stands behind now. */
  readonly codes: number
}

const loadColumns = (corpId: number, memberCap: number, today: string) => sql`
  s.userid, s.name, coalesce(l.customers, 0) as customers, coalesce(s.customer_cap, ${memberCap}::int) as cap,
  coalesce((select sum(d.adds - d.losses) from staff_days d
    where d.corp_id = ${corpId} and d.userid = s.userid and d.day >= ${today}::date - 7 and d.day < ${today}::date), 0)::int as net7,
  (select count(*)::int from channel_codes k where k.corp_id = ${corpId} and k.removed_at is null and s.userid = any(k.effective_users)) as codes`

/** Members whose customers fill at least this share of their cap. */
export async function fullMembers(
  on: Executor,
  corpId: number,
  memberCap: number,
  today: string,
  share: number,
): Promise<readonly MemberLoad[]> {
  const { rows } = await sql<MemberLoad>`
    select ${loadColumns(corpId, memberCap, today)}
    from staff s join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    where s.corp_id = ${corpId} and s.gone_at is null and s.follows
      and l.customers >= coalesce(s.customer_cap, ${memberCap}::int) * ${share}::float8
    order by l.customers::float8 / coalesce(s.customer_cap, ${memberCap}::int) desc, s.userid limit 1000`.execute(on)
  return rows
}

/** The fullest members that the actor may see. */
export async function memberLoads(
  on: Executor,
  actor: Actor,
  memberCap: number,
  today: string,
  limit: number,
): Promise<readonly MemberLoad[]> {
  const { rows } = await sql<MemberLoad>`
    select ${loadColumns(actor.corpId, memberCap, today)}
    from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    where s.corp_id = ${actor.corpId} and s.gone_at is null and s.follows and ${staffInScope(actor, 's.userid')}
    order by coalesce(l.customers, 0)::float8 / coalesce(s.customer_cap, ${memberCap}::int) desc, s.userid limit ${limit}`.execute(
    on,
  )
  return rows
}

/** The same for named members. */
export async function loadsOf(
  on: Executor,
  corpId: number,
  memberCap: number,
  today: string,
  userids: readonly string[],
): Promise<readonly MemberLoad[]> {
  const { rows } = await sql<MemberLoad>`
    select ${loadColumns(corpId, memberCap, today)}
    from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    where s.corp_id = ${corpId} and s.userid = any(${[...userids]}::text[])`.execute(on)
  return rows
}

export async function corpLoad(
  on: Executor,
  corpId: number,
  today: string,
): Promise<{ customers: number; net7: number }> {
  const { rows } = await sql<{ customers: number; net7: number }>`
    select coalesce((select sum(customers) from staff_loads where corp_id = ${corpId}), 0)::int as customers,
      coalesce((select sum(adds - losses) from staff_days
        where corp_id = ${corpId} and day >= ${today}::date - 7 and day < ${today}::date), 0)::int as net7`.execute(on)
  return rows[0] ?? { customers: 0, net7: 0 }
}

/** Members named in channels who cannot take anybody, whatever the rota says, with how many channels name them. */
export async function unreadyStaff(
  on: Executor,
  actor: Actor,
  limit: number,
): Promise<readonly { userid: string; name: string; channels: number }[]> {
  const { rows } = await sql<{ userid: string; name: string; channels: number }>`
    select s.userid, s.name, (
        select count(*)::int from channel_members m join channels c on c.id = m.channel_id
        where c.corp_id = s.corp_id and c.status <> 'deleted' and ((m.kind = 'staff' and m.ref = s.userid)
          or (m.kind = 'store' and m.ref = s.store_id::text) or (m.kind = 'department' and m.ref = any(s.department_ids::text[])))
      ) as channels
    from staff s
    where s.corp_id = ${actor.corpId} and ${staffInScope(actor, 's.userid')}
      and (s.addable = 'no' or s.gone_at is not null or not s.follows or s.status <> 1)
      and (s.addable = 'no' or exists (select 1 from channel_members m join channels c on c.id = m.channel_id
        where m.corp_id = s.corp_id and m.kind = 'staff' and m.ref = s.userid and c.status <> 'deleted'))
    order by s.name_pinyin, s.userid limit ${limit}`.execute(on)
  return rows
}

/** Notes what the platform granted a member; answers what was noted before. */
export async function setMemberCap(
  on: Executor,
  corpId: number,
  userid: string,
  cap: number | null,
): Promise<{ cap: number | null } | undefined> {
  const { rows } = await sql<{ cap: number | null }>`
    with before as (select userid, customer_cap from staff where corp_id = ${corpId} and userid = ${userid})
    update staff s set customer_cap = ${cap} from before
    where s.corp_id = ${corpId} and s.userid = before.userid returning before.customer_cap as cap`.execute(on)
  return rows[0]
}
