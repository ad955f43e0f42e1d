import { expect, test } from 'vitest'
import type { StreamEvent } from '../api/types.ts'
import { type Entry, entryOf, isProblem, KEPT, matches, mergeEntries, type StreamFilter } from './stream.ts'

function call(seq: number, errcode = 0, appKey = 'nuanyu'): StreamEvent {
  return {
    event: 'call',
    data: {
      seq,
      atMs: seq * 1000,
      method: 'POST',
      path: '/cgi-bin/externalcontact/send_welcome_msg',
      appKey,
      request: { welcome_code: `W${seq}` },
      errcode,
      errmsg: errcode === 0 ? 'ok' : 'refused',
      ms: 5,
    },
  }
}
function entry(event: StreamEvent): Entry {
  const made = entryOf(event)
  if (!made) throw new Error('this event should stand in the stream')
  return made
}
const everything: StreamFilter = {
  kinds: new Set(['call', 'callback', 'message']),
  app: '',
  problemsOnly: false,
  text: '',
}

test('the newest stands first and what came twice stands once', () => {
  const old = mergeEntries([], [entry(call(1)), entry(call(2))])
  const merged = mergeEntries(old, [entry(call(2)), entry(call(3))])
  expect(merged.map(({ key }) => key)).toEqual(['call:3', 'call:2', 'call:1'])
})

test('the stream keeps a bounded number of entries, the newest ones', () => {
  const many = Array.from({ length: KEPT + 50 }, (_, index) => entry(call(index)))
  const kept = mergeEntries([], many)
  expect(kept).toHaveLength(KEPT)
  expect(kept[0]?.key).toBe(`call:${KEPT + 49}`)
})

test('an answer with an error code is a problem', () => {
  expect(isProblem(entry(call(1)))).toBe(false)
  expect(isProblem(entry(call(1, 41050)))).toBe(true)
})

test('filters combine: kind, app, problems, text inside the request', () => {
  const good = entry(call(7))
  expect(matches(good, everything)).toBe(true)
  expect(matches(good, { ...everything, kinds: new Set(['callback']) })).toBe(false)
  expect(matches(good, { ...everything, app: 'crm' })).toBe(false)
  expect(matches(good, { ...everything, problemsOnly: true })).toBe(false)
  expect(matches(good, { ...everything, text: 'w7' })).toBe(true)
  expect(matches(good, { ...everything, text: 'w8' })).toBe(false)
})

test('clock announcements do not stand in the stream', () => {
  expect(entryOf({ event: 'clock', data: { nowMs: 0, rate: 1, paused: false, realMs: 0 } })).toBeUndefined()
})

function said(person: string, peer: string, from = 'c9'): StreamEvent {
  return {
    event: 'message',
    data: {
      person,
      message: {
        id: 'm1',
        atMs: 0,
        from,
        fromName: from,
        peer,
        source: 'person',
        body: { type: 'text', content: '好' },
      },
    },
  }
}

test('what is said in a group is one entry, however many hear it', () => {
  const group = 'wr0GQe1AgbV3GeMEdF7MTG7Vfmkm9S3T'
  const merged = mergeEntries([], [entry(said('c1', group)), entry(said('c2', group)), entry(said('c3', 'c9'))])
  expect(merged).toHaveLength(2)
})

test('whoever wrote a message did not receive it', () => {
  expect(entryOf(said('c9', 'limin'))).toBeUndefined()
})
