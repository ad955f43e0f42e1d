export interface Department {
  id: number
  name: string
  parent_id: number
}

export interface DepartmentNode {
  value: number
  title: string
  children: DepartmentNode[]
}

/** The departments as a tree in their order. A department whose parent is unknown, or that hangs in a circle, is a root. */
export function departmentTree(departments: readonly Department[]): DepartmentNode[] {
  const nodes = new Map(
    departments.map((one) => [one.id, { value: one.id, title: one.name, children: [] as DepartmentNode[] }]),
  )
  const parentOf = new Map(departments.map((one) => [one.id, one.parent_id]))
  const roots: DepartmentNode[] = []
  for (const { id, parent_id } of departments) {
    const node = nodes.get(id)
    const parent = nodes.get(parent_id)
    if (node === undefined) continue
    if (parent === undefined || circles(id, parentOf)) roots.push(node)
    else parent.children.push(node)
  }
  return roots
}

function circles(id: number, parentOf: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>()
  for (let at = parentOf.get(id); at !== undefined && !seen.has(at); at = parentOf.get(at)) {
    if (at === id) return true
    seen.add(at)
  }
  return false
}

/** The same as lines with their depth, for a list. */
export function departmentLines(
  nodes: readonly DepartmentNode[],
  depth = 0,
): { id: string; name: string; depth: number }[] {
  return nodes.flatMap((node) => [
    { id: String(node.value), name: node.title, depth },
    ...departmentLines(node.children, depth + 1),
  ])
}
