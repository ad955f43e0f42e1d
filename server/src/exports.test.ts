import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { takeMembers, takeOrders, takeProducts } from './domains/commerce/index.ts'
import { exportView } from './domains/exports/exports.schema.ts'
import { exportSite } from './domains/exports/testing.ts'
import { exportSources } from './exports.ts'

const site = await exportSite({ sources: exportSources })
const { db, corpId, services } = site
const administrator = await site.as('administrator')
const operator = await site.as('operator')
const at = '2026-11-01T10:00:00+08:00'

beforeAll(async () => {
  const customer = { member_no: 'V1', phone: '13812345678' }
  const line = { product: 'P1', name: '=榴莲', category: '水果', quantity: 2, price: 1_500 }
  const teller = { corpId, cause: 'test' }
  await takeMembers(services, teller, [
    {
      source: 'crm',
      number: 'V1',
      updated_at: at,
      customer,
      name: '欧阳娜娜',
      level: '金卡',
      points: 120,
      joined_at: at,
    },
  ])
  await takeOrders(services, teller, [
    {
      source: 'pos',
      number: 'A-1',
      updated_at: at,
      customer,
      ordered_at: at,
      paid_at: at,
      amount: 3_000,
      lines: [line, line],
    },
    { source: 'pos', number: 'A-2', updated_at: at, customer, ordered_at: at, amount: 1, lines: [line] },
  ])
  await takeProducts(services, teller, [
    {
      source: 'pos',
      number: 'P1',
      updated_at: at,
      name: '榴莲',
      category: '水果',
      price: 1_500,
      attributes: { 产地: '泰国' },
    },
  ])
  const { id } = await db.selectFrom('customers').select('id').orderBy('id').executeTakeFirstOrThrow()
  await db
    .insertInto('relations')
    .values({
      ...{ customer_id: id, corp_id: corpId, userid: 'lina', external_userid: 'wm1', remark: '榴莲姐' },
      ...{ added_at: new Date(at), mobiles: services.vault.seal(JSON.stringify(['13900001111'])) },
    })
    .execute()
  await sql`insert into customer_cards (customer_id, corp_id, search, keys, userids, tag_ids, channel_ids, status, alive, last_added_at)
    values (${id}, ${corpId}, '', '{}', '{lina}', '{}', '{}', 'alive', 1, ${at})`.execute(db)
})

async function tableOf(who: typeof operator, kind: string, filters: object = {}): Promise<Record<string, string>[]> {
  const { id } = (await who.post('/api/exports', { kind, format: 'csv', filters })).as(exportView)
  const failed = await site.work()
  if (failed !== undefined) throw failed
  const { bytes } = await site.file(who, id)
  return z.array(z.record(z.string(), z.string())).parse(parse(Buffer.from(bytes), { columns: true, bom: true }))
}

describe('what is taken away', () => {
  test('of customers: who sees personal data has it clear, everybody else masked', async () => {
    const [clear] = await tableOf(administrator, 'customers')
    expect(clear).toMatchObject({ 姓名: '欧阳娜娜', 手机号: '13900001111、13812345678', 备注: '榴莲姐', 会员号: 'V1' })
    const [masked] = await tableOf(operator, 'customers')
    expect(masked).toMatchObject({ 姓名: '欧**娜', 手机号: '139****1111、138****5678', 备注: '榴*姐', 状态: '好友' })
    expect(await tableOf(operator, 'customers', { status: 'lost' })).toEqual([])
  })

  test('of orders: as the list is filtered, an order a row or a line of goods a row, money in yuan', async () => {
    const rows = await tableOf(operator, 'orders', { status: 'paid' })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      订单号: 'A-1',
      实付金额: '30',
      下单时间: '2026-11-01 10:00:00',
      商品: "'=榴莲×2、=榴莲×2",
    })
    expect((await tableOf(operator, 'orders', { lines: true })).map((row) => [row.订单号, row.数量, row.单价])).toEqual(
      expect.arrayContaining([
        ['A-1', '2', '15'],
        ['A-1', '2', '15'],
        ['A-2', '2', '15'],
      ]),
    )
  })

  test('of members and products', async () => {
    expect(await tableOf(operator, 'members')).toMatchObject([
      { 会员号: 'V1', 姓名: '欧**娜', 手机号: '138****5678', 积分: '120' },
    ])
    expect(await tableOf(operator, 'products')).toMatchObject([
      { 商品编号: 'P1', '价格（元）': '15', 属性: '产地=泰国' },
    ])
  })

  test('is cut by the data scope: of customers by whose they are, of members not at all', async () => {
    const elsewhere = await site.as('operator', { kind: 'region', departmentIds: [99] })
    expect(await tableOf(elsewhere, 'customers')).toEqual([])
    expect(await tableOf(elsewhere, 'orders')).toEqual([])
    for (const kind of ['members', 'tags'])
      expect((await elsewhere.post('/api/exports', { kind, format: 'csv' })).status, kind).toBe(403)
    const audience = { kind: 'audience', format: 'csv', filters: { audience: crypto.randomUUID() } }
    expect((await elsewhere.post('/api/exports', audience)).status).toBe(403)
    expect((await operator.post('/api/exports', audience)).status).toBe(404)
  })
})
