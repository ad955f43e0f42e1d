import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeMark, type MarkStanding, moveCost, nameFault, nameKey, overCap } from './tag-marks.ts'

const standings = fc.record({
  wanted: fc.constantFrom(undefined, true, false),
  base: fc.constantFrom(undefined, true, false),
  theirs: fc.boolean(),
  truth: fc.constantFrom('ours' as const, 'wecom' as const),
})

/** Does what a verdict says, as the upkeep would; `decide`: a person lets ours win where both differ. */
function act(standing: MarkStanding, decide: boolean): MarkStanding {
  const verdict = judgeMark(standing)
  switch (verdict.kind) {
    case 'agree':
      return { ...standing, base: verdict.base }
    case 'put':
    case 'take':
      return { ...standing, theirs: verdict.kind === 'put' }
    case 'accept':
      return { ...standing, wanted: verdict.says }
    case 'differ':
      return decide ? { ...standing, theirs: standing.wanted ?? standing.theirs } : standing
  }
}

describe('one tag on one relation', () => {
  it('comes to agree within three steps, on what both sides then have', () => {
    fc.assert(
      fc.property(standings, (given) => {
        const end = act(act(act(given, true), true), true)
        expect(judgeMark(end).kind).toBe('agree')
        if (end.wanted !== undefined) expect(end.theirs).toBe(end.wanted)
      }),
    )
  })

  it('is left to the platform where nobody of ours ever spoke of it', () => {
    expect(judgeMark({ wanted: undefined, base: undefined, theirs: true, truth: 'ours' }).kind).toBe('agree')
  })

  it('is taken off again when what put it is gone', () => {
    expect(judgeMark({ wanted: undefined, base: true, theirs: true, truth: 'ours' }).kind).toBe('take')
  })

  it('differs when a hand at the platform undid what was agreed, and ours wins', () => {
    expect(judgeMark({ wanted: true, base: true, theirs: false, truth: 'ours' }).kind).toBe('differ')
    expect(judgeMark({ wanted: false, base: false, theirs: true, truth: 'ours' }).kind).toBe('differ')
  })

  it('follows the hand at the platform where theirs wins', () => {
    expect(judgeMark({ wanted: true, base: true, theirs: false, truth: 'wecom' })).toEqual({
      kind: 'accept',
      says: false,
    })
  })
})

describe('names, caps and costs', () => {
  it('names are counted in characters and compared as people read them', () => {
    expect(nameFault('🦀'.repeat(30), 30)).toBeUndefined()
    expect(nameFault('一'.repeat(31), 30)).toBe('long')
    expect(nameFault('  ', 30)).toBe('empty')
    expect(nameKey('ＶＩＰ ')).toBe(nameKey('vip'))
  })

  it('a move is one call a relation and two for the tag', () => {
    const limits = { perMinute: 10_000, perHour: 150_000 }
    expect(moveCost(100_000, limits)).toEqual({ marks: 100_000, calls: 100_002, minutes: 12 })
    expect(moveCost(0, limits).minutes).toBe(1)
    // beyond an hour's share the hour's limit sets the pace
    expect(moveCost(255_000, limits).minutes).toBe(121)
  })

  it('what would go over the cap of a relation is counted after what is taken off', () => {
    expect(overCap(['a', 'b', 'c'], ['d'], ['a'], 3)).toBe(0)
    expect(overCap(['a', 'b', 'c'], ['d', 'e'], ['a'], 3)).toBe(1)
  })
})
