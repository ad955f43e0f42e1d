import { expect, it } from 'vitest'
import { roleNames } from '../../infra/auth/actor.ts'
import { testSite } from '../../infra/http/testing.ts'
import { erasureRoutes } from './erasure.routes.ts'

const site = await testSite({ routes: (services) => [erasureRoutes(services)] })
const { db, corpId } = site
const at = site.clock.now()

async function customer(name: string, corp = corpId): Promise<number> {
  const { id } = await db
    .insertInto('customers')
    .values({ corp_id: corp, name, created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
const nameOf = async (id: number) =>
  (await db.selectFrom('customers').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name
const body = { reason: '本人要求，工单 2026-117' }

it('an administrator erases a customer, with a reason that stands in the audit log', async () => {
  const id = await customer('诸葛慕容晓')
  const administrator = await site.as('administrator')
  expect(await administrator.post(`/api/customers/${id}/erase`, {})).toMatchObject({ status: 400 })
  expect(await nameOf(id)).toBe('诸葛慕容晓')
  const reply = await administrator.post(`/api/customers/${id}/erase`, body)
  expect([reply.status, reply.body]).toEqual([200, { customer_ids: [id], rows: { customers: 1 } }])
  expect(await nameOf(id)).toBeNull()
  const [entry] = await db.selectFrom('audit_entries').selectAll().execute()
  expect(entry).toMatchObject({
    action: 'customer.erase',
    object_id: String(id),
    account_id: administrator.accountId,
    summary: { reason: body.reason, count: 1 },
  })
  expect(await administrator.post(`/api/customers/${id}/erase`, body)).toMatchObject({ status: 404 })
})

it('nobody else may, and nobody reaches another corp’s customer', async () => {
  const id = await customer('甲')
  for (const role of roleNames.filter((one) => one !== 'administrator')) {
    const scope = role === 'guide' ? ({ kind: 'self', userid: 'chen' } as const) : undefined
    const visitor = await site.as(role, scope)
    expect(await visitor.post(`/api/customers/${id}/erase`, body)).toMatchObject({ status: 403 })
  }
  expect(await site.anonymous.post(`/api/customers/${id}/erase`, body)).toMatchObject({ status: 401 })
  const { id: otherCorp } = await db
    .insertInto('corps')
    .values({ corpid: 'wwother', name: '别家', created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const theirs = await customer('乙', otherCorp)
  const administrator = await site.as('administrator')
  expect(await administrator.post(`/api/customers/${theirs}/erase`, body)).toMatchObject({ status: 404 })
  expect([await nameOf(id), await nameOf(theirs)]).toEqual(['甲', '乙'])
})

it('while something is being sent to the customer it waits', async () => {
  const id = await customer('丙')
  const external = 'wmBusy'
  await db
    .insertInto('identities')
    .values({ corp_id: corpId, kind: 'external_userid', value: external, customer_id: id, seen_at: at })
    .execute()
  await db
    .insertInto('effects')
    .values({ key: 'k', corp_id: corpId, kind: 'welcome', state: 'claimed', subject: external, claimed_at: at })
    .execute()
  const administrator = await site.as('administrator')
  expect(await administrator.post(`/api/customers/${id}/erase`, body)).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  expect(await nameOf(id)).toBe('丙')
})
