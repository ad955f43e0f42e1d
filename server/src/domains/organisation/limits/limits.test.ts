import { defaultLimitProfile } from '@nuanyu/wecom'
import { describe, expect, test } from 'vitest'
import { changedOverrides } from './limits.ts'

describe('a corp’s own limits', () => {
  test('a change keeps what others changed, and null or the platform’s own number takes one back', () => {
    const before = { 'customer.per_member': 20_000, 'api.corp_per_minute': 5_000 } as const
    expect(changedOverrides(before, { 'customer.per_corp': 100_000 }, defaultLimitProfile)).toEqual({
      ...before,
      'customer.per_corp': 100_000,
    })
    expect(changedOverrides(before, { 'customer.per_member': null }, defaultLimitProfile)).toEqual({
      'api.corp_per_minute': 5_000,
    })
    expect(changedOverrides(before, { 'api.corp_per_minute': 10_000 }, defaultLimitProfile)).toEqual({
      'customer.per_member': 20_000,
    })
  })

  test('a name that does not exist, another kind or a negative number is refused in words', () => {
    expect(() => changedOverrides({}, { 'no.such': 1 }, defaultLimitProfile)).toThrow(/no\.such/)
    expect(() => changedOverrides({}, { 'customer.per_member': '20000' }, defaultLimitProfile)).toThrow(
      /must be a number/,
    )
    expect(() => changedOverrides({}, { 'customer.per_member': -1 }, defaultLimitProfile)).toThrow(/0 or more/)
  })
})
