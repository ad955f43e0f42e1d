import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

/**
 * The group of the corp tags that stand for a run of a Moment only: the platform narrows a Moment by corp tags alone (95094).
 * What stands in it is no tag of customers: it comes into no list, no audience and no life-cycle.
 */
export const passingGroup = '触达临时标签'

/** The platform's ids of such tags, of those that are gone too: somebody may still be read as he was. */
export async function passingTags(on: Executor, corpId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select tag_id as id from passing_tags where corp_id = ${corpId}`.execute(on)
  return new Set(rows.map((row) => row.id))
}

export async function notePassingTags(
  on: Executor,
  corpId: number,
  tags: readonly { readonly id: string; readonly name: string }[],
  at: Date,
): Promise<void> {
  if (tags.length === 0) return
  await sql`
    insert into passing_tags (corp_id, tag_id, name, made_at)
    select ${corpId}, id, name, ${at}::timestamptz from unnest(
      ${tags.map((one) => one.id)}::text[], ${tags.map((one) => one.name)}::text[]) as n(id, name) order by id
    on conflict (corp_id, tag_id) do nothing`.execute(on)
}
