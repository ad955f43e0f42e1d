import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('store-codes')
const count = 3_000
const codes = Array.from({ length: count }, (_, i) => `M${String(i + 1).padStart(4, '0')}`)
const csv = (...lines: string[]) => Buffer.from(`\uFEFF${lines.join('\n')}\n`)

test('3,000 stores and their codes come from two tables, with progress, within the platform’s limits', async () => {
  const { page, open, call } = await stage.console('operator')
  const { db, platform } = stage

  await open('/organisation/stores', '门店')
  await page.getByRole('button', { name: '导入门店' }).first().click()
  const stores = csv('门店编码,门店名称,城市', ...codes.map((code) => `${code},${code} 便民店,上海`))
  await page.locator('input[type=file]').setInputFiles({ name: 'stores.csv', mimeType: 'text/csv', buffer: stores })
  await page.getByRole('button', { name: '试跑' }).click()
  await page.getByRole('button', { name: /正式导入/ }).waitFor({ timeout: 60_000 })
  await stage.judged(page, 'stores-dry-run')
  await page.getByRole('button', { name: /正式导入/ }).click()
  await page.getByRole('button', { name: '完成' }).click({ timeout: 60_000 })

  await open('/acquisition/channels', '渠道活码')
  await page.getByRole('button', { name: /更多$/ }).click()
  await page.getByRole('menuitem', { name: '批量建门店码' }).click()
  const rows = codes.map((code) => `${code},,chenxiaoyu,30`)
  const table = csv(
    '门店编码,渠道名称,接待员工,每日上限',
    ...rows,
    'X404,没有的店,chenxiaoyu,',
    `${codes[0]},,nobody,0`,
  )
  await page.locator('input[type=file]').setInputFiles({ name: 'codes.csv', mimeType: 'text/csv', buffer: table })
  await stage.picture(page, 'codes-upload')
  const begun = performance.now()
  await page.getByRole('button', { name: '开始创建' }).click()
  await page.getByRole('progressbar').waitFor()
  await expect.poll(async () => (await made()) > 0).toBe(true)
  await stage.judged(page, 'codes-running')
  await page.getByText(/新建 3,?000 个，已有 0 个，2 行有问题/).waitFor({ timeout: 480_000 })
  console.log(`3,000 store codes in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  await stage.judged(page, 'codes-done')

  expect(await made()).toBe(count)
  const { calls } = await platform.get<{
    calls: { limitErrors: number; byPath: Record<string, { errors: Record<string, number> }> }
  }>('/sandbox/oracle/summary')
  expect(calls.limitErrors).toBe(0)
  const faults = await page.getByRole('link', { name: /错误|问题/ }).getAttribute('href')
  const file = await (await page.context().request.get(`${stage.url}${faults}`)).text()
  expect(file).toMatch(/X404/)

  // any one of them works for a customer
  const { body } = await call<{ items: { id: string }[] }>('GET', '/api/channels?q=M2718')
  const { content } = await db
    .selectFrom('channel_codes')
    .select('content')
    .where('channel_id', '=', body.items[0]?.id ?? '')
    .executeTakeFirstOrThrow()
  const customer = await platform.newCustomer('邻居')
  await platform.scanAndAdd(customer, content ?? '')
  await expect.poll(() => platform.reached(customer.id, 'welcome')).not.toEqual([])

  async function made(): Promise<number> {
    const { n } = await db
      .selectFrom('channel_codes')
      .innerJoin('channels', 'channels.id', 'channel_codes.channel_id')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .where('channels.created_by', 'like', 'bulk:%')
      .where('channel_codes.content', 'is not', null)
      .executeTakeFirstOrThrow()
    return Number(n)
  }
}, 600_000)
