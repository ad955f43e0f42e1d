import type { Call } from '../http/call.ts'

/** Departments of the first level below the root but headquarters are the corp's strategies: 10 is strategy 1, and so on. */
const FIRST_DEPARTMENT = 10

/** The department whose members are in a strategy's range; undefined when there is no such strategy. */
export function departmentOfStrategy({ platform }: Call, strategyId: number): number | undefined {
  const department = platform.world.departments.get(FIRST_DEPARTMENT - 1 + strategyId)
  return department?.parentId === 1 ? department.id : undefined
}
