import { refuse } from '../admin/refusal.ts'
import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'

/** A group made by hand belongs to no app: none may change it [92117]. */
export function createTagGroup(platform: Platform, name: string, names: readonly string[]): string {
  const { tags } = platform.world
  if (tags.groupNamed(name) !== undefined)
    throw refuse(409, '40071', `the group ${name} exists`, `标签组 ${name} 已存在`)
  const createdAt = seconds(platform)
  const group = tags.addGroup({ name, order: 0, createdAt, appKey: null })
  tell(platform, 'tag.created', group.id, 'tag_group')
  for (const tag of new Set(names))
    tell(platform, 'tag.created', tags.addTag(group, { name: tag, order: 0, createdAt }).id, 'tag')
  return group.id
}

export function renameTag(platform: Platform, id: string, name: string): void {
  const thing = living(platform, id)
  thing.name = name
  platform.world.tags.changed()
  tell(platform, 'tag.updated', id, 'tags' in thing ? 'tag_group' : 'tag')
}

/** Deleting a group says nothing of its tags; the last tag takes its group with it [92130]. */
export function deleteTag(platform: Platform, id: string): void {
  const { tags } = platform.world
  const thing = living(platform, id)
  if ('tags' in thing) {
    tags.removeGroup(thing)
    tell(platform, 'tag.deleted', id, 'tag_group')
    return
  }
  tags.remove(thing)
  tell(platform, 'tag.deleted', id, 'tag')
  if (tags.group(thing.groupId)?.deleted === true) tell(platform, 'tag.deleted', thing.groupId, 'tag_group')
}

/** Groups in the given order come first, the others keep theirs. */
export function shuffleTags(platform: Platform, groupIds: readonly string[]): void {
  const { tags } = platform.world
  const top = Math.max(0, ...tags.groups().map((group) => group.order))
  groupIds.forEach((id, place) => {
    const group = tags.group(id)
    if (group === undefined || group.deleted)
      throw refuse(404, 'tag_unknown', `there is no tag group ${id}`, '没有这个标签组')
    group.order = top + groupIds.length - place
  })
  tags.changed()
  platform.callbacks.announce({ family: 'external_tag', event: { kind: 'tag.shuffled' } })
}

function living({ world }: Platform, id: string) {
  const thing = world.tags.tag(id) ?? world.tags.group(id)
  if (thing === undefined || thing.deleted) throw refuse(404, 'tag_unknown', `there is no tag ${id}`, '没有这个标签')
  return thing
}

function tell(
  { callbacks }: Platform,
  kind: 'tag.created' | 'tag.updated' | 'tag.deleted',
  id: string,
  tagType: 'tag' | 'tag_group',
): void {
  callbacks.announce({ family: 'external_tag', event: { kind, id, tagType } })
}
