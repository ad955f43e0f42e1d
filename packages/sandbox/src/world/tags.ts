import type { IdMaker } from './ids.ts'

/** A corp tag [92117]. Deleted ones stay readable by id. */
export interface Tag {
  readonly id: string
  readonly groupId: string
  name: string
  order: number
  readonly createdAt: number
  deleted: boolean
}

export interface TagGroup {
  readonly id: string
  name: string
  order: number
  readonly createdAt: number
  /** The app that made it and alone may change it; null: made by hand in the console. */
  readonly appKey: string | null
  /** The strategy (规则组) whose members alone may use it; undefined for tags of the corp [94882]. */
  readonly strategyId?: number
  readonly tags: Tag[]
  deleted: boolean
}

export interface Tags {
  /** Grows with every change: readers that keep prepared text look at it. */
  readonly version: number
  readonly count: number
  /** Living groups of the corp, without those of strategies. */
  groups(): readonly TagGroup[]
  /** Those of strategies too, and what was deleted. */
  allGroups(): readonly TagGroup[]
  group(id: string): TagGroup | undefined
  groupNamed(name: string): TagGroup | undefined
  tag(id: string): Tag | undefined
  addGroup(group: {
    name: string
    order: number
    createdAt: number
    appKey: string | null
    strategyId?: number
  }): TagGroup
  addTag(group: TagGroup, tag: { name: string; order: number; createdAt: number }): Tag
  changed(): void
  remove(tag: Tag): void
  removeGroup(group: TagGroup): void
  /** All groups that ever were, with their tags. */
  dump(): readonly TagGroup[]
  load(groups: readonly TagGroup[]): void
}

export function createTags(newId: IdMaker): Tags {
  const groups = new Map<string, TagGroup>()
  const tags = new Map<string, Tag>()
  let version = 0
  let count = 0
  const removeGroup = (group: TagGroup) => {
    for (const tag of group.tags) {
      if (!tag.deleted) count--
      tag.deleted = true
    }
    group.deleted = true
    version++
  }
  return {
    get version() {
      return version
    },
    get count() {
      return count
    },
    groups: () => [...groups.values()].filter((g) => !g.deleted && g.strategyId === undefined),
    allGroups: () => [...groups.values()],
    group: (id) => groups.get(id),
    groupNamed: (name) => [...groups.values()].find((g) => !g.deleted && g.strategyId === undefined && g.name === name),
    tag: (id) => tags.get(id),
    addGroup(given) {
      const group: TagGroup = { ...given, id: newId('et', 32), tags: [], deleted: false }
      groups.set(group.id, group)
      version++
      return group
    },
    addTag(group, given) {
      const tag: Tag = { ...given, id: newId('et', 32), groupId: group.id, deleted: false }
      group.tags.push(tag)
      tags.set(tag.id, tag)
      count++
      version++
      return tag
    },
    changed: () => void version++,
    remove(tag) {
      if (!tag.deleted) count--
      tag.deleted = true
      version++
      const group = groups.get(tag.groupId)
      if (group?.tags.every((t) => t.deleted)) removeGroup(group)
    },
    removeGroup,
    dump: () => [...groups.values()],
    load(kept) {
      groups.clear()
      tags.clear()
      count = 0
      for (const group of kept) {
        groups.set(group.id, group)
        for (const tag of group.tags) tags.set(tag.id, tag)
        count += group.tags.filter((tag) => !tag.deleted).length
      }
      version++
    },
  }
}
