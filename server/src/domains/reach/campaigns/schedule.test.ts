import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../../infra/zone.ts'
import { dueStart, firstStart, intoWindow, nextStart, slotOf, startsBetween, within } from './schedule.ts'

const zone = 'Asia/Shanghai'
const at = (text: string) => new Date(`${text}+08:00`)
// a Wednesday
const now = at('2026-11-11T10:00:00')
const weekly = { kind: 'recurring' as const, weekdays: [0, 2, 4], minutes: [600], until: '2026-11-20' }

describe('when a campaign goes out', () => {
  it('is at once, at its time, or when its window opens', () => {
    expect(firstStart({ schedule: { kind: 'now' }, window: null }, now, zone)).toEqual(now)
    const evening = { from: 18 * 60, until: 20 * 60 }
    expect(firstStart({ schedule: { kind: 'now' }, window: evening }, now, zone)).toEqual(at('2026-11-11T18:00:00'))
    const morning = { from: 8 * 60, until: 9 * 60 }
    expect(firstStart({ schedule: { kind: 'now' }, window: morning }, now, zone)).toEqual(at('2026-11-12T08:00:00'))
    const meant = { kind: 'at' as const, at: '2026-11-13T03:00:00+08:00' }
    expect(firstStart({ schedule: meant, window: morning }, now, zone)).toEqual(at('2026-11-13T08:00:00'))
  })

  it('comes again on its weekdays until its last day, and the moment itself is not after itself', () => {
    const times = startsBetween(
      { schedule: weekly, window: null },
      at('2026-11-09T00:00:00'),
      at('2026-12-01T00:00:00'),
      zone,
    )
    expect(times).toEqual(['09', '11', '13', '16', '18', '20'].map((day) => at(`2026-11-${day}T10:00:00`)))
    expect(nextStart({ schedule: weekly, window: null }, now, zone)).toEqual(at('2026-11-13T10:00:00'))
    expect(nextStart({ schedule: weekly, window: null }, at('2026-11-20T10:00:00'), zone)).toBeUndefined()
  })

  it('goes out at each of its times of a day, and says which of them a moment is', () => {
    const daily = { ...weekly, weekdays: [0, 1, 2, 3, 4, 5, 6], minutes: [510, 690, 870, 1050], until: '2026-11-12' }
    const spec = { schedule: daily, window: null }
    const times = startsBetween(spec, now, at('2026-12-01T00:00:00'), zone)
    const expected = ['11T11:30', '11T14:30', '11T17:30', '12T08:30', '12T11:30', '12T14:30', '12T17:30']
    expect(times).toEqual(expected.map((text) => at(`2026-11-${text}:00`)))
    expect(times.map((time) => slotOf(spec, time, zone).place)).toEqual([1, 2, 3, 0, 1, 2, 3])
    // asked a little later than meant
    expect(slotOf(spec, at('2026-11-12T12:10:00'), zone)).toEqual({ place: 1, of: 4 })
  })

  it('goes out for a time that was missed while its window is open, or for three hours, and for the last one only', () => {
    const daily = { ...weekly, weekdays: [0, 1, 2, 3, 4, 5, 6], minutes: [600, 660], until: '2026-11-30' }
    const free = { schedule: daily, window: null }
    const due = (spec: Parameters<typeof dueStart>[0], first: string, then: string) =>
      dueStart(spec, at(`2026-11-${first}`), at(`2026-11-${then}`), zone)
    const [ten, eleven] = [at('2026-11-11T10:00:00'), at('2026-11-11T11:00:00')]
    expect(due(free, '11T10:00:00', '11T10:00:00')).toEqual({ start: ten, missed: [] })
    expect(due(free, '11T10:00:00', '11T10:59:59')).toEqual({ start: ten, missed: [] })
    expect(due(free, '11T10:00:00', '11T11:30:00')).toEqual({ start: eleven, missed: [ten] })
    expect(due(free, '11T10:00:00', '11T14:00:00')).toEqual({ start: eleven, missed: [ten] })
    expect(due(free, '11T10:00:00', '11T14:00:01')).toEqual({ start: undefined, missed: [ten, eleven] })
    const once = { ...daily, minutes: [600] }
    const short = { schedule: once, window: { from: 540, until: 630 } }
    expect(due(short, '11T10:00:00', '11T10:30:00')).toEqual({ start: ten, missed: [] })
    expect(due(short, '11T10:00:00', '11T10:31:00')).toEqual({ start: undefined, missed: [ten] })
    // within the window of another day it is that day's
    expect(due(short, '11T10:00:00', '12T09:30:00')).toEqual({ start: undefined, missed: [ten] })
    expect(due(short, '11T10:00:00', '13T10:05:00')).toEqual({
      start: at('2026-11-13T10:00:00'),
      missed: [ten, at('2026-11-12T10:00:00')],
    })
    const night = { schedule: { ...daily, minutes: [1_380] }, window: { from: 1_320, until: 60 } }
    expect(due(night, '11T23:00:00', '12T01:00:00')).toMatchObject({ start: at('2026-11-11T23:00:00') })
    expect(due(night, '11T23:00:00', '12T01:00:01')).toMatchObject({ start: undefined })
  })

  it('is never outside its window nor before it is meant, whatever the window', () => {
    const minute = fc.integer({ min: 0, max: 1_439 })
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 7 * 86_400_000 }), (from, until, ms) => {
        fc.pre(from !== until)
        const moment = new Date(now.getTime() + ms)
        const moved = intoWindow(moment, { from, until }, zone)
        expect(within(localTime(moved, zone).minute, { from, until })).toBe(true)
        expect(moved.getTime()).toBeGreaterThanOrEqual(moment.getTime())
        expect(moved.getTime() - moment.getTime()).toBeLessThan(86_400_000)
      }),
    )
  })
})
