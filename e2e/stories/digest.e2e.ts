import { createClient } from '@nuanyu/client'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC24: 35 customers of one member pay within a minute; she is told of every one in a few messages. The platform takes 30 a
// minute for a member and drops what is more without a word, so only what stands on her phone tells whether any was lost
const stage = await openStage('digest')
const { db, platform } = stage
const userid = 'chenxiaoyu'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
/** So many messages the product sends one member in any minute; what comes beyond them waits and goes together. */
const aMinute = 5

const names = ['林', '陈', '周', '吴', '郑', '何', '许'].flatMap((family) =>
  ['小满', '佳怡', '子涵', '一诺', '晨曦'].map((given) => family + given),
)
const orders = names.map((name, at) => ({
  name,
  number: `SC24-${String(at + 1).padStart(2, '0')}`,
  amount: 9_900 + at,
}))
const inWords = ({ name, amount, number }: (typeof orders)[number]) =>
  `${name} 支付了 ${(amount / 100).toFixed(2)} 元（订单 ${number}`
const linesOf = (text: string) => text.match(/[^\s·]+ 支付了 [\d.]+ 元（订单 SC24-\d+/g) ?? []

/** Relations of these customers with the member, whose profiles are read. */
async function known(externalUserIds: readonly string[]): Promise<number> {
  const rows = await db
    .selectFrom('customer_cards')
    .innerJoin('relations', 'relations.customer_id', 'customer_cards.customer_id')
    .select('relations.external_userid')
    .where('relations.userid', '=', userid)
    .where('relations.external_userid', 'in', externalUserIds)
    .execute()
  return rows.length
}

/** What is still to be told or being told; when all that was begun is settled, time goes on to her next turn. */
async function untold(): Promise<number> {
  const making = await db.selectFrom('app_message_sends').select('id').where('state', '=', 'making').execute()
  const desks = await db.selectFrom('app_message_desks').select('next_at').execute()
  const [desk] = desks
  if (making.length === 0 && desk !== undefined) {
    const waitMs = desk.next_at.getTime() - (await platform.nowMs())
    if (waitMs > 0) await platform.advance(Math.ceil(waitMs))
  }
  return making.length + desks.length
}

/** The most that were sent in any 60 seconds. */
function busiestMinute(sentAt: readonly Date[]): number {
  const inMinuteFrom = (from: Date) =>
    sentAt.filter((at) => at >= from && at.getTime() < from.getTime() + 60_000).length
  return Math.max(...sentAt.map(inMinuteFrom))
}

test('35 orders of a minute come to their member in a few messages, every one of them, and the console says what was merged', async () => {
  const { page, open, call } = await stage.console('admin')
  const key = await call<{ secret: string }>('POST', '/api/keys', { name: '商城', scopes: ['orders.write'] })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  const buyers = new Map<string, { id: string; externalUserId: string; unionId: string }>()
  for (const name of names) {
    const buyer = await platform.post<{ id: string; externalUserId: string; unionId: string }>('/sandbox/people', {
      ...{ role: 'customer', name },
    })
    await platform.post(`/sandbox/people/${buyer.id}/add`, { userid })
    buyers.set(name, buyer)
  }
  await expect.poll(() => known([...buyers.values()].map((one) => one.externalUserId))).toBe(35)

  const phone = await stage.phone()
  const chat = `${platform.url}/?as=${userid}&chat=app:nuanyu`
  await phone.page.goto(chat)
  await phone.log.waitFor()
  // the minute is the brand's, however long the machine takes
  await platform.post('/sandbox/clock', { paused: true })
  for (const order of orders) {
    const at = new Date(await platform.nowMs()).toISOString()
    const sent = await shop.orders.send([
      {
        ...{ source: 'shop', number: order.number, updated_at: at, ordered_at: at, paid_at: at, amount: order.amount },
        customer: { unionid: buyers.get(order.name)?.unionId ?? '' },
        lines: [{ product: 'durian', name: '金枕榴莲', category: '榴莲', quantity: 1, price: order.amount }],
      },
    ])
    expect(sent.rejected).toBe(0)
    // the first are told at once, each alone
    if (orders.indexOf(order) < aMinute) await phone.log.getByText(inWords(order)).waitFor({ timeout: 30_000 })
    await platform.advance(1_500)
  }
  await expect.poll(() => db.selectFrom('app_messages').select('id').execute()).toHaveLength(35)
  await stage.judged(phone.page, 'minute')
  await expect.poll(untold).toBe(0)

  const kept = await db.selectFrom('app_messages').select('created_at').orderBy('created_at').execute()
  expect((kept.at(-1)?.created_at.getTime() ?? 0) - (kept[0]?.created_at.getTime() ?? 0)).toBeLessThan(60_000)
  const sends = await db
    .selectFrom('app_message_sends')
    .select(['state', 'messages', 'made_at'])
    .orderBy('id')
    .execute()
  expect(new Set(sends.map(({ state }) => state))).toEqual(new Set(['sent']))
  expect(busiestMinute(sends.map(({ made_at }) => made_at))).toBeLessThanOrEqual(aMinute)

  // each order once on the phone, as many messages as were sent, each with as many lines as its head says
  const bubbles = phone.log.getByText('支付了')
  const told = async () => (await bubbles.allInnerTexts()).flatMap(linesOf).sort()
  await expect.poll(told, { timeout: 20_000 }).toEqual(orders.map(inWords).sort())
  const texts = await bubbles.allInnerTexts()
  const carried = texts.map((text) => linesOf(text).length)
  expect(carried).toEqual([1, 1, 1, 1, 1, 30])
  expect(sends.map(({ messages }) => messages)).toEqual(carried)
  expect(texts.map((text) => Number(/^(\d+) 条新消息：\n/.exec(text)?.[1] ?? 1))).toEqual(carried)
  await stage.judgedAt(phone.page, sizes, 'phone')

  // the console: each message, and with how many others it went
  await open('/engagement/app-messages', '员工消息')
  const rows = page.locator('tbody tr.ant-table-row')
  await expect.poll(() => rows.count()).toBe(35)
  const listed = (await rows.allInnerTexts()).map((text) => ({
    line: linesOf(text)[0],
    sent: text.includes('已发送'),
    others: Number(/与其他 (\d+) 条合并/.exec(text)?.[1] ?? 0),
  }))
  const inDatabase = await db
    .selectFrom('app_messages')
    .innerJoin('app_message_sends', 'app_message_sends.id', 'app_messages.send_id')
    .select([sql<string>`app_messages.values->>'订单号'`.as('number'), 'app_message_sends.messages'])
    .execute()
  const others = new Map(inDatabase.map(({ number, messages }) => [number, messages - 1]))
  // the latest stands first
  expect(listed.toReversed()).toEqual(
    orders.map((order) => ({ line: inWords(order), sent: true, others: others.get(order.number) })),
  )
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  await judgedEverywhere('console')

  await page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  await open('/engagement/app-messages', 'Staff messages')
  await expect.poll(() => rows.filter({ hasText: 'Merged with 29 others' }).count()).toBe(30)
  await judgedEverywhere('console-english')
  await phone.page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  await phone.page.goto(chat)
  await phone.page.getByRole('log').getByText('支付了').first().waitFor()
  await stage.judgedAt(phone.page, sizes, 'phone-english')
})
