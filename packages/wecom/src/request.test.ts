import { describe, expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import type { Endpoint } from './endpoint.ts'
import { limitProfile } from './limits.ts'
import { checkRequest } from './request.ts'

const { contactWays, welcome, customers, tags, joinWays, statistics, messages, media } = catalogue
const way = { type: 2, scene: 2, user: ['zhangsan'] }
const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`)
const image = { msgtype: 'image', image: { media_id: 'm' } }
const link = (over: object) => ({ msgtype: 'link', link: { title: 't', url: 'https://a.cn', ...over } })
const notice = { touser: 'a', msgtype: 'miniprogram_notice', miniprogram_notice: { appid: 'wx1', title: '订单提醒' } }

describe('a request that does not fit is refused with the platform’s own code', () => {
  test.each<[number, Endpoint, unknown]>([
    [41037, contactWays.add, { scene: 2, user: ['a'] }],
    [41039, contactWays.add, { ...way, type: 3 }],
    [41038, contactWays.add, { type: 2, user: ['a'] }],
    [41040, contactWays.add, { ...way, scene: 0 }],
    [41041, contactWays.add, { ...way, user: users(101) }],
    [41042, contactWays.add, { ...way, scene: 1, style: 3 }],
    [40058, contactWays.add, { ...way, type: 1, user: users(2) }],
    [40058, contactWays.add, { type: 2, scene: 2 }],
    [40058, contactWays.add, { ...way, state: '长'.repeat(31) }],
    [40003, contactWays.add, { ...way, user: ['张三'] }],
    [40003, contactWays.add, { ...way, user: ['x'.repeat(65)] }],
    [41043, contactWays.update, { remark: 'x' }],
    [41049, welcome.send, { text: { content: 'x' } }],
    [40058, welcome.send, { welcome_code: 'c' }],
    [40058, welcome.send, { welcome_code: 'c', text: { content: '' } }],
    [40058, welcome.send, { welcome_code: 'c', text: { content: '欢'.repeat(1334) } }],
    [41064, welcome.send, { welcome_code: 'c', attachments: Array.from({ length: 10 }, () => image) }],
    [41065, welcome.send, { welcome_code: 'c', attachments: [{ msgtype: 'poem' }] }],
    [40007, welcome.send, { welcome_code: 'c', attachments: [{ msgtype: 'image', image: {} }] }],
    [40058, welcome.send, { welcome_code: 'c', attachments: [link({ title: '题'.repeat(43) })] }],
    [40058, welcome.send, { welcome_code: 'c', attachments: [link({ desc: '述'.repeat(171) })] }],
    [41035, customers.get, {}],
    [40058, customers.remark, { userid: 'a', external_userid: 'wm' }],
    [40032, customers.batchGetByUser, { userid_list: users(101) }],
    [40058, tags.mark, { userid: 'a', external_userid: 'wm', add_tag: [] }],
    [40058, tags.add, { group_name: '长'.repeat(31), tag: [{ name: 'x' }] }],
    [40058, tags.edit, { id: 'et1', order: 2 ** 32 }],
    [41091, joinWays.add, { scene: 2, chat_id_list: users(6) }],
    [60267, statistics.userBehavior, { userid: ['a'], start_time: 2, end_time: 1 }],
    [40008, messages.send, { touser: 'a', agentid: 1, msgtype: 'song' }],
    [40032, messages.send, { touser: users(1001).join('|'), agentid: 1, msgtype: 'text', text: { content: 'x' } }],
    [82001, messages.send, { agentid: 1, msgtype: 'text', text: { content: 'x' } }],
    [44004, messages.send, { touser: 'a', agentid: 1, msgtype: 'text', text: { content: '' } }],
    [40058, messages.send, { ...notice, touser: '@all' }],
    [
      90202,
      messages.send,
      {
        ...notice,
        miniprogram_notice: { ...notice.miniprogram_notice, content_item: [{ key: '键'.repeat(11), value: 'v' }] },
      },
    ],
    [40004, media.upload, { type: 'poem' }],
    [40058, welcome.send, null],
    [40058, welcome.send, 'text'],
  ])('%i', (errcode, endpoint, request) => {
    expect(checkRequest(endpoint, request)).toMatchObject({ ok: false, errcode })
  })
})

describe('a request at its bounds is accepted', () => {
  test.each<[string, Endpoint, unknown]>([
    ['100 members', contactWays.add, { ...way, user: users(100) }],
    ['a state of 30 characters, some of them emoji', contactWays.add, { ...way, state: '🍎'.repeat(30) }],
    ['a text of 4,000 bytes', welcome.send, { welcome_code: 'c', text: { content: `${'欢'.repeat(1333)}a` } }],
    ['nine attachments', welcome.send, { welcome_code: 'c', attachments: Array.from({ length: 9 }, () => image) }],
    [
      'a limit above the page’s maximum, which the platform lowers',
      customers.batchGetByUser,
      { userid_list: ['a'], limit: 500 },
    ],
    ['a mini program notice without agentid', messages.send, notice],
  ])('%s', (_name, endpoint, request) => {
    expect(checkRequest(endpoint, request)).toMatchObject({ ok: true })
  })
})

test('a corp’s own limits are the ones that count, for its check only', () => {
  const request = { ...way, user: users(150) }
  expect(checkRequest(contactWays.add, request).ok).toBe(false)
  expect(checkRequest(contactWays.add, request, limitProfile({ 'contact_way.max_users': 200 })).ok).toBe(true)
  expect(checkRequest(contactWays.add, request).ok).toBe(false)
})

test('issues name the field and say what is wrong', () => {
  const checked = checkRequest(contactWays.add, { ...way, state: 'x'.repeat(31) })
  expect(checked).toMatchObject({ issues: ['state: 40058 longer than 30 characters'] })
})

test('fields that are not declared are left out, as the platform ignores them', () => {
  expect(checkRequest(customers.get, { external_userid: 'wm1', more: 1 })).toEqual({
    ok: true,
    request: { external_userid: 'wm1' },
  })
})
