import { expect, it } from 'vitest'
import { estimateFrom, partSize, partsToSample } from './estimate.ts'

it('asks parts spread over all numbers, and all of few', () => {
  expect(partsToSample(3_000_000).length).toBeLessThan(110)
  expect(partsToSample(3_000_000).length).toBeGreaterThanOrEqual(96)
  expect(partsToSample(3_000_000).at(-1)).toBeGreaterThan(3_000_000 / partSize - 40)
  expect(partsToSample(100_000)).toEqual(Array.from({ length: 98 }, (_, part) => part))
  expect(partsToSample(0)).toEqual([])
})

it('is exact where every part was asked', () => {
  const parts = [
    { held: 3, persons: 1_024 },
    { held: 4, persons: 500 },
  ]
  expect(estimateFrom(parts, 2, 1_524)).toEqual({ count: 7, low: 7, high: 7, of: 1_524, asked: 1_524 })
})

it('holds the truth in its interval nineteen times of twenty, of rare and common, even and uneven rules', () => {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const allParts = 2_930
  let inside = 0
  const rounds = 300
  for (let round = 0; round < rounds; round += 1) {
    const common = random() ** 3
    // people who came early may be others than those who came late
    const slope = random() * 2 - 1
    const world = Array.from({ length: allParts }, (_, part) => {
      const share = Math.min(1, Math.max(0, common * (1 + slope * (part / allParts - 0.5))))
      const noise = Math.sqrt(partSize * share * (1 - share)) * (random() + random() + random() - 1.5) * 2
      return { held: Math.round(Math.min(partSize, Math.max(0, partSize * share + noise))), persons: partSize }
    })
    const truth = world.reduce((sum, part) => sum + part.held, 0)
    const parts = partsToSample(allParts * partSize).flatMap((part) => world[part] ?? [])
    const { low, high } = estimateFrom(parts, allParts, allParts * partSize)
    if (low <= truth && truth <= high) inside += 1
  }
  expect(inside / rounds).toBeGreaterThan(0.93)
})

it('does not take what no part holds for nobody', () => {
  const parts = Array.from({ length: 96 }, () => ({ held: 0, persons: partSize }))
  const { count, low, high } = estimateFrom(parts, 2_930, 3_000_000)
  expect([count, low]).toEqual([0, 0])
  expect(high).toBeGreaterThan(50)
})
