import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { customerOrders, orderDetail, orderItem, productDetail, productItem } from './orders.schema.ts'
import { at, commerceSite, order } from './testing.ts'

const site = await commerceSite()
const { db, corpId, tell } = site
const list = z.object({ items: z.array(orderItem), next_cursor: z.string().nullable() })
const goods = z.object({ items: z.array(productItem), next_cursor: z.string().nullable() })
const store = '00000000-0000-7000-8000-00000000000a'

beforeAll(async () => {
  await sql`
    insert into stores (id, corp_id, code, name, created_at) values (${store}, ${corpId}, 'S1', '徐汇店', now())`.execute(
    db,
  )
  await sql`
    insert into staff (corp_id, userid, name, store_id, first_seen_at, seen_at)
    values (${corpId}, 'chen', '陈晓雨', ${store}, now(), now()), (${corpId}, 'wang', '王磊', null, now(), now())`.execute(
    db,
  )
  await tell('products', [
    {
      source: 'shop',
      number: 'durian',
      name: '榴莲',
      updated_at: at(1),
      category: 'fruit',
      price: 1_500,
      stock: 0,
      stocks: [{ store: 'S1', stock: 0 }],
      attributes: { origin: '马来西亚' },
    },
    { source: 'shop', number: 'milk', name: '鲜奶', updated_at: at(2), on_sale: false },
  ])
  await tell('orders', [
    order('C1', { external_userid: 'wmChen' }, { ordered_at: at(1), store: 'S1', staff: 'wang' }),
    order(
      'C2',
      { external_userid: 'wmChen' },
      { ordered_at: at(2), refunds: [{ number: 'R', amount: 500, at: at(3) }] },
    ),
    order('W1', { external_userid: 'wmWang' }, { ordered_at: at(3), cancelled_at: at(4) }),
    order('N1', { unionid: 'oNobody' }, { ordered_at: at(4) }),
    order(
      'OLD',
      { external_userid: 'wmChen' },
      { ordered_at: '2025-01-01T10:00:00+08:00', paid_at: '2025-01-01T10:00:00+08:00' },
    ),
  ])
  for (const [external, userid] of [
    ['wmChen', 'chen'],
    ['wmWang', 'wang'],
  ] as const) {
    await sql`
      insert into relations (customer_id, corp_id, userid, external_userid, added_at)
      select customer_id, ${corpId}, ${userid}, ${external}, now() from identities where value = ${external}`.execute(
      db,
    )
    await sql`
      insert into customer_cards (customer_id, corp_id, search, status, last_added_at)
      select customer_id, ${corpId}, '', 'alive', now() from identities where value = ${external}`.execute(db)
    await sql`
      update customers set name = '林小满' where id = (select customer_id from identities where value = ${external})`.execute(
      db,
    )
  }
})

const numbers = (reply: { as(schema: typeof list): z.output<typeof list> }) =>
  reply.as(list).items.map(({ number }) => number)

describe('the list of orders', () => {
  it('shows a guide and a store the orders of their own customers, and whoever sees the corp all of them', async () => {
    const chen = await site.as('guide', { kind: 'self', userid: 'chen' })
    const wang = await site.as('guide', { kind: 'self', userid: 'wang' })
    const manager = await site.as('store_manager', { kind: 'store', storeIds: [store] })
    expect(numbers(await chen.get('/api/orders'))).toEqual(['C2', 'C1', 'OLD'])
    expect(numbers(await wang.get('/api/orders'))).toEqual(['W1'])
    expect(numbers(await manager.get('/api/orders'))).toEqual(['C2', 'C1', 'OLD'])
    expect(numbers(await site.administrator.get('/api/orders'))).toEqual(['N1', 'W1', 'C2', 'C1', 'OLD'])
  })

  it('can be narrowed by everything that its filters name, and pages by key', async () => {
    const ask = async (query: string) => numbers(await site.administrator.get(`/api/orders?${query}`))
    expect(await ask('number=C1')).toEqual(['C1'])
    expect(await ask('source=pos')).toEqual([])
    expect(await ask('status=part_refunded')).toEqual(['C2'])
    expect(await ask('store=S1')).toEqual(['C1'])
    expect(await ask('staff=wang')).toEqual(['C1'])
    expect(await ask(`from=${at(2)}&until=${at(4)}`)).toEqual(['W1', 'C2'])
    const first = (await site.administrator.get('/api/orders?limit=2')).as(list)
    expect(await ask(`limit=2&cursor=${first.next_cursor}`)).toEqual(['C2', 'C1'])
    expect((await site.administrator.get('/api/orders?cursor=nonsense')).status).toBe(400)
  })

  it('names customers only to whom they may be named, and who has not added anybody not at all', async () => {
    const auditor = await site.as('auditor')
    const [unknown, wangs] = (await auditor.get('/api/orders')).as(list).items
    expect(unknown).toMatchObject({ customer: { name: '', added: false } })
    expect(wangs).toMatchObject({ customer: { name: '林*满', added: true } })
  })
})

describe('an order', () => {
  it('opens by source and number, with its lines and who earned it, for who sees its customer', async () => {
    const chen = await site.as('guide', { kind: 'self', userid: 'chen' })
    expect((await chen.get('/api/orders/shop/C1')).as(orderDetail)).toMatchObject({
      ...{ number: 'C1', store: { id: 'S1', name: '徐汇店' }, seller: { id: 'wang', name: '王磊' } },
      items: [{ product: 'durian', amount: 1_500 }, { product: 'milk' }],
    })
    const wang = await site.as('guide', { kind: 'self', userid: 'wang' })
    expect((await wang.get('/api/orders/shop/C1')).status).toBe(404)
    expect((await chen.get('/api/orders/shop/none')).status).toBe(404)
  })

  it('stands on its customer’s page, with the sums of 90 days and of all time after refunds', async () => {
    const chen = await site.as('guide', { kind: 'self', userid: 'chen' })
    const { rows } = await sql<{ id: number }>`select customer_id as id from identities where value = 'wmChen'`.execute(
      db,
    )
    const card = (await chen.get(`/api/customers/${rows[0]?.id}/orders`)).as(customerOrders)
    expect(card).toMatchObject({
      ...{ days: 90, recent: { count: 2, net: 3_500, refunded: 500 }, ever: { count: 3, net: 5_500 } },
      items: [{ number: 'C2' }, { number: 'C1' }],
    })
  })
})

describe('products', () => {
  it('are listed with price and stock, narrowed, and open with the stock of each store', async () => {
    const guide = await site.as('guide', { kind: 'self', userid: 'chen' })
    const all = (await guide.get('/api/products')).as(goods).items
    expect(all.map(({ number, stock, on_sale }) => [number, stock, on_sale])).toEqual([
      ['milk', null, false],
      ['durian', 0, true],
    ])
    expect((await guide.get('/api/products?q=榴')).as(goods).items).toHaveLength(1)
    expect((await guide.get('/api/products?on_sale=false&category=fruit')).as(goods).items).toEqual([])
    const [milk, durian] = all
    expect((await guide.get(`/api/products/${durian?.id}`)).as(productDetail)).toMatchObject({
      ...{ attributes: { origin: '马来西亚' }, stocks: [{ code: 'S1', name: '徐汇店', stock: 0 }] },
    })
    expect((await guide.get(`/api/products/${(milk?.id ?? 0) + 99}`)).status).toBe(404)
  })
})
