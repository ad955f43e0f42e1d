import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextMove, paceOf } from './pacing.ts'

const pace = paceOf(30, 1_000)
const start = new Date('2026-11-11T10:05:00+08:00').getTime()
const at = (seconds: number) => new Date(start + seconds * 1_000)

describe('how a member is told', () => {
  it('a few come one by one, at once', () => {
    expect(nextMove(1, [], at(0), pace)).toEqual({ kind: 'each' })
    expect(nextMove(2, [at(-20), at(-10)], at(0), pace)).toEqual({ kind: 'each' })
  })

  it('35 at once come together', () => {
    expect(nextMove(35, [], at(0), pace)).toEqual({ kind: 'digest', most: 5 })
  })

  it('when five came within a minute the next waits until the first of them is a minute old', () => {
    const sent = [0, 1, 2, 3, 4].map(at)
    expect(nextMove(1, sent, at(30), pace)).toEqual({ kind: 'wait', until: at(60) })
    expect(nextMove(9, sent, at(60), pace)).toEqual({ kind: 'digest', most: 1 })
  })

  it('does not fall upon the full or half hour, when everybody sends', () => {
    const half = new Date('2026-11-11T10:29:30+08:00').getTime()
    const sent = [0, 1, 2, 3, 4].map((second) => new Date(half + second * 1_000))
    expect(nextMove(1, sent, new Date(half + 10_000), pace)).toEqual({
      kind: 'wait',
      until: new Date('2026-11-11T10:31:30+08:00'),
    })
  })

  it('however messages come, no minute and no hour has more than it may, and all are told', () => {
    const narrow = { perMinute: 5, perHour: 12 }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 120 }), (moments) => {
        const arrivals = [...moments].sort((a, b) => a - b)
        const sent: Date[] = []
        let waiting = 0
        let told = 0
        const perPart = 20
        let next = 0
        for (let second = 0; told < arrivals.length && second < 40_000; second += 1) {
          while (arrivals[next] !== undefined && (arrivals[next] ?? 0) <= second) {
            waiting += 1
            next += 1
          }
          if (waiting === 0) continue
          const move = nextMove(waiting, sent, at(second), narrow)
          if (move.kind === 'wait') continue
          const parts = move.kind === 'each' ? waiting : Math.min(move.most, Math.ceil(waiting / perPart))
          const carried = move.kind === 'each' ? waiting : Math.min(waiting, parts * perPart)
          for (let part = 0; part < parts; part += 1) sent.push(at(second))
          told += carried
          waiting -= carried
        }
        expect(told).toBe(arrivals.length)
        for (const one of sent) {
          const since = (ms: number) =>
            sent.filter((other) => other <= one && other.getTime() > one.getTime() - ms).length
          expect(since(60_000)).toBeLessThanOrEqual(narrow.perMinute)
          expect(since(3_600_000)).toBeLessThanOrEqual(narrow.perHour)
        }
      }),
      { numRuns: 40 },
    )
  })
})
