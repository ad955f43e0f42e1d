import { expect, test } from 'vitest'
import { PNG, stage } from '../testing/stage.ts'

const SEND = 'externalcontact/send_welcome_msg'
const hello = (welcome_code: string | undefined) => ({ welcome_code, text: { content: '你好' } })

test('a code works once: the second welcome is 41051', async () => {
  const { subscribe, add, call } = await stage()
  await subscribe()
  const { welcomeCodes } = await add()
  const code = welcomeCodes[0]?.welcomeCode
  expect((await call(SEND, hello(code))).errcode).toBe(0)
  expect((await call(SEND, hello(code))).errcode).toBe(41051)
})

test('a code lives for twenty seconds: at the 20th it works, after it is 41050', async () => {
  const { subscribe, add, call, advance, admin } = await stage()
  await subscribe()
  const [early, late] = [await add(), await add()]
  await advance(20_000)
  expect((await call(SEND, hello(early.welcomeCodes[0]?.welcomeCode))).errcode).toBe(0)
  await advance(1)
  expect((await call(SEND, hello(late.welcomeCodes[0]?.welcomeCode))).errcode).toBe(41050)
  expect((await call(SEND, hello('CALLBACK_CODE_invented'))).errcode).toBe(41050)
  expect((await admin('GET', '/oracle/summary')).welcomes).toMatchObject({
    sent: 1,
    missing: 1,
    expired: 1,
    pending: 0,
  })
})

test('each app has a code of its own, the first to send wins, the other is told 41051', async () => {
  const { subscribe, add, call } = await stage()
  await subscribe('nuanyu')
  await subscribe('crm')
  const { welcomeCodes } = await add()
  const of = (app: string) => welcomeCodes.find((one) => one.appKey === app)?.welcomeCode
  expect(of('nuanyu')).not.toBe(of('crm'))
  expect((await call(SEND, hello(of('nuanyu')), 'crm')).errcode).toBe(41050)
  expect((await call(SEND, hello(of('crm')), 'crm')).errcode).toBe(0)
  expect((await call(SEND, hello(of('nuanyu')))).errcode).toBe(41051)
})

test('while one app is sending, another is told 41096 and may try again', async () => {
  const { subscribe, add, call, settings, token } = await stage()
  await subscribe('nuanyu')
  await subscribe('crm')
  await Promise.all([token('nuanyu'), token('crm')])
  await settings({ welcome: { sendingMs: 120 } })
  const { welcomeCodes } = await add()
  const codes = await Promise.all(
    welcomeCodes.map(async ({ appKey, welcomeCode }) => (await call(SEND, hello(welcomeCode), appKey)).errcode),
  )
  expect(codes.sort()).toEqual([0, 41096])
})

test('once the two have begun to chat the code is spent', async () => {
  const { subscribe, add, call, admin } = await stage()
  await subscribe()
  const { welcomeCodes, person } = await add()
  await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '在吗' })
  expect((await call(SEND, hello(welcomeCodes[0]?.welcomeCode))).errcode).toBe(41051)
})

test('a welcome set in the console goes out by itself and there is no code', async () => {
  const { subscribe, add, settings, events, admin } = await stage()
  await subscribe()
  await settings({ members: { chenxiaoyu: { consoleWelcome: '您好，我是您的专属顾问' } } })
  const { welcomeCodes, person } = await add()
  expect(welcomeCodes).toEqual([])
  expect(events[0]).not.toHaveProperty('welcomeCode')
  const { messages } = await admin('GET', `/oracle/messages?person=${person.id}&source=console_welcome`)
  expect(messages[0].message.body.content).toBe('您好，我是您的专属顾问')
})

test("another corp's WeCom user brings no code", async () => {
  const { subscribe, add, admin, events, sandbox } = await stage()
  await subscribe()
  const { config } = await add()
  const person = await admin('POST', '/people', { role: 'customer', name: '供应商', kind: 'wecom' })
  expect(person.externalUserId).toMatch(/^wo/)
  const added = await admin('POST', `/people/${person.id}/add`, { content: config })
  await sandbox.settled()
  expect(added.welcomeCodes).toEqual([])
  expect(events[1]).not.toHaveProperty('welcomeCode')
})

test('without consent to the archive the welcome is 41053; consent brings a code of its own', async () => {
  const { subscribe, add, call, settings, admin, events, sandbox } = await stage()
  await subscribe()
  await settings({ corp: { archiveConsentMissing: true } })
  const { welcomeCodes, person } = await add()
  expect((await call(SEND, hello(welcomeCodes[0]?.welcomeCode))).errcode).toBe(41053)
  await settings({ corp: { archiveConsentMissing: false } })
  await admin('POST', '/console', { do: 'archive.agree', userid: 'chenxiaoyu', customer: person.id })
  await sandbox.settled()
  const agreed = events.at(-1)
  expect(agreed?.kind).toBe('customer.archive_agreed')
  const code = agreed?.kind === 'customer.archive_agreed' ? agreed.welcomeCode : undefined
  expect((await call(SEND, hello(code))).errcode).toBe(0)
})

test('all kinds of attachments arrive, each as a message of its own', async () => {
  const { subscribe, add, call, upload, admin, sandbox } = await stage()
  await subscribe()
  const { media_id } = await upload('media/upload?type=image', PNG)
  const { url } = await upload('media/uploadimg', PNG)
  const { media_id: file } = await upload('media/upload?type=file', new Uint8Array(64), '价目表.pdf')
  const appid = sandbox.platform.settings.value.corp.linkedMiniPrograms[0]
  const { welcomeCodes, person } = await add()
  const answer = await call(SEND, {
    welcome_code: welcomeCodes[0]?.welcomeCode,
    text: { content: '欢迎' },
    attachments: [
      { msgtype: 'image', image: { media_id } },
      { msgtype: 'image', image: { pic_url: url } },
      { msgtype: 'link', link: { title: '今日特价', url: 'https://shop.example/today' } },
      { msgtype: 'miniprogram', miniprogram: { title: '商城', pic_media_id: media_id, appid, page: 'pages/index' } },
      { msgtype: 'file', file: { media_id: file } },
    ],
  })
  expect(answer).toEqual({ errcode: 0, errmsg: 'ok' })
  const { messages } = await admin('GET', `/people/${person.id}/chats/chenxiaoyu/messages`)
  expect(messages.map((one: { body: { type: string } }) => one.body.type)).toEqual([
    'notice',
    'text',
    'image',
    'image',
    'link',
    'miniprogram',
    'file',
  ])
  expect(messages.at(-1).body).toMatchObject({ name: '价目表.pdf', size: 64 })
})

test('media live for three days; older ones and those for Moments are 40007, and the code stays good', async () => {
  const { subscribe, add, call, upload, advance } = await stage()
  await subscribe()
  const image = (media_id: string) => [{ msgtype: 'image', image: { media_id } }]
  const { media_id: old } = await upload('media/upload?type=image', PNG)
  await advance(3 * 86_400_000 - 1)
  const { media_id: moments } = await upload('media/upload_attachment?media_type=image&attachment_type=1', PNG)
  const { welcomeCodes } = await add()
  const welcome_code = welcomeCodes[0]?.welcomeCode
  expect((await call(SEND, { welcome_code, attachments: image(moments) })).errcode).toBe(40007)
  await advance(1)
  expect((await call(SEND, { welcome_code, attachments: image(old) })).errcode).toBe(40007)
  expect((await call(SEND, { welcome_code, text: { content: '你好' } })).errcode).toBe(0)
})

test('what the declaration forbids is answered by its code', async () => {
  const { subscribe, add, call } = await stage()
  await subscribe()
  const { welcomeCodes } = await add()
  const welcome_code = welcomeCodes[0]?.welcomeCode
  const link = { msgtype: 'link', link: { title: 't', url: 'https://a.example' } }
  expect((await call(SEND, { text: { content: 'x' } })).errcode).toBe(41049)
  expect((await call(SEND, { welcome_code })).errcode).toBe(40058)
  expect((await call(SEND, { welcome_code, text: { content: '汉'.repeat(1334) } })).errcode).toBe(40058)
  expect((await call(SEND, { welcome_code, attachments: Array(10).fill(link) })).errcode).toBe(41064)
  expect((await call(SEND, { welcome_code, attachments: [{ msgtype: 'voice' }] })).errcode).toBe(41065)
  const foreign = { title: 't', pic_media_id: 'x', appid: 'wx0000000000000000', page: 'p' }
  expect(
    (await call(SEND, { welcome_code, attachments: [{ msgtype: 'miniprogram', miniprogram: foreign }] })).errcode,
  ).toBe(90206)
  const elsewhere = { msgtype: 'image', image: { pic_url: 'https://elsewhere.example/a.png' } }
  expect((await call(SEND, { welcome_code, attachments: [elsewhere] })).errcode).toBe(40007)
  expect((await call(SEND, { welcome_code, text: { content: '汉'.repeat(1333) } })).errcode).toBe(0)
})
