import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { customersRoutes } from '../list/customers.routes.ts'
import { customerDetail } from '../list/customers.schema.ts'
import { personRoutes } from './person.routes.ts'
import { joinPreview, personIdentities, personMerge, personPair } from './person.schema.ts'
import { personIdentityRoutes } from './person-identities.routes.ts'

const site = await testSite({
  routes: (services) => [personRoutes(services), personIdentityRoutes(services), customersRoutes(services)],
})
const { db, corpId, clock } = site
const admin = await site.as('administrator')
const lin = await site.as('guide', { kind: 'self', userid: 'lin' })
const wang = await site.as('guide', { kind: 'self', userid: 'wang' })
const pairs = z.object({ items: z.array(personPair), next_cursor: z.string().nullable() })
const merges = z.object({ items: z.array(personMerge), next_cursor: z.string().nullable() })

type Named = readonly [kind: string, value: string]
async function take(...facts: (readonly Named[])[]): Promise<readonly number[]> {
  const places = await db.transaction().execute((tx) =>
    resolveIdentities(
      tx,
      { corpId, vault: site.services.vault, learntAt: clock.now() },
      facts.map((identities, place) => ({
        identities: identities.map(([kind, value]) => ({ kind, value })),
        source: 'order',
        reference: `o${place}`,
        at: new Date(clock.now().getTime() + place),
      })),
    ),
  )
  return places.map(({ home }) => home)
}
async function befriend(external: string, userid: string): Promise<number> {
  const [home = 0] = await take([['external_userid', external]])
  await sql`
    insert into relations (customer_id, corp_id, userid, external_userid, added_at)
    values (${home}, ${corpId}, ${userid}, ${external}, ${clock.now()})`.execute(db)
  await sql`update customers set name = ${`客户${external}`} where id = ${home}`.execute(db)
  await db.transaction().execute((tx) => refreshCards(tx, [home]))
  return home
}
const rootOf = async (home: number) =>
  (await db.selectFrom('customers').select('merged_into').where('id', '=', home).executeTakeFirstOrThrow())
    .merged_into ?? home

let card = 0
let orders = 0
beforeAll(async () => {
  card = await befriend('wmLin0001', 'lin')
  ;[orders = 0] = await take([
    ['unionid', 'oUnion0001'],
    ['member_no', 'M0001'],
  ])
  await take([
    ['external_userid', 'wmLin0001'],
    ['unionid', 'oUnion0001'],
  ])
})

describe('one person', () => {
  it('opens by any of his homes, and lists what he is known by, masked for who may not see it', async () => {
    for (const id of [card, orders])
      expect((await lin.get(`/api/customers/${id}`)).as(customerDetail)).toMatchObject({ id: card })
    const own = (await lin.get(`/api/customers/${orders}/identities`)).as(personIdentities)
    expect(own.identities.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'external_userid wmLin0001',
      'member_no M0001',
      'unionid oUnion0001',
    ])
    expect(own.merges).toMatchObject([{ kind: 'merged', source: 'order' }])
    const auditor = await site.as('auditor')
    const masked = (await auditor.get(`/api/customers/${card}/identities`)).as(personIdentities)
    expect(masked.identities.map(({ value }) => value)).toEqual(['wmL****01', '****', 'oUn****01'])
    expect((await wang.get(`/api/customers/${card}/identities`)).status).toBe(404)
  })

  it('is parted by an undone merge exactly as before, and stays so when the evidence comes again', async () => {
    const [merge] = (await admin.get('/api/person-merges')).as(merges).items
    expect((await lin.post(`/api/person-merges/${merge?.id}/undo`, { reason: '不是本人' })).status).toBe(403)
    expect((await admin.post(`/api/person-merges/${merge?.id}/undo`, { reason: '不是本人' })).status).toBe(204)
    await take([
      ['external_userid', 'wmLin0001'],
      ['unionid', 'oUnion0001'],
    ])
    expect([await rootOf(card), await rootOf(orders)]).toEqual([card, orders])
    const log = (await admin.get('/api/person-merges')).as(merges).items
    expect(log.map(({ kind, undone_at, reason }) => [kind, undone_at !== null, reason])).toEqual([
      ['parted', false, '不是本人'],
      ['merged', true, null],
    ])
    expect((await admin.post(`/api/person-merges/${merge?.id}/undo`, { reason: '再一次' })).status).toBe(409)
    expect(site.audited.map((entry) => entry.action)).toContain('person.part')
  })

  it('is joined by hand after a look ahead, with the reason in the log', async () => {
    const ahead = (await admin.post('/api/person-merges/preview', { one: card, other: orders })).as(joinPreview)
    expect(ahead).toMatchObject({ outcome: 'joined', one: { person_id: card }, other: { person_id: orders } })
    expect(await rootOf(orders)).toBe(orders)
    const order = { one: card, other: orders, reason: '门店核实是同一人' }
    expect((await lin.post('/api/person-merges', order)).status).toBe(403)
    expect((await admin.post('/api/person-merges', order)).status).toBe(204)
    expect(await rootOf(orders)).toBe(card)
    const [latest] = (await admin.get('/api/person-merges')).as(merges).items
    expect(latest).toMatchObject({ kind: 'merged', source: 'person', reason: '门店核实是同一人' })
  })
})

describe('one identity of a person', () => {
  it('is taken off by a decision, and only by who may merge', async () => {
    const [home = 0] = await take([
      ['member_no', 'M0009'],
      ['unionid', 'oUnion0009'],
    ])
    const of = async () => (await admin.get(`/api/customers/${home}/identities`)).as(personIdentities)
    const { person_id: person, identities } = await of()
    expect(identities.map(({ kind, may_part }) => [kind, may_part])).toEqual([
      ['member_no', true],
      ['unionid', false],
    ])
    const path = `/api/customers/${person}/identities/part`
    const member = identities[0]?.home_id ?? 0
    expect((await lin.post(path, { home_id: member, reason: '不是他的卡' })).status).toBe(403)
    expect((await admin.post(path, { home_id: card, reason: '不是他的卡' })).status).toBe(404)
    expect((await admin.post(path, { home_id: member, reason: '不是他的卡' })).status).toBe(204)
    expect((await of()).identities.map(({ kind }) => kind)).toEqual(['unionid'])
    expect((await admin.post(path, { home_id: person, reason: '再拆一次' })).status).toBe(404)
  })
})

describe('conflicts', () => {
  it('show both sides to who sees them, join by nobody, and end when they are kept apart', async () => {
    const [second = 0] = await take([
      ['unionid', 'oUnion0001'],
      ['member_no', 'M0002'],
    ])
    expect(second).toBe(
      await db
        .selectFrom('identities')
        .select('customer_id')
        .where('value', '=', 'oUnion0001')
        .executeTakeFirstOrThrow()
        .then((row) => row.customer_id),
    )
    const [open] = (await lin.get('/api/person-conflicts')).as(pairs).items
    expect(open).toMatchObject({ kind: 'member_no', source: 'order' })
    expect([open?.low.person_id, open?.high.person_id]).toContain(card)
    expect((await wang.get('/api/person-conflicts')).as(pairs).items).toEqual([])
    const [low = 0, high = 0] = [open?.low.home_id, open?.high.home_id]
    expect((await admin.post('/api/person-merges', { one: low, other: high, reason: '合并看看' })).status).toBe(409)
    expect((await admin.post('/api/person-conflicts/keep-apart', { low, high, reason: '两张会员卡' })).status).toBe(204)
    expect((await admin.get('/api/person-conflicts')).as(pairs).items).toEqual([])
  })
})

describe('proposals', () => {
  it('come of what proves nothing, and join or part by a decision alone', async () => {
    const one = await befriend('wmLin0002', 'lin')
    await take([
      ['external_userid', 'wmLin0002'],
      ['phone_typed', 'aa11'],
    ])
    const [shop = 0] = await take([
      ['member_no', 'M0900'],
      ['phone', 'aa11'],
    ])
    const { items } = (await lin.get('/api/person-proposals')).as(pairs)
    expect(items).toHaveLength(1)
    expect((await wang.get('/api/person-proposals')).as(pairs).items).toEqual([])
    const [low = 0, high = 0] = [items[0]?.low.home_id, items[0]?.high.home_id]
    expect(
      items[0]?.low.identities.concat(items[0]?.high.identities ?? []).filter(({ kind }) => kind === 'phone'),
    ).toMatchObject([{ value: '' }])
    expect(
      (await admin.post('/api/person-proposals/decide', { low, high, same: true, reason: '电话核实' })).status,
    ).toBe(204)
    expect(await rootOf(shop)).toBe(one)
    expect((await admin.get('/api/person-proposals')).as(pairs).items).toEqual([])
  })
})

describe('somebody of another corp', () => {
  it('is not seen, joined or parted', async () => {
    const { id: other } = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const stranger = await site.as('administrator', { kind: 'corp' }, other)
    expect((await stranger.get(`/api/customers/${card}/identities`)).status).toBe(404)
    expect((await stranger.get('/api/person-merges')).as(merges).items).toEqual([])
    expect((await stranger.post('/api/person-merges', { one: card, other: orders, reason: '不该' })).status).toBe(404)
  })
})
