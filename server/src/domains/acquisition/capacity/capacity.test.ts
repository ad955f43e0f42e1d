import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capacityLevel, corpCap, forecast, pace, planShortages } from './capacity.ts'

describe('capacity', () => {
  it('warns at 80 and 90 % and takes a member out at 95 %', () => {
    expect([3999, 4000, 4500, 4749, 4750, 5000].map((n) => capacityLevel(n, 5000))).toEqual([
      'ok',
      'amber',
      'red',
      'red',
      'full',
      'full',
    ])
  })

  it('a campaign of 900 adds in three days on a member at 4,400 is full in 2 days', () => {
    const member = { userid: 'a', name: '陈晓雨', customers: 4400, cap: 5000, perDay: 0 }
    expect(planShortages([member], { perDay: 300, days: 3 })).toMatchObject([{ userid: 'a', daysLeft: 2 }])
    expect(planShortages([{ ...member, cap: 20_000 }], { perDay: 300, days: 3 })).toEqual([])
  })

  it('a plan without an end is looked at for 30 days', () => {
    const member = { userid: 'a', name: 'a', customers: 4000, cap: 5000, perDay: 0 }
    expect(planShortages([member], { perDay: 30, days: undefined })).toEqual([])
    expect(planShortages([member], { perDay: 40, days: undefined })).toHaveLength(1)
  })

  it('losses free places, but a member who only loses is never full', () => {
    expect(pace([{ adds: 14, losses: 7 }])).toBe(1)
    expect(pace([{ adds: 0, losses: 7 }])).toBe(0)
    expect(forecast(10, 5000, 0).daysLeft).toBeNull()
  })

  it('the cap of the corp is the next step above what it has', () => {
    expect([0, 49_999, 50_000, 99_999, 100_000].map((n) => corpCap(n, 50_000, 50_000))).toEqual([
      50_000, 50_000, 100_000, 100_000, 150_000,
    ])
  })

  it('nobody named as short would still have a place at the end of the plan, and nobody else would not', () => {
    const member = fc.record({
      userid: fc.uuid(),
      name: fc.constant('x'),
      customers: fc.integer({ min: 0, max: 5000 }),
      cap: fc.constantFrom(5000, 20_000),
      perDay: fc.integer({ min: 0, max: 200 }),
    })
    fc.assert(
      fc.property(
        fc.array(member, { maxLength: 8 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 60 }),
        (members, perDay, days) => {
          const short = new Set(planShortages(members, { perDay, days }).map((m) => m.userid))
          for (const m of members) {
            const end = m.customers + (m.perDay + perDay / members.length) * days
            if (Math.abs(end - m.cap) > 1e-6) expect(short.has(m.userid)).toBe(end > m.cap)
          }
        },
      ),
    )
  })
})
