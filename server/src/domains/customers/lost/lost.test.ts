import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { lostRoutes } from './lost.routes.ts'
import { lostCustomer, lostFigures } from './lost.schema.ts'
import { recoverHints } from './lost.ts'

const site = await testSite({ routes: (services) => [lostRoutes(services)] })
const { db, corpId, clock, services } = site
const admin = await site.as('administrator')
const operator = await site.as('operator')
const lin = await site.as('guide', { kind: 'self', userid: 'lin' })
const page = z.object({ items: z.array(lostCustomer), next_cursor: z.string().nullable() })
const hour = (n: number) => new Date(clock.now().getTime() - 100 * 3_600_000 + n * 3_600_000)
const lost = async (query = '', who = admin) => (await who.get(`/api/lost-customers${query}`)).as(page).items

async function home(external: string): Promise<number> {
  const fact = {
    identities: [{ kind: 'external_userid', value: external }],
    source: 'wecom',
    reference: '',
    at: hour(0),
  }
  const places = await db
    .transaction()
    .execute((tx) => resolveIdentities(tx, { corpId, vault: services.vault, learntAt: hour(0) }, [fact]))
  const id = places[0]?.home ?? 0
  await sql`update customers set name = ${`客户${external}`} where id = ${id}`.execute(db)
  return id
}
async function relate(id: number, userid: string, added: number, ended?: { at: number; by: string }) {
  await sql`
    insert into relations (customer_id, corp_id, userid, external_userid, added_at, ended_at, ended_by)
    values (${id}, ${corpId}, ${userid}, ${`wm${id}`}, ${hour(added)}, ${ended === undefined ? null : hour(ended.at)}, ${ended?.by ?? null})`.execute(
    db,
  )
  await db.transaction().execute((tx) => refreshCards(tx, [id]))
}
const happened = (customerId: number, kind: 'order.paid' | 'welcome.sent', at: number, payload: object) =>
  db.transaction().execute((tx) =>
    appendEvents(
      tx,
      [
        {
          ...{ kind, corpId, customerId, occurredAt: hour(at), cause: 'test', payload: { ...payload } },
          staffUserid: kind === 'welcome.sent' ? 'lin' : undefined,
        },
      ],
      hour(at),
    ),
  )

let gone = 0

beforeAll(async () => {
  for (const [userid, name] of [
    ['lin', '林'],
    ['wang', '王'],
  ])
    await sql`
      insert into staff (corp_id, userid, name, follows, first_seen_at, seen_at)
      values (${corpId}, ${userid}, ${name}, true, ${hour(0)}, ${hour(0)}) on conflict do nothing`.execute(db)
  gone = await home('wmGone')
  await relate(gone, 'lin', 1, { at: 50, by: 'customer' })
  await relate(gone, 'wang', 2)
  await happened(gone, 'welcome.sent', 1, {})
  await happened(gone, 'order.paid', 40, { amount: 8_800 })
  await happened(gone, 'order.paid', 60, { amount: 100 })
  await relate(await home('wmDeleted'), 'wang', 3, { at: 20, by: 'staff' })
  await relate(await home('wmMoved'), 'lin', 3, { at: 30, by: 'transfer' })
  await relate(await home('wmStays'), 'lin', 3)
})

describe('customers who left', () => {
  it('are listed with who ended it, what happened before and what may win them back; moved ones are not lost', async () => {
    const items = await lost()
    expect(items.map(({ name, by }) => [name, by])).toEqual([
      ['客户wmGone', 'customer'],
      ['客户wmDeleted', 'staff'],
    ])
    expect(items[0]).toMatchObject({
      ...{ id: gone, staff_name: '林', ended_at: hour(50).toISOString(), others: ['王'], hints: ['colleague'] },
      touches: [{ kind: 'order.paid', amount: 8_800, at: hour(40).toISOString() }, { kind: 'welcome.sent' }],
    })
    expect(items[1]?.hints).toEqual(['check_member', 'early'])
    expect((await admin.get('/api/lost-customers/figures')).as(lostFigures)).toEqual({
      days: 30,
      by_customer: 1,
      by_staff: 1,
    })
  })

  it('are found by who, member and days, page by page', async () => {
    expect((await lost('?by=staff')).map(({ staff_name }) => staff_name)).toEqual(['王'])
    expect((await lost('?staff=lin')).map(({ id }) => id)).toEqual([gone])
    expect(await lost(`?from=${hour(51).toISOString()}`)).toEqual([])
    expect(await lost(`?until=${hour(20).toISOString()}`)).toEqual([])
    const first = (await admin.get('/api/lost-customers?limit=1')).as(page)
    expect(first.items[0]?.id).toBe(gone)
    const second = (await admin.get(`/api/lost-customers?limit=1&cursor=${first.next_cursor}`)).as(page)
    expect(second.items.map(({ by }) => by)).toEqual(['staff'])
    expect(second.next_cursor).toBeNull()
  })

  it('are shown within the data scope, masked, and nobody of them who was erased', async () => {
    const own = await lost('', lin)
    expect(own.map(({ id }) => id)).toEqual([gone])
    // a colleague whom he may not see is not named to him
    expect(own[0]).toMatchObject({ others: [], hints: [] })
    expect((await lin.get('/api/lost-customers/figures')).as(lostFigures)).toMatchObject({
      by_customer: 1,
      by_staff: 0,
    })
    expect((await lost('', operator))[0]?.name).not.toBe('客户wmGone')
    expect((await site.anonymous.get('/api/lost-customers')).status).toBe(401)
    await sql`update customers set erased_at = now() where id = ${gone}`.execute(db)
    expect(await lost('?by=customer')).toEqual([])
  })

  it('are won back by what is left of them', () => {
    const left = {
      ...{ endedBy: 'customer' as const, addedAt: hour(0), endedAt: hour(48) },
      ...{ others: [], groups: [], followsAccount: false, hasPhone: false },
    }
    expect(recoverHints(left)).toEqual([])
    const everything = { ...left, endedBy: 'staff' as const, endedAt: hour(2), others: ['林'], groups: ['群'] }
    expect(recoverHints({ ...everything, followsAccount: true, hasPhone: true })).toEqual([
      'check_member',
      'colleague',
      'group',
      'account',
      'phone',
      'early',
    ])
  })
})
