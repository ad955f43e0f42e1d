import { expect, expectTypeOf, test } from 'vitest'
import {
  type catalogue,
  type Handlers,
  parseEvent,
  type RequestOf,
  type ResponseOf,
  UserId,
  type WecomEvent,
} from './index.ts'

type C = typeof catalogue

test('a userid cannot be passed for an external_userid', () => {
  const userId = UserId.parse('zhangsan')
  const plain: RequestOf<C['customers']['get']> = { external_userid: 'wm1' }
  const right: RequestOf<C['contacts']['getUser']> = { userid: userId }
  // @ts-expect-error a member is not a customer
  const wrong: RequestOf<C['customers']['get']> = { external_userid: userId }
  expect([plain, right, wrong]).toHaveLength(3)
})

test('an event’s fields are known from its kind', () => {
  const event: WecomEvent = parseEvent(
    '<xml><ToUserName>ww1</ToUserName><FromUserName>a</FromUserName><CreateTime>1</CreateTime>' +
      '<MsgType>event</MsgType><Event>subscribe</Event><AgentID>7</AgentID></xml>',
  )
  if (event.kind !== 'app.subscribed') return expect.fail(event.kind)
  expectTypeOf(event.userId).toEqualTypeOf<UserId>()
  expect([event.userId, event.agentId]).toEqual(['a', 7])
})

test('a handler gets the parsed request and may leave empty lists out of its answer', () => {
  const handlers: Pick<Handlers<{ known: string[] }, { errcode: number }>, 'welcome' | 'auth'> = {
    auth: { getToken: (_context, { corpid }) => ({ access_token: corpid, expires_in: 7200 }) },
    welcome: {
      send: async (context, request) => (context.known.includes(request.welcome_code) ? {} : { errcode: 41050 }),
    },
  }
  expect(Object.keys(handlers)).toEqual(['auth', 'welcome'])
  expectTypeOf<ResponseOf<C['customers']['listFollowUsers']>>().toEqualTypeOf<{ follow_user: UserId[] }>()
})
