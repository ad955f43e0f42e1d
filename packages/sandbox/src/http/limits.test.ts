import { expect, test } from 'vitest'
import { createClock } from '../clock/clock.ts'
import { createSettings } from '../settings.ts'
import { stage } from '../testing/stage.ts'
import { createFrequency } from './frequency.ts'

const MINUTE_MS = 60_000

function counter(overrides: Record<string, number>) {
  const clock = createClock({ startMs: 0, paused: true })
  clock.advance(3_600_000)
  const frequency = createFrequency(clock, createSettings({ limits: { overrides } }))
  const call = (ip = '1.1.1.1', path = '/a') => frequency.count('corp', ip, path)?.errcode ?? 0
  return { clock, call }
}

test('the call above the minute limit is 45009 and blocks the interface for sixty seconds', () => {
  const { clock, call } = counter({ 'api.corp_per_minute': 3 })
  expect([call(), call(), call(), call()]).toEqual([0, 0, 0, 45009])
  expect(call('1.1.1.1', '/other')).toBe(0)
  clock.advance(MINUTE_MS - 1)
  expect(call()).toBe(45009)
  clock.advance(1)
  expect(call()).toBe(0)
})

test('the minute is any sixty seconds, not that of the face of the clock', () => {
  const { clock, call } = counter({ 'api.corp_per_minute': 2 })
  clock.advance(59_000)
  expect([call(), call()]).toEqual([0, 0])
  clock.advance(2_000)
  expect(call()).toBe(45009)
})

test('the call above the hour limit blocks for an hour', () => {
  const { clock, call } = counter({ 'api.corp_per_hour': 2 })
  expect([call(), call(), call()]).toEqual([0, 0, 45009])
  clock.advance(59 * MINUTE_MS)
  expect(call()).toBe(45009)
  clock.advance(MINUTE_MS)
  expect(call()).toBe(0)
})

test('an address is limited on its own, whatever the corp has left', () => {
  const { call } = counter({ 'api.ip_per_minute': 1 })
  expect([call('1.1.1.1'), call('1.1.1.1'), call('2.2.2.2')]).toEqual([0, 45009, 0])
})

test('too many listings of one interface at a time are 45033, and serial ones pass', async () => {
  const { get, settings, token } = await stage()
  await token()
  await settings({ platform: { delayMs: 40 }, limits: { overrides: { 'api.concurrent_listing': 2 } } })
  const codes = await Promise.all(
    Array.from({ length: 5 }, async () => (await get('externalcontact/get_follow_user_list')).errcode),
  )
  expect(codes.filter((code) => code === 45033).length).toBeGreaterThanOrEqual(1)
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(2)
  expect((await get('externalcontact/get_follow_user_list')).errcode).toBe(0)
})

test('two writes of one record at a time are 45035, of two records are not', async () => {
  const { call, subscribe, add, fault, sandbox } = await stage()
  await subscribe()
  const [one, two] = [await add(), await add()]
  const [tag] = sandbox.world.seededTags
  const mark = (external_userid: string) =>
    call('externalcontact/mark_tag', { userid: 'chenxiaoyu', external_userid, add_tag: [tag] })
  await fault({ kind: 'delay', delayMs: 60, match: { path: 'mark_tag' } })
  const three = await Promise.all([mark(one.externalUserId), mark(one.externalUserId), mark(two.externalUserId)])
  expect(three.map((answer) => answer.errcode).sort()).toEqual([0, 0, 45035])
  expect((await mark(one.externalUserId)).errcode).toBe(0)
})
