import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeen } from './seen-keys.ts'

test('a key was seen when it came before, whatever else came between', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3_000 }), (keys) => {
      const seen = createSeen()
      const before = new Set<string>()
      for (const key of keys) {
        expect(seen.isSeen(key)).toBe(before.has(key))
        before.add(key)
      }
    }),
    { numRuns: 30 },
  )
})

test('a hundred thousand member numbers are told apart', () => {
  const seen = createSeen()
  const numbers = Array.from({ length: 100_000 }, (_, at) => `member_no M${String(at).padStart(8, '0')} `)
  expect(numbers.filter((one) => seen.isSeen(one))).toEqual([])
  expect(numbers.every((one) => seen.isSeen(one))).toBe(true)
})
