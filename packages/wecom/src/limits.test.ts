import { describe, expect, test } from 'vitest'
import {
  defaultLimitProfile,
  isLimitName,
  limitInForce,
  limitProfile,
  sourceNameZh,
  sourceUrl,
  underLimits,
} from './limits.ts'

test('the numbers that the first path stands on are the documented ones', () => {
  const value = defaultLimitProfile.value
  expect(value('welcome_code.ttl_s')).toBe(20)
  expect(value('api.corp_per_minute')).toBe(10_000)
  expect(value('api.corp_per_hour')).toBe(150_000)
  expect(value('contact_way.max_users')).toBe(100)
  expect(value('welcome.text_bytes')).toBe(4_000)
  expect(value('broadcast.cap_mode')).toBe('monthly_days')
  expect(value('callback.repeat_on_status')).toBe(false)
})

test('every number says where it was read, when, and how well it is known', () => {
  for (const entry of defaultLimitProfile.entries()) {
    expect(entry.name).toMatch(/^[a-z_]+\.[a-z0-9_]+$/)
    expect(entry.date).toMatch(/^20\d\d(-\d\d(-\d\d)?)?$/)
    expect([entry.name, entry.source === '', entry.unit === '']).toEqual([entry.name, false, false])
    // Only what was read in the official documentation has its page.
    expect([entry.name, sourceUrl(entry.source) !== undefined]).toEqual([entry.name, entry.grade === 'A'])
  }
})

test('every number says what it is in English and in Chinese, and no two of a language are mixed up', () => {
  for (const { name, note, source } of defaultLimitProfile.entries()) {
    expect([name, /[a-z]{2}/i.test(note.en), /\p{Script=Han}/u.test(note.en)]).toEqual([name, true, false])
    expect([name, /\p{Script=Han}/u.test(note.zh)]).toEqual([name, true])
    // a source without a page is named in both languages too
    expect([source, sourceUrl(source) === undefined && sourceNameZh(source) === undefined]).toEqual([source, false])
  }
})

describe('a corp’s own values', () => {
  const own = limitProfile({ 'customer.per_member': 20_000 })

  test('stand in place of the default, and are marked', () => {
    expect(own.value('customer.per_member')).toBe(20_000)
    expect(own.entry('customer.per_member')).toMatchObject({ value: 20_000, overridden: true, grade: 'B' })
    expect(own.entry('customer.per_corp').overridden).toBe(false)
    expect(defaultLimitProfile.value('customer.per_member')).toBe(5_000)
  })

  test('of another kind or of no limit are refused', () => {
    expect(() => limitProfile(JSON.parse('{"customer.per_member":"many"}'))).toThrow(/is a number/)
    expect(() => limitProfile(JSON.parse('{"customer.per_planet":1}'))).toThrow(/no limit named/)
    expect(() => limitProfile(JSON.parse('{"__proto__x":1}'))).toThrow(/no limit named/)
  })

  test('are in force only during their check, also when it throws', () => {
    expect(underLimits(own, () => limitInForce('customer.per_member'))).toBe(20_000)
    expect(() =>
      underLimits(own, () => {
        throw new Error('x')
      }),
    ).toThrow('x')
    expect(limitInForce('customer.per_member')).toBe(5_000)
  })
})

test('names from outside can be told from limits', () => {
  expect(isLimitName('welcome_code.ttl_s')).toBe(true)
  expect(isLimitName('toString')).toBe(false)
})

test('a source leads to its official page', () => {
  expect(sourceUrl('D92137')).toBe('https://developer.work.weixin.qq.com/document/path/92137')
  expect(sourceUrl('help centre texts')).toBeUndefined()
})
