import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import type { TakenCall } from './tag-marks.store.ts'

export interface Carrier {
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
}

/** How many living relations carry one of these ids. */
export async function countCarriers(on: Executor, corpId: number, platformId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from relations
    where corp_id = ${corpId} and status = 'alive' and tag_ids @> array[${platformId}]::text[]`.execute(on)
  return rows[0]?.n ?? 0
}

/** Living relations that carry an id, in the order of their keys. */
export async function carriersOf(
  on: Executor,
  corpId: number,
  platformId: string,
  after: { readonly customerId: number; readonly userid: string },
  limit: number,
): Promise<readonly Carrier[]> {
  const { rows } = await sql<Carrier>`
    select customer_id as "customerId", userid, external_userid as "externalUserid" from relations
    where corp_id = ${corpId} and status = 'alive' and tag_ids @> array[${platformId}]::text[]
      and (customer_id, userid) > (${after.customerId}::bigint, ${after.userid})
    order by customer_id, userid limit ${limit}`.execute(on)
  return rows
}

/** Puts an id, or takes another, on these relations, into the queue of calls beside what waits there; answers them as taken. */
export async function takeRemarks(
  on: Executor,
  corpId: number,
  carriers: readonly Carrier[],
  ids: { readonly add?: string; readonly remove?: string },
  until: Date,
): Promise<readonly TakenCall[]> {
  if (carriers.length === 0) return []
  const [add, remove] = [ids.add, ids.remove].map((id) => sql`${id === undefined ? [] : [id]}::text[]`)
  const { rows } = await sql<TakenCall>`
    insert into tag_calls as c (customer_id, corp_id, userid, external_userid, add_tags, remove_tags, next_at)
    select n.customer_id, ${corpId}, n.userid, n.external_userid, ${add}, ${remove}, ${until}::timestamptz
    from unnest(${carriers.map((one) => one.customerId)}::bigint[], ${carriers.map((one) => one.userid)}::text[],
      ${carriers.map((one) => one.externalUserid)}::text[]) as n(customer_id, userid, external_userid)
    order by n.customer_id, n.userid
    on conflict (customer_id, corp_id, userid) do update set revision = c.revision + 1, refused = false, next_at = excluded.next_at,
      add_tags = array(select unnest(c.add_tags) except select unnest(${remove}) union select unnest(${add})),
      remove_tags = array(select unnest(c.remove_tags) except select unnest(${add}) union select unnest(${remove}))
    returning c.id, c.revision, c.corp_id as "corpId", c.customer_id as "customerId", c.userid, c.external_userid as "externalUserid",
      c.add_tags as add, c.remove_tags as remove, c.attempts`.execute(on)
  return rows
}

/** Everybody of whom we said something of this tag, to be worked out once the tag stands again. */
export async function queueTagged(on: Executor, corpId: number, tagIds: readonly string[], at: Date): Promise<void> {
  await sql`insert into tag_todos as t (customer_id, corp_id, next_at)
    select distinct customer_id, ${corpId}::int, ${at}::timestamptz from tag_facts where corp_id = ${corpId} and tag_id = any(${[...tagIds]}::text[])
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    on,
  )
}

/** Forgets what was agreed of these tags: they are made again under new ids and must be put anew. */
export async function forgetMarks(on: Executor, corpId: number, tagIds: readonly string[]): Promise<void> {
  await sql`delete from tag_marks where corp_id = ${corpId} and tag_id = any(${[...tagIds]}::text[])`.execute(on)
}

/** Who carried tags that the platform lost, as words of the platform's, so that none is lost when they are made again. */
export async function carriersAsFacts(
  on: Executor,
  corpId: number,
  tags: readonly { readonly id: string; readonly platformId: string }[],
  at: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with carried as materialized (
      select r.customer_id, r.userid, n.id as tag_id
      from unnest(${tags.map((one) => one.id)}::text[], ${tags.map((one) => one.platformId)}::text[]) as n(id, platform_id)
      join relations r on r.corp_id = ${corpId} and r.status = 'alive' and r.tag_ids @> array[n.platform_id]
    ), said as materialized (
      select f.customer_id, f.tag_id from carried c join tag_facts f on f.customer_id = c.customer_id and f.tag_id = c.tag_id
      where f.source in ('manual', 'wecom')
    )
    insert into tag_facts (customer_id, corp_id, tag_id, source, reference, says, evidence, at)
    select c.customer_id, ${corpId}, c.tag_id, 'wecom', c.userid, true, jsonb_build_object('userid', c.userid, 'kept', true), ${at}::timestamptz
    from carried c left join said s on s.customer_id = c.customer_id and s.tag_id = c.tag_id where s.customer_id is null
    on conflict do nothing`.execute(on)
  return Number(numAffectedRows ?? 0)
}

/** Calls that take back what a sync had put on or taken off. */
export async function takeReverse(
  on: Executor,
  corpId: number,
  marks: readonly {
    readonly customerId: number
    readonly userid: string
    readonly tagId: string
    readonly wanted: boolean
  }[],
  until: Date,
): Promise<readonly TakenCall[]> {
  if (marks.length === 0) return []
  const { rows } = await sql<TakenCall>`
    insert into tag_calls as c (customer_id, corp_id, userid, external_userid, add_tags, remove_tags, next_at)
    select r.customer_id, r.corp_id, r.userid, min(r.external_userid), coalesce(array_agg(t.platform_id) filter (where not n.wanted), '{}'),
      coalesce(array_agg(t.platform_id) filter (where n.wanted), '{}'), ${until}::timestamptz
    from unnest(${marks.map((one) => one.customerId)}::bigint[], ${marks.map((one) => one.userid)}::text[], ${marks.map((one) => one.tagId)}::text[],
      ${marks.map((one) => one.wanted)}::boolean[]) as n(customer_id, userid, tag_id, wanted)
    join relations r on r.customer_id = n.customer_id and r.corp_id = ${corpId} and r.userid = n.userid and r.status = 'alive'
    join tags t on t.corp_id = ${corpId} and t.id = n.tag_id and t.platform_id is not null and t.removed_at is null
    group by r.customer_id, r.corp_id, r.userid
    on conflict (customer_id, corp_id, userid) do update set revision = c.revision + 1, refused = false, next_at = excluded.next_at,
      add_tags = excluded.add_tags, remove_tags = excluded.remove_tags
    returning c.id, c.revision, c.corp_id as "corpId", c.customer_id as "customerId", c.userid, c.external_userid as "externalUserid",
      c.add_tags as add, c.remove_tags as remove, c.attempts`.execute(on)
  return rows
}
