import { createCipheriv, createDecipheriv } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signJsapi } from '../jsapi.ts'
import { openCallback, openVerification, sealCallback, sealReply, sealVerification } from './codec.ts'
import { decrypt, encrypt, signature } from './crypto.ts'
import { CallbackError } from './error.ts'
import { v1, v2, v3, v4, v5, v6, v7 } from './vectors.ts'

const envelope = (encrypted: string) =>
  `<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

/** The official code that opening ends with, or the text it gives. */
function codeOf(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    throw error
  }
}

describe('vectors', () => {
  test('V1: the official page’s message is opened', () => {
    const { xml } = openCallback({ ...v1, body: envelope(v1.encrypted) })
    expect(Buffer.byteLength(xml)).toBe(284)
    expect(xml).toContain('<Content><![CDATA[hello]]></Content>')
    expect(xml).toContain('<MsgId>4561255354251345929</MsgId>')
  })

  test('V2: the verification’s echo comes back as it was', () => {
    expect(openVerification(v2)).toBe(v2.message)
  })

  test('V3: a message whose random bytes are not text is opened', () => {
    expect(openCallback({ ...v3, body: envelope(v3.encrypted) }).xml).toBe(v3.message)
  })

  test('V4: the length of a Chinese message counts bytes', () => {
    const { xml } = openCallback({ ...v4, body: Buffer.from(envelope(v4.encrypted)) })
    expect(Buffer.byteLength(xml)).toBe(290)
    expect(xml).toContain('密文测试')
  })

  test('V5: with a fixed random the platform’s ciphertext and signature come out', () => {
    const random = Buffer.from(v5.random)
    const sealed = sealCallback({ ...v5, xml: v5.message, random })
    expect(sealed.body).toContain(v5.encrypted)
    expect(sealed.query.msg_signature).toBe(v5.signature)
    expect(sealReply({ ...v5, xml: v5.message, random })).toContain(`<MsgSignature><![CDATA[${v5.signature}]]>`)
    expect(openVerification({ ...v5, query: v5.echo })).toBe(v5.echoMessage)
    const wrongNonce = { ...v5.echo, nonce: '437374424' }
    expect(codeOf(() => openVerification({ ...v5, query: wrongNonce }))).toBe(-40001)
  })

  test('V6: the Official Account’s flavour is the same cipher', () => {
    expect(encrypt(v6.aesKey, v6.message, v6.receiveId, Buffer.from(v6.random))).toBe(v6.encrypted)
    expect(decrypt(v6.aesKey, v6.encrypted, v6.receiveId)).toBe(v6.message)
  })

  test('V7: a page’s JS-SDK signature, with and without a fragment', () => {
    expect(signJsapi(v7)).toBe(v7.signature)
    expect(signJsapi({ ...v7, url: `${v7.url}#here` })).toBe(v7.signature)
  })
})

describe('what cannot be trusted is refused with the official code', () => {
  const keys = { token: 't', aesKey: v1.aesKey, receiveId: 'ww1' }
  const stamp = { timestamp: 1, nonce: 'n' }
  const sealed = sealCallback({ ...keys, ...stamp, xml: '<xml><a>1</a></xml>' })
  /** Opens content that was signed rightly, whatever it is. */
  const openSigned = (encrypted: string, over: Partial<typeof keys> = {}) =>
    codeOf(() =>
      openCallback({
        ...keys,
        ...over,
        query: { msg_signature: signature('t', '1', 'n', encrypted), timestamp: '1', nonce: 'n' },
        body: envelope(encrypted),
      }),
    )
  const open = (over: object) => codeOf(() => openCallback({ ...keys, ...sealed, ...over }).xml)
  const encryptedOf = (text: string) => encrypt(keys.aesKey, text, keys.receiveId)

  test('a right one is opened', () => {
    expect(open({})).toBe('<xml><a>1</a></xml>')
  })

  test.each([
    ['another token', { token: 'u' }],
    ['another timestamp', { query: { ...sealed.query, timestamp: '2' } }],
    ['a missing nonce', { query: { ...sealed.query, nonce: undefined } }],
    ['no signature', { query: { timestamp: '1', nonce: 'n' } }],
    ['a signature of another length', { query: { ...sealed.query, msg_signature: 'ab' } }],
    ['a changed ciphertext', { body: sealed.body.replace(/Encrypt><!\[CDATA\[./, 'Encrypt><![CDATA[!') }],
  ])('-40001 for %s', (_name, over) => {
    expect(open(over)).toBe(-40001)
  })

  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['an empty root', '<xml></xml>'],
    ['no Encrypt', '<xml><a>1</a></xml>'],
    ['two roots', `${sealed.body}${sealed.body}`],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${sealed.body}`],
    ['a prototype’s name', '<xml><__proto__><a>1</a></__proto__></xml>'],
    ['an unclosed CDATA', '<xml><Encrypt><![CDATA[abc</Encrypt></xml>'],
    ['depth without end', `<xml>${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</xml>`],
    ['a body over the bound', `<xml>${'a'.repeat(1024 * 1024)}</xml>`],
    ['broken UTF-8', Buffer.from([60, 120, 109, 108, 62, 0xff, 0xfe])],
  ])('-40002 for %s', (_name, body) => {
    expect(open({ body })).toBe(-40002)
  })

  test('-40002 for a message that is not UTF-8', () => {
    // One byte of the text is broken before encryption: the random is followed by a length of 2 and `ff fe`.
    const broken = encrypt(keys.aesKey, 'aa', keys.receiveId)
    const [random, rest] = decryptRaw(broken)
    expect(openSigned(encryptRaw(Buffer.concat([random, Buffer.from([0, 0, 0, 2, 0xff, 0xfe]), rest])))).toBe(-40002)
  })

  test.each(['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(43)}=`, `${'a'.repeat(42)}$`])(
    '-40004 for the key «%s»',
    (aesKey) => {
      expect(openSigned(encryptedOf('x'), { aesKey })).toBe(-40004)
    },
  )

  test('-40005 for another corp’s message', () => {
    expect(openSigned(encryptedOf('x'), { receiveId: 'ww2' })).toBe(-40005)
  })

  test('-40007 for a ciphertext of half a block', () => {
    expect(openSigned(Buffer.alloc(24).toString('base64'))).toBe(-40007)
  })

  test.each([
    ['another key', encrypt('b'.repeat(43), 'x', keys.receiveId)],
    ['a padding of 0', encryptRaw(Buffer.alloc(64, 0))],
    ['a padding of 33', encryptRaw(Buffer.alloc(64, 33))],
    ['an uneven padding', encryptRaw(Buffer.concat([Buffer.alloc(63, 1), Buffer.from([2])]))],
    ['a message length beyond the end', encryptRaw(Buffer.alloc(64, 32))],
    ['less than a head', encryptRaw(Buffer.alloc(32, 32))],
  ])('-40008 for %s', (_name, encrypted) => {
    expect(openSigned(encrypted)).toBe(-40008)
  })

  test.each(['a', 'ab=c', '!!!!', 'YQ==YQ==', '====', 'YWJj\nYWJj'])('-40010 for the base64 «%s»', (encrypted) => {
    expect(openSigned(encrypted)).toBe(-40010)
  })

  test('errors hold neither key nor content', () => {
    for (const body of [sealed.body, envelope(encryptedOf('secret words'))]) {
      try {
        openCallback({ ...keys, token: 'other', query: sealed.query, body })
      } catch (error) {
        expect(String(error)).not.toContain('secret')
        expect(JSON.stringify(error)).not.toContain(keys.aesKey)
      }
    }
  })
})

test('an address is verified by what the platform sealed', () => {
  const keys = { token: 't', aesKey: v1.aesKey, receiveId: 'ww1' }
  const query = sealVerification({ ...keys, timestamp: 1700000000, nonce: 'abc', echo: '123' })
  expect(openVerification({ ...keys, query })).toBe('123')
  expect(codeOf(() => openVerification({ ...keys, query: { ...query, echostr: undefined } }))).toBe(-40001)
})

const key = Buffer.from(`${v1.aesKey}=`, 'base64')

function encryptRaw(plain: Buffer): string {
  return createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(plain).toString('base64')
}

/** The random, and what follows a message of two bytes. */
function decryptRaw(encrypted: string): [Buffer, Buffer] {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = decipher.update(encrypted, 'base64')
  return [plain.subarray(0, 16), plain.subarray(22)]
}
