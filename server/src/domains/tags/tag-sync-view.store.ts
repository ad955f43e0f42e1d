import { sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'

export interface MarkRow {
  readonly customerId: number
  readonly customerName: string | null
  readonly userid: string
  readonly staffName: string | null
  readonly tagId: string
  readonly tag: string
  readonly group: string
  readonly truth: 'ours' | 'wecom'
  readonly wanted: boolean
  readonly foundAt: Date
}

export async function listMarkDifferences(
  on: Executor,
  actor: Actor,
  after: readonly [number, string, string] | undefined,
  limit: number,
): Promise<readonly MarkRow[]> {
  const { rows } = await sql<MarkRow>`
    select d.customer_id as "customerId", c.name as "customerName", d.userid, s.name as "staffName", d.tag_id as "tagId", t.name as tag,
      g.name as "group", g.truth, d.wanted, d.found_at as "foundAt"
    from tag_differences d
    join tags t on t.corp_id = d.corp_id and t.id = d.tag_id join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
    left join customers c on c.id = d.customer_id
    left join staff s on s.corp_id = d.corp_id and s.userid = d.userid
    where d.corp_id = ${actor.corpId} and ${staffInScope(actor, 'd.userid')}
      ${after === undefined ? sql`` : sql`and (d.customer_id, d.userid, d.tag_id) > (${after[0]}::bigint, ${after[1]}, ${after[2]})`}
    order by d.customer_id, d.userid, d.tag_id limit ${limit}`.execute(on)
  return rows
}

export interface RefusedRow {
  readonly customerId: number
  readonly customerName: string | null
  readonly userid: string
  readonly staffName: string | null
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly reason: string | null
}

export async function listRefused(on: Executor, actor: Actor, limit: number): Promise<readonly RefusedRow[]> {
  const named = (
    ids: string,
  ) => sql`coalesce((select array_agg(coalesce(g.name, n.id)) from unnest(${sql.ref(ids)}) as n(id)
    left join corp_tags g on g.corp_id = t.corp_id and g.tag_id = n.id), '{}')`
  const { rows } = await sql<RefusedRow>`
    select t.customer_id as "customerId", c.name as "customerName", t.userid, s.name as "staffName", ${named('t.add_tags')} as add,
      ${named('t.remove_tags')} as remove, t.reason
    from tag_calls t left join customers c on c.id = t.customer_id
    left join staff s on s.corp_id = t.corp_id and s.userid = t.userid
    where t.corp_id = ${actor.corpId} and t.refused and ${staffInScope(actor, 't.userid')}
    order by t.customer_id, t.userid limit ${limit}`.execute(on)
  return rows
}

export async function runningSync(on: Executor, corpId: number) {
  const row = await on
    .selectFrom('operations')
    .select(['id', 'kind', 'done', 'total'])
    .where('corp_id', '=', corpId)
    .where('kind', 'like', 'tags.%')
    .where('state', 'in', ['waiting', 'running'])
    .orderBy('created_at')
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : { ...row, done: Number(row.done), total: row.total === null ? null : Number(row.total) }
}

/** The last applied sync of which something is left to undo. */
export async function lastSync(
  on: Executor,
  corpId: number,
): Promise<{ readonly id: string; readonly at: Date; readonly changes: number; readonly by: string } | undefined> {
  const { rows } = await sql<{ id: string; at: Date; changes: number; by: string }>`
    select o.id, o.created_at as at, n.changes, coalesce(a.name, o.started_by) as by from operations o
    cross join lateral (select count(*)::int as changes from tag_sync_changes c where c.operation_id = o.id and c.undone_at is null) n
    left join accounts a on a.id::text = o.started_by
    where o.corp_id = ${corpId} and o.kind = 'tags.sync' and o.state in ('done', 'cancelled', 'failed') and n.changes > 0
    order by o.created_at desc limit 1`.execute(on)
  return rows[0]
}
