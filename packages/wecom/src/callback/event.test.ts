import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CorpId, ExternalUserId, UserId } from '../ids.ts'
import { openCallback } from './codec.ts'
import type { EventDeclaration } from './declaration.ts'
import { CallbackError } from './error.ts'
import { formatEvent, parseEvent } from './event.ts'
import { eventDeclarations, type WecomEvent } from './events/index.ts'
import type { AnyField, Shape } from './fields.ts'
import samples from './fixtures/official-samples.json' with { type: 'json' }

const tagsOf = (xml: string): string[] => [...xml.matchAll(/<(\/?\w+)>/g)].map((match) => match[1] ?? '')

describe('the official pages’ samples', () => {
  test.each(samples)('$kind ($doc) is read, and written back with the same tags in the same order', ({ kind, xml }) => {
    const event = parseEvent(xml)
    expect(event.kind).toBe(kind)
    const written = formatEvent(event)
    expect(tagsOf(written)).toEqual(tagsOf(xml))
    expect(parseEvent(written)).toEqual(event)
  })

  test('every declared event but those without a sample on a page is among them', () => {
    const shown = new Set(samples.map((sample) => sample.kind))
    const without = eventDeclarations.map((declaration) => declaration.kind).filter((kind) => !shown.has(kind))
    expect(without.sort()).toEqual(['app.unsubscribed', 'customer.archive_agreed'])
  })

  test('an add carries who, whom, the code’s state and the welcome code', () => {
    const { xml } = samples.find((sample) => sample.kind === 'customer.added') ?? { xml: '' }
    expect(parseEvent(xml)).toEqual({
      kind: 'customer.added',
      corpId: 'toUser',
      createTime: 1_403_610_513,
      userId: 'zhangsan',
      externalUserId: 'woAJ2GCAAAXtWyujaWJHDDGi0mAAAA',
      state: 'teststate',
      welcomeCode: 'WELCOMECODE',
    })
  })

  test('a group change carries its members and versions', () => {
    const { xml } = samples.find((sample) => sample.kind === 'group.updated') ?? { xml: '' }
    expect(parseEvent(xml)).toMatchObject({
      updateDetail: 'add_member',
      joinScene: 1,
      memberChangeCount: 10,
      memberChanges: ['Jack', 'Rose'],
      lastMemberVersion: '9c3f97c2ada667dfb5f6d03308d963e1',
    })
  })
})

describe('an add', () => {
  const added: WecomEvent = {
    kind: 'customer.added',
    corpId: CorpId.parse('ww1'),
    createTime: 1,
    userId: UserId.parse('zhangsan'),
    externalUserId: ExternalUserId.parse('wm1'),
  }

  test('is written exactly as the platform does', () => {
    expect(formatEvent({ ...added, state: 's', welcomeCode: 'w' })).toBe(
      '<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>' +
        '<CreateTime>1</CreateTime><MsgType><![CDATA[event]]></MsgType>' +
        '<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType>' +
        '<UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[wm1]]></ExternalUserID>' +
        '<State><![CDATA[s]]></State><WelcomeCode><![CDATA[w]]></WelcomeCode></xml>',
    )
  })

  test('without state and welcome code has neither, and an empty tag counts as none', () => {
    expect(parseEvent(formatEvent(added))).toEqual(added)
    const empty = formatEvent({ ...added, state: 'x' }).replace('<![CDATA[x]]>', '')
    expect(parseEvent(empty)).toEqual(added)
  })

  test('keeps digits, spaces and CDATA ends in its values as they are', () => {
    const odd = { ...added, state: ' 007 ]]> <b>&amp; 好 ' }
    expect(parseEvent(formatEvent(odd))).toEqual(odd)
  })
})

describe('what is not declared stays as it came', () => {
  const head =
    '<ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>7</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event>'

  test.each([
    ['an unknown change', `<xml>${head}<ChangeType><![CDATA[brand_new]]></ChangeType><X>1</X></xml>`],
    ['a known change without its customer', `<xml>${head}<ChangeType>del_follow_user</ChangeType></xml>`],
    ['a tag twice', `<xml>${head}<ChangeType>del_follow_user</ChangeType><UserID>a</UserID><UserID>b</UserID></xml>`],
  ])('%s', (_name, xml) => {
    const event = parseEvent(xml)
    expect(event).toMatchObject({
      kind: 'unknown',
      corpId: 'ww1',
      createTime: 7,
      event: 'change_external_contact',
      raw: xml,
    })
    expect(formatEvent(event)).toBe(xml)
  })

  test('a message a member wrote', () => {
    const xml =
      '<xml><ToUserName>ww1</ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content></xml>'
    expect(parseEvent(xml)).toEqual({ kind: 'unknown', corpId: 'ww1', createTime: 0, msgType: 'text', raw: xml })
  })
})

test.each([
  '<xml><a>1</b></xml>',
  '<xml><a>1</xml>',
  '<xml>',
  '<xml/>',
  '<html></html>',
  `<xml>${'<a>'.repeat(50)}x${'</a>'.repeat(50)}</xml>`,
  '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
])('-40002 for «%s»', (xml) => {
  expect(() => parseEvent(xml)).toThrow(expect.objectContaining({ code: -40002 }))
})

test('entities are not expanded', () => {
  const xml = '<xml><ToUserName>ww1</ToUserName><MsgType>&lt;&#65;&a;</MsgType></xml>'
  expect(parseEvent(xml)).toMatchObject({ msgType: '&lt;&#65;&a;' })
})

/** Text as XML can hold it: no control characters, and line ends are normalised. */
const texts = (minLength: number) =>
  fc.string({ unit: 'grapheme', minLength, maxLength: 30 }).filter((text) => !/\p{Cc}/u.test(text))
const ints = fc.integer({ min: 0, max: 4_294_967_295 })

function madeOf(shape: Shape, optional: boolean): fc.Arbitrary<unknown> {
  const minLength = optional ? 1 : 0
  switch (shape.is) {
    case 'text':
      return texts(minLength)
    case 'int':
      return ints
    case 'decimal':
      return fc.integer({ min: -180_000_000, max: 180_000_000 }).map((micro) => micro / 1_000_000)
    case 'csv':
      return fc.array(
        texts(1).filter((text) => !text.includes(',')),
        { minLength },
      )
    case 'csvInts':
      return fc.array(ints, { minLength })
    case 'items':
      return fc.array(texts(1), { minLength })
    case 'repeated':
      return fc.array(texts(1), { minLength: 1 })
    case 'group':
      return recordOf(shape.fields)
    case 'list':
      return fc.array(recordOf(shape.fields), { minLength, maxLength: 3 })
  }
}

function recordOf(fields: readonly AnyField[]): fc.Arbitrary<object> {
  const values = Object.fromEntries(fields.map((field) => [field.name, madeOf(field.codec.shape, field.optional)]))
  return fc.record(values, { requiredKeys: fields.filter((field) => !field.optional).map((field) => field.name) })
}

function eventOf(declaration: EventDeclaration): fc.Arbitrary<WecomEvent> {
  const fields = declaration.fields.filter((field): field is AnyField => !('fixed' in field))
  const member = declaration.from === 'member' ? { userId: texts(1) } : {}
  const head = { kind: fc.constant(declaration.kind), corpId: texts(1), createTime: ints, ...member }
  // a member's own acts reach the corp's own apps only
  const suite = declaration.from === 'sys' ? fc.option(texts(1).map((suiteId) => ({ suiteId }))) : fc.constant(null)
  // Made from the declaration that the type is derived from.
  return fc
    .tuple(fc.record(head), recordOf(fields), suite)
    .map(([a, b, c]) => ({ ...a, ...b, ...c }) as unknown as WecomEvent)
}

test.each(eventDeclarations.map((declaration) => [declaration.kind, declaration] as const))(
  'what is written of %s is read back the same',
  (_kind, declaration) => {
    fc.assert(
      fc.property(eventOf(declaration), (event) => {
        expect(parseEvent(formatEvent(event))).toEqual(event)
      }),
      { numRuns: 40 },
    )
  },
)

test('any bytes sent to a callback address end in an official code, never in a crash', () => {
  const keys = { token: 't', aesKey: 'a'.repeat(43), receiveId: 'ww1' }
  const fragments = fc.array(
    fc.oneof(
      fc.constantFrom('<xml>', '</xml>', '<Encrypt>', '</Encrypt>', '<![CDATA[', ']]>', '<!--', '&a;'),
      fc.string(),
    ),
  )
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fragments.map((parts) => parts.join('')),
    fc.base64String().map((text) => `<xml><Encrypt>${text}</Encrypt></xml>`),
  )
  const query = fc.record(
    { msg_signature: fc.string(), timestamp: fc.oneof(fc.string(), fc.nat()), nonce: fc.string() },
    { requiredKeys: [] },
  )
  const coded = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      expect(error).toBeInstanceOf(CallbackError)
    }
  }
  fc.assert(
    fc.property(bodies, query, (body, query) => {
      coded(() => openCallback({ ...keys, query, body }))
      if (typeof body === 'string') coded(() => parseEvent(body))
    }),
    { numRuns: 1_000 },
  )
})
