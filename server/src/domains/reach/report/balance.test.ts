import { describe, expect, it } from 'vitest'
import { offBalance, offGlobalBalance } from './balance.ts'
import { specWith } from './testing.ts'

const side = (persons: number) => ({ persons, delivered: 0, converted: 0, deleted: 0, gmv: 0 })
const sidesOf = (treated: number, holdout: number, global = 0) => ({
  ...{ treated: side(treated), holdout: side(holdout), global: side(global), undelivered: side(0) },
})
const run = (holdout_permille: number, state = 'ended') => ({ spec: specWith({ holdout_permille }), state })

describe('who is compared', () => {
  it('is as the lot drew it where the shares fit, however few they are', () => {
    expect(offBalance({ sides: sidesOf(9_000, 1_000) }, run(100))).toBeUndefined()
    expect(offBalance({ sides: sidesOf(9_050, 950) }, run(100))).toBeUndefined()
    expect(offBalance({ sides: sidesOf(3, 2) }, run(100))).toBeUndefined()
    expect(offBalance({ sides: sidesOf(100, 0) }, run(0))).toBeUndefined()
  })

  it('is not where caps kept those who got an earlier run out of this one and never those held out', () => {
    expect(offBalance({ sides: sidesOf(2_000, 1_000) }, run(100))).toEqual({ drawn: 0.1, found: 1 / 3 })
    // of a canary the members decide on both sides
    expect(offBalance({ sides: sidesOf(200, 1_000) }, run(100, 'canary'))).toBeUndefined()
  })

  it('nor beside those whom every campaign leaves out, where the governor held many of the others back', () => {
    const fates = { excluded: 500, holdout: 0, elsewhere: 0 }
    const calm = { ...fates, sent_to: 9_800, held: 0, dropped: 0, no_sender: 0, global_holdout: 200 }
    expect(offGlobalBalance({ sides: sidesOf(9_800, 0, 200), fates: calm }, run(0))).toBeUndefined()
    const busy = { ...fates, sent_to: 4_900, held: 900, dropped: 4_000, no_sender: 0, global_holdout: 200 }
    expect(offGlobalBalance({ sides: sidesOf(4_900, 0, 200), fates: busy }, run(0))?.drawn).toBe(0.02)
    // both lose alike where they were touched alike
    expect(offGlobalBalance({ sides: sidesOf(4_900, 0, 103), fates: busy }, run(0))).toBeUndefined()
  })
})
