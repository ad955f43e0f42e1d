import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDutyChange, onDuty, type Rota } from './rota.ts'

const shanghai = 'Asia/Shanghai'
const members = ['staff:a', 'staff:b', 'staff:c']
const weekdays = 0b0011111

const dutyAt = (rota: Rota, at: string, zone = shanghai) =>
  [...onDuty(rota, members, new Date(at), zone).members].sort()

describe('who is on duty', () => {
  it('without a rota everybody always is', () => {
    expect(dutyAt({ shifts: [], periods: [] }, '2026-11-22T20:00:00Z')).toEqual(members)
    expect(nextDutyChange({ shifts: [], periods: [] }, members, new Date(), shanghai)).toBeUndefined()
  })

  const office: Rota = {
    shifts: [
      { weekdays, fromMinute: 9 * 60, untilMinute: 18 * 60, members: ['staff:a'] },
      { weekdays, fromMinute: 17 * 60, untilMinute: 22 * 60, members: ['staff:b'] },
    ],
    periods: [],
  }

  it('bands that overlap put both on duty, their end is exclusive', () => {
    expect(dutyAt(office, '2026-11-23T17:30:00+08:00')).toEqual(['staff:a', 'staff:b'])
    expect(dutyAt(office, '2026-11-23T18:00:00+08:00')).toEqual(['staff:b'])
    expect(dutyAt(office, '2026-11-23T22:00:00+08:00')).toEqual([])
  })

  it('a band without members is for all of them', () => {
    const rota: Rota = { shifts: [{ weekdays, fromMinute: 0, untilMinute: 1440, members: [] }], periods: [] }
    expect(dutyAt(rota, '2026-11-23T00:00:00+08:00')).toEqual(members)
    expect(dutyAt(rota, '2026-11-22T12:00:00+08:00')).toEqual([])
  })

  it('a night band of Friday runs into Saturday morning and not into Friday morning', () => {
    const friday = 1 << 4
    const rota: Rota = {
      shifts: [{ weekdays: friday, fromMinute: 22 * 60, untilMinute: 2 * 60, members: [] }],
      periods: [],
    }
    expect(dutyAt(rota, '2026-11-27T23:00:00+08:00')).toEqual(members)
    expect(dutyAt(rota, '2026-11-28T01:59:00+08:00')).toEqual(members)
    expect(dutyAt(rota, '2026-11-28T02:00:00+08:00')).toEqual([])
    expect(dutyAt(rota, '2026-11-27T01:00:00+08:00')).toEqual([])
  })

  it('a special period wins over the week and ends by itself', () => {
    const rota: Rota = {
      ...office,
      periods: [
        {
          name: '双旦',
          from: new Date('2026-11-23T00:00:00+08:00'),
          until: new Date('2026-11-24T00:00:00+08:00'),
          members: ['staff:c'],
        },
      ],
    }
    expect(onDuty(rota, members, new Date('2026-11-23T10:00:00+08:00'), shanghai)).toEqual({
      members: new Set(['staff:c']),
      because: { kind: 'period', name: '双旦' },
    })
    expect(dutyAt(rota, '2026-11-24T10:00:00+08:00')).toEqual(['staff:a'])
  })

  it('a period without members closes the code for its time', () => {
    const rota: Rota = {
      shifts: [],
      periods: [
        { name: '盘点', from: new Date('2026-11-23T00:00:00Z'), until: new Date('2026-11-23T01:00:00Z'), members: [] },
      ],
    }
    expect(dutyAt(rota, '2026-11-23T00:30:00Z')).toEqual([])
    expect(nextDutyChange(rota, members, new Date('2026-11-23T00:30:00Z'), shanghai)).toEqual(
      new Date('2026-11-23T01:00:00Z'),
    )
  })

  it('names the next change of the week', () => {
    expect(nextDutyChange(office, members, new Date('2026-11-21T12:00:00+08:00'), shanghai)).toEqual(
      new Date('2026-11-23T09:00:00+08:00'),
    )
  })

  const minute = fc.integer({ min: 0, max: 1439 })
  const some = fc.subarray(members)
  const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') })
  const anyRota: fc.Arbitrary<Rota> = fc.record({
    shifts: fc.array(
      fc.record({
        weekdays: fc.integer({ min: 1, max: 127 }),
        fromMinute: minute,
        untilMinute: fc.integer({ min: 1, max: 1440 }),
        members: some,
      }),
      { maxLength: 4 },
    ),
    periods: fc.array(
      fc.record({ from: instant, hours: fc.integer({ min: 1, max: 400 }), members: some }).map((p) => ({
        name: 'p',
        from: new Date(p.from),
        until: new Date(p.from + p.hours * 3_600_000),
        members: p.members,
      })),
      { maxLength: 2 },
    ),
  })

  it('nothing changes before the next change that was named, in zones with summer time too', () => {
    fc.assert(
      fc.property(
        anyRota,
        instant,
        fc.constantFrom(shanghai, 'America/New_York', 'Australia/Lord_Howe'),
        fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (rota, start, zone, shares) => {
          const after = new Date(start)
          const next = nextDutyChange(rota, members, after, zone)
          const span = (next?.getTime() ?? start + 20 * 86_400_000) - start
          expect(span).toBeGreaterThan(0)
          const now = dutyAt(rota, after.toISOString(), zone)
          for (const share of shares) {
            const between = new Date(start + Math.floor(span * share))
            expect(dutyAt(rota, between.toISOString(), zone)).toEqual(now)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
