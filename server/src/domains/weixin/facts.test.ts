import { formatWeixinEvent, OpenId, parseWeixinEvent } from '@nuanyu/wecom'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { callbackKey, merged, type Standing, standingOf, standingOfInfo } from './facts.ts'

const openId = OpenId.parse('oAbcdefghijklmnopqrstuvwxyz01')
const head = { accountId: 'gh_0123456789ab', openId, createTime: 1_790_000_000 }

it('a follow by a code tells its scene; of a menu only that he is there; of what we do not know nothing', () => {
  const at = new Date(head.createTime * 1000)
  expect(standingOf({ ...head, kind: 'oa.subscribed', eventKey: 'qrscene_store-1', ticket: 't' })).toEqual({
    ...{ openid: openId, followedAt: at, scene: 'ADD_SCENE_QR_CODE', qrScene: 'store-1' },
  })
  expect(standingOf({ ...head, kind: 'oa.subscribed' })).toEqual({ openid: openId, followedAt: at })
  expect(standingOf({ ...head, kind: 'oa.menu_clicked', eventKey: 'MEMBER' })).toEqual({ openid: openId })
  const unknown = parseWeixinEvent(
    '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>LOCATION</Event></xml>',
  )
  expect(standingOf(unknown)).toBeUndefined()
})

it('who does not follow any more has ended as of the reading, and nothing else is told of him', () => {
  const readAt = new Date('2026-11-11T02:00:00Z')
  expect(standingOfInfo({ subscribe: 0, openid: openId }, readAt)).toEqual({
    ...{ openid: openId, endedAt: readAt },
  })
})

it('two deliveries of one event have one key, and the same event at another account another', () => {
  const event = parseWeixinEvent(formatWeixinEvent({ ...head, kind: 'oa.unsubscribed' }))
  expect(callbackKey('a', event)).toEqual(callbackKey('a', event))
  expect(callbackKey('a', event)).not.toEqual(callbackKey('b', event))
  expect(callbackKey('a', { ...head, kind: 'oa.unsubscribed', createTime: head.createTime + 1 })).not.toEqual(
    callbackKey('a', event),
  )
})

const moment = fc.integer({ min: 0, max: 3 }).map((second) => new Date(second * 1000))
const standing: fc.Arbitrary<Standing> = fc.oneof(
  moment.map((followedAt) => ({ openid: 'o', followedAt })),
  // of one follow the scene is one: the platform does not tell two
  moment.map((at) => ({ openid: 'o', followedAt: at, scene: `s${at.getTime()}`, qrScene: `q${at.getTime()}` })),
  moment.map((endedAt) => ({ openid: 'o', endedAt })),
  fc.tuple(moment, fc.constantFrom('a', 'b')).map(([scannedAt, scannedScene]) => ({
    ...{ openid: 'o', scannedAt, scannedScene },
  })),
  moment.map((wroteAt) => ({ openid: 'o', wroteAt })),
)

it('any order of the same facts ends in the same standing', () => {
  fc.assert(
    fc.property(
      fc.array(standing, { minLength: 1, maxLength: 8 }).chain((list) => fc.tuple(fc.constant(list), shuffled(list))),
      ([list, other]) => {
        expect(merged(other)).toEqual(merged(list))
      },
    ),
  )
})

function shuffled<T>(list: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length })
}
