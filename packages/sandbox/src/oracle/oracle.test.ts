import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'
import { createAddLog } from './adds.ts'
import { percentiles } from './percentiles.ts'
import { ring } from './ring.ts'

test('a ring forgets the oldest and counts all', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(40), fc.nat(50), (size, pushed, after) => {
      const kept = ring<{ seq: number }>(size)
      for (let n = 0; n < pushed; n++) kept.push((seq) => ({ seq }))
      const all = Array.from({ length: pushed }, (_, n) => n + 1).slice(-size)
      expect(kept.total).toBe(pushed)
      expect([...kept.newest()].map((one) => one.seq)).toEqual(all.toReversed())
      expect(kept.since(after).map((one) => one.seq)).toEqual(all.filter((seq) => seq > after))
    }),
  )
})

test('percentiles are by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect(percentiles(hundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, p999: 100, max: 100 })
  expect(percentiles([])).toEqual({ count: 0, p50: null, p95: null, p99: null, p999: null, max: null })
})

test('adds from before a reset change nothing after it', () => {
  const log = createAddLog()
  const add = { staff: 1, customer: 2, scannedMs: 10, codes: 1, half: false, expiresMs: 20_010 }
  const old = log.open(add)
  log.clear()
  const fresh = log.open(add)
  log.welcomed(old, 50)
  expect(log.total).toBe(1)
  expect(log.row(fresh)).toMatchObject({ welcomes: 0, welcomedMs: -1 })
  expect(log.row(old)).toBeUndefined()
})

test('the summary tells sent, missing and pending welcomes, latencies and what every path answered', async () => {
  const { subscribe, add, call, admin, advance } = await stage()
  await subscribe()
  const greet = (code: string | undefined) =>
    call('externalcontact/send_welcome_msg', { welcome_code: code, text: { content: '你好' } })
  const first = await add()
  await advance(300)
  await greet(first.welcomeCodes[0]?.welcomeCode)
  await greet(first.welcomeCodes[0]?.welcomeCode)
  await add()
  expect((await admin('GET', '/oracle/summary')).welcomes).toMatchObject({
    sent: 1,
    pending: 1,
    missing: 0,
    duplicates: 0,
  })
  await advance(20_001)
  const summary = await admin('GET', '/oracle/summary')
  expect(summary.adds).toEqual({ total: 2, withCode: 2, withoutCode: 0, half: 0 })
  expect(summary.welcomes).toMatchObject({ sent: 1, pending: 0, missing: 1, peakPerMinute: 1 })
  expect(summary.latencyMs.scanToWelcome).toMatchObject({ count: 1, p50: 300, max: 300 })
  expect(summary.calls.byPath['/cgi-bin/externalcontact/send_welcome_msg']).toEqual({ count: 2, errors: { 41051: 1 } })
  const { rows, columns } = await admin('GET', '/oracle/adds')
  expect(rows.map((row: unknown[]) => row[columns.indexOf('welcomes')])).toEqual([1, 0])
  await admin('POST', '/oracle/reset')
  expect((await admin('GET', '/oracle/summary')).adds.total).toBe(0)
})

test('calls are kept with what was asked, without secrets', async () => {
  const { call, admin } = await stage()
  await call('externalcontact/get_contact_way', { config_id: 'nothing' })
  const { calls, total } = await admin('GET', '/oracle/calls?after=0')
  expect(total).toBe(2)
  expect(calls).toMatchObject([
    { path: '/cgi-bin/gettoken', appKey: null, errcode: 0, request: { corpsecret: '…' } },
    {
      path: '/cgi-bin/externalcontact/get_contact_way',
      appKey: 'nuanyu',
      errcode: 41044,
      request: { config_id: 'nothing' },
    },
  ])
  expect((await admin('GET', '/oracle/calls?errcode=41044')).calls).toHaveLength(1)
})

test('the stream tells calls, callbacks, messages, faults and the clock as they happen', async () => {
  const { subscribe, add, url, fault, advance } = await stage()
  await subscribe()
  const stop = new AbortController()
  const stream = await fetch(`${url}/sandbox/stream`, { signal: stop.signal })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader() ?? expect.fail('no stream')
  await add()
  await fault({ kind: 'delay', delayMs: 1 })
  await advance(1000)
  const seen = new Set<string>()
  const wanted = ['call', 'callback', 'message', 'fault', 'clock']
  for (let text = ''; wanted.some((kind) => !seen.has(kind)); ) {
    text += (await reader.read()).value ?? expect.fail('the stream ended')
    for (const [, kind] of text.matchAll(/^event: (\w+)$/gm)) seen.add(kind ?? '')
  }
  stop.abort()
})
