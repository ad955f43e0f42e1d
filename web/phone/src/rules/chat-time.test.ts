import { expect, test } from 'vitest'
import { chatTime, clockSeconds, listTime, needsTimeLine, type TimeWords } from './chat-time.ts'

const words: TimeWords = {
  yesterday: '昨天',
  weekdays: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  monthDay: (month, day) => `${month}月${day}日`,
  yearMonthDay: (year, month, day) => `${year}年${month}月${day}日`,
}
const at = (iso: string) => Date.parse(`${iso}+08:00`)
const now = at('2026-11-22T14:30:00')

test('today shows only the hour', () => {
  expect(listTime(at('2026-11-22T00:05:00'), now, words)).toBe('00:05')
  expect(chatTime(at('2026-11-22T14:03:00'), now, words)).toBe('14:03')
})

test('yesterday begins at midnight in China, not 24 hours ago', () => {
  expect(listTime(at('2026-11-21T23:59:00'), now, words)).toBe('昨天')
  expect(chatTime(at('2026-11-21T14:40:00'), now, words)).toBe('昨天 14:40')
})

test('within the week the weekday is named, before that the date, in another year the year too', () => {
  expect(listTime(at('2026-11-17T08:00:00'), now, words)).toBe('星期二')
  expect(listTime(at('2026-11-15T08:00:00'), now, words)).toBe('11月15日')
  expect(chatTime(at('2025-12-31T08:00:00'), now, words)).toBe('2025年12月31日 08:00')
})

test('a message from after the clock was set back shows its date rather than a wrong weekday', () => {
  expect(listTime(at('2026-11-24T08:00:00'), now, words)).toBe('11月24日')
})

test('a time line stands before the first message and after a gap of five minutes', () => {
  expect(needsTimeLine(undefined, now)).toBe(true)
  expect(needsTimeLine(now - 299_000, now)).toBe(false)
  expect(needsTimeLine(now - 300_000, now)).toBe(true)
})

test('seconds are shown in the zone of China', () => {
  expect(clockSeconds(Date.parse('2026-11-22T06:30:09Z'))).toBe('14:30:09')
})
