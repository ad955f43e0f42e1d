import { expect, test } from 'vitest'
import { weixinStage } from '../weixin/testing.ts'

const menu = {
  button: [
    { type: 'view', name: '会员', url: 'https://brand.example/member' },
    { type: 'click', name: '客服', key: 'SERVICE' },
  ],
}

async function playDay(seed: string) {
  const at = await weixinStage({ seed, people: 150, staff: 10 })
  const service = await at.client('service')
  await service.menus.create(menu)
  await service.qrcodes.create({
    action_name: 'QR_LIMIT_STR_SCENE',
    action_info: { scene: { scene_str: 'store-101' } },
  })
  const before = (await at.account('service')).followers ?? 0
  await at.admin('POST', '/scenarios/shop-day/start', { durationS: 21_600, addsPerMinute: 0.5 })
  await at.advance(21_600_000)
  await at.sandbox.settled()
  return { ...at, before, oracle: await at.admin('GET', '/oracle/weixin') }
}

test('a day in the Official Account and the shop is the same for the same seed, and all that people do there happens', async () => {
  const [one, two] = [await playDay('crowd'), await playDay('crowd')]
  expect(one.oracle.counts).toEqual(two.oracle.counts)
  const kinds = Object.keys(one.oracle.counts)
  expect(kinds).toEqual(
    expect.arrayContaining([
      ...['mini_program.opened', 'oa.menu_clicked', 'oa.menu_viewed', 'oa.subscribed', 'oa.text_received'],
      ...['shop.cart_added', 'shop.order_paid', 'shop.order_refunded', 'shop.product_viewed'],
      ...['subscribe_message.accepted', 'subscribe_message.answered', 'subscribe_message.rejected'],
    ]),
  )
  const { scenarios } = await one.admin('GET', '/scenarios')
  const run = scenarios.find((scenario: { name: string }) => scenario.name === 'shop-day')
  expect(run).toMatchObject({ running: false, progress: 1 })
  expect(run.adds).toBeGreaterThan(120)
  expect((await one.admin('GET', '/oracle/summary')).adds.total).toBeGreaterThan(0)
})

test('the oracle’s counts are what the brand was told and what the shop sold', async () => {
  const { oracle, told, admin, before, account } = await playDay('truth')
  const count = (kind: string) => oracle.counts[kind]?.count ?? 0
  for (const kind of ['oa.subscribed', 'oa.unsubscribed', 'oa.text_received', 'subscribe_message.answered'])
    expect([kind, told.filter((event) => event.kind === kind).length]).toEqual([kind, count(kind)])
  expect(oracle.followers).toBe(before + count('oa.subscribed') - count('oa.unsubscribed'))
  expect(oracle.followers).toBe((await account('service')).followers)
  const { orders } = await admin('GET', '/shop/orders?limit=1000')
  expect(orders).toHaveLength(count('shop.order_paid'))
  const sum = (pick: (order: { totalFen: number; refundedFen: number }) => number) =>
    orders.reduce((total: number, order: { totalFen: number; refundedFen: number }) => total + pick(order), 0)
  expect(sum(({ totalFen }) => totalFen)).toBe(oracle.counts['shop.order_paid'].fen)
  expect(sum(({ refundedFen }) => refundedFen)).toBe(oracle.counts['shop.order_refunded']?.fen ?? 0)
  await admin('POST', '/oracle/reset')
  expect(await admin('GET', '/oracle/weixin')).toMatchObject({ people: 0, counts: {} })
})
