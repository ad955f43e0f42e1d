/** The tree of departments; 1 is the root, the corp itself. */
export interface Department {
  readonly id: number
  readonly name: string
  readonly parentId: number
  readonly order: number
}

export interface Departments {
  get(id: number): Department | undefined
  readonly count: number
  all(): readonly Department[]
  add(department: Department): void
  /** The department and all below it, parents first. */
  subtree(id: number): readonly number[]
}

export const ROOT = 1

export function createDepartments(): Departments {
  const byId = new Map<number, Department>()
  const children = new Map<number, number[]>()
  return {
    get: (id) => byId.get(id),
    get count() {
      return byId.size
    },
    all: () => [...byId.values()],
    add(department) {
      if (byId.has(department.id)) throw new Error(`department ${department.id} exists already`)
      byId.set(department.id, department)
      const siblings = children.get(department.parentId)
      if (siblings === undefined) children.set(department.parentId, [department.id])
      else siblings.push(department.id)
    },
    subtree(id) {
      if (!byId.has(id)) return []
      const ids = [id]
      for (let at = 0; at < ids.length; at++) ids.push(...(children.get(ids[at] ?? 0) ?? []))
      return ids
    },
  }
}
