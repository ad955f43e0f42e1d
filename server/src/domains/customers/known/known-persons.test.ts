import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { nameIndexOf } from '../../../infra/secrets/name.ts'
import { phoneIndexOf } from '../../../infra/secrets/phone.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { customersRoutes } from '../list/customers.routes.ts'
import { customerDetail, customerItem } from '../list/customers.schema.ts'
import { knownPersonsRoutes } from './known-persons.routes.ts'
import { knownPerson } from './known-persons.schema.ts'

const site = await testSite({ routes: (services) => [customersRoutes(services), knownPersonsRoutes(services)] })
const { db, corpId, clock } = site
const { vault } = site.services
const admin = await site.as('administrator')
const operator = await site.as('operator')
const lin = await site.as('guide', { kind: 'self', userid: 'lin' })
const persons = z.object({ items: z.array(knownPerson), next_cursor: z.string().nullable() })
const customers = z.object({ items: z.array(customerItem) })

type Named = readonly [kind: string, value: string]
const take = async (...named: readonly Named[]): Promise<number> => {
  const identities = named.map(([kind, value]) => ({ kind, value }))
  const fact = { identities, source: 'order', reference: '1', at: clock.now() }
  const places = await db
    .transaction()
    .execute((tx) => resolveIdentities(tx, { corpId, vault, learntAt: clock.now() }, [fact]))
  return places[0]?.home ?? 0
}
const importName = (home: number, name: string, phone: string) =>
  sql`
    insert into imported_customers (customer_id, corp_id, digest, name_sealed, name_index, phone_sealed, import_id, updated_at)
    values (${home}, ${corpId}, '', ${vault.seal(name)}, ${nameIndexOf(vault, name)}, ${vault.seal(phone)},
      ${'00000000-0000-7000-8000-000000000001'}, ${clock.now()})`.execute(db)
const found = async (q: string, who = admin) =>
  (await who.get(`/api/known-persons?q=${encodeURIComponent(q)}`)).as(persons).items.map(({ id }) => id)

const people = { buyer: 0, imported: 0, friend: 0 }

beforeAll(async () => {
  people.buyer = await take(['unionid', 'oBuyer'], ['phone', phoneIndexOf(vault, '138 1234 5678')])
  people.imported = await take(['member_no', 'M-7'])
  await importName(people.imported, '欧阳 修', '13900001111')
  people.friend = await take(['external_userid', 'wmFriend'])
  await take(['external_userid', 'wmFriend'], ['member_no', 'M-8'])
  await sql`
    insert into relations (customer_id, corp_id, userid, external_userid, added_at)
    values (${people.friend}, ${corpId}, 'lin', 'wmFriend', ${clock.now()})`.execute(db)
  await sql`update customers set name = '小友', kind = 1 where id = ${people.friend}`.execute(db)
  await db.transaction().execute((tx) => refreshCards(tx, [people.friend]))
})

describe('persons whom no member added', () => {
  it('are listed, one row a person, whoever was added is not', async () => {
    const { items } = (await admin.get('/api/known-persons')).as(persons)
    expect(items.map(({ name, identities }) => [name, identities.map(({ kind }) => kind)])).toEqual([
      ['欧阳 修', ['member_no']],
      ['', ['phone', 'unionid']],
    ])
    const first = (await admin.get('/api/known-persons?limit=1')).as(persons)
    expect(first.items).toHaveLength(1)
    const second = (await admin.get(`/api/known-persons?limit=1&cursor=${first.next_cursor}`)).as(persons)
    expect(second.items.map(({ name }) => name)).toEqual([''])
    expect(second.next_cursor).toBeNull()
  })

  it('are found by member number, phone and the whole imported name, and by no part of them', async () => {
    expect(await found('M-7')).toEqual([people.imported])
    const [buyer] = await found('13812345678')
    expect((await admin.get(`/api/customers/${buyer}`)).status).toBe(200)
    expect(await found('+86 138-1234-5678')).toEqual([buyer])
    expect(await found('欧阳修')).toEqual([people.imported])
    for (const words of ['M-', '1381234', '欧阳', 'M-8']) expect(await found(words)).toEqual([])
  })

  it('have a page that says what is known, masked for who may not see personal data', async () => {
    const page = (await admin.get(`/api/customers/${people.imported}`)).as(customerDetail)
    expect(page).toMatchObject({ status: 'none', name: '欧阳 修', external_userid: null, relations: [] })
    expect(page.imported).toMatchObject({ name: '欧阳 修', phone: '13900001111' })
    const masked = (await operator.get(`/api/customers/${people.imported}`)).as(customerDetail)
    expect(masked.imported).toMatchObject({ phone: '139****1111' })
    expect(JSON.stringify(masked)).not.toContain('13900001111')
    expect(JSON.stringify((await operator.get('/api/known-persons')).body)).not.toContain('13900001111')
    const clear = await operator.post(`/api/customers/${people.imported}/reveal`, { reason: '核对订单' })
    expect(clear.body).toMatchObject({ imported: { phone: '13900001111' } })
  })

  it('are nobody’s: who sees a store or his own customers does not see them', async () => {
    expect((await lin.get('/api/known-persons')).as(persons).items).toEqual([])
    expect(await found('M-7', lin)).toEqual([])
    expect((await lin.get(`/api/customers/${people.imported}`)).status).toBe(404)
    expect((await lin.get(`/api/customers/${people.friend}`)).status).toBe(200)
    expect((await site.anonymous.get('/api/known-persons')).status).toBe(401)
  })

  it('and the list of customers finds by a member number whom it names', async () => {
    const { items } = (await admin.get('/api/customers?q=M-8')).as(customers)
    expect(items.map(({ id }) => id)).toEqual([people.friend])
    expect((await lin.get('/api/customers?q=M-8')).as(customers).items).toHaveLength(1)
  })
})
