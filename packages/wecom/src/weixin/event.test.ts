import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallbackError } from '../callback/error.ts'
import type { AnyField, Shape } from '../callback/fields.ts'
import { openWeixinCallback, openWeixinVerification, sealWeixinCallback, sealWeixinVerification } from './codec.ts'
import {
  formatWeixinEvent,
  parseWeixinEvent,
  sceneOf,
  type WeixinEvent,
  type WeixinEventDeclaration,
  weixinEventKey,
} from './event.ts'
import { weixinEventDeclarations } from './events.ts'
import samples from './fixtures/official-events.json' with { type: 'json' }
import { openWeixinReply, sealWeixinReply } from './reply.ts'

const keys = {
  token: 'weixintoken',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  appId: 'wx2c2769f8efd9abc2',
}
const stamp = { timestamp: 1_409_735_669, nonce: '1320562132', openId: 'o1' }
const tagsOf = (xml: string): string[] => [...xml.matchAll(/<(\/?\w+)>/g)].map((match) => match[1] ?? '')
const parsed = (kind: string, from = 0): WeixinEvent =>
  parseWeixinEvent(samples.filter((sample) => sample.kind === kind)[from]?.xml ?? '')

describe('the official pages’ samples', () => {
  test.each(samples)('$kind is read, and written back with the same tags in the same order', ({ kind, xml }) => {
    const event = parseWeixinEvent(xml)
    expect(event.kind).toBe(kind)
    expect(tagsOf(formatWeixinEvent(event))).toEqual(tagsOf(xml))
    expect(parseWeixinEvent(formatWeixinEvent(event))).toEqual(event)
  })

  test('stand for every declared event', () => {
    const shown = new Set(samples.map((sample) => sample.kind))
    expect(weixinEventDeclarations.map((one) => one.kind).filter((kind) => !shown.has(kind))).toEqual([])
  })

  test('tell who, and by which scene', () => {
    expect(parsed('oa.subscribed', 1)).toEqual({
      kind: 'oa.subscribed',
      accountId: 'toUser',
      openId: 'FromUser',
      createTime: 123_456_789,
      eventKey: 'qrscene_123123',
      ticket: 'TICKET',
    })
    expect(sceneOf(parsed('oa.subscribed', 1))).toBe('123123')
    expect(sceneOf(parsed('oa.subscribed'))).toBeUndefined()
    expect(sceneOf(parsed('oa.scanned'))).toBe('SCENE_VALUE')
    expect(sceneOf(parsed('oa.menu_clicked'))).toBeUndefined()
    expect(parsed('subscribe_message.sent')).toMatchObject({ results: [{ messageId: '1700827132819554304' }] })
  })

  test('have different keys, the same for a repetition', () => {
    expect(new Set(samples.map(({ xml }) => weixinEventKey(parseWeixinEvent(xml)))).size).toBe(samples.length - 1)
    expect(weixinEventKey(parsed('oa.text_received'))).toBe('m 1234567890123456')
  })
})

test('what is not declared stays as it came', () => {
  const xml =
    '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>7</CreateTime><MsgType>image</MsgType></xml>'
  const event = parseWeixinEvent(xml)
  expect(event).toEqual({
    kind: 'unknown',
    accountId: 'gh_1',
    openId: 'o1',
    createTime: 7,
    msgType: 'image',
    raw: xml,
  })
  expect(formatWeixinEvent(event)).toBe(xml)
})

describe('a sealed callback', () => {
  const xml = samples[0]?.xml ?? ''

  test('opens in safe mode and in plain mode', () => {
    const { aesKey: _none, ...plain } = keys
    const safe = sealWeixinCallback({ ...keys, ...stamp, xml })
    expect(safe.body).not.toContain('subscribe')
    expect(safe.query).toMatchObject({ encrypt_type: 'aes', openid: 'o1' })
    expect(openWeixinCallback({ ...keys, query: safe.query, body: safe.body })).toEqual({ xml })
    const open = sealWeixinCallback({ ...plain, ...stamp, xml })
    expect(openWeixinCallback({ ...plain, query: open.query, body: open.body })).toEqual({ xml })
  })

  test('in plain mode is refused by an account with a key: nobody chooses the weaker mode for it', () => {
    const { aesKey: _none, ...plain } = keys
    const { query, body } = sealWeixinCallback({ ...plain, ...stamp, xml })
    expect(() => openWeixinCallback({ ...keys, query, body })).toThrow(CallbackError)
  })

  test.each(['signature', 'timestamp', 'nonce'])('with another %s is refused', (name) => {
    const { aesKey: _none, ...plain } = keys
    const { query, body } = sealWeixinCallback({ ...plain, ...stamp, xml })
    const wrong = { ...query, [name]: '1' }
    expect(() => openWeixinCallback({ ...plain, query: wrong, body })).toThrow(
      expect.objectContaining({ code: -40001 }),
    )
  })

  test('of another account is refused', () => {
    const { query, body } = sealWeixinCallback({ ...keys, ...stamp, xml })
    expect(() => openWeixinCallback({ ...keys, appId: 'wxother', query, body })).toThrow(
      expect.objectContaining({ code: -40005 }),
    )
  })
})

test('a verification is answered with the echo alone, and only when it is signed', () => {
  const query = sealWeixinVerification({ token: keys.token, timestamp: 1, nonce: 'n', echo: '777' })
  expect(openWeixinVerification({ token: keys.token, query })).toBe('777')
  expect(() => openWeixinVerification({ token: 'other', query })).toThrow(CallbackError)
})

const texts = (minLength: number) =>
  fc.string({ unit: 'grapheme', minLength, maxLength: 30 }).filter((text) => !/\p{Cc}/u.test(text))

function madeOf(shape: Shape, optional: boolean): fc.Arbitrary<unknown> {
  if (shape.is === 'list') return fc.array(recordOf(shape.fields), { maxLength: 3, minLength: optional ? 1 : 0 })
  return texts(optional ? 1 : 0)
}

function recordOf(fields: readonly AnyField[]): fc.Arbitrary<object> {
  const values = Object.fromEntries(fields.map((field) => [field.name, madeOf(field.codec.shape, field.optional)]))
  return fc.record(values, { requiredKeys: fields.filter((field) => !field.optional).map((field) => field.name) })
}

function eventOf(declaration: WeixinEventDeclaration): fc.Arbitrary<WeixinEvent> {
  const fields = declaration.fields.filter((field): field is AnyField => !('fixed' in field))
  const createTime = fc.integer({ min: 0, max: 4_294_967_295 })
  const head = fc.record({ kind: fc.constant(declaration.kind), accountId: texts(1), openId: texts(1), createTime })
  // Made from the declaration that the type is derived from.
  return fc.tuple(head, recordOf(fields)).map(([a, b]) => ({ ...a, ...b }) as unknown as WeixinEvent)
}

test.each(weixinEventDeclarations.map((declaration) => [declaration.kind, declaration] as const))(
  'what is sealed of %s is opened and read back the same',
  (_kind, declaration) => {
    fc.assert(
      fc.property(eventOf(declaration), (event) => {
        const { query, body } = sealWeixinCallback({ ...keys, ...stamp, xml: formatWeixinEvent(event) })
        expect(parseWeixinEvent(openWeixinCallback({ ...keys, query, body }).xml)).toEqual(event)
      }),
      { numRuns: 30 },
    )
  },
)

describe('the answer to a callback', () => {
  const { aesKey: _none, ...plain } = keys
  const to = { openId: 'o1', accountId: 'gh_1', createTime: 7, nonce: 'n' }

  test.each([
    ['plain', plain],
    ['encrypted', keys],
  ])('%s: a text reaches the person it is for, nothing is nothing', (_name, own) => {
    const reply = { type: 'text' as const, content: '有的，<今天>到货' }
    const body = sealWeixinReply({ ...own, ...to, reply })
    expect(openWeixinReply({ ...own, openId: 'o1', body })).toEqual(reply)
    expect(openWeixinReply({ ...own, openId: 'o1', body: 'success' })).toBeUndefined()
    expect(openWeixinReply({ ...own, openId: 'o1', body: '' })).toBeUndefined()
    expect(() => openWeixinReply({ ...own, openId: 'o2', body })).toThrow(CallbackError)
    expect(() => openWeixinReply({ ...own, openId: 'o1', body: '{"ok":true}' })).toThrow(CallbackError)
  })

  test('in plain text is no answer for an account with a key', () => {
    const body = sealWeixinReply({ ...plain, ...to, reply: { type: 'transfer_customer_service' } })
    expect(openWeixinReply({ ...plain, openId: 'o1', body })).toEqual({ type: 'transfer_customer_service' })
    expect(() => openWeixinReply({ ...keys, openId: 'o1', body })).toThrow(CallbackError)
  })
})
