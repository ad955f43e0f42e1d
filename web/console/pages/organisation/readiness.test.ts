import { describe, expect, it } from 'vitest'
import { departmentPaths, isReadiness } from './readiness.ts'

describe('departments to choose from', () => {
  it('carry the names of those above them, but not the corp’s', () => {
    const tree = [
      { id: 1, name: '鲜果连锁', parent_id: 0 },
      { id: 10, name: '华东大区', parent_id: 1 },
      { id: 100, name: '上海店', parent_id: 10 },
    ]
    expect(departmentPaths(tree).map((one) => one.label)).toEqual(['鲜果连锁', '华东大区', '华东大区 / 上海店'])
  })

  it('end even where the tree bites its tail', () => {
    const ring = [
      { id: 2, name: 'a', parent_id: 3 },
      { id: 3, name: 'b', parent_id: 2 },
    ]
    expect(departmentPaths(ring)).toHaveLength(2)
  })
})

it('a readiness in the address that does not exist filters nothing', () => {
  expect([isReadiness('blocked'), isReadiness('ready'), isReadiness('x'), isReadiness(undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
