import type { CorpTagGroup } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Writes all corp tags as the platform lists them; what it no longer lists is gone. */
export async function saveCorpTags(
  on: Executor,
  corpId: number,
  groups: readonly CorpTagGroup[],
  at: Date,
): Promise<void> {
  const tags = groups.flatMap((group) => group.tag.map((tag) => ({ group, tag })))
  if (tags.length > 0) {
    await sql`
      insert into corp_tags as t (corp_id, tag_id, group_id, name, group_name, position, group_position, created_at, seen_at)
      select ${corpId}, n.*, ${at} from unnest(
        ${tags.map(({ tag }) => tag.id)}::text[], ${tags.map(({ group }) => group.group_id)}::text[], ${tags.map(({ tag }) => tag.name)}::text[],
        ${tags.map(({ group }) => group.group_name)}::text[], ${tags.map(({ tag }) => tag.order)}::bigint[],
        ${tags.map(({ group }) => group.order)}::bigint[], ${tags.map(({ tag }) => new Date(tag.create_time * 1000).toISOString())}::timestamptz[]
      ) as n(tag_id, group_id, name, group_name, position, group_position, created_at) order by n.tag_id
      on conflict (corp_id, tag_id) do update set group_id = excluded.group_id, name = excluded.name,
        group_name = excluded.group_name, position = excluded.position, group_position = excluded.group_position,
        seen_at = excluded.seen_at, gone_at = null`.execute(on)
  }
  await sql`update corp_tags set gone_at = ${at} where corp_id = ${corpId} and gone_at is null
    and tag_id <> all(${tags.map(({ tag }) => tag.id)}::text[])`.execute(on)
}
