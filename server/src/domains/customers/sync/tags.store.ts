import type { StrategyTagGroup } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { notePassingTags, passingGroup, passingTags } from './passing-tags.store.ts'

/**
 * Writes all tags of corp and strategies as the platform lists them; what it no longer lists is gone. Those of runs of Moments
 * are kept apart.
 */
export async function saveCorpTags(
  on: Executor,
  corpId: number,
  groups: readonly StrategyTagGroup[],
  at: Date,
): Promise<void> {
  const all = groups.flatMap((group) => group.tag.map((tag) => ({ group, tag })))
  const isPassing = ({ group }: (typeof all)[number]) => group.group_name === passingGroup
  await notePassingTags(
    on,
    corpId,
    all.filter(isPassing).map(({ tag }) => tag),
    at,
  )
  const passing = await passingTags(on, corpId)
  const tags = all.filter(({ tag }) => !passing.has(tag.id))
  if (tags.length > 0) {
    await sql`
      insert into corp_tags as t (corp_id, tag_id, group_id, name, group_name, position, group_position, created_at, strategy_id, seen_at)
      select ${corpId}, n.*, ${at} from unnest(
        ${tags.map(({ tag }) => tag.id)}::text[], ${tags.map(({ group }) => group.group_id)}::text[], ${tags.map(({ tag }) => tag.name)}::text[],
        ${tags.map(({ group }) => group.group_name)}::text[], ${tags.map(({ tag }) => tag.order)}::bigint[],
        ${tags.map(({ group }) => group.order)}::bigint[], ${tags.map(({ tag }) => new Date(tag.create_time * 1000).toISOString())}::timestamptz[],
        ${tags.map(({ group }) => group.strategy_id ?? null)}::int[]
      ) as n(tag_id, group_id, name, group_name, position, group_position, created_at, strategy_id) order by n.tag_id
      on conflict (corp_id, tag_id) do update set group_id = excluded.group_id, name = excluded.name,
        group_name = excluded.group_name, position = excluded.position, group_position = excluded.group_position,
        strategy_id = excluded.strategy_id, seen_at = excluded.seen_at, gone_at = null`.execute(on)
  }
  await sql`update corp_tags set gone_at = ${at} where corp_id = ${corpId} and gone_at is null
    and tag_id <> all(${tags.map(({ tag }) => tag.id)}::text[])`.execute(on)
}

/** The ids that tags have at the platform now, for those that were moved to another group since they were chosen. */
export async function presentTagIds(
  on: Executor,
  corpId: number,
  tagIds: readonly string[],
): Promise<readonly string[]> {
  if (tagIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    with recursive way(start, id, moved_to) as (
      select tag_id, tag_id, moved_to from corp_tags where corp_id = ${corpId} and tag_id = any(${[...tagIds]}::text[])
      union
      select w.start, t.tag_id, t.moved_to from way w join corp_tags t on t.corp_id = ${corpId} and t.tag_id = w.moved_to
    )
    select coalesce((select id from way where start = n.id and moved_to is null limit 1), n.id) as id
    from unnest(${[...tagIds]}::text[]) as n(id)`.execute(on)
  return [...new Set(rows.map((row) => row.id))]
}

/** Relations whose tags the platform now shows otherwise: their persons' tags are worked out again. Machine time. */
export async function noteTagsChanged(
  on: Executor,
  corpId: number,
  changes: readonly { readonly customerId: number; readonly gone: readonly string[] }[],
  at: Date,
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    insert into tag_todos as t (customer_id, corp_id, was, next_at)
    select customer_id, ${corpId}::int, coalesce(array_agg(distinct gone) filter (where gone is not null), '{}'), ${at}::timestamptz from (
      select n.customer_id, tag.gone from unnest(${changes.map((one) => one.customerId)}::bigint[], ${changes.map((one) => `{${one.gone.map((id) => `"${id}"`).join(',')}}`)}::text[])
        as n(customer_id, gone) left join lateral unnest(n.gone::text[]) as tag(gone) on true) as flat
    group by customer_id order by customer_id
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at),
      was = array(select unnest(t.was) union select unnest(excluded.was))`.execute(on)
}
