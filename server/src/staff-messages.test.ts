import { createClient, type OrderInput } from '@nuanyu/client'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createAppMessages } from './domains/reach/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

// SC24: an order is paid, its member is told; 35 in a minute are merged, and not one is lost
const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
const visitors = createVisitors(stage.http, stage.services)
const messages = createAppMessages(stage.services)
await db
  .insertInto('staff')
  .values({
    ...{ corp_id: corp.id, userid: 'chenxiaoyu', name: '陈晓雨', follows: true },
    ...{ first_seen_at: stage.services.clock.now(), seen_at: stage.services.clock.now() },
  })
  .execute()

const reached = z.object({
  messages: z.array(z.object({ message: z.object({ body: z.object({ content: z.string() }) }) })),
})
const listed = z.object({
  items: z.array(z.object({ text: z.string(), state: z.string(), together: z.int().nullable() })),
  next_cursor: z.string().nullable(),
})

async function sandbox(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const pass = (seconds: number) => sandbox('POST', '/clock', { advanceMs: seconds * 1_000 })
const phone = async () =>
  reached
    .parse(await sandbox('GET', '/oracle/messages?person=chenxiaoyu&source=app&limit=1000&after=0'))
    .messages.map(({ message }) => message.body.content)

it('a member is told of each order that came by his card, 35 of a minute in a few messages', async () => {
  const administrator = await visitors.as(corp.id)('administrator')
  const { secret } = z
    .object({ secret: z.string() })
    .parse((await administrator.post('/api/keys', { name: '商城', scopes: ['orders.write'] })).body)
  const shop = createClient({ baseUrl: stage.url, key: secret })
  const order = (number: number): OrderInput => {
    const now = stage.services.clock.now().toISOString()
    return {
      ...{ source: 'shop', number: `SC24-${number}`, updated_at: now, ordered_at: now, paid_at: now, amount: 1_990 },
      ...{ customer: { member_no: `M${number}` }, staff: 'chenxiaoyu' },
      lines: [{ product: 'tea', name: '茶', category: 'drink', quantity: 1, price: 1_990 }],
    }
  }
  for (let number = 1; number <= 35; number += 1) {
    expect(await shop.orders.send([order(number)])).toMatchObject({ accepted: 1 })
    await messages.pass()
    await pass(1.5)
  }
  await expect
    .poll(async () => {
      await pass(20)
      await messages.pass()
      return (await phone()).join('\n').match(/SC24-\d+/g)?.length ?? 0
    })
    .toBe(35)
  const told = await phone()
  expect(new Set(told.join('\n').match(/SC24-\d+/g))).toHaveProperty('size', 35)
  expect(told.length).toBeLessThan(12)
  const { items } = (await administrator.get('/api/app-messages?limit=50')).as(listed)
  expect(items).toHaveLength(35)
  expect(items.every(({ state }) => state === 'sent')).toBe(true)
  expect(items.some(({ together }) => (together ?? 0) > 10)).toBe(true)
})

it('an order that is brought in long afterwards disturbs nobody', async () => {
  const before = (await phone()).length
  const administrator = await visitors.as(corp.id)('administrator')
  const { secret } = z
    .object({ secret: z.string() })
    .parse((await administrator.post('/api/keys', { name: '补录', scopes: ['orders.write'] })).body)
  const old = new Date(stage.services.clock.now().getTime() - 86_400_000).toISOString()
  const sent = await createClient({ baseUrl: stage.url, key: secret }).orders.send([
    {
      ...{ source: 'shop', number: 'OLD-1', updated_at: old, ordered_at: old, paid_at: old, amount: 100 },
      ...{ customer: { member_no: 'M-old' }, staff: 'chenxiaoyu' },
      lines: [{ product: 'tea', name: '茶', category: 'drink', quantity: 1, price: 100 }],
    },
  ])
  expect(sent).toMatchObject({ accepted: 1 })
  await messages.pass()
  expect(await phone()).toHaveLength(before)
})

it('an order that was paid while nobody told staff anything is told when somebody does again', async () => {
  const administrator = await visitors.as(corp.id)('administrator')
  const { secret } = z
    .object({ secret: z.string() })
    .parse((await administrator.post('/api/keys', { name: '门店', scopes: ['orders.write'] })).body)
  const now = stage.services.clock.now().toISOString()
  const sent = await createClient({ baseUrl: stage.url, key: secret }).orders.send([
    {
      ...{ source: 'shop', number: 'WAITED-1', updated_at: now, ordered_at: now, paid_at: now, amount: 100 },
      ...{ customer: { member_no: 'M-waited' }, staff: 'chenxiaoyu' },
      lines: [{ product: 'tea', name: '茶', category: 'drink', quantity: 1, price: 100 }],
    },
  ])
  expect(sent).toMatchObject({ accepted: 1 })
  await pass(3 * 3_600)
  await messages.pass()
  expect((await phone()).at(-1)).toContain('WAITED-1')
})

it('the words are the brand’s to change; an unknown variable is refused by name, and half of one too', async () => {
  const operator = await visitors.as(corp.id)('operator')
  const words = z.object({ items: z.array(z.object({ kind: z.string(), words: z.string(), enabled: z.boolean() })) })
  const path = '/api/app-messages/templates/order.paid'
  expect((await operator.put(path, { enabled: true, words: '{客户} 生日快乐 {星座}' })).status).toBe(422)
  expect((await operator.put(path, { enabled: true, words: '{客户 付了' })).status).toBe(422)
  const changed = (await operator.put(path, { enabled: true, words: '{客户} 下单 {金额} 元' })).as(words)
  expect(changed.items.find(({ kind }) => kind === 'order.paid')).toMatchObject({ words: '{客户} 下单 {金额} 元' })
  const guide = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'chenxiaoyu' })
  expect((await guide.put(path, { enabled: false, words: 'x' })).status).toBe(403)
  expect((await guide.get('/api/app-messages')).status).toBe(403)
})
