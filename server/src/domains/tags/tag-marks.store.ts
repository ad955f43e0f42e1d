import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { Truth } from './tag-marks.ts'

/** A living relation with what the platform shows on it. */
export interface RelationTags {
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly tagIds: readonly string[]
}

export async function relationsOfHomes(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly RelationTags[]> {
  const { rows } = await sql<RelationTags>`
    select r.* from unnest(${[...homes]}::bigint[]) as n(id) cross join lateral (
      select customer_id as "customerId", userid, external_userid as "externalUserid", tag_ids as "tagIds" from relations
      where customer_id = n.id and corp_id = ${corpId} and status = 'alive' offset 0) r`.execute(on)
  return rows
}

/** Tags that stand, or may stand, at the platform, by our id. Those of a move on its way are left to it. */
export interface PlatformTag {
  readonly id: string
  readonly platformId: string
  readonly truth: Truth
}

export async function platformTags(on: Executor, corpId: number): Promise<readonly PlatformTag[]> {
  const { rows } = await sql<PlatformTag>`
    select t.id, t.platform_id as "platformId", g.truth from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
    join corp_tags c on c.corp_id = t.corp_id and c.tag_id = t.platform_id and c.gone_at is null
    where t.corp_id = ${corpId} and t.removed_at is null and t.moving is null and g.kind <> 'own'`.execute(on)
  return rows
}

export interface Mark {
  readonly customerId: number
  readonly userid: string
  readonly tagId: string
  readonly present: boolean
}

export async function marksOfHomes(on: Executor, corpId: number, homes: readonly number[]): Promise<readonly Mark[]> {
  const { rows } = await sql<Mark>`
    select customer_id as "customerId", userid, tag_id as "tagId", present from tag_marks
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId}`.execute(on)
  return rows
}

export type MarkKey = Omit<Mark, 'present'>

/** What both sides agree on from now on; `forget`: nobody of ours has a say in it any more. */
export async function writeMarks(
  tx: Tx,
  corpId: number,
  keep: readonly Mark[],
  forget: readonly MarkKey[],
  at: Date,
): Promise<void> {
  if (keep.length > 0)
    await sql`insert into tag_marks as m (customer_id, corp_id, userid, tag_id, present, at)
      select distinct on (n.customer_id, n.userid, n.tag_id) n.customer_id, ${corpId}::int, n.userid, n.tag_id, n.present, ${at}::timestamptz from unnest(
        ${keep.map((one) => one.customerId)}::bigint[], ${keep.map((one) => one.userid)}::text[], ${keep.map((one) => one.tagId)}::text[],
        ${keep.map((one) => one.present)}::boolean[]) as n(customer_id, userid, tag_id, present) order by n.customer_id, n.userid, n.tag_id
      on conflict (customer_id, corp_id, userid, tag_id) do update set present = excluded.present, at = excluded.at
      where m.present <> excluded.present`.execute(tx)
  if (forget.length > 0) await deleteKeys(tx, 'tag_marks', corpId, forget)
}

async function deleteKeys(
  tx: Tx,
  table: 'tag_marks' | 'tag_differences',
  corpId: number,
  keys: readonly MarkKey[],
): Promise<void> {
  await sql`delete from ${sql.table(table)} m using unnest(
      ${keys.map((one) => one.customerId)}::bigint[], ${keys.map((one) => one.userid)}::text[], ${keys.map((one) => one.tagId)}::text[]
    ) as n(customer_id, userid, tag_id)
    where m.customer_id = n.customer_id and m.corp_id = ${corpId} and m.userid = n.userid and m.tag_id = n.tag_id`.execute(
    tx,
  )
}

/** Differences of these homes, anew. */
export async function writeDifferences(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  found: readonly (MarkKey & { readonly wanted: boolean })[],
  at: Date,
): Promise<void> {
  await sql`
    with given as (
      select * from unnest(${found.map((one) => one.customerId)}::bigint[], ${found.map((one) => one.userid)}::text[],
        ${found.map((one) => one.tagId)}::text[], ${found.map((one) => one.wanted)}::boolean[]) as n(customer_id, userid, tag_id, wanted)
    ), gone as (
      delete from tag_differences d where d.customer_id = any(${[...homes]}::bigint[]) and d.corp_id = ${corpId}
        and not exists (select from given g where (g.customer_id, g.userid, g.tag_id) = (d.customer_id, d.userid, d.tag_id))
    )
    insert into tag_differences (customer_id, corp_id, userid, tag_id, wanted, found_at)
    select customer_id, ${corpId}, userid, tag_id, wanted, ${at}::timestamptz from given
    on conflict (customer_id, corp_id, userid, tag_id) do update set wanted = excluded.wanted`.execute(tx)
}

export interface WantedCall extends RelationTags {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Why it is not even tried. */
  readonly refused?: string | undefined
}

/** The calls that relations of these homes need, in the place of those that waited; one that is the same stays as it is. */
export async function writeCalls(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  calls: readonly WantedCall[],
  at: Date,
): Promise<void> {
  const list = calls.toSorted((a, b) => a.customerId - b.customerId || (a.userid < b.userid ? -1 : 1))
  await sql`
    with given as (
      select * from unnest(
        ${list.map((one) => one.customerId)}::bigint[], ${list.map((one) => one.userid)}::text[], ${list.map((one) => one.externalUserid)}::text[],
        ${list.map((one) => literal(one.add))}::text[], ${list.map((one) => literal(one.remove))}::text[], ${list.map((one) => one.refused ?? null)}::text[]
      ) as n(customer_id, userid, external_userid, add_tags, remove_tags, refused)
    ), gone as (
      delete from tag_calls c where c.customer_id = any(${[...homes]}::bigint[]) and c.corp_id = ${corpId}
        and not exists (select from given g where (g.customer_id, g.userid) = (c.customer_id, c.userid))
    )
    insert into tag_calls as c (customer_id, corp_id, userid, external_userid, add_tags, remove_tags, refused, reason, next_at)
    select customer_id, ${corpId}, userid, external_userid, add_tags::text[], remove_tags::text[], refused is not null, refused, ${at}::timestamptz from given
    on conflict (customer_id, corp_id, userid) do update set add_tags = excluded.add_tags, remove_tags = excluded.remove_tags,
      external_userid = excluded.external_userid, revision = c.revision + 1, attempts = 0, refused = excluded.refused,
      reason = excluded.reason, next_at = excluded.next_at
    where (c.add_tags, c.remove_tags) is distinct from (excluded.add_tags, excluded.remove_tags)`.execute(tx)
}
const literal = (ids: readonly string[]) => `{${ids.map((id) => `"${id}"`).join(',')}}`

export interface TakenCall {
  readonly id: number
  readonly revision: number
  readonly corpId: number
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly attempts: number
}

/** Takes calls that are due for so long: who dies with them in hand leaves them to whoever looks then. */
export async function takeCalls(
  on: Executor,
  corpId: number,
  ask: { readonly limit: number; readonly at: Date; readonly leaseMs: number; readonly customers?: readonly number[] },
): Promise<readonly TakenCall[]> {
  const { rows } = await sql<TakenCall>`
    with due as (
      select customer_id, corp_id, userid from tag_calls where corp_id = ${corpId} and next_at <= ${ask.at} and not refused
        ${ask.customers === undefined ? sql`` : sql`and customer_id = any(${[...ask.customers]}::bigint[])`}
      order by next_at limit ${ask.limit} for update skip locked)
    update tag_calls t set next_at = ${new Date(ask.at.getTime() + ask.leaseMs)} from due
    where (t.customer_id, t.corp_id, t.userid) = (due.customer_id, due.corp_id, due.userid)
    returning t.id, t.revision, t.corp_id as "corpId", t.customer_id as "customerId", t.userid, t.external_userid as "externalUserid",
      t.add_tags as add, t.remove_tags as remove, t.attempts`.execute(on)
  return rows
}

/** The calls were answered well: the relations have it so, and both sides agree. */
export async function noteCalled(tx: Tx, corpId: number, calls: readonly TakenCall[], at: Date): Promise<void> {
  if (calls.length === 0) return
  const changes = calls.flatMap((call) => [
    ...call.add.map((tag) => ({ call, tag, present: true })),
    ...call.remove.map((tag) => ({ call, tag, present: false })),
  ])
  await sql`
    update relations r set detail_at = greatest(r.detail_at, ${at}::timestamptz), tag_ids = (
      select coalesce(array_agg(distinct tag order by tag), '{}') from (
        select unnest(r.tag_ids) as tag except select unnest(n.remove::text[]) union select unnest(n.add::text[])) as after)
    from unnest(${calls.map((one) => one.customerId)}::bigint[], ${calls.map((one) => one.userid)}::text[],
      ${calls.map((one) => literal(one.add))}::text[], ${calls.map((one) => literal(one.remove))}::text[]) as n(customer_id, userid, add, remove)
    where r.customer_id = n.customer_id and r.corp_id = ${corpId} and r.userid = n.userid`.execute(tx)
  await sql`
    insert into tag_marks (customer_id, corp_id, userid, tag_id, present, at)
    select n.customer_id, ${corpId}::int, n.userid, t.id, n.present, ${at}::timestamptz from unnest(
      ${changes.map((one) => one.call.customerId)}::bigint[], ${changes.map((one) => one.call.userid)}::text[],
      ${changes.map((one) => one.tag)}::text[], ${changes.map((one) => one.present)}::boolean[]) as n(customer_id, userid, tag, present)
    join tags t on t.corp_id = ${corpId} and t.platform_id = n.tag
    order by 1, 3, 4
    on conflict (customer_id, corp_id, userid, tag_id) do update set present = excluded.present, at = excluded.at`.execute(
    tx,
  )
}

/** Done, unless something else was wanted meanwhile. */
export async function dropCalls(tx: Executor, calls: readonly TakenCall[]): Promise<void> {
  await sql`delete from tag_calls t using unnest(${calls.map((one) => one.id)}::bigint[], ${calls.map((one) => one.revision)}::int[]) as n(id, revision)
    where t.customer_id = any(${calls.map((one) => one.customerId)}::bigint[]) and t.id = n.id and t.revision = n.revision`.execute(
    tx,
  )
}

/** Not done: later again, or, when it is refused for good, not until a person or a new wish says so. */
export async function setCallsAside(
  on: Executor,
  calls: readonly {
    readonly call: TakenCall
    readonly reason: string
    readonly refused: boolean
    readonly nextAt: Date
  }[],
): Promise<void> {
  if (calls.length === 0) return
  await sql`update tag_calls t set attempts = t.attempts + 1, reason = n.reason, refused = n.refused, next_at = n.next_at
    from unnest(${calls.map((one) => one.call.id)}::bigint[], ${calls.map((one) => one.call.revision)}::int[], ${calls.map((one) => one.reason.slice(0, 300))}::text[],
      ${calls.map((one) => one.refused)}::boolean[], ${calls.map((one) => one.nextAt.toISOString())}::timestamptz[]) as n(id, revision, reason, refused, next_at)
    where t.customer_id = any(${calls.map((one) => one.call.customerId)}::bigint[]) and t.id = n.id and t.revision = n.revision`.execute(
    on,
  )
}

/** What is refused is tried once more. */
export async function retryRefused(on: Executor, corpId: number, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`update tag_calls set refused = false, attempts = 0, next_at = ${at}
    where corp_id = ${corpId} and refused`.execute(on)
  return Number(numAffectedRows ?? 0)
}
