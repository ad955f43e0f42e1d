import { createClient, type OrderInput, type ProductInput } from '@nuanyu/client'
import { openOffice } from './shots.office.ts'

const minute = 60_000
const goods = [
  { number: 'durian-1kg', name: '猫山王榴莲 1kg', category: '水果', price: 9_900, stock: 0 },
  { number: 'cherry-500', name: '车厘子 500g', category: '水果', price: 5_900, stock: 120 },
  { number: 'milk-950', name: '鲜牛奶 950ml', category: '乳品', price: 1_500, stock: 64 },
  { number: 'salmon-300', name: '三文鱼切片 300g', category: '海鲜', price: 8_800, stock: 9 },
  { number: 'tea-gift', name: '明前龙井礼盒（已下架的春季款）', category: '茶', price: 39_800, stock: null },
] as const

/** A shop that sells to the people of the sandbox, some of whom have added nobody yet, as it would over /v1. */
export async function sellSomething(consoleUrl: string, sandboxUrl: string): Promise<void> {
  const client = createClient({ baseUrl: consoleUrl, key: await makeKey(consoleUrl) })
  const { nowMs } = (await (await fetch(`${sandboxUrl}/sandbox/clock`)).json()) as { nowMs: number }
  const { people } = (await (await fetch(`${sandboxUrl}/sandbox/people?role=customer&limit=60`)).json()) as {
    people: { unionId?: string }[]
  }
  const ago = (minutes: number) => new Date(nowMs - minutes * minute).toISOString()
  const products = goods.map(
    ({ stock, ...product }): ProductInput => ({
      ...{ source: 'shop', updated_at: ago(60), ...product, stock, on_sale: product.number !== 'tea-gift' },
      attributes: { 产地: '云南', 冷链: product.category !== '茶' },
    }),
  )
  const orders = people.flatMap(({ unionId }, n): OrderInput[] =>
    unionId === undefined ? [] : [0, 1].map((again) => orderOf(n * 2 + again, unionId, ago)),
  )
  for (const { rejected } of [await client.products.send(products), await client.orders.send(orders)])
    if (rejected > 0) throw new Error('the shop’s goods or orders were rejected')
  await disagree(client, people[0]?.unionId ?? '', ago)
}

/** Two orders that give one person two member numbers: it waits for somebody to decide. */
async function disagree(
  client: ReturnType<typeof createClient>,
  unionid: string,
  ago: (minutes: number) => string,
): Promise<void> {
  const orders = ['VIP-20260018', 'VIP-20260981'].map((member_no, at): OrderInput => {
    const order = orderOf(1_001 + at, unionid, ago)
    return { ...order, customer: { unionid, member_no } }
  })
  const { rejected } = await client.orders.send(orders)
  if (rejected > 0) throw new Error('the orders that disagree were rejected')
}

function orderOf(n: number, unionid: string, ago: (minutes: number) => string): OrderInput {
  const first = goods[n % goods.length] ?? goods[0]
  const second = goods[(n * 3 + 1) % goods.length] ?? goods[0]
  const at = n % 2 === 0 ? ago(1 + n) : ago(30 + n * 700)
  const amount = first.price + 2 * second.price
  const refunded = n % 9 === 0 ? second.price : n % 13 === 0 ? amount : 0
  return {
    ...{ source: 'shop', number: `T2026${String(n).padStart(6, '0')}`, updated_at: at, ordered_at: at, amount },
    paid_at: n % 11 === 5 ? null : at,
    cancelled_at: n % 17 === 3 ? at : null,
    customer: { unionid },
    refunds: refunded > 0 && n % 11 !== 5 ? [{ number: `R${n}`, amount: refunded, at }] : [],
    channel: n % 3 === 0 ? '直播间' : '小程序',
    ...(n % 4 === 0 ? { staff: 'chenxiaoyu' } : {}),
    lines: [
      { product: first.number, name: first.name, category: first.category, quantity: 1, price: first.price },
      { product: second.number, name: second.name, category: second.category, quantity: 2, price: second.price },
    ],
  }
}

async function makeKey(consoleUrl: string): Promise<string> {
  const office = await openOffice(consoleUrl)
  const { secret } = await office<{ secret: string }>('POST', '/api/keys', {
    name: '小程序商城',
    scopes: ['orders.write', 'products.write', 'members.write', 'events.write'],
  })
  return secret
}
