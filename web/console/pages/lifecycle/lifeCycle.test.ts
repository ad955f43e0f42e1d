import { expect, it } from 'vitest'
import { onwardOf, type StageFigures } from './lifeCycle.ts'

const stage = (entered: number, next: StageFigures['next']): StageFigures => ({
  ...{ id: 'a', name: 'a', entry: { zh: '', en: '' }, exit: null, persons: 0, left: 0, median_dwell_days: null },
  ...{ entered, next },
})

it('says where those who entered went, the most first, and how many are still there', () => {
  const figures = stage(10, [
    { stage: 'b', persons: 1 },
    { stage: 'c', persons: 4 },
  ])
  expect(onwardOf(figures)).toEqual({
    next: [
      { stage: 'c', share: 0.4 },
      { stage: 'b', share: 0.1 },
    ],
    still: 0.5,
  })
})

it('of nobody is nothing said', () => {
  expect(onwardOf(stage(0, []))).toEqual({ next: [], still: 0 })
})
