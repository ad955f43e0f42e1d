import { expect, it } from 'vitest'
import { cellsOf, freshTierId, type RfmMap, scoreOf } from './rfm.ts'

const map: RfmMap = {
  snapshot: null,
  tiers: [],
  cells: [
    { r: 5, f: 1, m: 1, buyers: 2, net: 300 },
    { r: 5, f: 1, m: 4, buyers: 1, net: 900 },
    { r: 1, f: 5, m: 4, buyers: 4, net: 100 },
  ],
}

it('the map has 25 cells by either axis, and nobody is lost between them', () => {
  for (const axis of ['f', 'm'] as const) {
    const cells = cellsOf(map, axis)
    expect(cells).toHaveLength(25)
    expect(cells.reduce((sum, cell) => sum + cell.buyers, 0)).toBe(7)
    expect(cells.reduce((sum, cell) => sum + cell.net, 0)).toBe(1_300)
  }
  expect(cellsOf(map, 'f').find((cell) => cell.r === 5 && cell.score === 1)).toMatchObject({ buyers: 3, net: 1_200 })
})

it('a score that is none is the lowest; a new tier has an id of its own', () => {
  expect([scoreOf(5), scoreOf(9)]).toEqual([5, 1])
  expect(freshTierId([{ id: 'high' }, { id: 'tier3' }])).toBe('tier4')
})
