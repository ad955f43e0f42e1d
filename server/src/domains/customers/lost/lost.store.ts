import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface LostAsk {
  readonly by: 'customer' | 'staff' | undefined
  readonly staff: string | undefined
  readonly store: string | undefined
  readonly channel: string | undefined
  readonly from: Date | undefined
  readonly until: Date | undefined
  readonly after: { readonly at: Date; readonly id: number; readonly userid: string } | undefined
  readonly limit: number
}

export interface Touch {
  readonly kind: string
  readonly at: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly tags: readonly string[]
  readonly staff: string | null
  readonly staffName: string | null
}

export interface LostRow {
  /** The home that the relation stands with, for paging, and its person. */
  readonly home: number
  readonly id: number
  readonly name: string | null
  readonly avatar: string | null
  readonly userid: string
  readonly staffName: string
  readonly store: string | null
  readonly channel: string | null
  readonly endedBy: 'customer' | 'staff' | null
  readonly addedAt: Date | null
  readonly endedAt: Date
  readonly others: readonly string[]
  readonly groups: readonly string[]
  readonly followsAccount: boolean
  readonly hasPhone: boolean
  readonly touches: readonly Touch[]
}

/** What a person notices of us; that a relation ended, or was read, is none. */
const touching = [
  ...['welcome.sent', 'welcome.failed', 'welcome.missed', 'customer.tagged', 'customer.remarked'],
  ...['order.paid', 'order.refunded', 'order.cancelled', 'stage.entered'],
  ...['oa.followed', 'oa.unfollowed', 'oa.scanned', 'relation.added', 'relation.half_added'],
]
const touchesShown = 4

/** Relations that were ended and are not taken over by anybody else, the latest first, with what happened before. */
export async function listLost(on: Executor, actor: Actor, ask: LostAsk): Promise<readonly LostRow[]> {
  const { rows } = await sql<LostRow>`
    with page as materialized (
      select r.customer_id as home, r.userid, r.ended_at, r.ended_by, coalesce(r.added_at, r.half_at) as added_at, r.channel_id,
        s.name as staff_name, s.store_id
      from relations r left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
      where r.corp_id = ${actor.corpId} and r.status = 'ended' and r.ended_at is not null and r.ended_by is distinct from 'transfer'
        and ${staffInScope(actor, 'r.userid')}
        and exists (select from customers c where c.id = r.customer_id and c.erased_at is null)
        ${ask.by === undefined ? sql`` : sql`and r.ended_by = ${ask.by}`}
        ${ask.staff === undefined ? sql`` : sql`and r.userid = ${ask.staff}`}
        ${ask.store === undefined ? sql`` : sql`and s.store_id = ${ask.store}::uuid`}
        ${ask.channel === undefined ? sql`` : sql`and r.channel_id = ${ask.channel}::uuid`}
        ${ask.from === undefined ? sql`` : sql`and r.ended_at >= ${ask.from}`}
        ${ask.until === undefined ? sql`` : sql`and r.ended_at < ${ask.until}`}
        ${
          ask.after === undefined
            ? sql``
            : sql`and (r.ended_at, r.customer_id, r.userid) < (${ask.after.at}::timestamptz, ${ask.after.id}::bigint, ${ask.after.userid})`
        }
      order by r.ended_at desc, r.customer_id desc, r.userid desc limit ${ask.limit}
    ), persons as materialized (
      select distinct page.home, coalesce(c.merged_into, c.id) as root from page join customers c on c.id = page.home
    ), homes as materialized (
      select home as asked, root, root as home from persons union
      select persons.home, persons.root, c.id from persons join customers c on c.merged_into = persons.root
    ), heard as materialized (
      select e.customer_id, e.corp_id, e.id, e.kind, e.occurred_at, e.payload, e.staff_userid
      from (select distinct home from homes) o join events e on e.customer_id = o.home and e.corp_id = ${actor.corpId}
        and e.kind = any(${touching}::text[]) and (e.staff_userid is null or ${staffInScope(actor, 'e.staff_userid')})
    ), told as materialized (
      select distinct o.asked from homes o join imported_customers m on m.customer_id = o.home and m.phone_sealed is not null
    ), touched as materialized (
      select * from (
        select page.home, page.userid, e.corp_id, e.id, e.kind, e.occurred_at, e.payload, e.staff_userid,
          row_number() over (partition by page.home, page.userid order by e.occurred_at desc, e.id desc) as nth
        from page join homes o on o.asked = page.home
        join heard e on e.customer_id = o.home and e.occurred_at <= page.ended_at) one
      where nth <= ${touchesShown}
    )
    select page.home, persons.root as id, c.name, c.avatar, page.userid, coalesce(page.staff_name, page.userid) as "staffName",
      t.name as store, h.name as channel, page.ended_by as "endedBy", page.added_at as "addedAt", page.ended_at as "endedAt",
      coalesce((select json_agg(distinct coalesce(s.name, r.userid)) from homes o join relations r on r.customer_id = o.home
        left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
        where o.asked = page.home and r.status = 'alive' and ${staffInScope(actor, 'r.userid')}), '[]') as others,
      coalesce((select json_agg(distinct g.name) from homes o join group_members m on m.customer_id = o.home and m.present
        join groups g on g.corp_id = m.corp_id and g.chat_id = m.chat_id
        where o.asked = page.home and g.name <> '' and ${staffInScope(actor, 'g.owner')}), '[]') as groups,
      exists (select from homes o join weixin_people w on w.customer_id = o.home
        where o.asked = page.home and w.followed_at > coalesce(w.ended_at, '-infinity')) as "followsAccount",
      exists (select from homes o join identities i on i.customer_id = o.home and i.kind in ('phone', 'phone_typed') where o.asked = page.home)
        or exists (select from homes o join relations r on r.customer_id = o.home where o.asked = page.home and r.mobiles is not null
          and ${staffInScope(actor, 'r.userid')})
        or exists (select from told where told.asked = page.home)
        as "hasPhone",
      coalesce((select json_agg(json_build_object('kind', e.kind, 'at', e.occurred_at, 'payload', e.payload, 'staff', e.staff_userid,
          'staffName', (select s.name from staff s where s.corp_id = e.corp_id and s.userid = e.staff_userid), 'tags', coalesce((
          select json_agg(coalesce((select g.name from corp_tags g where g.corp_id = e.corp_id and g.tag_id = tag.id), tag.id))
          from jsonb_array_elements_text(
            case when jsonb_typeof(e.payload->'tagIds') = 'array' then e.payload->'tagIds' else '[]' end) as tag(id)), '[]'))
          order by e.occurred_at desc, e.id desc)
        from touched e where e.home = page.home and e.userid = page.userid), '[]') as touches
    from page join persons on persons.home = page.home join customers c on c.id = persons.root
    left join stores t on t.id = page.store_id
    left join channels h on h.id = page.channel_id
    order by page.ended_at desc, page.home desc, page.userid desc`.execute(on)
  return rows
}

/** How many relations ended since and are over, by whom. */
export async function lostFiguresOf(
  on: Executor,
  actor: Actor,
  since: Date,
): Promise<{ readonly by_customer: number; readonly by_staff: number }> {
  const { rows } = await sql<{ by_customer: number; by_staff: number }>`
    select count(*) filter (where r.ended_by = 'customer')::int as by_customer,
      count(*) filter (where r.ended_by = 'staff')::int as by_staff
    from relations r
    where r.corp_id = ${actor.corpId} and r.status = 'ended' and r.ended_at >= ${since} and ${staffInScope(actor, 'r.userid')}`.execute(
    on,
  )
  return rows[0] ?? { by_customer: 0, by_staff: 0 }
}
