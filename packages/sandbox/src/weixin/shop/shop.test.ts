import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, stage } from '../../testing/stage.ts'
import { shopSignature } from './webhook.ts'

const SECRET = 'a-secret-of-the-shop'

async function receiver(answers: number[] = []) {
  const got: { event: Answer; signed: boolean }[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const expected = shopSignature(SECRET, String(request.headers['x-shop-timestamp']), body)
      got.push({ event: JSON.parse(body), signed: expected === request.headers['x-shop-signature'] })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

test('what happens in the shop is posted signed, in order, and again when the address fails', async () => {
  const { admin, customer, sandbox } = await stage()
  const { got, url } = await receiver([500])
  await admin('PUT', '/shop/webhook', { url, secret: SECRET })
  const { id, unionId } = await customer()
  await admin('POST', `/people/${id}/shop/view`, { productId: 'P0001' })
  await admin('POST', `/people/${id}/shop/cart`, { productId: 'P0001', quantity: 2 })
  const order = await admin('POST', `/people/${id}/shop/pay`)
  expect(order).toMatchObject({ status: 'paid', totalFen: 25_800, unionId, items: [{ name: '金枕榴莲', quantity: 2 }] })
  await sandbox.settled()
  expect(got.every(({ signed }) => signed)).toBe(true)
  expect(got.map(({ event }) => event.type)).toEqual(['product.viewed', 'product.viewed', 'cart.added', 'order.paid'])
  expect(new Set(got.map(({ event }) => event.id)).size).toBe(3)
  expect(got.at(-1)?.event.data.order).toEqual(order)
  expect((await admin('GET', '/shop/webhook')).deliveries.map((one: Answer) => one.attempt)).toEqual([1, 2, 1, 1])
})

test('orders come by a cursor; one that changed comes again as it is now', async () => {
  const { admin, customer } = await stage()
  const { id } = await customer()
  const pay = (quantity: number) =>
    admin('POST', `/people/${id}/shop/pay`, { items: [{ productId: 'P0003', quantity }] })
  const [one, two] = [await pay(1), await pay(2)]
  const first = await admin('GET', '/shop/orders?limit=1')
  expect([first.orders, first.more]).toEqual([[one], true])
  const second = await admin('GET', `/shop/orders?cursor=${first.nextCursor}`)
  expect([second.orders, second.more]).toEqual([[two], false])
  const part = await admin('POST', `/people/${id}/shop/refund`, { orderId: one.id, amountFen: 1000 })
  expect(part).toMatchObject({ status: 'partly_refunded', refundedFen: 1000 })
  const { error } = await admin('POST', `/people/${id}/shop/refund`, { orderId: one.id, amountFen: 2000 })
  expect(error.code).toBe('refund_too_much')
  const whole = await admin('POST', `/people/${id}/shop/refund`, { orderId: one.id })
  expect(whole).toMatchObject({ status: 'refunded', refundedFen: 2990 })
  const third = await admin('GET', `/shop/orders?cursor=${second.nextCursor}`)
  expect(third.orders).toEqual([whole])
  const end = await admin('GET', `/shop/orders?cursor=${third.nextCursor}`)
  expect([end.orders, end.nextCursor]).toEqual([[], third.nextCursor])
  expect((await admin('GET', '/shop/events')).events.map((event: Answer) => event.type)).toEqual([
    'order.paid',
    'order.paid',
    'order.refunded',
    'order.refunded',
  ])
})

test('what is sold is gone: stock is counted, and comes back with the whole refund', async () => {
  const { admin, customer } = await stage()
  const { id } = await customer()
  const stock = async () => (await admin('GET', '/shop/products')).products[1].stock
  const before = await stock()
  const items = [{ productId: 'P0002', quantity: 3 }]
  const { id: orderId } = await admin('POST', `/people/${id}/shop/pay`, { items })
  expect(await stock()).toBe(before - 3)
  await admin('POST', `/people/${id}/shop/refund`, { orderId })
  expect(await stock()).toBe(before)
  await admin('PATCH', '/shop/products/P0002', { stock: 0 })
  expect((await admin('POST', `/people/${id}/shop/pay`, { items })).error.code).toBe('out_of_stock')
  expect((await admin('POST', `/people/${id}/shop/pay`)).error.code).toBe('cart_empty')
  expect((await admin('GET', '/shop/products')).products).toHaveLength(12)
})
