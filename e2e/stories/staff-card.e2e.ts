import { createClient } from '@nuanyu/client'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// 员工消息 with buttons: an operator puts one below a kind of message, a member taps it on her phone, and everybody sees it
const stage = await openStage('staff-card')
const { db, platform } = stage
const userid = 'chenxiaoyu'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

test('a paid order comes to its member as a card with a button, and the tap is told on the card and in the console', async () => {
  const admin = await stage.console('admin')
  const { page, open, call } = admin
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)

  await open('/engagement/app-messages?tab=words', '员工消息')
  await page.getByRole('button', { name: '客户下单 · 加按钮' }).click()
  await page.getByRole('button', { name: '客户下单 · 加按钮' }).click()
  await page.getByRole('textbox', { name: '客户下单 · 第 2 个按钮 · 按钮文字' }).fill('看订单')
  const order = page.getByRole('form', { name: '客户下单' })
  await order.getByRole('button', { name: '保存' }).click()
  await order.getByRole('alert').getByText('没有可以打开的网址').waitFor()
  await judgedEverywhere('fault')
  await page.getByRole('textbox', { name: '客户下单 · 第 2 个按钮 · 打开的网址' }).fill(`${stage.url}/commerce/orders`)
  await order.getByRole('button', { name: '保存' }).click()
  await expect.poll(() => order.getByRole('button', { name: '保存' }).isDisabled()).toBe(true)
  await judgedEverywhere('buttons')

  const key = await call<{ secret: string }>('POST', '/api/keys', { name: '商城', scopes: ['orders.write'] })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  const buyer = await platform.post<{ id: string; externalUserId: string; unionId: string }>('/sandbox/people', {
    ...{ role: 'customer', name: '小满' },
  })
  await platform.post(`/sandbox/people/${buyer.id}/add`, { userid })
  await expect
    .poll(
      () =>
        db
          .selectFrom('customer_cards')
          .innerJoin('relations', 'relations.customer_id', 'customer_cards.customer_id')
          .select('customer_cards.customer_id')
          .where('relations.external_userid', '=', buyer.externalUserId)
          .execute(),
      { timeout: 30_000 },
    )
    .toHaveLength(1)
  const at = new Date(await platform.nowMs()).toISOString()
  const sent = await shop.orders.send([
    {
      ...{ source: 'shop', number: 'D1', updated_at: at, ordered_at: at, paid_at: at, amount: 9_900 },
      customer: { unionid: buyer.unionId },
      lines: [{ product: 'durian', name: '金枕榴莲', category: '榴莲', quantity: 1, price: 9_900 }],
    },
  ])
  expect(sent.rejected).toBe(0)

  const phone = await stage.phone()
  await phone.page.goto(`${platform.url}/?as=${userid}&chat=app:nuanyu`)
  await phone.log.getByText('小满 支付了 99.00 元').waitFor({ timeout: 30_000 })
  expect(await phone.log.getByRole('link', { name: '看订单' }).getAttribute('href')).toBe(
    `${stage.url}/commerce/orders`,
  )
  await stage.judged(phone.page, 'card')
  await open('/engagement/app-messages', '员工消息')
  await page.getByText('等待员工点按钮').waitFor()
  await phone.log.getByRole('button', { name: '收到' }).click()
  await phone.log.getByText('陈晓雨 已收到').waitFor()
  await stage.judged(phone.page, 'tapped')

  await page.reload()
  await page.getByText('陈晓雨 已收到').waitFor()
  await judgedEverywhere('told')

  await page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  await open('/engagement/app-messages', 'Staff messages')
  await judgedEverywhere('told-english')
  await open('/engagement/app-messages?tab=words', 'Staff messages')
  await page.getByRole('button', { name: 'Customer paid an order · Add a button' }).waitFor()
  await judgedEverywhere('buttons-english')
})
