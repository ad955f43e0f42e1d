import { expect, test } from 'vitest'
import { recordTouches } from '../../server/src/domains/reach/index.ts'
import { openStage } from '../support/stage.ts'

// capability 2 as far as one person goes: policies with versions, the ledger of touches, and why something would not arrive
const stage = await openStage('governor', { at: '2026-12-02T10:00:00+08:00' })
const { db, platform } = stage
const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const

test('an operator limits everybody, finds out why a customer gets nothing, notes his wish, and goes back a version', async () => {
  const { page, open } = await stage.console('operator')
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  await open('/engagement/governance', '触达治理')
  // the demo brand has one for everybody, which he ends first
  await page.getByRole('button', { name: '修改 日常触达上限' }).click()
  await page.getByRole('button', { name: '停用这条策略' }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '停用这条策略' }).click()
  await page.getByText('还没有触达策略').waitFor()
  await stage.judged(page, 'empty')

  await page.getByRole('button', { name: '新建策略' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('策略名称').fill('日常频控')
  await form.getByLabel('第 2 条上限的次数').fill('1')
  await form.getByLabel('两次营销触达的最短间隔（分钟）').fill('120')
  await judgedEverywhere('new-policy')
  await form.getByRole('button', { name: '保存并立即生效' }).click()
  await page.getByText('全部渠道合计每 7×24 小时最多 1 次').waitFor()

  // somebody adds a member and is greeted; later a campaign reaches him
  const person = await platform.newCustomer('顾小满')
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  const touched = () =>
    db
      .selectFrom('touches')
      .innerJoin('relations', 'relations.customer_id', 'touches.customer_id')
      .select(['touches.customer_id', 'touches.corp_id', 'touches.channel', 'touches.kind', 'touches.at'])
      .where('relations.external_userid', '=', person.externalUserId)
      .execute()
  await expect.poll(touched, { timeout: 30_000 }).toMatchObject([{ channel: 'welcome', kind: 'service' }])
  const [{ customer_id: customerId, corp_id: corpId, at }] = (await touched()) as [
    Awaited<ReturnType<typeof touched>>[0],
  ]
  await db.transaction().execute((tx) =>
    recordTouches(tx, [
      {
        ...{ customerId, corpId, at: new Date(at.getTime() - 3_600_000), effect: 'campaign:story' },
        ...{ channel: 'customer_send', kind: 'marketing', sender: 'chenxiaoyu' },
      },
    ]),
  )

  const named = () => db.selectFrom('customers').select('name').where('id', '=', customerId).executeTakeFirst()
  await expect.poll(named, { timeout: 30_000 }).toEqual({ name: '顾小满' })

  await page.getByRole('tab', { name: '客户查询' }).click()
  await page.getByText('先选一位客户').waitFor()
  await page.getByLabel('客户', { exact: true }).fill('顾小满')
  // an operator reads masked names
  await page.locator('.ant-select-item-option').filter({ hasText: '顾' }).click()
  await page.getByText('欢迎语', { exact: true }).waitFor()
  await page.getByText('7 天内的次数已到上限（全部渠道合计，7×24 小时内最多 1 次）').waitFor()
  await page.getByText('距离上一次触达太近').waitFor()
  await page.getByText('本月还可收到 30 条群发').waitFor()
  await judgedEverywhere('why')
  await page.getByLabel('最多等待（小时）').fill('400')
  await page.getByText(/要等到 2026-12-\d\d .* 才能收到/).waitFor()

  await page.getByRole('button', { name: '记录客户意愿' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('客户意愿').click()
  await page.getByTitle('不再接收营销').click()
  await dialog.getByLabel('从哪里得知（会写进审计日志）').fill('客户在聊天里说不要再发')
  await stage.judged(page, 'wish')
  await dialog.getByRole('button', { name: '保存并立即生效' }).click()
  await page.getByText('客户要求不再接收营销消息').waitFor()
  await page.getByText('收不到。').waitFor()

  await page.getByRole('tab', { name: '策略' }).click()
  await page.getByRole('button', { name: '测算' }).click()
  await page.getByRole('row').filter({ hasText: '客户要求不再接收营销消息' }).waitFor({ timeout: 30_000 })
  await judgedEverywhere('preview')

  await page.getByRole('button', { name: '修改 日常频控' }).click()
  await form.getByLabel('第 2 条上限的次数').fill('3')
  await form.getByLabel('这次改了什么（可不填）').fill('大促放宽')
  await form.getByRole('button', { name: '保存并立即生效' }).click()
  await page.getByText('全部渠道合计每 7×24 小时最多 3 次').waitFor()
  await page.getByRole('button', { name: '修改 日常频控' }).click()
  await form.getByText('大促放宽').waitFor()
  await stage.judged(page, 'versions')
  await form.getByRole('button', { name: '恢复第 1 版' }).click()
  await page.getByText('全部渠道合计每 7×24 小时最多 1 次').waitFor()
  await page.getByText('第 1 版').first().waitFor()
}, 300_000)

test('an auditor sees the policies and cannot change them, and a guide does not get the page', async () => {
  const auditor = await stage.console('auditor')
  await auditor.open('/engagement/governance', '触达治理')
  await auditor.page.getByText('日常频控').waitFor()
  expect(await auditor.page.getByRole('button', { name: '新建策略' }).count()).toBe(0)
  const guide = await stage.console('guide')
  expect((await guide.call('GET', '/api/governor/policies')).status).toBe(403)
})
