import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginSearch, learn, nextTry } from './code-halving.ts'

/** Plays the platform: a call passes when nobody bad is in it. */
function search(users: readonly string[], bad: ReadonlySet<string>, knownGood: ReadonlySet<string> = new Set()) {
  let state = beginSearch(users, knownGood)
  let tries = 0
  for (let members = nextTry(state); members !== undefined; members = nextTry(state)) {
    tries++
    state = learn(
      state,
      members.every((user) => !bad.has(user)),
    )
    if (tries > 1000) throw new Error('does not end')
  }
  return { state, tries }
}

describe('finding the member who cannot be added', () => {
  it('one suspect alone needs no further try', () => {
    const users = ['a', 'b', 'c']
    const { state, tries } = search(users, new Set(['c']), new Set(['a', 'b']))
    expect(state.bad).toEqual(['c'])
    expect(state.good).toEqual(['a', 'b'])
    expect(tries).toBe(0)
  })

  it('one bad member of 100 is found in at most 8 tries', () => {
    const users = Array.from({ length: 100 }, (_, i) => `u${i}`)
    for (const bad of ['u0', 'u49', 'u99']) {
      const { state, tries } = search(users, new Set([bad]))
      expect(state.bad).toEqual([bad])
      expect(tries).toBeLessThanOrEqual(8)
    }
  })

  it('finds all the bad and only the bad, whatever was believed before', () => {
    const users = Array.from({ length: 24 }, (_, i) => `u${i}`)
    fc.assert(
      fc.property(
        fc.subarray(users, { minLength: 1 }),
        fc.subarray(users),
        fc.subarray(users),
        (all, bads, believed) => {
          const bad = new Set(bads)
          // the search begins because the call with all of them failed
          fc.pre(all.some((user) => bad.has(user)))
          const good = new Set(believed.filter((user) => !bad.has(user)))
          const { state } = search(all, bad, good)
          expect([...state.bad].sort()).toEqual(all.filter((user) => bad.has(user)).sort())
          expect([...state.good].sort()).toEqual(all.filter((user) => !bad.has(user)).sort())
        },
      ),
      { numRuns: 500 },
    )
  })
})
