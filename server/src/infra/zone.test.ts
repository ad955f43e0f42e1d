import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { businessDay, localTime, momentOf, nextMidnight, nextTimeOfDay, offsetChanges } from './zone.ts'

const zones = ['Asia/Shanghai', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'UTC']

describe('zone', () => {
  it('the business day of Shanghai begins at 16:00 UTC', () => {
    expect(businessDay(new Date('2026-11-22T15:59:59Z'), 'Asia/Shanghai')).toBe('2026-11-22')
    expect(businessDay(new Date('2026-11-22T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-23')
    expect(nextMidnight(new Date('2026-11-22T15:59:59Z'), 'Asia/Shanghai')).toEqual(new Date('2026-11-22T16:00:00Z'))
  })

  it('a time of day comes once a day: later today, or tomorrow from its very moment on', () => {
    const next = (at: string) => nextTimeOfDay(new Date(at), 3 * 60, 'Asia/Shanghai')
    expect(next('2026-11-21T18:59:59Z')).toEqual(new Date('2026-11-21T19:00:00Z'))
    expect(next('2026-11-21T19:00:00Z')).toEqual(new Date('2026-11-22T19:00:00Z'))
  })

  it('2026-11-22 is a Sunday', () => {
    expect(localTime(new Date('2026-11-22T04:00:00Z'), 'Asia/Shanghai')).toMatchObject({ weekday: 6, minute: 720 })
  })

  it('agrees with the wall clock of Intl at any moment of any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date(0), max: new Date('2037-01-01'), noInvalidDate: true }),
        (zone, at) => {
          const parts = new Intl.DateTimeFormat('en-CA', {
            timeZone: zone,
            hourCycle: 'h23',
            dateStyle: 'short',
            timeStyle: 'short',
          }).format(at)
          const { minute } = localTime(at, zone)
          const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
          expect(parts).toBe(`${businessDay(at, zone)}, ${clock}`)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('the moment of a wall time shows that wall time, unless the clocks skip it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 10_000, max: 24_000 }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, day, minute) => {
          const shown = localTime(momentOf(day, minute, zone), zone)
          const skipped = offsetChanges((day - 1) * 86_400_000, (day + 2) * 86_400_000, zone).length > 0
          if (!skipped) expect(shown).toMatchObject({ dayNumber: day, minute })
          else expect(Math.abs(shown.dayNumber * 1440 + shown.minute - day * 1440 - minute)).toBeLessThanOrEqual(60)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('finds both changes of a year with summer time', () => {
    const from = Date.parse('2026-01-01T00:00:00Z')
    expect(
      offsetChanges(from, Date.parse('2026-12-31T00:00:00Z'), 'America/New_York').map((ms) =>
        new Date(ms).toISOString(),
      ),
    ).toEqual(['2026-03-08T07:00:00.000Z', '2026-11-01T06:00:00.000Z'])
  })
})
