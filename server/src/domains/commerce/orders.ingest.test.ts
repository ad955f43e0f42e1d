import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import { foldChanges } from '../audiences/index.ts'
import { at, commerceSite, order } from './testing.ts'

const site = await commerceSite()
const { db, corpId, tell } = site

const stored = async (number: string) =>
  (
    await sql<Record<string, unknown>>`
      select status, amount, refunded, paid_at, lines, version_at from orders where corp_id = ${corpId} and number = ${number}`.execute(
      db,
    )
  ).rows
const happened = async (number: string) =>
  (
    await sql<{ kind: string; amount: number }>`
      select kind, (payload->>'amount')::int as amount from events where payload->>'number' = ${number} order by id`.execute(
      db,
    )
  ).rows.map(({ kind, amount }) => `${kind} ${amount}`)
const homeOf = async (kind: string, value: string) =>
  (
    await db
      .selectFrom('identities')
      .select('customer_id')
      .where('corp_id', '=', corpId)
      .where('kind', '=', kind)
      .where('value', '=', value)
      .executeTakeFirstOrThrow()
  ).customer_id
const buyer = async (home: number) =>
  (
    await sql<{ orders: number; net: number }>`
      select b.orders, b.net from audience_buyers b join audience_people p on p.person_no = b.person_no and p.corp_id = b.corp_id
      where p.customer_id = ${home}`.execute(db)
  ).rows[0]

describe('an order', () => {
  it('is written once, with its person, its lines and what happened', async () => {
    const one = order('T1', { unionid: 'oBuyer1' })
    expect(await tell('orders', [one])).toEqual({
      accepted: 1,
      unchanged: 0,
      rejected: 0,
      results: [{ source: 'shop', number: 'T1', status: 'accepted' }],
    })
    expect(await tell('orders', [one])).toMatchObject({
      unchanged: 1,
      results: [{ status: 'unchanged', reason: '与已有内容相同。' }],
    })
    expect(await stored('T1')).toMatchObject([
      { status: 'paid', amount: 2_000, refunded: 0, lines: [{ product: 'durian', amount: 1_500 }, { amount: 500 }] },
    ])
    expect(await happened('T1')).toEqual(['order.paid 2000'])
    expect(await buyer(await homeOf('unionid', 'oBuyer1'))).toEqual({ orders: 1, net: 2_000 })
  })

  it('follows its latest version: paid later, partly and wholly refunded, and out of what counts', async () => {
    const customer = { unionid: 'oBuyer2' }
    const base = order('T2', customer, { paid_at: null })
    const refund = (number: string, amount: number, minute: number) => ({ number, amount, at: at(minute) })
    await tell('orders', [base])
    expect(await stored('T2')).toMatchObject([{ status: 'pending' }])
    await tell('orders', [order('T2', customer, { updated_at: at(2) })])
    await tell('orders', [order('T2', customer, { updated_at: at(3), refunds: [refund('R1', 500, 3)] })])
    expect(await stored('T2')).toMatchObject([{ status: 'part_refunded', refunded: 500 }])
    const home = await homeOf('unionid', 'oBuyer2')
    expect(await buyer(home)).toEqual({ orders: 1, net: 1_500 })
    await tell('orders', [
      order('T2', customer, { updated_at: at(4), refunds: [refund('R2', 1_500, 4), refund('R1', 500, 3)] }),
    ])
    expect(await stored('T2')).toMatchObject([{ status: 'refunded', refunded: 2_000 }])
    expect(await happened('T2')).toEqual(['order.paid 2000', 'order.refunded 500', 'order.refunded 1500'])
    expect(await buyer(home)).toBeUndefined()
  })

  it('may be cancelled, and a version from before changes nothing any more', async () => {
    const customer = { unionid: 'oBuyer3' }
    await tell('orders', [order('T3', customer, { updated_at: at(9), cancelled_at: at(9) })])
    expect(await tell('orders', [order('T3', customer, { updated_at: at(5) })])).toMatchObject({
      results: [{ status: 'unchanged', reason: '已有更新的版本。' }],
    })
    expect(await stored('T3')).toMatchObject([{ status: 'cancelled' }])
    expect(await happened('T3')).toEqual(['order.paid 2000', 'order.cancelled 2000'])
  })

  it('of whom several identities are told joins them to one person', async () => {
    await tell('orders', [
      order('T4', { unionid: 'oBuyer4' }),
      order('T5', { member_no: 'M5' }),
      order('T6', { unionid: 'oBuyer4', member_no: 'M5' }),
    ])
    const { rows } = await sql<{ roots: number }>`
      select count(distinct coalesce(c.merged_into, c.id))::int as roots from orders o join customers c on c.id = o.customer_id
      where o.number in ('T4', 'T5', 'T6')`.execute(db)
    expect(rows).toEqual([{ roots: 1 }])
  })

  it('of somebody else than before is his from then on', async () => {
    await tell('orders', [order('T7', { unionid: 'oFirst' })])
    await tell('orders', [order('T7', { unionid: 'oSecond' }, { updated_at: at(2) })])
    const { rows } = await sql<{ home: number }>`select customer_id as home from orders where number = 'T7'`.execute(db)
    expect(rows).toEqual([{ home: await homeOf('unionid', 'oSecond') }])
    expect(await buyer(await homeOf('unionid', 'oFirst'))).toBeUndefined()
    expect(await buyer(await homeOf('unionid', 'oSecond'))).toEqual({ orders: 1, net: 2_000 })
    await foldChanges(db, corpId)
  })

  it('takes the category of its product where its line tells none', async () => {
    await tell('products', [{ source: 'shop', number: 'tea', name: '茶', updated_at: at(0), category: 'drinks' }])
    await tell('orders', [
      order('T8', { unionid: 'oBuyer8' }, { lines: [{ product: 'tea', quantity: 2, price: 1_000 }] }),
    ])
    expect(await stored('T8')).toMatchObject([{ lines: [{ product: 'tea', category: 'drinks', amount: 2_000 }] }])
  })

  it('is taken by one of two batches that bring it at the same moment, and both hold', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => order(`P${n}`, { unionid: `oParallel${n % 7}` }))
    const answers = await Promise.all([tell('orders', rows), tell('orders', [...rows].reverse()), tell('orders', rows)])
    expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(50)
    expect(answers.reduce((sum, answer) => sum + answer.unchanged, 0)).toBe(100)
    expect(await buyer(await homeOf('unionid', 'oParallel0'))).toEqual({ orders: 8, net: 16_000 })
  })

  it('counts once with its buyer when batches of the same buyers, new and corrected, come side by side', async () => {
    const batch = (name: string, from: number, more = {}) =>
      Array.from({ length: 40 }, (_, n) => order(`${name}${from + n}`, { unionid: `oSide${(from + n) % 5}` }, more))
    await tell('orders', batch('S', 0))
    const corrected = { updated_at: at(1), lines: [{ product: 'tea', quantity: 1, price: 700 }], amount: 700 }
    await Promise.all([
      ...[100, 200, 300, 400].map((from) => tell('orders', batch('S', from))),
      ...[0, 100].map((from) => tell('orders', batch('S', from, corrected))),
    ])
    const { rows } = await sql<{ differs: boolean }>`
      select (b.orders, b.net) is distinct from (count(*)::int, sum(o.net)::bigint) as differs
      from audience_orders o join audience_people p on p.corp_id = o.corp_id and p.person_no = o.person_no
      join identities i on i.customer_id = p.customer_id and i.value like 'oSide%'
      left join audience_buyers b on b.corp_id = o.corp_id and b.person_no = o.person_no
      where o.corp_id = ${corpId} group by b.orders, b.net, o.person_no`.execute(db)
    expect(rows).toEqual(Array.from({ length: 5 }, () => ({ differs: false })))
  })

  it('costs a few statements a batch, whatever its size', async () => {
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    const statements = async (count: number, name: string): Promise<number> => {
      asked.mockClear()
      await tell(
        'orders',
        Array.from({ length: count }, (_, n) =>
          order(`${name}${n}`, { unionid: `o${name}${n}`, member_no: `${name}${n}` }),
        ),
      )
      return asked.mock.calls.length
    }
    const few = await statements(3, 'Few')
    const many = await statements(300, 'Many')
    expect(few).toBeLessThan(50)
    // following the evidence takes a round or two more
    expect(many).toBeLessThan(few + 8)
    asked.mockRestore()
  })
})
