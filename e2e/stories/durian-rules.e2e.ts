import { createClient, type OrderInput, type ProductInput } from '@nuanyu/client'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC2: three rules over ninety days of orders, each with its reason on the customer's page; what is sold out leaves it
const stage = await openStage('durian-rules')
const { db, platform } = stage
const day = 86_400_000
/** What is sold out must be gone from the page by then. */
const goneMs = 60_000

test('a durian lover, an apple buyer whose shop has the new apple, and who buys often without being a member: each is found, with why', async () => {
  const admin = await stage.console('admin')
  const { page, call } = admin
  const key = await call<{ secret: string }>('POST', '/api/keys', {
    ...{ name: '商城', scopes: ['orders.write', 'products.write', 'members.write'] },
  })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  const person = await platform.post<{ id: string; externalUserId: string; unionId: string }>('/sandbox/people', {
    ...{ role: 'customer', name: '水果常客' },
  })
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  const id = await expectCustomer(person.externalUserId)
  const customer = { unionid: person.unionId }
  const nowMs = await platform.nowMs()
  const ago = (days: number) => new Date(nowMs - days * day).toISOString()
  const apple = (stock: number, at: string): ProductInput => ({
    ...{ source: 'shop', number: 'crystal', name: '水晶红富士', category: '苹果', price: 3_680, stock, updated_at: at },
  })
  await shop.products.send([
    apple(12, ago(1)),
    ...[
      { number: 'durian', name: '金枕榴莲', category: '榴莲' },
      { number: 'fuji', name: '红富士苹果', category: '苹果' },
    ].map((one) => ({ source: 'shop', price: 9_900, stock: 5, updated_at: ago(1), ...one })),
  ])
  const order = (number: string, days: number, product: string, category: string): OrderInput => ({
    ...{
      source: 'shop',
      number,
      updated_at: ago(days),
      ordered_at: ago(days),
      paid_at: ago(days),
      amount: 9_900,
      customer,
    },
    lines: [{ product, name: product, category, quantity: 1, price: 9_900 }],
  })
  const orders = [
    order('D1', 60, 'durian', '榴莲'),
    order('D2', 42, 'durian', '榴莲'),
    order('D3', 21, 'durian', '榴莲'),
    order('F1', 9, 'fuji', '苹果'),
  ]
  expect((await shop.orders.send(orders)).rejected).toBe(0)

  const rules = {
    'R1 爱吃榴莲': { is: 'orders', measure: 'count', category: '榴莲', window: { days: 90 }, from: 3 },
    'R2 苹果新品': {
      all: [
        { is: 'orders', measure: 'count', product: 'fuji', window: { days: 90 }, from: 1 },
        { is: 'stock', product: 'crystal', where: 'anywhere' },
      ],
    },
    'R3 邀请入会': {
      all: [
        { is: 'orders', measure: 'count', window: { days: 90 }, from: 2 },
        { not: { is: 'identity', any: ['member_no'] } },
      ],
    },
  }
  for (const [name, rule] of Object.entries(rules)) {
    const made = await call('POST', '/api/audiences', { name, kind: 'live', rule })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
  }
  await page.goto(`${stage.url}/customers/list/${id}`)
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: '所在分群' }) })
  for (const name of Object.keys(rules)) await panel.getByRole('link', { name }).waitFor({ timeout: 30_000 })
  // 「90 天内榴莲 3 次」 with the days
  await panel.getByText(/90 天内榴莲下单次数 ≥ 3，实际 3：\d\d-\d\d、\d\d-\d\d、\d\d-\d\d/).waitFor()
  await panel.getByText(/“水晶红富士”有库存/).waitFor()
  await panel.scrollIntoViewIfNeeded()
  await stage.judged(page, 'three-rules')

  // a tag that follows the first rule: put on by it, with the audience as its evidence
  await panel.getByRole('link', { name: 'R1 爱吃榴莲' }).click()
  await page.getByRole('heading', { level: 1, name: 'R1 爱吃榴莲' }).waitFor()
  await page.getByRole('button', { name: '打标签' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '选择标签' }).click()
  await dialog.getByRole('combobox', { name: '选择标签' }).fill('爱吃榴莲')
  await page.getByTitle('偏好 / 爱吃榴莲').click()
  await dialog.getByText(/现在 1 人/).waitFor()
  await stage.judged(page, 'tag-by-rule')
  await dialog.getByRole('button', { name: '按规则打标' }).click()
  await dialog.waitFor({ state: 'detached' })
  await admin.open('/customers/tags', '标签管理')
  await page.getByRole('link', { name: /规则：R1 爱吃榴莲/ }).waitFor()
  await stage.judged(page, 'rule-tags')
  await page.goto(`${stage.url}/customers/list/${id}`)
  const chip = page.getByRole('button', { name: /爱吃榴莲 · 规则/ })
  await chip.waitFor({ timeout: 30_000 })
  await chip.click()
  await page.getByRole('link', { name: '因为在分群「R1 爱吃榴莲」中' }).waitFor()
  await stage.judged(page, 'tag-with-evidence')
  await page.keyboard.press('Escape')

  const soldOutMs = Date.now()
  await shop.products.send([apple(0, new Date(nowMs).toISOString())])
  await panel.getByRole('link', { name: 'R2 苹果新品' }).waitFor({ state: 'detached', timeout: goneMs })
  expect(Date.now() - soldOutMs).toBeLessThan(goneMs)
  await panel.getByRole('link', { name: 'R1 爱吃榴莲' }).waitFor()

  // who becomes a member is not invited any more
  await shop.members.send([{ source: 'shop', number: 'M-1', updated_at: ago(0), customer }])
  await panel.getByRole('link', { name: 'R3 邀请入会' }).waitFor({ state: 'detached', timeout: goneMs })
  await stage.judged(page, 'sold-out')
  await admin.open('/customers/segments', '客户分群')
  await page.getByRole('row', { name: /R2 苹果新品/ }).waitFor()
  await stage.picture(page, 'list')
}, 240_000)

async function expectCustomer(externalUserId: string): Promise<number> {
  let id = 0
  await expect
    .poll(
      async () => {
        const { rows } = await sql<{ id: number }>`
          select customer_id as id from customer_cards k join relations r using (customer_id)
          where r.external_userid = ${externalUserId} limit 1`.execute(db)
        id = rows[0]?.id ?? 0
        return id
      },
      { interval: 200 },
    )
    .toBeGreaterThan(0)
  return id
}
