import { expect, test } from 'vitest'
import { START_MS, stage } from '../testing/stage.ts'
import {
  Chat,
  ClockState,
  CorpsResponse,
  FaultsResponse,
  OracleSummary,
  PeopleResponse,
  PersonDetail,
  ScenariosResponse,
  Settings,
} from './schema.ts'

test('answers have the shapes that the schema promises', async () => {
  const { admin, add, subscribe } = await stage()
  await subscribe()
  const { person } = await add()
  CorpsResponse.parse(await admin('GET', '/corps'))
  PeopleResponse.parse(await admin('GET', '/people'))
  PersonDetail.parse(await admin('GET', '/people/chenxiaoyu'))
  PersonDetail.parse(await admin('GET', `/people/${person.id}`))
  for (const chat of (await admin('GET', '/people/chenxiaoyu/chats')).chats) Chat.parse(chat)
  ClockState.parse(await admin('GET', '/clock'))
  FaultsResponse.parse(await admin('GET', '/faults'))
  Settings.parse(await admin('GET', '/settings'))
  ScenariosResponse.parse(await admin('GET', '/scenarios'))
  OracleSummary.parse(await admin('GET', '/oracle/summary'))
})

test('the clock is read, set to a rate, moved on and never back', async () => {
  const { admin, sandbox } = await stage()
  expect(await admin('GET', '/clock')).toMatchObject({ nowMs: START_MS, rate: 1, paused: true })
  expect(await admin('POST', '/clock', { advanceMs: 5000 })).toMatchObject({ nowMs: START_MS + 5000 })
  expect((await admin('POST', '/clock', { setMs: START_MS })).error.code).toBe('time_goes_on')
  expect(await admin('POST', '/clock', { rate: 60, setMs: START_MS + 60_000 })).toMatchObject({
    rate: 60,
    nowMs: START_MS + 60_000,
  })
  expect(sandbox.clock.now()).toBe(START_MS + 60_000)
})

test('the clock streams its state at once and at every change', async () => {
  const { admin, url } = await stage()
  const stop = new AbortController()
  const stream = await fetch(`${url}/sandbox/clock/stream`, { signal: stop.signal })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader() ?? expect.fail('no stream')
  let text = ''
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) text += (await reader.read()).value ?? expect.fail('the stream ended')
  }
  await until(`"nowMs":${START_MS}`)
  await admin('POST', '/clock', { advanceMs: 1234 })
  await until(`"nowMs":${START_MS + 1234}`)
  stop.abort()
})

test('settings merge, members and limits go back to their defaults by null, nonsense changes nothing', async () => {
  const { settings, admin } = await stage()
  const first = await settings({
    members: { ChenXiaoyu: { realName: false } },
    limits: { overrides: { 'welcome_code.ttl_s': 30 } },
  })
  expect(first.members).toEqual({ chenxiaoyu: { realName: false } })
  expect(first.limits).toEqual({ frequency: true, concurrency: true, overrides: { 'welcome_code.ttl_s': 30 } })
  const back = await admin('PATCH', '/settings', {
    members: { chenxiaoyu: null },
    limits: { overrides: { 'welcome_code.ttl_s': null } },
  })
  expect(back.members).toEqual({})
  expect(back.limits.overrides).toEqual({})
  for (const wrong of [
    { limits: { overrides: { 'no.such': 1 } } },
    { limits: { overrides: { 'welcome_code.ttl_s': 'x' } } },
    { apps: { other: {} } },
    { adds: { halfShare: 2 } },
  ]) {
    expect((await admin('PATCH', '/settings', wrong)).error.code).toBe('malformed')
  }
  expect(await admin('GET', '/settings')).toEqual(back)
})

test('wrong bodies are 400 with what is wrong, unknown paths 404', async () => {
  const { admin, url, customer } = await stage()
  const person = await customer()
  expect((await admin('POST', `/people/${person.id}/scan`, {})).error).toMatchObject({
    code: 'malformed',
    message: expect.stringContaining('content'),
  })
  const broken = await fetch(`${url}/sandbox/people/${person.id}/scan`, { method: 'POST', body: '{' })
  expect(broken.status).toBe(400)
  expect((await admin('GET', '/nowhere')).error.code).toBe('unknown_path')
  expect((await admin('POST', '/people/chenxiaoyu/scan', { content: 'x' })).error.code).toBe('not_customer')
  expect((await admin('POST', `/people/${person.id}/scan`, { content: 'x' })).error.code).toBe('code_unknown')
  expect(await admin('POST', `/people/${person.id}/scan`, { content: 'https://a.example/' })).toEqual({
    kind: 'url',
    url: 'https://a.example/',
  })
})
