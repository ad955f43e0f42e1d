import type { SettingsStore } from '../settings.ts'
import type { World } from './world.ts'

/** 可见范围: which members and departments an app may know of. */
export interface Visibility {
  staff(appKey: string, index: number): boolean
  department(appKey: string, id: number): boolean
  /** Numbers of the visible members, ascending. */
  members(appKey: string): readonly number[]
}

interface Range {
  readonly stamp: string
  readonly staff: ReadonlySet<number>
  readonly departments: ReadonlySet<number>
  readonly members: readonly number[]
}

export function createVisibility(world: World, settings: SettingsStore): Visibility {
  const ranges = new Map<string, Range>()
  const range = (appKey: string): Range => {
    const stamp = `${settings.version}:${world.staff.version}:${world.departments.count}`
    const known = ranges.get(appKey)
    if (known?.stamp === stamp) return known
    const { users = [], departments = [] } = settings.value.apps[appKey]?.visible ?? {}
    const visibleDepartments = new Set(departments.flatMap((id) => world.departments.subtree(id)))
    const staff = new Set<number>()
    for (const id of visibleDepartments) for (const member of world.staff.inDepartment(id)) staff.add(member.index)
    for (const userid of users) {
      const member = world.staff.find(userid)
      if (member !== undefined) staff.add(member.index)
    }
    const made = { stamp, staff, departments: visibleDepartments, members: [...staff].sort((a, b) => a - b) }
    ranges.set(appKey, made)
    return made
  }
  return {
    staff: (appKey, index) => range(appKey).staff.has(index),
    department: (appKey, id) => range(appKey).departments.has(id),
    members: (appKey) => range(appKey).members,
  }
}
