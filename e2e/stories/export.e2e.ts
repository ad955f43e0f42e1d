import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('export')
const { db } = stage

test('a table of customers is asked for, written, taken, masked by role; above the limit somebody else agrees', async () => {
  const operator = await stage.console('operator')
  const { page, open } = operator
  const customers = async () => (await db.selectFrom('customer_cards').select('customer_id').execute()).length
  await expect.poll(customers).toBeGreaterThan(50)

  await open('/customers/list', '客户列表')
  await page.getByRole('button', { name: /导出$/ }).click()
  await stage.judged(page, 'export-ask')
  await page.getByTitle('CSV', { exact: true }).click()
  await page.getByRole('button', { name: '开始导出' }).click()
  const download = page.getByRole('link', { name: '下载', exact: true })
  await download.waitFor({ timeout: 60_000 })
  await page.getByText('你的角色不能看完整的个人信息').waitFor()
  await stage.judged(page, 'export-ready')
  const href = (await download.getAttribute('href')) ?? ''
  const text = await (await page.context().request.get(`${stage.url}${href}`)).text()
  const lines = text.trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^\uFEFF?客户编号,姓名,手机号/)
  expect(lines.length).toBeGreaterThan(50)
  expect(text).not.toMatch(/,1[3-9]\d{9},/)

  // more than the brand lets out without a second look
  const admin = await stage.console('admin')
  await admin.call('PUT', '/api/audience-settings', { export_most: 10, drift_percent: 30 })
  await open('/customers/list?status=alive', '客户列表')
  await page.getByRole('button', { name: /导出$/ }).click()
  await page.getByRole('button', { name: '开始导出' }).click()
  await page.getByText('请先写明用途').waitFor()
  await page.getByLabel('用途').fill('会员日短信名单')
  await page.getByRole('button', { name: '开始导出' }).click()
  await page.getByText('已提交，等另一位同事审批').waitFor()
  await stage.judged(page, 'export-waiting')

  await admin.open('/commerce/exports', '导出')
  await admin.page.getByText('待审批').first().waitFor()
  await stage.judged(admin.page, 'exports')
  await admin.page
    .getByRole('row', { name: /待审批/ })
    .getByRole('button')
    .first()
    .click()
  await admin.page.getByText('会员日短信名单').waitFor()
  await stage.judged(admin.page, 'export-decide')
  await admin.page.getByRole('button', { name: '同意导出' }).click()

  await open('/commerce/exports', '导出')
  await page
    .getByRole('row', { name: /可下载/ })
    .nth(1)
    .waitFor({ timeout: 30_000 })
  await page.getByRole('tab', { name: '导入' }).click()
  await page.getByRole('heading', { level: 1, name: '导入' }).waitFor()
})

test('orders are taken as they are filtered, a row a line of goods, as a workbook that can be read again', async () => {
  const { page, open } = await stage.console('operator')
  const { people } = await stage.platform.get<{ people: { id: string }[] }>('/sandbox/people?role=customer&limit=1')
  await stage.platform.post(`/sandbox/people/${people[0]?.id}/shop/pay`, {
    items: [
      { productId: 'P0001', quantity: 1 },
      { productId: 'P0002', quantity: 2 },
    ],
  })
  await open('/commerce/orders?source=sandbox-shop', '订单')
  await page.getByText('sandbox-shop').first().waitFor({ timeout: 15_000 })
  await page.getByRole('button', { name: /导出$/ }).click()
  await page.getByTitle('一件商品（可以再导入）').click()
  await page.getByRole('button', { name: '开始导出' }).click()
  const download = page.getByRole('link', { name: '下载', exact: true })
  await download.waitFor({ timeout: 60_000 })
  const file = await page.context().request.get(`${stage.url}${await download.getAttribute('href')}`)
  expect((await file.body()).subarray(0, 2).toString()).toBe('PK')
  await stage.judged(page, 'export-orders')
})
