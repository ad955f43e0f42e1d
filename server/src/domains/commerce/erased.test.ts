import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { erasePerson } from '../compliance/index.ts'
import { at, commerceSite, order } from './testing.ts'

const site = await commerceSite()
const { db, corpId, clock, tell } = site

const member = {
  ...{ source: 'crm', number: 'M-erased', updated_at: at(1), joined_at: at(0), name: '诸葛慕容晓' },
  customer: { unionid: 'oErased', phone: '13800001234' },
  attributes: { note: '常买车厘子' },
}
const viewed = (number: string, moment: string) => ({
  ...{ source: 'mini', number, name: 'view_product', at: moment, customer: { unionid: 'oErased' } },
  properties: { searched: '诸葛慕容晓' },
})

it('who was erased stays so when other systems send him again; what he does afterwards is another’s beginning', async () => {
  await tell('members', [member])
  await tell('orders', [order('Before', { unionid: 'oErased' })])
  await tell('events', [viewed('Before', at(2))])
  const { rows } = await sql<{ home: number }>`select customer_id as home from orders where number = 'Before'`.execute(
    db,
  )
  const home = rows[0]?.home ?? 0
  const audit = { corpId, actor: undefined, action: 'customer.erase', outcome: 'done' } as const
  const erased = await erasePerson(site.services, {
    corpId,
    customerId: home,
    audit: { ...audit, ip: '', userAgent: '', requestId: 'r' },
  })
  expect(erased.kind).toBe('erased')

  // the nightly export of the shop and the member system, with versions that we have not seen
  await tell('members', [{ ...member, updated_at: at(5) }])
  await tell('orders', [
    order('Before', { unionid: 'oErased' }, { updated_at: at(5), amount: 3_000 }),
    order('Late', { unionid: 'oErased' }),
  ])
  await tell('events', [viewed('Late', at(3))])
  for (const text of ['oErased', '诸葛慕容晓', '常买车厘子', '13800001234'])
    for (const table of [
      'orders',
      'members',
      'behaviours',
      'identities',
      'customers',
      'events',
      'order_keys',
    ] as const) {
      const { rows: found } = await sql`
        select from ${sql.table(table)} t where strpos(t::text, ${text}) > 0`.execute(db)
      expect([table, text, found.length]).toEqual([table, text, 0])
    }
  const { rows: sealed } =
    await sql`select from members where name_sealed is not null or phone_sealed is not null`.execute(db)
  expect(sealed).toEqual([])
  const homes = async () =>
    (await sql<{ home: number }>`select distinct customer_id as home from orders`.execute(db)).rows.map(
      (row) => row.home,
    )
  expect(await homes()).toEqual([home])

  const after = new Date(clock.now().getTime() + 60_000).toISOString()
  await tell('orders', [
    order('After', { unionid: 'oErased' }, { ordered_at: after, paid_at: after, updated_at: after }),
  ])
  expect(await homes()).toHaveLength(2)
})
