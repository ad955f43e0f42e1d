import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { Difference, OurTag, TheirTag } from './tag-diff.ts'
import type { Truth } from './tag-marks.ts'

export type GroupKind = 'corp' | 'strategy' | 'own'

export interface GroupRow {
  readonly id: string
  readonly kind: GroupKind
  readonly strategyId: number | null
  readonly platformId: string | null
  readonly ours: boolean
  readonly truth: Truth
  readonly name: string
  readonly position: number
  readonly exclusive: boolean
  readonly sensitive: boolean
}

export interface TagRow {
  readonly id: string
  readonly groupId: string
  readonly platformId: string | null
  readonly name: string
  readonly position: number
  readonly moving: Moving | null
}

/** A tag on its way to another group; the old one at the platform stands until every relation has the new one. */
export interface Moving {
  readonly operationId: string
  readonly fromGroup: string
  readonly fromPlatformId: string
  readonly toGroup: string
  readonly toPlatformId: string
}

const groupColumns = sql`id, kind, strategy_id as "strategyId", platform_id as "platformId", ours, truth, name, position, exclusive, sensitive`
const tagColumns = sql`id, group_id as "groupId", platform_id as "platformId", name, position, moving`

/** Whoever changes the catalogue holds this row: names stay unique and limits are counted once. */
export async function lockCatalogue(tx: Tx, corpId: number): Promise<void> {
  await sql`insert into tag_standings (corp_id) values (${corpId}) on conflict do nothing`.execute(tx)
  await sql`select from tag_standings where corp_id = ${corpId} for update`.execute(tx)
}

export async function listGroups(on: Executor, corpId: number): Promise<readonly GroupRow[]> {
  const { rows } = await sql<GroupRow>`select ${groupColumns} from tag_groups
    where corp_id = ${corpId} and removed_at is null order by position desc, created_at, id`.execute(on)
  return rows
}

export async function listTags(on: Executor, corpId: number): Promise<readonly TagRow[]> {
  const { rows } = await sql<TagRow>`select ${tagColumns} from tags
    where corp_id = ${corpId} and removed_at is null order by position desc, created_at, id`.execute(on)
  return rows
}

export async function findGroup(on: Executor, corpId: number, id: string): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`select ${groupColumns} from tag_groups
    where corp_id = ${corpId} and id = ${id} and removed_at is null`.execute(on)
  return rows[0]
}

export async function findTag(on: Executor, corpId: number, id: string): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`select ${tagColumns} from tags
    where corp_id = ${corpId} and id = ${id} and removed_at is null`.execute(on)
  return rows[0]
}

/** Tags at the platform, of which a corp may have so many; those of runs of Moments too. */
export async function tagsAtPlatform(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select (select count(*) from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
      where t.corp_id = ${corpId} and t.removed_at is null and g.kind <> 'own')::int
      + (select count(*) from passing_tags where corp_id = ${corpId} and gone_at is null)::int as n`.execute(on)
  return rows[0]?.n ?? 0
}

export async function insertGroup(on: Executor, corpId: number, group: GroupRow, at: Date): Promise<void> {
  await sql`insert into tag_groups (corp_id, id, kind, strategy_id, platform_id, ours, truth, name, position, base_name, base_position, exclusive, sensitive, created_at)
    values (${corpId}, ${group.id}, ${group.kind}, ${group.strategyId}, ${group.platformId}, ${group.ours}, ${group.truth}, ${group.name},
      ${group.position}, ${group.name}, ${group.position}, ${group.exclusive}, ${group.sensitive}, ${at})`.execute(on)
}

export async function insertTags(
  on: Executor,
  corpId: number,
  tags: readonly Omit<TagRow, 'moving'>[],
  at: Date,
): Promise<void> {
  if (tags.length === 0) return
  await sql`insert into tags (corp_id, id, group_id, platform_id, name, position, base_name, base_position, created_at)
    select ${corpId}, n.id, n.group_id, n.platform_id, n.name, n.position, n.name, n.position, ${at}::timestamptz from unnest(
      ${tags.map((one) => one.id)}::text[], ${tags.map((one) => one.groupId)}::text[], ${tags.map((one) => one.platformId)}::text[],
      ${tags.map((one) => one.name)}::text[], ${tags.map((one) => one.position)}::bigint[]) as n(id, group_id, platform_id, name, position)
    on conflict (corp_id, id) do update set group_id = excluded.group_id, platform_id = excluded.platform_id, name = excluded.name,
      position = excluded.position, base_name = excluded.base_name, base_position = excluded.base_position, removed_at = null`.execute(
    on,
  )
}

/** What the platform now calls a group and its tags of ours. */
export async function linkToPlatform(
  on: Executor,
  corpId: number,
  links: readonly {
    readonly table: 'tag_groups' | 'tags'
    readonly id: string
    readonly platformId: string
    readonly position: number
  }[],
): Promise<void> {
  for (const [table, list] of Map.groupBy(links, (link) => link.table)) {
    await sql`update ${sql.table(table)} t set platform_id = n.platform_id, position = n.position, base_name = t.name, base_position = n.position
      from unnest(${list.map((one) => one.id)}::text[], ${list.map((one) => one.platformId)}::text[], ${list.map((one) => one.position)}::bigint[])
        as n(id, platform_id, position)
      where t.corp_id = ${corpId} and t.id = n.id`.execute(on)
  }
}

export interface NameChange {
  readonly of: 'group' | 'tag'
  readonly id: string
  readonly name?: string | undefined
  readonly position?: number | undefined
}

/** What we want; `agreed`: the platform has it so. */
export async function writeNames(
  on: Executor,
  corpId: number,
  changes: readonly NameChange[],
  agreed: boolean,
): Promise<void> {
  for (const [of, list] of Map.groupBy(changes, (change) => change.of)) {
    await sql`update ${sql.table(of === 'group' ? 'tag_groups' : 'tags')} t set name = coalesce(n.name, t.name), position = coalesce(n.position, t.position)
        ${agreed ? sql`, base_name = coalesce(n.name, t.base_name), base_position = coalesce(n.position, t.base_position)` : sql``}
      from unnest(${list.map((one) => one.id)}::text[], ${list.map((one) => one.name ?? null)}::text[], ${list.map((one) => one.position ?? null)}::bigint[])
        as n(id, name, position)
      where t.corp_id = ${corpId} and t.id = n.id`.execute(on)
  }
}

export async function writeGroupRules(
  on: Executor,
  corpId: number,
  id: string,
  rules: { readonly exclusive: boolean; readonly sensitive: boolean; readonly truth: Truth },
): Promise<void> {
  await sql`update tag_groups set exclusive = ${rules.exclusive}, sensitive = ${rules.sensitive}, truth = ${rules.truth}
    where corp_id = ${corpId} and id = ${id}`.execute(on)
}

/** Our app may change it after all: the platform let it. */
export async function claimGroup(on: Executor, corpId: number, id: string): Promise<void> {
  await sql`update tag_groups set ours = true where corp_id = ${corpId} and id = ${id}`.execute(on)
}

/** Takes groups (with their tags) and tags out of the catalogue; a group without tags goes with its last one. */
export async function removeFromCatalogue(
  on: Executor,
  corpId: number,
  gone: { readonly groups?: readonly string[]; readonly tags?: readonly string[] },
  at: Date,
): Promise<void> {
  const groups = [...(gone.groups ?? [])]
  await sql`update tags set removed_at = ${at}, moving = null where corp_id = ${corpId} and removed_at is null
    and (group_id = any(${groups}::text[]) or id = any(${[...(gone.tags ?? [])]}::text[]))`.execute(on)
  await sql`update tag_groups g set removed_at = ${at} where corp_id = ${corpId} and removed_at is null and (id = any(${groups}::text[])
    or kind <> 'own' and not exists (select from tags t where t.corp_id = g.corp_id and t.group_id = g.id and t.removed_at is null))`.execute(
    on,
  )
}

/** What is to be made at the platform again, under new ids. */
export async function unlink(
  on: Executor,
  corpId: number,
  ids: { groups: readonly string[]; tags: readonly string[] },
): Promise<void> {
  await sql`update tag_groups set platform_id = null where corp_id = ${corpId} and id = any(${[...ids.groups]}::text[])`.execute(
    on,
  )
  await sql`update tags set platform_id = null where corp_id = ${corpId} and (id = any(${[...ids.tags]}::text[]) or group_id = any(${[...ids.groups]}::text[]))`.execute(
    on,
  )
}

export async function ourCatalogue(on: Executor, corpId: number): Promise<readonly OurTag[]> {
  const { rows } = await sql<OurTag & { groupId: string | null }>`
    select id, 'group' as kind, null as "groupId", platform_id as "platformId", name, position, coalesce(base_name, name) as "baseName",
      coalesce(base_position, position) as "basePosition", ours, truth
    from tag_groups where corp_id = ${corpId} and removed_at is null and platform_id is not null
    union all
    select t.id, 'tag', t.group_id, t.platform_id, t.name, t.position, coalesce(t.base_name, t.name), coalesce(t.base_position, t.position), g.ours, g.truth
    from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
    where t.corp_id = ${corpId} and t.removed_at is null and t.platform_id is not null and t.moving is null`.execute(on)
  return rows.map((row) => ({ ...row, groupId: row.groupId ?? undefined }))
}

/** The platform's tags as they were read last; those of a move on its way are left out on both sides. */
export async function theirCatalogue(on: Executor, corpId: number): Promise<readonly TheirTag[]> {
  const { rows } = await sql<TheirTag & { groupPlatformId: string | null }>`
    with shown as (
      select * from corp_tags c where corp_id = ${corpId} and gone_at is null and not exists (
        select from tags t where t.corp_id = c.corp_id and t.moving is not null and t.removed_at is null
          and c.tag_id in (t.moving->>'fromPlatformId', t.moving->>'toPlatformId')))
    select distinct group_id as "platformId", 'group' as kind, null as "groupPlatformId", group_name as name, group_position as position from corp_tags
    where corp_id = ${corpId} and gone_at is null
    union all select tag_id, 'tag', group_id, name, position from shown`.execute(on)
  return rows.map((row) => ({ ...row, groupPlatformId: row.groupPlatformId ?? undefined }))
}

/** Changes whenever anything does that the platform showed of its tags; the business clock may stand still meanwhile. */
export async function fingerprintOf(on: Executor, corpId: number): Promise<string> {
  const { rows } = await sql<{ print: string | null }>`
    select sum(hashtextextended(concat_ws(' ', tag_id, group_id, name, group_name, position, group_position, gone_at is null), 0))::text as print
    from corp_tags where corp_id = ${corpId}`.execute(on)
  return rows[0]?.print ?? ''
}

/** Whether what the platform shows was ever taken over for this corp. */
export async function wasAdopted(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql`
    select from tag_standings where corp_id = ${corpId} and adopted_at is not null`.execute(on)
  return rows.length > 0
}

export async function noteAdopted(on: Executor, corpId: number, at: Date): Promise<void> {
  await sql`insert into tag_standings (corp_id, adopted_at) values (${corpId}, ${at})
    on conflict (corp_id) do update set adopted_at = greatest(tag_standings.adopted_at, excluded.adopted_at)`.execute(
    on,
  )
}

/** What we began to make and had no answer about: what stands at the platform by these names is ours. */
export async function linkPending(on: Executor, corpId: number): Promise<void> {
  await sql`update tag_groups g set platform_id = c.group_id, position = c.group_position, base_name = g.name, base_position = c.group_position
    from (select distinct group_id, group_name, group_position, strategy_id from corp_tags where corp_id = ${corpId} and gone_at is null) c
    where g.corp_id = ${corpId} and g.platform_id is null and g.kind <> 'own' and g.removed_at is null and g.name = c.group_name
      and g.strategy_id is not distinct from c.strategy_id
      and not exists (select from tag_groups o where o.corp_id = g.corp_id and o.platform_id = c.group_id)`.execute(on)
  await sql`update tags t set platform_id = c.tag_id, position = c.position, base_name = t.name, base_position = c.position
    from tag_groups g, corp_tags c
    where t.corp_id = ${corpId} and t.platform_id is null and t.removed_at is null and g.corp_id = t.corp_id and g.id = t.group_id
      and c.corp_id = t.corp_id and c.group_id = g.platform_id and c.gone_at is null and c.name = t.name
      and not exists (select from tags o where o.corp_id = t.corp_id and o.platform_id = c.tag_id)`.execute(on)
}

/** Takes over what the platform shows and we did not know. */
export async function adoptUnknown(
  on: Executor,
  corpId: number,
  found: readonly Difference[],
  at: Date,
): Promise<void> {
  const ids = found.filter((one) => one.kind === 'unknown').map((one) => one.platformId)
  if (ids.length === 0) return
  await sql`insert into tag_groups (corp_id, id, kind, strategy_id, platform_id, ours, truth, name, position, base_name, base_position, created_at)
    select distinct on (group_id) corp_id, group_id, case when strategy_id is null then 'corp' else 'strategy' end, strategy_id, group_id, false, 'wecom',
      group_name, group_position, group_name, group_position, ${at}::timestamptz
    from corp_tags where corp_id = ${corpId} and gone_at is null and group_id = any(${ids}::text[])
    on conflict (corp_id, id) do update set removed_at = null, platform_id = excluded.platform_id, name = excluded.name, position = excluded.position,
      base_name = excluded.base_name, base_position = excluded.base_position`.execute(on)
  await sql`insert into tags (corp_id, id, group_id, platform_id, name, position, base_name, base_position, created_at)
    select c.corp_id, c.tag_id, g.id, c.tag_id, c.name, c.position, c.name, c.position, ${at}::timestamptz
    from corp_tags c join tag_groups g on g.corp_id = c.corp_id and g.platform_id = c.group_id
    where c.corp_id = ${corpId} and c.gone_at is null and c.tag_id = any(${ids}::text[])
    on conflict (corp_id, id) do update set removed_at = null, group_id = excluded.group_id, platform_id = excluded.platform_id, name = excluded.name,
      position = excluded.position, base_name = excluded.base_name, base_position = excluded.base_position`.execute(on)
}

export async function setMoving(on: Executor, corpId: number, tagId: string, moving: Moving | null): Promise<void> {
  await sql`update tags set moving = ${moving === null ? null : JSON.stringify(moving)}::jsonb where corp_id = ${corpId} and id = ${tagId}`.execute(
    on,
  )
}

/** The tag stands in its new group from now on, under its own id. */
export async function finishMove(on: Executor, corpId: number, tagId: string, moving: Moving): Promise<void> {
  await sql`update tags set group_id = ${moving.toGroup}, platform_id = ${moving.toPlatformId}, moving = null
    where corp_id = ${corpId} and id = ${tagId}`.execute(on)
  await sql`update corp_tags set moved_to = ${moving.toPlatformId} where corp_id = ${corpId} and tag_id = ${moving.fromPlatformId}`.execute(
    on,
  )
  // what was moved there and back is where it was
  await sql`update corp_tags set moved_to = null where corp_id = ${corpId} and tag_id = ${moving.toPlatformId}`.execute(
    on,
  )
}

export async function moveOwn(on: Executor, corpId: number, tagId: string, toGroup: string): Promise<void> {
  await sql`update tags set group_id = ${toGroup} where corp_id = ${corpId} and id = ${tagId}`.execute(on)
}

/** What both sides last agreed on, whatever stands now. */
export async function writeBases(on: Executor, corpId: number, changes: readonly NameChange[]): Promise<void> {
  for (const { of, id, name, position } of changes)
    await sql`update ${sql.table(of === 'group' ? 'tag_groups' : 'tags')} set base_name = coalesce(${name ?? null}, base_name),
      base_position = coalesce(${position ?? null}::bigint, base_position) where corp_id = ${corpId} and id = ${id}`.execute(
      on,
    )
}

/** Back into the catalogue, with the tags that went with a group. */
export async function restore(on: Executor, corpId: number, of: 'group' | 'tag', id: string): Promise<void> {
  if (of === 'group')
    await sql`update tags t set removed_at = null from tag_groups g where g.corp_id = ${corpId} and g.id = ${id} and t.corp_id = g.corp_id
      and t.group_id = g.id and t.removed_at = g.removed_at`.execute(on)
  await sql`update ${sql.table(of === 'group' ? 'tag_groups' : 'tags')} set removed_at = null where corp_id = ${corpId} and id = ${id}`.execute(
    on,
  )
}
