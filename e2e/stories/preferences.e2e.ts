import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage, wechat } from '../support/stage.ts'

// a customer is greeted, taps «少打扰», chooses less and nothing personal; one who comes by a text that went to many is
// known by WeChat without a word typed; colleagues see what was said
const stage = await openStage('preferences', { at: '2026-12-02T10:00:00+08:00' })
const { db, platform } = stage
const phone = { width: 390, height: 844 }
const desk = { width: 1440, height: 900 }

/** A phone brings its own Chinese letters; where the machine of the pictures has none, the console's are lent. */
async function lettered(page: Page): Promise<void> {
  const folder = fileURLToPath(new URL('../../web/dist/console/assets/', import.meta.url))
  const sheets = (await readdir(folder)).filter((name) => /^[46]00-.+[.]css$/.test(name))
  for (const sheet of sheets) await page.addStyleTag({ content: await readFile(folder + sheet, 'utf8') })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

async function atBothSizes(page: Page, what: string): Promise<void> {
  await lettered(page)
  for (const size of [desk, phone]) {
    await page.setViewportSize(size)
    await stage.judged(page, `${what}-${size.width}`)
  }
}

test('a customer receives less from the welcome’s own link, and his colleagues see it', async () => {
  const { page, open, call } = await stage.console('admin')
  const content = { text: '你好，我是{员工姓名}。\n不想多收消息？点这里：{少打扰}', attachments: [] }
  const band = { name: '全天', weekdays: [0, 1, 2, 3, 4, 5, 6], from_minute: 0, until_minute: 1440, content }
  const welcome = { level: 'person', target: 'chenxiaoyu', name: '少打扰', bands: [band] }
  // she is known with the first reading of the members
  await expect.poll(async () => (await call('POST', '/api/welcomes', welcome)).status, { timeout: 30_000 }).toBe(201)
  const person = await platform.newCustomer('顾小满')
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  const greeting = async () => (await platform.reached(person.id)).map(({ message }) => message.body.content).join('\n')
  await expect.poll(greeting, { timeout: 30_000 }).toMatch(/\/p\/[\w-]{60,}/)
  const [address = ''] = /http\S+\/p\/[\w-]+/.exec(await greeting()) ?? []

  const his = await stage.window()
  await his.setViewportSize(phone)
  await his.goto(address)
  await his.getByRole('heading', { name: '消息偏好' }).waitFor()
  expect(await his.getByLabel('全部').isChecked()).toBe(true)
  await atBothSizes(his, 'preferences')
  await his.getByText('少一些').click()
  await his.getByText('不要个性化推荐').click()
  await his.getByRole('button', { name: '保存' }).click()
  await his.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  expect(await his.getByLabel('少一些').isChecked()).toBe(true)
  await atBothSizes(his, 'saved')
  const english = await stage.window({ locale: 'en-GB' })
  await english.goto(address)
  await english.getByRole('heading', { name: 'What you receive from us' }).waitFor()
  await atBothSizes(english, 'english')

  const { customer_id: id } = await db
    .selectFrom('relations')
    .select('customer_id')
    .where('external_userid', '=', person.externalUserId)
    .executeTakeFirstOrThrow()
  await open(`/customers/list/${id}`, '顾小满')
  const panel = page.locator('section').filter({ hasText: '客户意愿' })
  await panel.getByText('客户本人，从专属链接').first().waitFor()
  await panel.getByText('不要个性化推荐').first().waitFor()
  await panel.scrollIntoViewIfNeeded()
  await stage.picture(page, 'what-colleagues-see')
})

test('one text that went to many: known by WeChat, or told how to go on', async () => {
  const operator = await stage.console('operator')
  const { body } = await operator.call<{ address: string }>('GET', '/api/governor/preferences-page')
  const inWechat = await stage.window({ userAgent: wechat })
  await inWechat.setViewportSize(phone)
  // WeChat says who it is; in the sandbox its page asks whom to play
  const person = await platform.newCustomer('林一鸣')
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  const known = () =>
    db.selectFrom('identities').select('customer_id').where('value', '=', person.externalUserId).execute()
  await expect.poll(known, { timeout: 30_000 }).toHaveLength(1)
  const asked = await inWechat.context().request.get(body.address, { maxRedirects: 0 })
  const [authorize = ''] = (asked.headers()['location'] ?? '').split('#')
  await inWechat.goto(`${authorize}&visitor=${person.externalUserId}`)
  await inWechat.getByRole('heading', { name: '消息偏好' }).waitFor()
  await inWechat.getByText('不要', { exact: true }).click()
  await inWechat.getByRole('button', { name: '保存' }).click()
  await inWechat.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  await lettered(inWechat)
  await stage.judged(inWechat, 'known-by-wechat-390')

  const outside = await stage.window()
  await outside.setViewportSize(phone)
  await outside.goto(body.address)
  await outside.getByRole('heading', { name: '请在微信里打开' }).waitFor()
  await atBothSizes(outside, 'outside-wechat')
  await outside.goto(`${body.address}x`)
  await outside.getByRole('heading', { name: '链接不完整或已过期' }).waitFor()
  await outside.setViewportSize(phone)
  await lettered(outside)
  await stage.judged(outside, 'wrong-390')
  await outside.goto(`${stage.url}/l/AAAAAAAAAAAAAAAAAAAA`)
  await outside.getByRole('heading', { name: '链接不完整' }).waitFor()
  await lettered(outside)
  await stage.judged(outside, 'link-wrong-390')
})
