import type { Call, GroupHandlers } from '../http/call.ts'
import { seconds } from '../platform.ts'
import { notesOf } from '../world/notes.ts'
import type { Tag, TagGroup } from '../world/tags.ts'
import { customerOf, Fail, fail, followMember, relationOf } from './scope.ts'
import { departmentOfStrategy } from './strategies.ts'

export const tags: GroupHandlers<'tags'> = {
  list({ platform }, { tag_id = [], group_id = [] }) {
    const { tags: all } = platform.world
    if (group_id.length > 0) {
      const found = group_id.map((id) => ofCorp(all.group(id)))
      if (found.includes(undefined)) return fail(40068, 'invalid tag group id')
      return { tag_group: found.flatMap((group) => (group === undefined ? [] : [shownGroup(group, true)])) }
    }
    if (tag_id.length > 0) {
      const wanted = new Set<string>(tag_id)
      const groups = new Set<TagGroup>()
      for (const id of wanted) {
        const group = ofCorp(all.group(all.tag(id)?.groupId ?? ''))
        if (group === undefined) return fail(40068, 'invalid tag id')
        groups.add(group)
      }
      return { tag_group: [...groups].map((group) => shownGroup(group, true, wanted)) }
    }
    return { tag_group: all.groups().map((group) => shownGroup(group, false)) }
  },

  add(call, { group_id, group_name, order, tag: wanted }) {
    const { platform, app } = call
    const { tags: all } = platform.world
    const known = group_id === undefined ? all.groupNamed(group_name ?? '') : ofCorp(all.group(group_id))
    if (group_id !== undefined && (known === undefined || known.deleted)) return fail(40068, 'invalid tag group id')
    // Groups made by hand or by another app are read-only for this one [92117].
    if (known !== undefined && known.appKey !== app.appKey) return fail(40068, 'the tag group belongs to another app')
    // Names that stand twice in one call become one tag.
    const fresh = new Map(wanted.map((tag) => [tag.name, tag.order ?? 0]))
    if (known?.tags.some((tag) => !tag.deleted && fresh.has(tag.name)))
      return fail(40071, 'the tag name exists in this group')
    if (all.count + fresh.size > platform.settings.limits.value('tag.max_count'))
      return fail(40126, 'the number of corp tags reached its cap')
    const createdAt = seconds(platform)
    const group = known ?? all.addGroup({ name: group_name ?? '', order: order ?? 0, createdAt, appKey: app.appKey })
    const made = new Set([...fresh].map(([name, place]) => all.addTag(group, { name, order: place, createdAt }).id))
    return { tag_group: shownGroup(group, false, made) }
  },

  edit(call, { id, name, order }) {
    const { tags: all } = call.platform.world
    const thing = ownTag(call, id)
    if (thing instanceof Fail) return thing
    const rivals: readonly (Tag | TagGroup)[] = 'tags' in thing ? all.groups() : (all.group(thing.groupId)?.tags ?? [])
    if (name !== undefined && rivals.some((rival) => rival !== thing && !rival.deleted && rival.name === name)) {
      return fail(40071, 'the name exists already')
    }
    thing.name = name ?? thing.name
    thing.order = order ?? thing.order
    all.changed()
    return {}
  },

  remove(call, { tag_id = [], group_id = [] }) {
    const { tags: all } = call.platform.world
    const things = [...tag_id, ...group_id].map((id) => ownTag(call, id))
    for (const thing of things) if (thing instanceof Fail) return thing
    for (const thing of things) {
      if (thing instanceof Fail) continue
      if ('tags' in thing) all.removeGroup(thing)
      else all.remove(thing)
    }
    return {}
  },

  mark(call, { userid, external_userid, add_tag = [], remove_tag = [] }) {
    const member = followMember(call, userid)
    if (member instanceof Fail) return member
    const customer = customerOf(call, external_userid)
    if (customer instanceof Fail) return customer
    const row = relationOf(call, member, customer)
    if (row instanceof Fail) return row
    const { world, settings } = call.platform
    for (const id of [...add_tag, ...remove_tag]) {
      const tag = world.tags.tag(id)
      if (tag?.deleted !== false) return fail(40068, `invalid tag id: ${id}`)
      const group = world.tags.group(tag.groupId)
      if (group?.strategyId !== undefined && !mayUse(call, group, member.departments)) {
        return fail(40068, `${id} is a tag of a strategy of another app, or the member is not in its range`)
      }
    }
    const notes = notesOf(world, row)
    const marked = new Set(notes.tags)
    for (const id of remove_tag) marked.delete(id)
    for (const id of add_tag) marked.add(id)
    if (marked.size > settings.limits.value('tag.per_customer'))
      return fail(40144, 'the tags on this customer reached their cap')
    world.relations.setNotes(row, { ...notes, tags: marked })
    return {}
  },
}

/** A strategy's tag: the group by the same app, the member in its range [92118]. */
function mayUse(call: Call, group: TagGroup, departments: readonly number[]): boolean {
  const root = departmentOfStrategy(call, group.strategyId ?? 0)
  if (root === undefined || group.appKey !== call.app.appKey) return false
  const range = call.platform.world.departments.subtree(root)
  return departments.some((id) => range.includes(id))
}

/** A living tag or group that this app made: 40068 when there is none, 60011 when it is another's. */
function ownTag({ platform, app }: Call, id: string): Tag | TagGroup | Fail {
  const { tags: all } = platform.world
  const thing = all.tag(id) ?? all.group(id)
  const group = thing === undefined || 'tags' in thing ? thing : all.group(thing.groupId)
  if (thing === undefined || thing.deleted || ofCorp(group) === undefined) return fail(40068, `invalid tag id: ${id}`)
  return group?.appKey === app.appKey ? thing : fail(60011, 'only the app that made the tag may change it')
}

/** Without a strategy's: those have an interface of their own. */
const ofCorp = (group: TagGroup | undefined) => (group?.strategyId === undefined ? group : undefined)

/** Larger orders come first; what was deleted shows only when asked for by id. */
export function shownGroup(group: TagGroup, withDeleted: boolean, only?: ReadonlySet<string>) {
  const tags = group.tags
    .filter((tag) => (withDeleted || !tag.deleted) && (only === undefined || only.has(tag.id)))
    .sort((a, b) => b.order - a.order)
  const mark = (thing: { deleted: boolean }) => (withDeleted ? { deleted: thing.deleted } : {})
  return {
    group_id: group.id,
    group_name: group.name,
    create_time: group.createdAt,
    order: group.order,
    ...mark(group),
    tag: tags.map((tag) => ({
      id: tag.id,
      name: tag.name,
      create_time: tag.createdAt,
      order: tag.order,
      ...mark(tag),
    })),
  }
}
