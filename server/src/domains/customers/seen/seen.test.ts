import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge } from './seen.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 11) + minutes * 60_000)
const times = { baseline: at(0), youngAfter: at(100) }

describe('a relation at the platform', () => {
  it('that we were told of is known, also when the platform dates it a little later', () => {
    expect(judge(at(10), { addedAt: at(10), endedAt: undefined }, times)).toBe('known')
    expect(judge(new Date(at(10).getTime() + 3_000), { addedAt: at(10), endedAt: undefined }, times)).toBe('known')
  })
  it('that nobody told of was missed: after the first sync, and old enough for its callback to have come', () => {
    expect(judge(at(10), undefined, times)).toBe('found')
    expect(judge(at(-10), undefined, times)).toBe('old')
    expect(judge(at(101), undefined, times)).toBe('young')
    expect(judge(at(50), { addedAt: at(10), endedAt: at(20) }, times)).toBe('found')
  })
  it('that ended after its add stays ended', () => {
    expect(judge(at(10), { addedAt: undefined, endedAt: at(20) }, times)).toBe('ended')
    expect(judge(at(10), { addedAt: at(10), endedAt: at(20) }, times)).toBe('known')
  })
  it('is never taken for a new add when it ended at or after that add', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 150 }), fc.nat(100), (added, later) => {
        expect(judge(at(added), { addedAt: undefined, endedAt: at(added + later) }, times)).toBe('ended')
      }),
    )
  })
})
