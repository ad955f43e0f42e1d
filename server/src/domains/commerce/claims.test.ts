import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refreshCards } from '../customers/index.ts'
import { orderCandidate } from './claims.schema.ts'
import { orderClaimRoutes } from './index.ts'
import { customerOrders } from './orders.schema.ts'
import { at, commerceSite, order } from './testing.ts'

// SC13: a card in the parcel, an add, and the order matched by unionid, else by the end of its number
const site = await commerceSite([(services) => orderClaimRoutes(services)])
const { db, corpId, tell } = site
const candidates = z.object({ items: z.array(orderCandidate) })
const customers = new Map<string, number>()

async function befriend(external: string, userid: string): Promise<number> {
  await tell('events', [
    { source: 'mini', number: external, name: 'visit', at: at(0), customer: { external_userid: external } },
  ])
  const { customer_id: id } = await db
    .selectFrom('identities')
    .select('customer_id')
    .where('value', '=', external)
    .executeTakeFirstOrThrow()
  await sql`
    insert into relations (customer_id, corp_id, userid, external_userid, added_at)
    values (${id}, ${corpId}, ${userid}, ${external}, ${at(0)})`.execute(db)
  await sql`update customers set name = ${external}, kind = 1 where id = ${id}`.execute(db)
  await db.transaction().execute((tx) => refreshCards(tx, [id]))
  return id
}

beforeAll(async () => {
  for (const [external, userid] of [
    ['wmLin', 'lin'],
    ['wmWang', 'wang'],
  ] as const)
    customers.set(external, await befriend(external, userid))
  await tell('orders', [
    order('SH-20261101-4821', { openid: { appid: 'wxShop', openid: 'oBuyer' } }),
    order('SH-20261101-9921', { external_userid: 'wmWang' }),
  ])
})

describe('the order of a parcel', () => {
  it('is found by the end of its number while it is nobody’s, and never one that has a customer', async () => {
    const lin = await site.as('guide', { kind: 'self', userid: 'lin' })
    const of = async (tail: string) =>
      (await lin.get(`/api/customers/${customers.get('wmLin')}/order-candidates?tail=${tail}`)).as(candidates).items
    expect(await of('4821')).toMatchObject([{ tail: '4821', amount: 2_000, goods: ['榴莲', '鲜奶'] }])
    expect(JSON.stringify(await of('4821'))).not.toContain('SH-20261101')
    expect(await of('9921')).toEqual([])
    expect(await of('0000')).toEqual([])
    expect((await lin.get(`/api/customers/${customers.get('wmLin')}/order-candidates?tail=21`)).status).toBe(400)
    expect((await lin.get(`/api/customers/${customers.get('wmWang')}/order-candidates?tail=4821`)).status).toBe(404)
  })

  it('is claimed for the customer who told it, stands on his page, and the log says by whom and how', async () => {
    const lin = await site.as('guide', { kind: 'self', userid: 'lin' })
    const id = customers.get('wmLin')
    const [found] = (await lin.get(`/api/customers/${id}/order-candidates?tail=4821`)).as(candidates).items
    const claim = { home_id: found?.home_id, tail: '4821' }
    const auditor = await site.as('auditor')
    expect((await auditor.post(`/api/customers/${id}/order-claims`, claim)).status).toBe(403)
    expect((await lin.post(`/api/customers/${id}/order-claims`, { ...claim, tail: '0000' })).status).toBe(404)
    expect((await lin.post(`/api/customers/${id}/order-claims`, claim)).status).toBe(204)
    const page = (await lin.get(`/api/customers/${id}/orders`)).as(customerOrders)
    expect(page.items.map(({ number }) => number)).toEqual(['SH-20261101-4821'])
    const log = await db.selectFrom('person_merges').select(['kind', 'source', 'reason']).execute()
    expect(log).toEqual([{ kind: 'merged', source: 'person', reason: '订单尾号 4821' }])
    expect(site.audited.map(({ action }) => action)).toContain('order.claim')
    // nobody can claim it a second time
    expect((await lin.post(`/api/customers/${id}/order-claims`, claim)).status).toBe(404)
  })
})
