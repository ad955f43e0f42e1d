import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capAt } from './caps.ts'
import { createDeliveries } from './deliveries.ts'

const at = (iso: string) => Date.parse(iso) / 1000
const mode = (name: string) => limitProfile({ 'broadcast.cap_mode': name })

test('by the month it is as many as the month has days, from midnight of the first in Shanghai', () => {
  const limits = limitProfile()
  expect(capAt(limits, at('2026-02-28T15:59:59Z'), false)).toEqual({
    sinceS: at('2026-01-31T16:00:00Z'),
    most: 28,
    counts: 'all',
  })
  expect(capAt(limits, at('2026-02-28T16:00:00Z'), true)).toEqual({
    sinceS: at('2026-02-28T16:00:00Z'),
    most: 31,
    counts: 'all',
  })
})

test('by the week it is any seven days, by the day the calendar day, by the old rule four of the corp a month', () => {
  const now = at('2026-11-11T02:00:00Z')
  expect(capAt(mode('weekly_7'), now, false)).toEqual({ sinceS: now - 7 * 86_400 + 1, most: 7, counts: 'all' })
  expect(capAt(mode('daily_1'), now, true)).toEqual({ sinceS: at('2026-11-10T16:00:00Z'), most: 1, counts: 'all' })
  const old = mode('legacy_4_per_month')
  expect(capAt(old, now, false)).toEqual({ sinceS: at('2026-10-31T16:00:00Z'), most: 4, counts: 'corp' })
  expect(capAt(old, now, true)).toEqual({ sinceS: at('2026-11-10T16:00:00Z'), most: 1, counts: 'member' })
})

test('what each recipient had since a moment is counted as if all were looked through', () => {
  const one = fc.record({ to: fc.nat(4), staff: fc.nat(2), broadcast: fc.nat(3), step: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(one), fc.nat(4), fc.nat(60), fc.nat(2), (given, to, sinceS, staff) => {
      const log = createDeliveries()
      let atS = 0
      const rows = given.map(({ step, ...row }) => {
        atS += step
        return { ...row, atS }
      })
      rows.forEach((row) => {
        log.add(row)
      })
      const his = rows.filter((row) => row.to === to && row.atS >= sinceS)
      expect(log.since(to, sinceS)).toBe(his.length)
      expect(log.since(to, sinceS, (row) => row.staff === staff)).toBe(his.filter((row) => row.staff === staff).length)
      const again = createDeliveries()
      again.load(log.dump())
      expect(again.dump()).toEqual(log.dump())
      expect(again.total).toBe(rows.length)
    }),
  )
})
