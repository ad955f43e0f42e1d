import { describe, expect, it } from 'vitest'
import { baseOf, canaryRule, judgeCanary } from './canary.ts'

const rule = canaryRule(20, undefined)

/** Deletes as they come, one delivery after the other, from a stream of chances of its own. */
function stream(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

function runs(share: number, people: number, times: number): { stopped: number } {
  let stopped = 0
  for (let seed = 1; seed <= times; seed += 1) {
    const draw = stream(seed * 7_919)
    let deleted = 0
    for (let delivered = 1; delivered <= people; delivered += 1) {
      if (draw() < share) deleted += 1
      const over = delivered === people
      const verdict = judgeCanary({ asked: people, delivered, deleted }, rule, over)
      if (verdict === 'stop') {
        stopped += 1
        break
      }
    }
  }
  return { stopped }
}

describe('the share that deletes anyway', () => {
  const asked = { permille: 10, hours: 4 }
  const held = (persons: number, deleted: number) => ({ persons, deleted, hours: 4 })
  const past = (persons: number, deleted: number) => ({ persons, deleted, hours: 720 })

  it('is that of people held out before, else that of the members’ customers, in as long as the canary takes', () => {
    expect(baseOf(asked, held(10_000, 12), past(9_000, 90))).toEqual({
      source: 'holdout',
      share: 0.0012,
      persons: 10_000,
    })
    // 1 % in 30 days is 0.0056 % in four hours
    const { source, share } = baseOf(asked, held(1_000, 5), past(9_000, 90))
    expect([source, share]).toEqual(['past', expect.closeTo(0.01 / 180, 9)])
  })

  it('is a quarter of the threshold where nothing is known, too little, or what is known would leave nothing to tell apart', () => {
    const assumed = { source: 'assumed', share: 0.0025, persons: 0 }
    expect(baseOf(asked, held(0, 0), past(0, 0))).toEqual(assumed)
    expect(baseOf(asked, held(1_999, 5), past(499, 5))).toEqual(assumed)
    expect(baseOf(asked, held(5_000, 0), past(5_000, 0))).toEqual(assumed)
    expect(baseOf(asked, held(5_000, 40), past(100, 0))).toEqual(assumed)
  })

  it('of nearly nothing does not stop a run at its first delete', () => {
    const rule = canaryRule(10, 0.00001)
    expect(judgeCanary({ asked: 1_000, delivered: 30, deleted: 1 }, rule, false)).toBe('wait')
    expect(judgeCanary({ asked: 1_000, delivered: 30, deleted: 2 }, rule, false)).toBe('stop')
  })
})

describe('the verdict on a canary', () => {
  it('stops one that deletes at the threshold in more than nine of ten, looked at after every delivery', () => {
    expect(runs(0.02, 3_000, 300).stopped).toBeGreaterThan(270)
  })

  it('stops a harmless one in less than one of twenty', () => {
    expect(runs(rule.base, 3_000, 300).stopped).toBeLessThan(18)
  })

  it('stops a crude one early, within some dozens of people', () => {
    expect(judgeCanary({ asked: 1_000, delivered: 40, deleted: 4 }, rule, false)).toBe('stop')
  })

  it('stops at once when more than the threshold of the whole canary has deleted', () => {
    expect(judgeCanary({ asked: 100, delivered: 100, deleted: 3 }, rule, false)).toBe('stop')
  })

  it('waits while nothing is sure, goes on by itself when the time is over', () => {
    const seen = { asked: 1_000, delivered: 900, deleted: 4 }
    expect(judgeCanary(seen, rule, false)).toBe('wait')
    expect(judgeCanary(seen, rule, true)).toBe('go')
  })

  it('says nothing of a canary that hardly anybody got', () => {
    expect(judgeCanary({ asked: 1_000, delivered: 100, deleted: 0 }, rule, true)).toBe('unheard')
    expect(judgeCanary({ asked: 0, delivered: 0, deleted: 0 }, rule, true)).toBe('unheard')
  })
})
