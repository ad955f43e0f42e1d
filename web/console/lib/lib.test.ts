import { expect, test } from 'vitest'
import { ApiError } from '#shared/api/errors.ts'
import { businessTime } from './businessClock.ts'
import { explain } from './explain.ts'
import { parsePreferences } from './preferences.ts'
import { worthRepeating } from './queryClient.ts'
import { withChange } from './useUrl.ts'

test('business time runs at the sandbox’s rate and stands while it is paused', () => {
  const clock = { nowMs: 1_000_000, rate: 60, paused: false, askedAt: 500 }
  expect(businessTime(clock, 1500)).toBe(1_060_000)
  expect(businessTime({ ...clock, paused: true }, 1500)).toBe(1_000_000)
  expect(businessTime(undefined, 1500)).toBe(1500)
})

test('a refusal is shown in the server’s words; no answer and no reason in ours', () => {
  expect(explain(new ApiError(422, { code: 'rule', message: '已达上限。', hint: '换一位员工。' }))).toEqual({
    title: '已达上限。',
    hint: '换一位员工。',
    code: 'rule',
  })
  expect(explain(new ApiError(0, { code: 'network', message: '' })).title).toContain('连不上服务器')
  expect(explain(new ApiError(502, { code: 'http_502', message: '' })).title).toContain('502')
  expect(explain(new Error('x')).hint).not.toBe('')
})

test('only an absent or troubled server is asked again, and at most twice', () => {
  const failure = (status: number) => new ApiError(status, { code: 'x', message: '' })
  expect(worthRepeating(0, failure(0))).toBe(true)
  expect(worthRepeating(1, failure(503))).toBe(true)
  expect(worthRepeating(2, failure(503))).toBe(false)
  expect(worthRepeating(0, failure(403))).toBe(false)
})

test('broken preferences are the defaults', () => {
  const defaults = { mode: 'system', density: 'comfortable', menuFolded: false }
  expect(parsePreferences(null)).toEqual(defaults)
  expect(parsePreferences('{')).toEqual(defaults)
  expect(parsePreferences('{"mode":"pink","density":7}')).toEqual(defaults)
  expect(parsePreferences('{"mode":"dark","menuFolded":true}')).toEqual({ ...defaults, mode: 'dark', menuFolded: true })
})

test('clearing a filter takes it out of the address and leaves the others', () => {
  expect(withChange({ q: '王', status: 'lost' }, { q: '' })).toEqual({ status: 'lost' })
  expect(withChange({ q: '王' }, { open: '7' })).toEqual({ q: '王', open: '7' })
})
