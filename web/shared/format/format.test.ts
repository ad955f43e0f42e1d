import { afterEach, expect, test } from 'vitest'
import { changeLanguage } from '../i18n/i18n.ts'
import { bytes, exactCount, money, share, shortCount } from './number.ts'
import { ago, clockTime, duration, exactTime } from './time.ts'

const now = Date.parse('2026-11-22T06:41:31Z')
const minute = 60_000

afterEach(() => changeLanguage('zh-CN'))

test('a count below 100,000 is exact and above it is in 万 with one decimal', () => {
  expect(shortCount(12_345)).toBe('12,345')
  expect(shortCount(99_999)).toBe('99,999')
  expect(shortCount(123_456)).toBe('12.3 万')
  expect(shortCount(123_456_789)).toBe('1.2 亿')
  expect(exactCount(123_456)).toBe('123,456')
})

test('English has no 万', async () => {
  await changeLanguage('en')
  expect(shortCount(123_456)).toBe('123.5K')
  expect(shortCount(4_200_000)).toBe('4.2M')
})

test('money, shares and sizes are written as the house writes them', () => {
  expect(money(123_450)).toBe('¥1,234.50')
  expect(money(-5)).toBe('−¥0.05')
  expect(share(0.123)).toBe('12.3 %')
  expect(bytes(999)).toBe('999 B')
  expect(bytes(2_400_000)).toBe('2.3 MB')
})

test('times are the corp’s, not the machine’s', () => {
  expect(exactTime(now)).toBe('2026-11-22 14:41:31')
  expect(clockTime('2026-11-22T16:05:00Z')).toBe('00:05')
})

test('how long ago is said in the biggest unit, and from a week on as a date', async () => {
  expect(ago(now - 10_000, now)).toBe('刚刚')
  expect(ago(now - 3 * minute, now)).toBe('3 分钟前')
  expect(ago(now - 5 * 60 * minute, now)).toBe('5 小时前')
  expect(ago(now + 2 * 60 * minute, now)).toBe('2 小时后')
  expect(ago(now - 10 * 24 * 60 * minute, now)).toBe('11 月 12 日')
  await changeLanguage('en')
  expect(ago(now - 3 * minute, now)).toBe('3 minutes ago')
})

test('durations keep two units at most', () => {
  expect(duration(120)).toBe('120 毫秒')
  expect(duration(2_400)).toBe('2.4 秒')
  expect(duration(200_000)).toBe('3 分 20 秒')
  expect(duration(3_600_000)).toBe('1 小时')
})
