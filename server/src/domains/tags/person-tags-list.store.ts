import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import type { TagSource } from './tag-state.ts'

export interface TaggedRow {
  readonly customerId: number
  readonly tagId: string
  readonly root: number
  readonly name: string | null
  readonly externalUserid: string | null
  readonly group: string
  readonly tag: string
  readonly source: TagSource
  readonly confidence: number | null
  readonly at: Date
  readonly expiresAt: Date | null
}

/** Tags of persons, by person and tag, after one of them. */
export async function listTagged(
  on: Executor,
  corpId: number,
  tagId: string | undefined,
  after: readonly [number, string],
  limit: number,
): Promise<readonly TaggedRow[]> {
  const { rows } = await sql<TaggedRow>`
    with page as materialized (
      select x.* from person_tags x where x.corp_id = ${corpId} ${tagId === undefined ? sql`` : sql`and x.tag_id = ${tagId}`}
        and (x.customer_id, x.tag_id) > (${after[0]}::bigint, ${after[1]}::text)
      order by x.customer_id, x.tag_id limit ${limit}
    )
    select x.customer_id as "customerId", x.tag_id as "tagId", p.id as root, p.name,
      (select r.external_userid from relations r where r.customer_id = x.customer_id and r.corp_id = x.corp_id limit 1) as "externalUserid",
      coalesce(g.name, '') as "group", coalesce(t.name, x.tag_id) as tag, x.source, x.confidence, x.at, x.expires_at as "expiresAt"
    from page x join customers h on h.id = x.customer_id join customers p on p.id = coalesce(h.merged_into, h.id)
    left join tags t on t.corp_id = x.corp_id and t.id = x.tag_id
    left join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
    order by x.customer_id, x.tag_id`.execute(on)
  return rows
}

export async function countTagged(on: Executor, corpId: number, tagId: string | undefined): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*)::bigint as rows from person_tags
    where corp_id = ${corpId} ${tagId === undefined ? sql`` : sql`and tag_id = ${tagId}`}`.execute(on)
  return rows[0]?.rows ?? 0
}
