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
  await stage.picture(page, 'today-before')

  await page.getByRole('link', { name: '渠道活码' }).click()
  await page.getByRole('heading', { level: 1, name: '渠道活码' }).waitFor()
  await stage.picture(page, 'no-channels')
  await page.getByRole('button', { name: '新建渠道' }).first().click()
  await page.getByLabel('渠道名称').fill('人民广场店 · 收银台')
  await stage.picture(page, 'wizard-kind')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('group', { name: '接待员工' }).getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /陈晓雨/ }).check()
  await stage.picture(page, 'wizard-staff-choose')
  await dialog.getByRole('button', { name: /1/ }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await stage.judged(page, 'wizard-staff')
  await page.getByRole('button', { name: '下一步' }).click()
  await stage.picture(page, 'wizard-time')
  await page.getByRole('button', { name: '下一步' }).click()
  await stage.picture(page, 'wizard-finish')
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
  await stage.picture(phone.page, 'welcome')

  const reached = await stage.platform.reached(customer.id, 'welcome')
  expect(reached.map(({ message }) => message.body.type)).toEqual(['text', 'link'])

  // his name comes with the detail, a moment after the welcome
  const named = () =>
    stage.db.selectFrom('customer_cards').select('customer_id').where('search', 'like', '%xiaoman%').execute()
  await expect.poll(named).toHaveLength(1)
  await page.getByRole('link', { name: '客户列表' }).click()
  await page.getByRole('textbox', { name: /搜索名称/ }).fill('xiaoman')
  await page.getByRole('row').getByRole('button', { name: '林小满' }).click()
  await page.getByRole('heading', { level: 1, name: '林小满' }).waitFor()
  await page.getByText('陈晓雨 与客户成为好友').waitFor()
  await page.getByRole('button', { name: '为什么是这条欢迎语' }).first().click()
  await page.getByText(/通用欢迎语「默认欢迎语」第 1 版/).waitFor()
  await stage.judged(page, 'why-this-welcome')

  await page.getByRole('link', { name: '今日工作台' }).click()
  await page
    .getByRole('article')
    .filter({ hasText: /新增好友\s*1/ })
    .waitFor()
  await page
    .getByRole('article')
    .filter({ hasText: /欢迎语送达率\s*100/ })
    .waitFor()
  await stage.judged(page, 'today-after')
  await page
    .getByRole('row')
    .or(page.getByRole('listitem'))
    .filter({ hasText: '人民广场店 · 收银台' })
    .first()
    .waitFor()
})
