import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('first-welcome')

test('from the first log-in to the first welcome: a code, a scan, a greeting, and the console explains it', async () => {
  const page = await stage.window()
  await page.goto(stage.url)
  await page.getByLabel('账号').fill('admin')
  await page.getByLabel('密码', { exact: true }).fill('nuanyu-demo')
  await stage.judged(page, 'log-in')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { level: 1, name: '今日工作台' }).waitFor()
  await stage.judged(page, 'today-before')

  await page.getByRole('link', { name: '渠道活码' }).click()
  await page.getByRole('heading', { level: 1, name: '渠道活码' }).waitFor()
  await stage.judged(page, 'no-channels')
  await page.getByRole('button', { name: '新建渠道' }).first().click()
  await page.getByLabel('渠道名称').fill('人民广场店 · 收银台')
  await stage.judged(page, 'wizard-kind')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('group', { name: '接待员工' }).getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /陈晓雨/ }).check()
  await stage.picture(page, 'wizard-staff-choose')
  await dialog.getByRole('button', { name: /1/ }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await stage.judged(page, 'wizard-staff')
  await page.getByRole('button', { name: '下一步' }).click()
  await stage.judged(page, 'wizard-time')
  await page.getByRole('button', { name: '下一步' }).click()
  await stage.judged(page, 'wizard-finish')
  await page.getByRole('button', { name: '创建渠道' }).click()
  const picture = page.getByRole('img', { name: /收银台/ })
  await picture.waitFor()
  await stage.judged(page, 'channel')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载 PNG' }).click(),
  ])
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
  const customer = await stage.platform.newCustomer('林小满')
  const phone = await stage.phone()
  await phone.scanPicture(customer, Buffer.concat(chunks))
  await phone.add()
  await phone.log.getByText(/林小满你好，我是鲜果连锁的陈晓雨/).waitFor()
  await stage.judged(phone.page, 'welcome')

  const reached = await stage.platform.reached(customer.id, 'welcome')
  expect(reached.map(({ message }) => message.body.type)).toEqual(['text', 'link'])
})
