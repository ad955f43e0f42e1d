import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { scrub } from './scrub.ts'

/** What comes out of a logger, as lines and parsed. */
function capture() {
  const lines: string[] = []
  const log = createLog('trace', { write: (line) => void lines.push(line) })
  return { log, text: () => lines.join(''), parsed: () => lines.map((line): unknown => JSON.parse(line)) }
}

const secret = 'S3cr3tValue-9f'
const phone = '13812345678'

describe('the log', () => {
  it('shows no secret and no phone number, whatever is handed to it', () => {
    const { log, text, parsed } = capture()
    log.info({ secret, token: secret, access_token: secret, password: secret, mobile: phone, phone }, 'top')
    log.info({ app: { corpsecret: secret, aesKey: secret, encodingAESKey: secret, appSecret: secret } }, 'one deep')
    log.info({ a: { b: [{ c: { accessToken: secret, contactPhone: phone, x_csrf_token: secret } }] } }, 'deep')
    log.info(
      { req: { headers: { cookie: secret, authorization: `Bearer ${secret}`, 'x-csrf-token': secret } } },
      'request',
    )
    log.info({ mobile: 13812345678, phoneNumber: 13812345678 }, 'numbers')
    log.info({ url: `https://qyapi.example/cgi-bin/user/get?access_token=${secret}&userid=chen` }, 'address')
    log.info(`gettoken?corpid=ww1&corpsecret=${secret} answered`)
    log.info(`客户 ${phone} 来电，+86 138-1234-5678`)
    log.info(
      { body: JSON.stringify({ secret, inner: JSON.stringify({ token: secret, mobile: phone }) }) },
      'body as text',
    )
    log.info({ password: { value: secret }, session: [phone] }, 'object under a secret name')
    log.error(
      { err: Object.assign(new Error(`call failed: token=${secret}`), { secret, details: { phone } }) },
      'error',
    )
    log.child({ secret }).warn({ headers: [['authorization', `Bearer ${secret}`]] }, 'child')
    expect(text()).not.toContain(secret)
    expect(text()).not.toContain(phone)
    expect(text()).not.toContain('1234-5678')
    expect(parsed()).toHaveLength(12)
  })

  it('keeps what is needed to find the cause', () => {
    const { log, text } = capture()
    log.info(
      { userid: 'chen', corpId: 1, batchId: 1_795_000_000_000, errcode: 40029, path: '/cgi-bin/user/get?userid=chen' },
      'kept',
    )
    expect(text()).toContain(
      '"userid":"chen","corpId":1,"batchId":1795000000000,"errcode":40029,"path":"/cgi-bin/user/get?userid=chen"',
    )
    expect(scrub('{"requestId":"0199-13812345678-ab"}\n')).toBe('{"requestId":"0199-13812345678-ab"}\n')
    expect(scrub('{"app":{"hasSecret":true,"token":null}}\n')).toBe('{"app":{"hasSecret":true,"token":null}}\n')
  })

  it('writes lines that are still JSON, whatever stands in them', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom(
        `"${secret}"`,
        `\\"token\\":\\"${secret}`,
        `token="${secret}\\`,
        '\\',
        '"',
        `password=${secret}"`,
      ),
      fc.double(),
      fc.constant(null),
    )
    const key = fc.oneof(fc.string(), fc.constantFrom('token', 'appSecret', 'mobile', 'note', 'Cookie'))
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value))), fc.string(), (fields, message) => {
        const { log, parsed } = capture()
        log.info({ fields, text: JSON.stringify(fields), twice: JSON.stringify(JSON.stringify(fields)) }, message)
        expect(parsed()).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  it('hides a phone number in any text', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^1[3-9]\d{9}$/),
        fc.constantFrom(' ', '：', '"', '(', ',', '号'),
        (number, before) => {
          expect(scrub(JSON.stringify({ msg: `${before}${number}${before}` }))).not.toContain(number)
        },
      ),
    )
  })
})
