import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Spending, spendingDifference } from './bootstrap.ts'
import {
  difference,
  isSignificant,
  perDelivered,
  personsNeeded,
  powerOf,
  smallestEffect,
  wilson,
} from './statistics.ts'

const share = (hits: number, persons: number) => ({ hits, persons })

describe('the interval of a difference of shares', () => {
  // Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%i/%i − %i/%i is what Newcombe published', (a, m, b, n, low, high) => {
    const got = difference(share(a, m), share(b, n))
    expect(got?.low).toBeCloseTo(low, 4)
    expect(got?.high).toBeCloseTo(high, 4)
  })

  it('of one share is Wilson’s as published', () => {
    // Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
    for (const [hits, persons, low, high] of published) {
      expect(wilson(share(hits, persons)).low).toBeCloseTo(low, 4)
      expect(wilson(share(hits, persons)).high).toBeCloseTo(high, 4)
    }
  })

  it('holds the difference, turns round with its sides, and is not to be had of nobody', () => {
    const side = fc
      .integer({ min: 1, max: 5_000 })
      .chain((persons) => fc.integer({ min: 0, max: persons }).map((hits) => share(hits, persons)))
    fc.assert(
      fc.property(side, side, (a, b) => {
        const [one, other] = [difference(a, b), difference(b, a)]
        if (one === undefined || other === undefined) throw new Error('both sides have persons')
        expect(one.low).toBeLessThanOrEqual(one.value + 1e-12)
        expect(one.high).toBeGreaterThanOrEqual(one.value - 1e-12)
        expect(one.low).toBeGreaterThanOrEqual(-1 - 1e-12)
        expect(one.high).toBeLessThanOrEqual(1 + 1e-12)
        expect(one.low).toBeCloseTo(-other.high, 12)
      }),
    )
    expect(difference(share(0, 0), share(1, 2))).toBeUndefined()
  })
})

describe('the effect on those whom it reached', () => {
  it('is the effect on all planned over the share that was delivered', () => {
    const planned = { value: 0.02, low: 0.01, high: 0.03 }
    expect(perDelivered(planned, share(500, 1_000))).toEqual({ value: 0.04, low: 0.02, high: 0.06 })
    expect(perDelivered(planned, share(0, 1_000))).toBeUndefined()
  })

  it('is significant exactly where the effect on all planned is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 1_000 }), (hits, delivered) => {
        const planned = difference(share(hits, 1_000), share(30, 300))
        const reached = perDelivered(planned, share(delivered, 1_000))
        if (planned === undefined || reached === undefined) throw new Error('both sides have persons')
        expect(isSignificant(reached)).toBe(isSignificant(planned))
      }),
    )
  })
})

describe('how many persons an experiment needs', () => {
  it('is as published for two groups of one size', () => {
    // Chow, Shao and Wang, Sample Size Calculations in Clinical Research, section 4.2: cure rates of 85 % and 65 %, 70 a group
    expect(personsNeeded({ baseline: 0.65, effect: 0.2, holdout: 0.5 }, 80)).toBeGreaterThan(138)
    expect(personsNeeded({ baseline: 0.65, effect: 0.2, holdout: 0.5 }, 80)).toBeLessThanOrEqual(140)
  })

  it('agrees with the power that so many persons have, and with the smallest effect that they find', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 5, max: 100 }),
        fc.integer({ min: 20, max: 500 }),
        (percent, permille, held) => {
          const experiment = { baseline: percent / 100, effect: permille / 1_000, holdout: held / 1_000 }
          const persons = personsNeeded(experiment, 80)
          expect(powerOf(experiment, persons)).toBeGreaterThan(0.799)
          expect(powerOf(experiment, persons)).toBeLessThan(0.82)
          expect(smallestEffect(experiment, persons, 80)).toBeCloseTo(experiment.effect, 3)
        },
      ),
    )
  })

  it('says that a handful finds nothing', () => {
    expect(smallestEffect({ baseline: 0.05, holdout: 0.05 }, 5, 80)).toBeUndefined()
  })
})

describe('the bootstrap of what a person spent', () => {
  const side = (persons: number, amounts: readonly number[]): Spending => ({
    persons,
    slices: amounts.map((mean) => ({ persons: 1, mean, deviation: 0 })),
  })
  const a = side(
    2_000,
    Array.from({ length: 120 }, (_, place) => 5_000 + place * 100),
  )
  const b = side(
    1_000,
    Array.from({ length: 40 }, (_, place) => 5_000 + place * 100),
  )

  it('is the same again with the same seed, and about as wide as the theory says', () => {
    const once = spendingDifference(a, b, 7)
    expect(spendingDifference(a, b, 7)).toEqual(once)
    const variance = ({ persons, slices }: Spending) => {
      const sum = slices.reduce((all, { mean }) => all + mean, 0)
      const squares = slices.reduce((all, { mean }) => all + mean * mean, 0)
      return (squares / persons - (sum / persons) ** 2) / persons
    }
    const half = 1.96 * Math.sqrt(variance(a) + variance(b))
    if (once === undefined) throw new Error('both sides have persons')
    expect((once.high - once.low) / 2 / half).toBeGreaterThan(0.9)
    expect((once.high - once.low) / 2 / half).toBeLessThan(1.1)
  })

  it('says of slices about what it says of persons one by one', () => {
    const grouped = ({ persons, slices }: Spending, size: number): Spending => ({
      persons,
      slices: Array.from({ length: slices.length / size }, (_, place) => {
        const amounts = slices.slice(place * size, (place + 1) * size).map(({ mean }) => mean)
        const mean = amounts.reduce((sum, one) => sum + one, 0) / size
        const deviation = Math.sqrt(amounts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / size)
        return { persons: size, mean, deviation }
      }),
    })
    const [one, many] = [spendingDifference(a, b, 3), spendingDifference(grouped(a, 20), grouped(b, 20), 3)]
    if (one === undefined || many === undefined) throw new Error('both sides have persons')
    expect(many.value).toBeCloseTo(one.value, 6)
    expect((many.high - many.low) / (one.high - one.low)).toBeGreaterThan(0.9)
    expect((many.high - many.low) / (one.high - one.low)).toBeLessThan(1.1)
  })

  it('does not take longer for three million persons', () => {
    const crowd: Spending = {
      persons: 3_000_000,
      slices: Array.from({ length: 200 }, (_, place) => ({ persons: 600, mean: 5_000 + place, deviation: 10 })),
    }
    const got = spendingDifference(crowd, crowd, 1)
    expect(got?.low).toBeLessThan(0)
    expect(got?.high).toBeGreaterThan(0)
  })
})
