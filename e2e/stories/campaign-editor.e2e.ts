import { createClient } from '@nuanyu/client'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// what the editor of sends owes besides the main road: products as cards, faults where they are, what changed since the
// last approval, and a number typed before many are touched
const stage = await openStage('campaign-editor', { at: '2026-12-02T10:00:00+08:00', people: 60, staff: 8 })
const { db, platform } = stage
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const name = '周三水果日'
const text = '【{品牌}】阳光玫瑰买一送一。不想常收到？{少打扰}'
const content = (attachments: object[] = []) => ({ text, attachments })
const spec = (more: object = {}) => ({
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  variants: [{ name: 'A', content: content(), for: null, share: 100 }],
  schedule: { kind: 'at', at: '2026-12-03T10:00:00+08:00' },
  window: null,
  ...more,
})
interface Saved {
  readonly id: string
  readonly version: number
}

test('a product becomes a card, its faults stand at it, the approver sees what changed, and cancelling many is typed', async () => {
  const operator = await stage.console('operator')
  const admin = await stage.console('admin')
  const { page } = operator
  const dialog = page.getByRole('dialog')
  const { id } = (await operator.call<Saved>('POST', '/api/campaigns', { name, spec: spec() })).body

  const judged = (where: typeof page, what: string) => stage.judgedAt(where, sizes, what)

  async function submitted(version: number): Promise<void> {
    expect((await operator.call('POST', `/api/campaigns/${id}/rehearse`, { version })).status).toBeLessThan(300)
    const done = () =>
      db
        .selectFrom('campaign_runs')
        .select('state')
        .where('campaign_id', '=', id)
        .where('version', '=', version)
        .where('state', '=', 'planned')
        .execute()
    await expect.poll(done, { timeout: 60_000 }).toHaveLength(1)
    expect((await operator.call('POST', `/api/campaigns/${id}/submit`, { version })).status).toBe(200)
  }

  const key = await admin.call<{ secret: string }>('POST', '/api/keys', { name: '商城', scopes: ['products.write'] })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  const updated_at = new Date(await platform.nowMs()).toISOString()
  await shop.products.send([
    { source: 'shop', number: 'P0001', name: '晴王葡萄', category: '葡萄', price: 3_990, stock: 12, updated_at },
    { source: 'shop', number: 'P0002', name: '猫山王礼盒', category: '榴莲', price: 9_900, stock: 5, updated_at },
  ])

  // the first version is approved, for tomorrow
  await submitted(1)
  expect((await admin.call('POST', `/api/campaigns/${id}/approve`, { version: 1, words: '可以' })).status).toBe(200)

  // it is changed: another text, and a product as a card
  await operator.open(`/engagement/campaigns/${id}/edit`)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('文字', { exact: true }).fill(text.replace('买一送一', '第二件半价'))
  await page.getByRole('button', { name: '选商品' }).click()
  await dialog.getByText('猫山王礼盒').waitFor()
  await dialog.getByRole('textbox', { name: '搜索商品名称或编号' }).or(dialog.getByRole('searchbox')).fill('晴王')
  await dialog.getByText('猫山王礼盒').waitFor({ state: 'detached' })
  await dialog.getByRole('radio', { name: /晴王葡萄/ }).check()
  await dialog.getByRole('button', { name: '做成卡片' }).click()
  await dialog.getByText('没有 AppID 就打不开小程序').waitFor()
  await judged(page, 'product')
  await dialog.getByLabel('商城小程序的 AppID').fill('wx8f2a7d3c1b5e4f60')
  await dialog.getByRole('button', { name: '做成卡片' }).click()
  await dialog.waitFor({ state: 'detached' })
  const card = page.getByRole('group', { name: /^附件/ })
  expect(await card.getByRole('textbox').nth(2).inputValue()).toBe('pages/product/product?id=P0001&staff={员工ID}')
  // what is missing is said at the card, not at the text
  await card.getByRole('textbox').first().fill('')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '上一步' }).click()
  await card.getByRole('alert').first().waitFor()
  await judged(page, 'fault')
  await card.getByRole('button', { name: /删除|移除/ }).click()
  await card.getByRole('alert').first().waitFor({ state: 'detached' })
  await page.getByText('已保存草稿').waitFor()
  const version = () => db.selectFrom('campaigns').select('version').where('id', '=', id).executeTakeFirstOrThrow()
  await expect.poll(async () => (await version()).version).toBeGreaterThan(1)
  await page.goto('about:blank')
  await submitted((await version()).version)

  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  const changes = admin.page.getByRole('table').filter({ hasText: '原来' })
  await changes.getByText('第二件半价').waitFor()
  await changes.getByText('买一送一').waitFor()
  await judged(admin.page, 'changes')

  // cancelling what 240 people would get is no single click; this brand is smaller
  await db.updateTable('campaign_versions').set({ recipients: 240 }).where('campaign_id', '=', id).execute()
  await operator.open(`/engagement/campaigns/${id}`, name)
  await page.getByRole('button', { name: '操作', exact: true }).click()
  await page.getByRole('menuitem', { name: '取消这次群发' }).click()
  const sure = dialog.getByRole('button', { name: '取消这次群发' })
  await dialog.getByText('这会影响 240 人').waitFor()
  expect(await sure.isDisabled()).toBe(true)
  await judged(page, 'cancel')
  await dialog.getByLabel(/这会影响 240 人/).fill('240')
  await page.keyboard.press('Enter')
  await page.getByText('已取消').first().waitFor()
}, 300_000)

test('a draft that is on its way to the server when the next step asks for it to be kept is kept once', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const arrives = Promise.withResolvers<void>()
  let made = 0
  await page.route('**/api/campaigns', async (route) => {
    if (route.request().method() === 'POST') {
      made += 1
      await arrives.promise
    }
    await route.continue()
  })
  await operator.open('/engagement/campaigns/new')
  await page.getByLabel('名称', { exact: true }).fill('慢网络上的草稿')
  await page.getByText('正在保存草稿').waitFor()
  await page.getByRole('button', { name: '下一步' }).click()
  arrives.resolve()
  await page.getByText('已保存草稿 · 第 1 版').waitFor()
  const named = db.selectFrom('campaigns').select('id').where('name', '=', '慢网络上的草稿')
  expect([made, (await named.execute()).length]).toEqual([1, 1])
})
