import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hours, mayAskAt, mustTakeBack, nextTakingBack } from './hours.ts'

const zone = 'Asia/Shanghai'
const at = (time: string) => new Date(`2026-11-11T${time}:00+08:00`)
const night = { from: 21 * 60, until: 9 * 60 }

describe('when members may be asked', () => {
  it('is now while the window is open and nothing is quiet, else when both are', () => {
    const hours: Hours = { window: { from: 10 * 60, until: 20 * 60 }, quiet: [night], zone }
    expect(mayAskAt(hours, at('12:00'))).toEqual(at('12:00'))
    expect(mayAskAt(hours, at('08:00'))).toEqual(at('10:00'))
    expect(mayAskAt(hours, at('22:00'))).toEqual(new Date('2026-11-12T10:00:00+08:00'))
    expect(mayAskAt({ ...hours, window: null }, at('23:30'))).toEqual(new Date('2026-11-12T09:00:00+08:00'))
  })

  it('is never where it is quiet the whole window through', () => {
    expect(mayAskAt({ window: { from: 22 * 60, until: 23 * 60 }, quiet: [night], zone }, at('12:00'))).toBeUndefined()
  })

  it('ends five minutes before quiet hours begin, for what is open must be gone by then', () => {
    const hours: Hours = { window: null, quiet: [night], zone }
    expect(mustTakeBack(hours, at('20:54'))).toBe(false)
    expect(mustTakeBack(hours, at('20:55'))).toBe(true)
    expect(nextTakingBack(hours, at('12:00'))).toEqual(at('20:55'))
    expect(nextTakingBack(hours, at('20:55'))).toEqual(new Date('2026-11-12T20:55:00+08:00'))
  })

  const minute = fc.integer({ min: 0, max: 1_439 })
  // a span without length is refused where it is entered
  const span = fc.record({ from: minute, until: minute }).filter(({ from, until }) => from !== until)
  it('never answers a moment that is quiet or past', () => {
    fc.assert(
      fc.property(fc.option(span), fc.array(span, { maxLength: 3 }), minute, (window, quiet, now) => {
        const hours: Hours = { window, quiet, zone }
        const asked = new Date(at('00:00').getTime() + now * 60_000)
        const found = mayAskAt(hours, asked)
        if (found === undefined) return
        expect(found >= asked).toBe(true)
        expect(mustTakeBack(hours, found)).toBe(false)
        expect(mayAskAt(hours, found)).toEqual(found)
      }),
    )
  })
})
