import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Sandbox } from '@nuanyu/sandbox'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { testSandbox } from '../server/src/infra/platform/testing.ts'
import { launchBrowser } from './browser.ts'

const built = fileURLToPath(new URL('../web/dist/phone/index.html', import.meta.url))
const shots = fileURLToPath(new URL('../build/shots/phone/', import.meta.url))
const TILL = '人民广场店 · 收银台'

let browser: Browser
let sandbox: Sandbox
let url: string
let page: Page
let phone: Locator
let thrown: string[]

beforeAll(async () => {
  if (!existsSync(built)) throw new Error('web/dist/phone is not built: run npm run build first')
  await mkdir(shots, { recursive: true })
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  sandbox = testSandbox()
  url = (await sandbox.listen({ port: 0 })).url
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  phone = page.getByRole('region', { name: '手机' })
  thrown = []
  page.on('pageerror', (error) => thrown.push(error.message))
})
afterEach(async () => {
  await page.context().close()
  await sandbox.close()
  expect(thrown).toEqual([])
})

test('a customer scans a code, adds the member and may chat; the member deletes him, and his words are refused', async () => {
  await makeCode({ remark: TILL, state: 'till01', user: ['chenxiaoyu'] })
  await page.goto(url)
  await page.getByRole('searchbox', { name: '搜索姓名或 ID' }).fill('c7')
  await page.getByRole('button', { name: /c7$/ }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('as')).toBe('c7')
  await judged('chats')

  await phone.getByRole('button', { name: '扫一扫' }).first().click()
  const code = phone.getByRole('button', { name: new RegExp(TILL) })
  await code.waitFor()
  await judged('scan')
  await code.click()
  await phone.getByRole('button', { name: '添加到通讯录' }).waitFor()
  await judged('card')
  await phone.getByRole('button', { name: '添加到通讯录' }).click()
  await phone.getByRole('log').getByText('你已添加了陈晓雨，现在可以开始聊天了。').waitFor()
  await expect.poll(() => phone.getByRole('heading', { name: /陈晓雨.*@鲜果连锁/ }).count()).toBeGreaterThan(0)

  await write('有草莓吗?')
  await judged('chat')

  await phone.getByRole('button', { name: '到对方那一侧看看' }).click()
  await phone.getByRole('log').getByText('有草莓吗?').waitFor()
  await judged('staff-chat')
  await phone.getByRole('button', { name: '聊天信息' }).click()
  await phone.getByRole('button', { name: '删除客户' }).click()
  await phone.getByRole('dialog').getByRole('button', { name: '删除客户' }).click()
  await expect.poll(() => relation('chenxiaoyu', 'c7')).toBe('deleted_by_member')
  await phone.getByRole('button', { name: '客户', exact: true }).click()
  await phone.getByRole('searchbox').waitFor()
  await judged('customers')

  await page.goto(`${url}/?as=c7&chat=chenxiaoyu`)
  await write('还在吗?')
  await phone
    .getByRole('log')
    .getByText(/对方开启了联系人验证/)
    .waitFor()
})

test('a link from the console opens the card of the code at once', async () => {
  const { content } = await makeCode({ remark: TILL, state: 'till01', user: ['chenxiaoyu'] })
  await page.goto(`${url}/?${new URLSearchParams({ as: 'c7', scan: content })}`)
  await phone.getByRole('button', { name: '添加到通讯录' }).waitFor()
  expect(new URL(page.url()).search).toBe('?as=c7')
})

test('the picture of a code is read after an upload, and a picture without one is explained', async () => {
  const { qr } = await makeCode({ remark: TILL, state: 'till01', user: ['chenxiaoyu'] })
  const picture = Buffer.from(await (await fetch(url + qr)).arrayBuffer())
  await page.goto(`${url}/?as=c7`)
  await phone.getByRole('button', { name: '扫一扫' }).first().click()
  await phone.getByRole('tab', { name: '上传图片' }).click()
  const input = phone.locator('input[type=file]')
  await input.setInputFiles({ name: 'face.png', mimeType: 'image/png', buffer: blank() })
  await phone.getByText('没有在图片里找到二维码').waitFor()
  await input.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture })
  await phone.getByRole('button', { name: '添加到通讯录' }).waitFor()
})

test('a printed code that is a page of the brand opens on the phone, and the code on the page is recognised', async () => {
  const { qr } = await makeCode({ remark: TILL, state: 'till01', user: ['chenxiaoyu'] })
  const picture = Buffer.from(await (await fetch(url + qr)).arrayBuffer()).toString('base64')
  const site = http.createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(
      `<!doctype html><title>鲜果连锁</title><h1>为你服务</h1><img alt="" src="data:image/png;base64,${picture}">`,
    )
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  try {
    const scan = `http://127.0.0.1:${(site.address() as AddressInfo).port}/c/k3f9`
    await page.goto(`${url}/?${new URLSearchParams({ as: 'c7', scan })}`)
    await phone.frameLocator('iframe').getByText('为你服务').waitFor()
    await photographed('page')
    await phone.getByRole('button', { name: '识别图中的二维码' }).click()
    await phone.getByRole('button', { name: '添加到通讯录' }).waitFor()
  } finally {
    site.close()
  }
})

test('a half add waits on the member’s phone until he accepts it', async () => {
  const { content } = await makeCode({ remark: TILL, state: 'till01', user: ['chenxiaoyu'] })
  await post('/sandbox/people/c7/add', { content, half: true })
  await page.goto(`${url}/?as=chenxiaoyu`)
  await phone.getByRole('button', { name: '客户', exact: true }).click()
  await phone.getByText('待确认的客户(1)').waitFor()
  await phone.getByRole('button', { name: '接受' }).first().click()
  await phone.getByText('待确认的客户(1)').waitFor({ state: 'detached' })
  expect(await relation('chenxiaoyu', 'c7')).toBe('friends')
})

test('what an app changes from outside shows on the open phone, and the stream says so', async () => {
  await page.goto(`${url}/?as=chenxiaoyu`)
  await phone.getByRole('button', { name: '客户', exact: true }).click()
  const first = (await get<{ contacts: { person: { externalUserId: string } }[] }>('/sandbox/people/chenxiaoyu'))
    .contacts[0]
  await call('externalcontact/remark', {
    userid: 'chenxiaoyu',
    external_userid: first?.person.externalUserId,
    remark: '老主顾-会员',
  })
  await phone.getByText('老主顾-会员').waitFor()
  await page.getByRole('button', { name: /修改客户备注/ }).click()
  await page.getByText('/cgi-bin/externalcontact/remark').waitFor()
})

test('on a phone the sandbox’s phone is the screen, and the browser’s back goes back in it', async () => {
  await post('/sandbox/people/c7/add', { userid: 'chenxiaoyu' })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${url}/?as=c7`)
  expect(await phone.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  await phone.getByRole('button', { name: /陈晓雨/ }).click()
  await phone.getByRole('log').waitFor()
  await judged('small-chat')
  await page.goBack()
  await phone.getByRole('log').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '观察台' }).click()
  await page.getByRole('tab', { name: '平台流' }).click()
  await judged('small-bench')
})

test('a member looks at a Moment and publishes it; her customer sees it, likes it and comments, and she reads who', async () => {
  await post('/sandbox/people/c7/add', { userid: 'chenxiaoyu' })
  const pictures = await Promise.all([1, 2, 3, 4].map(() => uploaded()))
  await call('externalcontact/add_moment_task', {
    text: { content: '猫山王到店了\n周末试吃：https://shop.example.com/durian' },
    attachments: pictures.map((media_id) => ({ msgtype: 'image', image: { media_id } })),
    visible_range: { sender_list: { user_list: ['chenxiaoyu'] } },
  })
  await post('/sandbox/clock', { advanceMs: 5_000 })
  await page.goto(`${url}/?as=chenxiaoyu`)
  await phone.getByRole('button', { name: '客户', exact: true }).click()
  await phone.getByRole('button', { name: /客户朋友圈.*1 条待发表/ }).click()
  await phone.getByRole('button', { name: '图片 4' }).waitFor()
  await judged('moment-task')
  await phone.getByRole('button', { name: '发表', exact: true }).click()
  await phone.getByText(/^已发表，\d+ 位客户能看到$/).waitFor()

  await page.goto(`${url}/?as=c7`)
  await phone.getByRole('button', { name: '发现' }).click()
  await phone.getByRole('button', { name: '朋友圈' }).click()
  await phone.getByText('猫山王到店了').waitFor()
  const more = phone.getByRole('button', { name: '赞或评论' })
  await more.click()
  await judged('moment-applaud')
  await phone.getByRole('button', { name: '赞', exact: true }).click()
  await phone.getByRole('list', { name: '赞过的人' }).waitFor()
  await more.click()
  await phone.getByRole('button', { name: '评论', exact: true }).click()
  await phone.getByRole('textbox', { name: '写评论' }).fill('给我留一个')
  await page.keyboard.press('Enter')
  await phone.getByText(': 给我留一个').waitFor()
  await judged('moment-seen')
  await more.click()
  await phone.getByRole('button', { name: '取消' }).click()
  await phone.getByRole('list', { name: '赞过的人' }).waitFor({ state: 'detached' })

  await page.goto(`${url}/?as=chenxiaoyu&moments`)
  await phone.getByText(': 给我留一个').waitFor()
  await judged('moment-hers')
})

async function write(text: string): Promise<void> {
  await phone.getByRole('textbox', { name: '输入消息' }).fill(text)
  await page.keyboard.press('Enter')
  await phone.getByRole('log').getByText(text).waitFor()
}

/** Kept as build output to be looked at. */
async function photographed(name: string): Promise<void> {
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: `${shots}${name}.png` })
}

/** axe must find nothing serious in what is seen. */
async function judged(name: string): Promise<void> {
  await photographed(name)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([])
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(url + path)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** The token of the brand's own app. */
async function token(): Promise<string> {
  const { corps } = await get<{ corps: { corpId: string; apps: { secret: string }[] }[] }>('/sandbox/corps')
  const secret = corps[0]?.apps[0]?.secret
  const { access_token } = await get<{ access_token: string }>(
    `/cgi-bin/gettoken?corpid=${corps[0]?.corpId}&corpsecret=${secret}`,
  )
  return access_token
}

/** A picture for Moments, as the brand's own app uploads one. */
async function uploaded(): Promise<string> {
  const form = new FormData()
  form.append('media', new Blob([new Uint8Array(blank())], { type: 'image/png' }), 'a.png')
  const path = `${url}/cgi-bin/media/upload_attachment?media_type=image&attachment_type=1&access_token=${await token()}`
  const answer = (await (await fetch(path, { method: 'POST', body: form })).json()) as { media_id: string }
  return answer.media_id
}

/** As the brand's own app would call the platform. */
async function call(path: string, body: unknown): Promise<{ errcode: number }> {
  const access_token = await token()
  const answer = await post<{ errcode: number }>(`/cgi-bin/${path}?access_token=${access_token}`, body)
  expect(answer).toMatchObject({ errcode: 0 })
  return answer
}

async function makeCode(way: {
  remark: string
  state: string
  user: string[]
}): Promise<{ content: string; qr: string }> {
  await call('externalcontact/add_contact_way', { type: 2, scene: 2, skip_verify: true, ...way })
  const { codes } = await get<{ codes: { content: string; qr: string }[] }>('/sandbox/codes')
  const [code] = codes
  if (!code) throw new Error('the code that was just made is not on the wall')
  return code
}

async function relation(member: string, customer: string): Promise<string> {
  return (await get<{ status: string }>(`/sandbox/people/${member}/contacts/${customer}`)).status
}

/** A white pixel. */
function blank(): Buffer {
  return Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
    'base64',
  )
}
