import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('import')
const count = 6_000
const rows = Array.from(
  { length: count },
  (_, i) => `M${String(i).padStart(5, '0')},客户${i},1380000${String(i).padStart(4, '0')}`,
)
const csv = (...lines: string[]) => Buffer.from(`\uFEFF${lines.join('\n')}\n`)

test('customers come from a table: mapped, tried, imported, and the rest mended and sent again', async () => {
  const { page, open } = await stage.console('operator')
  const { db } = stage
  const people = async () => (await db.selectFrom('imported_customers').select('customer_id').execute()).length

  await open('/commerce/imports', '导入')
  await page.getByRole('button', { name: '新建导入' }).first().click()
  const table = csv(
    '会员卡号,客户姓名,联系电话,备注',
    ...rows.map((row) => `${row},x`),
    'M90001,错号,1380,=1+1',
    ',无名,,',
  )
  await page.locator('input[type=file]').setInputFiles({ name: '会员.csv', mimeType: 'text/csv', buffer: table })
  await stage.judged(page, 'import-file')
  await page.getByRole('button', { name: '上传并识别' }).click()
  await page.getByText('会员卡号').first().waitFor()
  await stage.judged(page, 'import-mapping')
  await page.getByRole('button', { name: '试运行', exact: true }).click()
  const run = page.getByRole('button', { name: /导入 6,?000 行/ })
  await run.waitFor({ timeout: 60_000 })
  await stage.judged(page, 'import-tried')
  expect(await people()).toBe(0)
  await run.click()
  await page.getByText('导入完成').waitFor({ timeout: 120_000 })
  await stage.judged(page, 'import-done')
  expect(await people()).toBe(count)

  const href = await page.getByRole('link', { name: '下载错误文件' }).getAttribute('href')
  const faults = await (await page.context().request.get(`${stage.url}${href}`)).text()
  expect(faults).toContain("'=1+1")
  const mended = faults.replace('1380,', '13900000001,').replace(',无名,', 'M90002,无名,')
  await page.getByRole('button', { name: '再导入一个文件' }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: '改好.csv', mimeType: 'text/csv', buffer: Buffer.from(mended) })
  await page.getByRole('button', { name: '上传并识别' }).click()
  await page.getByRole('button', { name: '试运行', exact: true }).click()
  await page.getByRole('button', { name: /导入 2 行/ }).click({ timeout: 60_000 })
  await page.getByText('导入完成').waitFor({ timeout: 60_000 })
  expect(await people()).toBe(count + 2)
  await open('/commerce/imports', '导入')
  await stage.judged(page, 'import-history')
})

test('a connector is made by trying its mapping on a sample, and shows where to post', async () => {
  const { page, open } = await stage.console('admin')
  await open('/commerce/connectors', '连接器')
  await stage.picture(page, 'connectors')
  await page.getByRole('button', { name: '新建连接器' }).first().click()
  await page.getByLabel('名称', { exact: true }).fill('收银系统')
  const paths = {
    订单号: 'no',
    更新时间: 'at',
    下单时间: 'at',
    订单金额: 'pay',
    会员号: 'vip',
    '明细：商品编号': 'sku',
    '明细：数量': 'n',
    '明细：单价': 'pay',
  }
  for (const [field, path] of Object.entries(paths)) await page.getByLabel(field, { exact: true }).fill(path)
  await page
    .getByLabel(/^样例/)
    .fill('{"no":"A1","at":"2026-12-01T10:00:00+08:00","vip":"M00001","sku":"durian","n":1}')
  await page.getByRole('button', { name: '用样例试一下' }).click()
  await page.getByText(/订单金额：缺少/).waitFor()
  await page
    .getByLabel(/^样例/)
    .fill('{"no":"A1","at":"2026-12-01T10:00:00+08:00","vip":"M00001","sku":"durian","n":1,"pay":"30.5"}')
  await page.getByRole('button', { name: '用样例试一下' }).click()
  await page.getByText(/可以读出 1 条/).waitFor()
  await stage.judged(page, 'connector-tried')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText(/\/callbacks\/connectors\//).waitFor()
  await stage.judged(page, 'connector-made')

  // its mapping is changed later, tried again, and kept as a version of its own
  await open('/commerce/connectors', '连接器')
  await page.getByRole('button', { name: '收银系统' }).click()
  await page.getByRole('button', { name: '修改设置' }).click()
  await page.getByLabel('订单金额', { exact: true }).fill('total')
  await page.getByLabel(/^其他字段/).fill('customer.email')
  await page.getByRole('button', { name: '添加字段' }).click()
  await page.getByLabel('邮箱', { exact: true }).fill('mail')
  await page
    .getByLabel(/^样例/)
    .fill(
      '{"no":"A1","at":"2026-12-01T10:00:00+08:00","vip":"M00001","sku":"durian","n":1,"pay":"30.5","total":"30.5","mail":"a@example.com"}',
    )
  await page.getByRole('button', { name: '用样例试一下' }).click()
  await page.getByText(/可以读出 1 条/).waitFor()
  await stage.judged(page, 'connector-edited')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存为第 2 版。').waitFor()
  await page.getByRole('button', { name: '修改设置' }).click()
  await page.getByText(/改动：订单金额、邮箱/).waitFor()
  await stage.judged(page, 'connector-versions')
})
