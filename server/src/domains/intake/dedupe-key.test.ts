import { type ExternalUserId, formatEvent, parseEvent, type UserId } from '@nuanyu/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dedupeKey } from './dedupe-key.ts'

const corpid = 'ww0000000000000001'
const app = '0198c0de-0000-7000-8000-000000000001'

function keyOf(xml: string, appId = app, corp = 1): string {
  return dedupeKey(corp, appId, parseEvent(xml), xml).toString('hex')
}

function added(fields: {
  userId: string
  externalUserId: string
  createTime: number
  welcomeCode?: string
  state?: string
}): string {
  return formatEvent({
    kind: 'customer.added',
    corpId: corpid,
    ...fields,
    userId: fields.userId as UserId,
    externalUserId: fields.externalUserId as ExternalUserId,
  } as Parameters<typeof formatEvent>[0])
}

const id = fc.stringMatching(/^[a-zA-Z0-9]{1,12}$/)

describe('the dedupe key', () => {
  it('collapses the platform’s own repeats of one callback', () => {
    const xml = added({ userId: 'lin', externalUserId: 'wmA', createTime: 1_700_000_000, welcomeCode: 'c' })
    expect(keyOf(xml)).toBe(keyOf(xml))
  })

  it('tells two customers apart who add one member in the same second', () => {
    fc.assert(
      fc.property(id, id, id, fc.integer({ min: 1, max: 2_000_000_000 }), (userId, a, b, createTime) => {
        fc.pre(a !== b)
        expect(keyOf(added({ userId, externalUserId: a, createTime }))).not.toBe(
          keyOf(added({ userId, externalUserId: b, createTime })),
        )
      }),
    )
  })

  it('never runs two ids together: (ab, c) and (a, bc) stay two', () => {
    expect(keyOf(added({ userId: 'ab', externalUserId: 'c', createTime: 1 }))).not.toBe(
      keyOf(added({ userId: 'a', externalUserId: 'bc', createTime: 1 })),
    )
  })

  it('keeps the copies of two apps and of two corps apart', () => {
    const xml = added({ userId: 'lin', externalUserId: 'wmA', createTime: 1 })
    expect(keyOf(xml, '0198c0de-0000-7000-8000-000000000002')).not.toBe(keyOf(xml))
    expect(keyOf(xml, app, 2)).not.toBe(keyOf(xml))
  })

  it('tells two changes of one group in one second apart by their members', () => {
    const update = (member: string) =>
      `<xml><ToUserName><![CDATA[${corpid}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_chat]]></Event><ChatId><![CDATA[wr1]]></ChatId><ChangeType><![CDATA[update]]></ChangeType><UpdateDetail><![CDATA[add_member]]></UpdateDetail><JoinScene>3</JoinScene><QuitScene>0</QuitScene><MemChangeCnt>1</MemChangeCnt><MemChangeList><Item>${member}</Item></MemChangeList></xml>`
    expect(keyOf(update('wmA'))).not.toBe(keyOf(update('wmB')))
    expect(keyOf(update('wmA'))).toBe(keyOf(update('wmA')))
  })
})
