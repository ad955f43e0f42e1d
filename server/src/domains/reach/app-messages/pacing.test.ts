import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextMove, paceOf, type Waiting } from './pacing.ts'

const pace = paceOf(30, 1_000)
const start = new Date('2026-11-11T10:05:00+08:00').getTime()
const lines = (many: number): Waiting => ({ lines: many, cards: 0, cardFirst: false })
const at = (seconds: number) => new Date(start + seconds * 1_000)

describe('how a member is told', () => {
  it('a few come one by one, at once', () => {
    expect(nextMove(lines(1), [], at(0), pace)).toEqual({ kind: 'each' })
    expect(nextMove(lines(2), [at(-20), at(-10)], at(0), pace)).toEqual({ kind: 'each' })
  })

  it('35 at once come together', () => {
    expect(nextMove(lines(35), [], at(0), pace)).toEqual({ kind: 'digest', most: 5, cards: 0 })
  })

  it('when five came within a minute the next waits until the first of them is a minute old', () => {
    const sent = [0, 1, 2, 3, 4].map(at)
    expect(nextMove(lines(1), sent, at(30), pace)).toEqual({ kind: 'wait', until: at(60) })
    expect(nextMove(lines(9), sent, at(60), pace)).toEqual({ kind: 'digest', most: 1, cards: 0 })
  })

  it('does not fall upon the full or half hour, when everybody sends', () => {
    const half = new Date('2026-11-11T10:29:30+08:00').getTime()
    const sent = [0, 1, 2, 3, 4].map((second) => new Date(half + second * 1_000))
    expect(nextMove(lines(1), sent, new Date(half + 10_000), pace)).toEqual({
      kind: 'wait',
      until: new Date('2026-11-11T10:31:30+08:00'),
    })
  })

  it('cards stay cards, one message is left for the lines beside them, and the oldest card has its turn', () => {
    const waiting = (one: Partial<Waiting>): Waiting => ({ lines: 0, cards: 0, cardFirst: false, ...one })
    expect(nextMove(waiting({ cards: 3, lines: 2 }), [], at(0), pace)).toEqual({ kind: 'each' })
    expect(nextMove(waiting({ cards: 9 }), [], at(0), pace)).toEqual({ kind: 'digest', most: 0, cards: 5 })
    expect(nextMove(waiting({ cards: 9, lines: 30 }), [], at(0), pace)).toEqual({ kind: 'digest', most: 1, cards: 4 })
    expect(nextMove(waiting({ cards: 1, lines: 30 }), [], at(0), pace)).toEqual({ kind: 'digest', most: 4, cards: 1 })
    const four = [0, 1, 2, 3].map(at)
    expect(nextMove(waiting({ cards: 2, lines: 30 }), four, at(30), pace)).toMatchObject({ most: 1, cards: 0 })
    expect(nextMove(waiting({ cards: 2, lines: 30, cardFirst: true }), four, at(30), pace)).toMatchObject({
      ...{ most: 0, cards: 1 },
    })
  })

  it('however messages and cards come, no minute and no hour has more than it may, and all are told', () => {
    const narrow = { perMinute: 5, perHour: 12 }
    const arrival = fc.record({ at: fc.integer({ min: 0, max: 9_000 }), isCard: fc.integer({ min: 0, max: 9 }) })
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 1, maxLength: 120 }), (given) => {
        const arrivals = given.map((one) => ({ at: one.at, isCard: one.isCard === 0 })).sort((a, b) => a.at - b.at)
        const sent: Date[] = []
        let waiting: typeof arrivals = []
        let told = 0
        const perPart = 20
        let next = 0
        for (let second = 0; told < arrivals.length && second < 60_000; second += 1) {
          for (let one = arrivals[next]; one !== undefined && one.at <= second; one = arrivals[next]) {
            waiting.push(one)
            next += 1
          }
          if (waiting.length === 0) continue
          const [cards, rest] = [waiting.filter((one) => one.isCard), waiting.filter((one) => !one.isCard)]
          const desk = { lines: rest.length, cards: cards.length, cardFirst: waiting[0]?.isCard === true }
          const move = nextMove(desk, sent, at(second), narrow)
          if (move.kind === 'wait') continue
          const asCards = move.kind === 'each' ? cards.length : move.cards
          const parts = move.kind === 'each' ? rest.length : Math.min(move.most, Math.ceil(rest.length / perPart))
          const carried = move.kind === 'each' ? rest.length : Math.min(rest.length, parts * perPart)
          for (let part = 0; part < asCards + parts; part += 1) sent.push(at(second))
          told += asCards + carried
          const left = new Set([...cards.slice(asCards), ...rest.slice(carried)])
          waiting = waiting.filter((one) => left.has(one))
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
