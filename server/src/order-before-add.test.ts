import type { OrderInput } from '@nuanyu/client'
import { createClient } from '@nuanyu/client'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createCustomerUpkeep } from './domains/customers/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
const visitors = createVisitors(stage.http, stage.services)
const upkeep = createCustomerUpkeep(stage.services)

const made = z.object({ id: z.string(), externalUserId: z.string(), unionId: z.string() })
const card = z.object({
  recent: z.object({ count: z.int(), net: z.int() }),
  items: z.array(z.object({ number: z.string(), amount: z.int(), status: z.string() })),
})
const list = z.object({ items: z.array(z.object({ number: z.string(), customer: z.object({ added: z.boolean() }) })) })

async function admin(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function shopClient() {
  const administrator = await visitors.as(corp.id)('administrator')
  const answer = await administrator.post('/api/keys', { name: '小程序商城', scopes: ['orders.write', 'orders.read'] })
  const { secret } = z.object({ secret: z.string() }).parse(answer.body)
  return createClient({ baseUrl: stage.url, key: secret })
}

it('who buys before he adds anybody finds his order on his page the moment his detail is known', async () => {
  const shop = await shopClient()
  const person = made.parse(await admin('/people', { role: 'customer', name: '林小满' }))
  const now = stage.clock.now().toISOString()
  const bought: OrderInput = {
    ...{ source: 'shop', number: 'EARLY-1', updated_at: now, ordered_at: now, paid_at: now, amount: 12_900 },
    customer: { unionid: person.unionId },
    lines: [{ product: 'durian', name: '猫山王榴莲', category: 'fruit', quantity: 1, price: 12_900 }],
  }
  expect(await shop.orders.send([bought])).toMatchObject({ accepted: 1 })
  const operator = await visitors.as(corp.id)('operator')
  expect((await operator.get('/api/orders')).as(list).items).toEqual([
    { number: 'EARLY-1', customer: { added: false } },
  ])
  const chen = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'chenxiaoyu' })
  expect((await chen.get('/api/orders')).as(list).items).toEqual([])

  await admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  await stage.settled()
  const { customer_id: id } = await db
    .selectFrom('relations')
    .select('customer_id')
    .where('external_userid', '=', person.externalUserId)
    .executeTakeFirstOrThrow()
  const shown = async () => {
    await upkeep.pass()
    return (await chen.get(`/api/customers/${id}/orders`)).as(card)
  }
  await expect.poll(shown).toEqual({
    recent: { count: 1, net: 12_900 },
    items: [{ number: 'EARLY-1', amount: 12_900, status: 'paid' }],
  })
  expect((await chen.get('/api/orders')).as(list).items).toEqual([{ number: 'EARLY-1', customer: { added: true } }])
  const other = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'somebodyelse' })
  expect((await other.get('/api/orders')).as(list).items).toEqual([])
  expect((await other.get(`/api/customers/${id}/orders`)).status).toBe(404)
  expect((await other.get('/api/orders/shop/EARLY-1')).status).toBe(404)
})
