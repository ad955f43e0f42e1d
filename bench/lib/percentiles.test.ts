import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentile, summary } from './percentiles.ts'

test('a percentile is one of the values, and at least that share of all is not above it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const found =
          percentile(
            [...values].sort((a, b) => a - b),
            share,
          ) ?? Number.NaN
        expect(values).toContain(found)
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length)
      },
    ),
  )
})

test('no values have no percentiles, instead of a good one', () => {
  expect(summary([])).toEqual({ count: 0, p50: null, p95: null, p99: null, p999: null, max: null })
})
