import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Able, type Candidate, pickNext, refusalOf, type StaffFacts } from './assignment.ts'
import { strategies } from './channel.ts'
import { candidate, staffFacts } from './testing.ts'

const at = new Date('2026-11-23T10:00:00+08:00')

const able = (userid: string, c: Partial<Candidate> = {}, f: Partial<StaffFacts> = {}): Able => ({
  candidate: candidate(userid, c),
  facts: staffFacts(userid, f),
})

describe('who may take', () => {
  it('says why a member cannot', () => {
    expect(refusalOf(candidate('a'), undefined)).toBe('gone')
    expect(refusalOf(candidate('a'), staffFacts('a', { gone: true }))).toBe('gone')
    expect(refusalOf(candidate('a'), staffFacts('a', { status: 4 }))).toBe('not_active')
    expect(refusalOf(candidate('a'), staffFacts('a', { follows: false }))).toBe('not_following')
    expect(refusalOf(candidate('a'), staffFacts('a', { addable: 'no' }))).toBe('not_addable')
    expect(refusalOf(candidate('a'), staffFacts('a', { customers: 4750 }))).toBe('capacity')
    expect(refusalOf(candidate('a', { dailyLimit: 30 }), staffFacts('a', { broughtToday: 30 }))).toBe('day_limit')
    expect(refusalOf(candidate('a'), staffFacts('a', { status: null }))).toBeUndefined()
  })

  it('a code shown but not scanned yet counts towards the limit', () => {
    expect(refusalOf(candidate('a', { dailyLimit: 30 }), staffFacts('a', { broughtToday: 28, openToday: 2 }))).toBe(
      'day_limit',
    )
  })
})

describe('who is next', () => {
  /** Shows n times in a row and answers how often each came. */
  function shown(strategy: (typeof strategies)[number], members: Able[], n: number): Record<string, number> {
    const counts: Record<string, number> = {}
    let now = members
    for (let i = 0; i < n; i++) {
      const next = pickNext(strategy, now, new Date(at.getTime() + i))
      if (next === undefined) break
      const { userid } = next.facts
      counts[userid] = (counts[userid] ?? 0) + 1
      now = now.map((one) =>
        one.facts.userid === userid
          ? {
              ...one,
              facts: { ...one.facts, openToday: one.facts.openToday + 1, lastShownAt: new Date(at.getTime() + i) },
            }
          : one,
      )
    }
    return counts
  }

  it('round robin gives everyone the same', () => {
    expect(shown('round_robin', [able('a'), able('b', { position: 1 }), able('c', { position: 2 })], 30)).toEqual({
      a: 10,
      b: 10,
      c: 10,
    })
  })

  it('sequential stays with the first', () => {
    expect(shown('sequential', [able('b', { position: 1 }), able('a')], 5)).toEqual({ a: 5 })
  })

  it('weighted keeps the shares, and a new account gets a fifth of its own', () => {
    expect(shown('weighted', [able('a', { weight: 3 }), able('b', { position: 1 })], 40)).toEqual({ a: 30, b: 10 })
    const fresh = able('n', { position: 1 }, { firstSeenAt: new Date(at.getTime() - 86_400_000) })
    expect(shown('weighted', [able('a'), fresh], 60)).toEqual({ a: 50, n: 10 })
  })

  it('least loaded takes whoever has the most room, by share of his own cap', () => {
    const a = able('a', {}, { customers: 2000, cap: 20_000 })
    const b = able('b', { position: 1 }, { customers: 1000, cap: 5000 })
    expect(pickNext('least_loaded', [b, a], at)?.facts.userid).toBe('a')
  })

  it('always answers somebody when there is somebody, and does not depend on the order given', () => {
    const one = fc.record({
      position: fc.integer({ min: 0, max: 3 }),
      weight: fc.integer({ min: 1, max: 9 }),
      adds: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.constantFrom(...strategies), fc.array(one, { minLength: 1, maxLength: 6 }), (strategy, rows) => {
        const members = rows.map((row, i) => able(`u${i}`, row, { broughtToday: row.adds }))
        const next = pickNext(strategy, members, at)
        expect(next).toBeDefined()
        expect(pickNext(strategy, [...members].reverse(), at)).toEqual(next)
      }),
    )
  })
})
