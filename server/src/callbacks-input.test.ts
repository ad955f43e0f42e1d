import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { sealVerification } from '@nuanyu/wecom'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { startWatch } from './infra/testing-time.ts'
import { eventXml, pathStage, type Sealed, type StageApp } from './path-stage.ts'

const stage = await pathStage()
const ours = await stage.app('wwours', 'main')
const second = await stage.app('wwours', 'second')
const theirs = await stage.app('wwtheirs', 'main')
const { db } = stage.database

let people = 0
const at = () => Math.floor(stage.clock.now().getTime() / 1000)
const edited = (app: StageApp, externalUserid: string, createTime = at()) =>
  eventXml(app.corpid, createTime, {
    ChangeType: 'edit_external_contact',
    UserID: 'chenxiaoyu',
    ExternalUserID: externalUserid,
  })
const nextPerson = () => {
  people += 1
  return `wmPerson${people}`
}
const storedOf = async (subject: string) =>
  db.selectFrom('callbacks').select(['id', 'kind', 'body']).where('subject', '=', subject).execute()
const countStored = async () =>
  (await db.selectFrom('callbacks').select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n

/** A callback that is as it should be: it is stored, answered with an empty body, and handled. */
async function goodOnePasses(app: StageApp = ours): Promise<void> {
  const who = nextPerson()
  const answer = await stage.send(stage.seal(app, edited(app, who)))
  expect([answer.status, await answer.text()]).toEqual([200, ''])
  expect(await storedOf(who)).toHaveLength(1)
  await stage.settled()
  expect(
    await db
      .selectFrom('identities')
      .select('value')
      .where('value', '=', who)
      .where('corp_id', '=', app.corpId)
      .execute(),
  ).toHaveLength(1)
}

async function refusal(sealed: Sealed): Promise<{ status: number; code: unknown }> {
  const answer = await stage.send(sealed)
  const body = (await answer.json()) as { code: string; message: string; hint?: string; details?: { code?: number } }
  expect(body.message).not.toBe('')
  return { status: answer.status, code: body.details?.code ?? body.code }
}

let before = 0
beforeEach(async () => {
  before = await countStored()
})

describe('what cannot be trusted is refused in words, stores nothing and disturbs nobody', () => {
  const good = () => stage.seal(ours, edited(ours, nextPerson()))
  it.each([
    [
      'a wrong signature',
      -40001,
      () => readdress(good(), (url) => url.replace(/msg_signature=.{4}/, 'msg_signature=0000')),
    ],
    ['no signature at all', -40001, () => readdress(good(), (url) => url.replace(/[?].*/, ''))],
    [
      'the address of another app of the corp',
      -40001,
      () => readdress(good(), (url) => url.replace('/main', '/second')),
    ],
    [
      'another corp’s token and key',
      -40001,
      () => stage.seal(ours, edited(ours, 'x'), { token: theirs.token, aesKey: theirs.aesKey }),
    ],
    [
      'another corp’s key under our token',
      -40008,
      () => stage.seal(ours, edited(ours, 'x'), { aesKey: theirs.aesKey }),
    ],
    [
      'another corp’s message under our token and key',
      -40005,
      () => stage.seal(ours, edited(ours, 'x'), { corpid: 'wwtheirs' }),
    ],
    ['a body that is not XML', -40002, () => ({ ...good(), body: 'hello' })],
    ['an empty body', -40002, () => ({ ...good(), body: '' })],
    ['JSON', -40002, () => ({ ...good(), body: '{"a":1}' })],
    ['a ciphertext cut in the middle', -40001, () => cutCiphertext(good())],
    ['a document type with entities', -40002, () => bombed(good())],
    ['tags nested without end', -40002, () => ({ ...good(), body: `<xml>${'<a>'.repeat(50_000)}` })],
    ['a bomb inside the encryption', -40002, () => stage.seal(ours, bomb(edited(ours, 'x')))],
    [
      'depth inside the encryption',
      -40002,
      () => stage.seal(ours, `<xml>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</xml>`),
    ],
    ['unbalanced tags inside the encryption', -40002, () => stage.seal(ours, '<xml><a></xml>')],
    ['a NUL inside the encryption', -40002, () => stage.seal(ours, edited(ours, 'wm\0x'))],
  ])('%s: %i', async (_name, code, make) => {
    expect(await refusal(make())).toEqual({ status: 400, code })
    expect(await countStored()).toBe(before)
    await goodOnePasses()
  })

  it('a truncated base64 that is signed rightly: -40010', async () => {
    const { signature } = await import('../../packages/wecom/src/callback/crypto.ts')
    const encrypted = /Encrypt><!\[CDATA\[(.*?)\]\]/.exec(good().body)?.[1]?.slice(0, -3) ?? ''
    const query = new URLSearchParams({
      msg_signature: signature(ours.token, '1', 'n', encrypted),
      timestamp: '1',
      nonce: 'n',
    })
    const url = `${stage.url}/callbacks/wecom/wwours/main?${query}`
    const body = `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
    expect(await refusal({ url, body })).toEqual({ status: 400, code: -40010 })
  })

  it('broken UTF-8 around a good ciphertext, and broken UTF-8 instead of one', async () => {
    const sealed = good()
    for (const body of [
      Buffer.concat([Buffer.from('<xml><a>'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('</a></xml>')]),
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    ]) {
      const answer = await fetch(sealed.url, { method: 'POST', body })
      expect([answer.status, await answer.json()]).toMatchObject([400, { details: { code: -40002 } }])
    }
    expect(await countStored()).toBe(before)
    await goodOnePasses()
  })

  it.each([
    ['declared', { 'content-length': String(10 * 1024 * 1024) }],
    ['in chunks, without a length', {}],
  ])('a body of 10 MB %s is refused before it is read whole', async (_name, headers) => {
    const watch = startWatch()
    const { status, sent } = await sendTenMegabytes(good().url, headers)
    expect(status).toBe(413)
    expect(watch()).toBeLessThan(5_000)
    expect(sent).toBeLessThanOrEqual(10 * 1024 * 1024)
    expect(await countStored()).toBe(before)
    await goodOnePasses()
  })

  it('a body that never ends its declared length does not hold up the others', async () => {
    const stuck = request(good().url, { method: 'POST', headers: { 'content-length': '5000' } })
    stuck.on('error', () => undefined)
    stuck.write('<xml>')
    await goodOnePasses()
    stuck.destroy()
    await goodOnePasses()
  })

  it('an unknown corp, an unknown app, names that are no names', async () => {
    for (const path of ['wwnobody/main', 'wwours/nothing', '%00/main', `${'a'.repeat(3_000)}/main`, "wwours/'--"]) {
      const url = `${stage.url}/callbacks/wecom/${path}?${good().url.split('?')[1]}`
      expect(await refusal({ url, body: good().body })).toEqual({ status: 404, code: 'not_found' })
    }
    await goodOnePasses()
  })

  it('other methods are told which there are', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await fetch(good().url, { method })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST'])
    }
    await goodOnePasses()
  })
})

describe('the check of the address', () => {
  const query = (app: StageApp, over: Partial<StageApp> = {}) =>
    sealVerification({
      token: over.token ?? app.token,
      aesKey: over.aesKey ?? app.aesKey,
      receiveId: over.corpid ?? app.corpid,
      timestamp: at(),
      nonce: 'n',
      echo: '1616140317555161061',
    })
  const check = (values: Record<string, string>) =>
    fetch(`${stage.url}/callbacks/wecom/wwours/main?${new URLSearchParams(values)}`)

  it('is answered with the echo alone, within a second', async () => {
    const watch = startWatch()
    const answer = await check({ ...query(ours) })
    expect([answer.status, await answer.text()]).toEqual([200, '1616140317555161061'])
    expect(watch()).toBeLessThan(1_000)
  })

  it('is refused with a wrong signature, another app’s keys, another corp’s echo, or nothing', async () => {
    for (const values of [
      { ...query(ours), msg_signature: 'f'.repeat(40) },
      { ...query(ours, { token: second.token }) },
      { ...query(ours, { aesKey: second.aesKey }) },
      { ...query(ours, { corpid: 'wwtheirs' }) },
      { ...query(ours), echostr: 'x' },
      {},
    ]) {
      const answer = await check(values)
      expect(answer.status).toBe(400)
      expect(await answer.text()).not.toContain('1616140317555161061')
    }
  })
})

describe('what is strange but true', () => {
  it('an unknown event is stored as it came, acknowledged and kept', async () => {
    const xml = eventXml(ours.corpid, at(), { Event: 'something_new', ChangeType: 'of_tomorrow', UserID: 'x' })
    const answer = await stage.send(stage.seal(ours, xml))
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    await stage.settled()
    const rows = await db.selectFrom('callbacks').select(['kind', 'body']).where('body', '=', xml).execute()
    expect(rows).toEqual([{ kind: 'unknown', body: xml }])
    expect(await db.selectFrom('callback_retries').select('callback_id').execute()).toEqual([])
  })

  it('a known event that lacks a field or says nonsense is kept as unknown', async () => {
    for (const xml of [
      eventXml(ours.corpid, at(), { ChangeType: 'add_external_contact', UserID: 'x' }),
      `<xml><ToUserName>${ours.corpid}</ToUserName><CreateTime>tomorrow</CreateTime><MsgType>event</MsgType></xml>`,
      '<xml><MsgType>text</MsgType><Content>你好👋🏽</Content></xml>',
    ]) {
      expect((await stage.send(stage.seal(ours, xml))).status).toBe(200)
      const rows = await db.selectFrom('callbacks').select('kind').where('body', '=', xml).execute()
      expect(rows).toEqual([{ kind: 'unknown' }])
    }
  })

  it('a time beyond all calendars and ids of any length are stored and disturb nobody', async () => {
    const long = Buffer.from(Array.from({ length: 6_000 }, (_, i) => (i * 7919) % 251)).toString('base64url')
    const xmls = [
      edited(ours, 'wmFar', 999_999_999_999),
      edited(ours, `wm${long}`),
      edited(ours, '👨‍👩‍👧‍👦'.repeat(200)),
    ]
    for (const xml of xmls) {
      const [answer] = await Promise.all([stage.send(stage.seal(ours, xml)), goodOnePasses(theirs)])
      expect(answer.status).toBe(200)
      expect(await db.selectFrom('callbacks').select('id').where('body', '=', xml).execute()).toHaveLength(1)
    }
    expect(await spilledFiles()).toEqual([])
    await stage.path.intake.tend()
    await goodOnePasses()
  })

  it('the same body again is acknowledged and handled once', async () => {
    const who = nextPerson()
    const sealed = stage.seal(ours, edited(ours, who))
    for (let times = 0; times < 3; times += 1) expect((await stage.send(sealed)).status).toBe(200)
    // the platform seals its repeats anew
    expect((await stage.send(stage.seal(ours, edited(ours, who)))).status).toBe(200)
    await stage.settled()
    expect(await storedOf(who)).toHaveLength(1)
  })

  it('a body without a declared length, in pieces or to an escaped address is answered and handled like the usual one', async () => {
    for (const change of [unmeasured, inPieces, escaped]) {
      const who = nextPerson()
      const answer = await change(stage.seal(ours, edited(ours, who)))
      expect([answer.status, await answer.text()]).toEqual([200, ''])
      expect(await storedOf(who)).toHaveLength(1)
    }
    await stage.settled()
    await goodOnePasses()
  })

  it('a body older than what we remember is refused: it is no repeat of the platform’s', async () => {
    const who = nextPerson()
    const old = at() - 41 * 86_400
    expect(await refusal(stage.seal(ours, edited(ours, who, old)))).toEqual({ status: 400, code: 'stale' })
    expect(await storedOf(who)).toEqual([])
    await goodOnePasses()
  })

  it('corps and apps of one server keep apart', async () => {
    const who = nextPerson()
    for (const app of [ours, second, theirs]) {
      expect((await stage.send(stage.seal(app, edited(app, who)))).status).toBe(200)
    }
    await stage.settled()
    expect(await storedOf(who)).toHaveLength(3)
    const customers = await db
      .selectFrom('identities')
      .select(['corp_id', 'customer_id'])
      .where('value', '=', who)
      .execute()
    expect(new Set(customers.map((one) => one.corp_id))).toEqual(new Set([ours.corpId, theirs.corpId]))
    expect(new Set(customers.map((one) => one.customer_id)).size).toBe(2)
    const events = await db
      .selectFrom('events')
      .select(['corp_id'])
      .where(
        'customer_id',
        'in',
        customers.map((one) => one.customer_id),
      )
      .execute()
    expect(events.map((one) => one.corp_id).sort()).toEqual([ours.corpId, theirs.corpId].sort())
  })
})

describe('any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 })

  it('at the address get a right answer, and the next good callback still works', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.string({ unit: 'binary', maxLength: 40 }), async (body, junk) => {
        const answer = await fetch(
          `${stage.url}/callbacks/wecom/wwours/main?msg_signature=${encodeURIComponent(wellFormed(junk))}&timestamp=1&nonce=2`,
          { method: 'POST', body: Buffer.from(body) },
        )
        await answer.arrayBuffer()
        expect(answer.status).toBe(400)
      }),
      { numRuns: 150 },
    )
    expect(await countStored()).toBe(before)
    await goodOnePasses()
  })

  it('sealed rightly are stored or refused, never an error of ours', { timeout: 60_000 }, async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }).map((text) => `<xml>${text}</xml>`),
      fc.string({ unit: 'grapheme', maxLength: 100 }).map((text) => edited(ours, text.replaceAll(']]>', ''))),
      fc.integer({ min: 0, max: 999_999_999_999 }).map((time) => edited(ours, 'wmAny', time)),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (xml) => {
        const answer = await stage.send(stage.seal(ours, wellFormed(xml)))
        await answer.arrayBuffer()
        expect([200, 400]).toContain(answer.status)
      }),
      { numRuns: 150 },
    )
    expect(await spilledFiles()).toEqual([])
    await stage.settled()
    await goodOnePasses()
  })
})

function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

function readdress(sealed: Sealed, change: (url: string) => string): Sealed {
  return { ...sealed, url: change(sealed.url) }
}

/** Sent as a stream: the length is not known before. */
function unmeasured({ url, body }: Sealed): Promise<Response> {
  return fetch(url, { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' })
}

/** Declared, but split within the ciphertext and by a pause that lets the first half arrive alone. */
async function inPieces({ url, body }: Sealed): Promise<Response> {
  const out = request(url, { method: 'POST', headers: { 'content-length': String(body.length) } })
  const answered = once(out, 'response')
  await new Promise((resolve) => out.write(body.slice(0, 100), resolve))
  await new Promise((resolve) => setTimeout(resolve, 20))
  out.end(body.slice(100))
  const [answer] = (await answered) as [IncomingMessage]
  return new Response(await text(answer), { status: answer.statusCode ?? 0 })
}

function escaped(sealed: Sealed): Promise<Response> {
  return stage.send(readdress(sealed, (url) => url.replace('/wwours/', '/%77wours/')))
}

function cutCiphertext(sealed: Sealed): Sealed {
  return { ...sealed, body: sealed.body.replace(/(Encrypt><!\[CDATA\[.{40}).*?\]\]/, '$1]]') }
}

const bombed = (sealed: Sealed): Sealed => ({ ...sealed, body: bomb(sealed.body) })

/** «Billion laughs»: ten entities of ten of the one before. */
function bomb(xml: string): string {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  return `<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY l0 "lol">${entities}]>${xml.replace('<xml>', '<xml><b>&l9;</b>')}`
}

async function spilledFiles(): Promise<string[]> {
  const { readdir } = await import('node:fs/promises')
  return readdir(`${stage.dataDir}/spill`).catch(() => [])
}

function sendTenMegabytes(url: string, headers: Record<string, string>): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let status: number | undefined
    const chunk = Buffer.alloc(64 * 1024, 'a')
    const out = request(url, { method: 'POST', headers })
    out.on('response', (answer) => {
      status = answer.statusCode ?? 0
      answer.resume()
      answer.on('close', () => resolve({ status: status ?? 0, sent }))
    })
    // the server may close while we still send
    out.on('error', (error) => status === undefined && reject(error))
    const more = () => {
      if (status !== undefined || sent >= 10 * 1024 * 1024) return void out.end()
      sent += chunk.length
      if (out.write(chunk)) setImmediate(more)
      else out.once('drain', more)
    }
    more()
  })
}
