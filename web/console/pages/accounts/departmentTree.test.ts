import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { departmentLines, departmentTree } from './departmentTree.ts'

describe('the tree of departments', () => {
  it('hangs each below its parent in the order given', () => {
    const lines = departmentLines(
      departmentTree([
        { id: 1, name: '总部', parent_id: 0 },
        { id: 2, name: '华东', parent_id: 1 },
        { id: 3, name: '华北', parent_id: 1 },
        { id: 4, name: '静安店', parent_id: 2 },
      ]),
    )
    expect(lines.map((line) => `${line.depth} ${line.name}`)).toEqual(['0 总部', '1 华东', '2 静安店', '1 华北'])
  })

  it('shows every department exactly once, whatever the parents are', () => {
    const parents = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 })
    fc.assert(
      fc.property(parents, (given) => {
        const departments = given.map((parent_id, n) => ({ id: n + 1, name: `d${n + 1}`, parent_id }))
        const shown = departmentLines(departmentTree(departments)).map((line) => Number(line.id))
        expect(shown.toSorted((a, b) => a - b)).toEqual(departments.map((one) => one.id))
      }),
    )
  })
})
