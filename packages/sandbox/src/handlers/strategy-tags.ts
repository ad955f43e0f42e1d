import type { Call, GroupHandlers } from '../http/call.ts'
import { seconds } from '../platform.ts'
import type { Tag, TagGroup } from '../world/tags.ts'
import { Fail, fail } from './scope.ts'
import { departmentOfStrategy } from './strategies.ts'
import { shownGroup } from './tags.ts'

export const strategyTags: GroupHandlers<'strategyTags'> = {
  list(call, { strategy_id, tag_id = [], group_id = [] }) {
    const { tags } = call.platform.world
    if (strategy_id !== undefined && departmentOfStrategy(call, strategy_id) === undefined) return unknownStrategy()
    const own = tags
      .allGroups()
      .filter((group) => group.strategyId !== undefined && group.appKey === call.app.appKey)
      .filter((group) => strategy_id === undefined || group.strategyId === strategy_id)
    if (group_id.length > 0) {
      const found = group_id.map((id) => own.find((group) => group.id === id))
      if (found.includes(undefined)) return fail(40068, 'invalid tag group id')
      return { tag_group: found.flatMap((group) => (group === undefined ? [] : [shown(group, true)])) }
    }
    if (tag_id.length > 0) {
      const wanted = new Set<string>(tag_id)
      const groups = own.filter((group) => group.tags.some((tag) => wanted.has(tag.id)))
      if (groups.flatMap((group) => group.tags).filter((tag) => wanted.has(tag.id)).length < wanted.size)
        return fail(40068, 'invalid tag id')
      return { tag_group: groups.map((group) => shown(group, true, wanted)) }
    }
    return { tag_group: own.filter((group) => !group.deleted).map((group) => shown(group, false)) }
  },

  add(call, { strategy_id, group_id, group_name = '', order, tag: wanted }) {
    const { platform, app } = call
    const { tags } = platform.world
    if (departmentOfStrategy(call, strategy_id) === undefined) return unknownStrategy()
    const known = tags
      .allGroups()
      .find(
        (group) =>
          !group.deleted &&
          group.strategyId === strategy_id &&
          (group_id === undefined ? group.name === group_name : group.id === group_id),
      )
    if (group_id !== undefined && known === undefined) return fail(40068, 'invalid tag group id')
    if (known !== undefined && known.appKey !== app.appKey) return fail(40068, 'the tag group belongs to another app')
    const fresh = new Map(wanted.map((tag) => [tag.name, tag.order ?? 0]))
    if (known?.tags.some((tag) => !tag.deleted && fresh.has(tag.name)))
      return fail(40071, 'the tag name exists in this group')
    if (tags.count + fresh.size > platform.settings.limits.value('tag.max_count'))
      return fail(40126, 'the number of corp tags reached its cap')
    const createdAt = seconds(platform)
    const group =
      known ??
      tags.addGroup({
        name: group_name,
        order: order ?? 0,
        createdAt,
        appKey: app.appKey,
        strategyId: strategy_id,
      })
    const made = new Set([...fresh].map(([name, place]) => tags.addTag(group, { name, order: place, createdAt }).id))
    return { tag_group: shown(group, false, made) }
  },

  edit(call, { id, name, order }) {
    const { tags } = call.platform.world
    const thing = ownThing(call, id)
    if (thing instanceof Fail) return thing
    const rivals: readonly (Tag | TagGroup)[] =
      'tags' in thing
        ? tags.allGroups().filter((group) => group.strategyId === thing.strategyId)
        : (tags.group(thing.groupId)?.tags ?? [])
    if (name !== undefined && rivals.some((rival) => rival !== thing && !rival.deleted && rival.name === name))
      return fail(40071, 'the name exists already')
    thing.name = name ?? thing.name
    thing.order = order ?? thing.order
    tags.changed()
    return {}
  },

  remove(call, { tag_id = [], group_id = [] }) {
    const { tags } = call.platform.world
    const things = [...tag_id, ...group_id].map((id) => ownThing(call, id))
    for (const thing of things) if (thing instanceof Fail) return thing
    for (const thing of things) {
      if (thing instanceof Fail) continue
      if ('tags' in thing) tags.removeGroup(thing)
      else tags.remove(thing)
    }
    return {}
  },
}

const unknownStrategy = () => fail(40058, 'invalid strategy_id')

function ownThing({ platform, app }: Call, id: string): Tag | TagGroup | Fail {
  const { tags } = platform.world
  const thing = tags.tag(id) ?? tags.group(id)
  const group = thing === undefined || 'tags' in thing ? thing : tags.group(thing.groupId)
  if (thing === undefined || thing.deleted || group?.strategyId === undefined)
    return fail(40068, `invalid tag id: ${id}`)
  return group.appKey === app.appKey ? thing : fail(60011, 'only the app that made the tag may change it')
}

function shown(group: TagGroup, withDeleted: boolean, only?: ReadonlySet<string>) {
  const strategy = group.strategyId === undefined ? {} : { strategy_id: group.strategyId }
  return { ...shownGroup(group, withDeleted, only), ...strategy }
}
