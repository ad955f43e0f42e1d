import { expect, test } from 'vitest'
import type { StreamEvent } from '../api/types.ts'
import { touches } from './touches.ts'

const customer = { id: 'c7', externalUserId: 'wmSeven' }
const remark = (errcode: number, userid = 'chenxiaoyu'): StreamEvent => ({
  event: 'call',
  data: {
    seq: 1,
    atMs: 0,
    method: 'POST',
    path: '/cgi-bin/externalcontact/remark',
    appKey: 'nuanyu',
    request: { userid, external_userid: 'wmSeven', remark: 'x' },
    errcode,
    errmsg: '',
    ms: 1,
  },
})

test('a remark by an app touches both sides of the relation and nobody else', () => {
  expect(touches(remark(0), customer)).toBe(true)
  expect(touches(remark(0), { id: 'chenxiaoyu' })).toBe(true)
  expect(touches(remark(0), { id: 'limin' })).toBe(false)
})

test('a refused call changes nothing', () => {
  expect(touches(remark(84061), customer)).toBe(false)
})

test('a call that only reads changes nothing', () => {
  const read = remark(0)
  if (read.event !== 'call') throw new Error('unreachable')
  expect(touches({ ...read, data: { ...read.data, path: '/cgi-bin/externalcontact/get' } }, customer)).toBe(false)
})

test('a deletion is seen by the ids of its callback', () => {
  const deleted: StreamEvent = {
    event: 'callback',
    data: {
      seq: 1,
      callbackId: 1,
      atMs: 0,
      appKey: 'nuanyu',
      event: 'change_external_contact/del_follow_user',
      userid: 'chenxiaoyu',
      externalUserId: 'wmSeven',
      attempt: 1,
      result: 'acknowledged',
      ms: 1,
    },
  }
  expect(touches(deleted, customer)).toBe(true)
  expect(touches(deleted, { id: 'c8', externalUserId: 'wmEight' })).toBe(false)
})
