import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApi } from '../../infra/http/api.ts'
import { auditEntry, noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import { testSite } from '../../infra/http/testing.ts'
import { auditRoutes } from './audit.routes.ts'
import { auditEntryView, chainReport } from './audit.schema.ts'
import { auditTrail, writeAudit } from './audit.trail.ts'

/** A room with a write, a look at personal data, and a failing write; its own trail goes before the recorder of the site. */
const site = await testSite({
  routes: (services) => {
    const api = createApi()
    api.use('/api/*', auditTrail(services))
    const responses = { 200: { description: 'ok' } }
    const params = z.object({ id: z.string() })
    api.openapi(
      route(
        { gate: 'stores.write', audit: 'store.update' },
        { method: 'put', path: '/api/things/{id}', request: { params }, responses },
      ),
      (c) => {
        noteAudit(c, { before: { name: '旧' }, after: { name: '新', phone: '13812345678' } })
        return c.body(null, 200)
      },
    )
    api.openapi(
      route(
        { gate: 'customers.reveal', audit: { none: 'written in the handler' } },
        { method: 'post', path: '/api/things/{id}/reveal', request: { params }, responses },
      ),
      async (c) => {
        noteAudit(c, { reason: '客户来电核对' })
        await services.db.transaction().execute((tx) => writeAudit(tx, auditEntry(c, 'customer.reveal', 'done')))
        return c.body(null, 200)
      },
    )
    api.openapi(
      route({ gate: 'stores.write', audit: 'store.fail' }, { method: 'post', path: '/api/things/fail', responses }),
      () => {
        throw new Error('the database went away')
      },
    )
    return [api, auditRoutes(services)]
  },
})
const list = z.object({ items: z.array(auditEntryView), next_cursor: z.string().nullable() })
const admin = await site.as('administrator')
const operator = await site.as('operator')
const guide = await site.as('guide', { kind: 'self', userid: 'chen' })
const auditor = await site.as('auditor')
const entries = async (query = '') => (await auditor.get(`/api/audit?${query}`)).as(list).items

describe('the audit log of requests', () => {
  it('records who did what to which thing, from where, with before and after and without personal data', async () => {
    await admin.put('/api/things/7')
    const [entry] = await entries()
    expect(entry).toMatchObject({
      account: { id: admin.accountId, name: '测试 administrator', role: 'administrator' },
      action: 'store.update',
      outcome: 'done',
      object: { kind: 'store', id: '7' },
      summary: { before: { name: '旧' }, after: { name: '新' } },
    })
    expect(JSON.stringify(entry)).not.toContain('13812345678')
  })

  it('records who saw personal data and why, before it is shown', async () => {
    await operator.post('/api/things/9/reveal')
    const [entry] = await entries('action=customer.reveal')
    expect(entry).toMatchObject({
      account: { id: operator.accountId },
      object: { kind: 'customer', id: '9' },
      summary: { reason: '客户来电核对' },
    })
  })

  it('records refusals, and neither failures that changed nothing nor anonymous knocking', async () => {
    expect((await guide.put('/api/things/8')).status).toBe(403)
    expect((await entries('outcome=refused'))[0]).toMatchObject({
      account: { id: guide.accountId },
      action: 'store.update',
    })
    expect((await admin.post('/api/things/fail')).status).toBe(500)
    expect((await site.anonymous.put('/api/things/8')).status).toBe(401)
    expect(await entries('action=store.fail')).toEqual([])
    expect(await entries('action=store')).toHaveLength(2)
  })

  it('is searched by account, object and time, and pages by key', async () => {
    expect(await entries(`account=${guide.accountId}`)).toHaveLength(1)
    expect(await entries('object_kind=store&object_id=8')).toHaveLength(1)
    expect(await entries(`from=${encodeURIComponent('2020-01-01T00:00:00+08:00')}&to=2020-01-02T00:00:00Z`)).toEqual([])
    const first = (await auditor.get('/api/audit?limit=2')).as(list)
    const second = (await auditor.get(`/api/audit?limit=2&cursor=${first.next_cursor}`)).as(list)
    expect([...first.items, ...second.items].map((entry) => entry.seq)).toEqual([3, 2, 1])
    expect(second.next_cursor).toBeNull()
    expect((await auditor.get('/api/audit?cursor=nonsense')).status).toBe(400)
  })

  it('offers what occurs as filters', async () => {
    const facets = (await auditor.get('/api/audit/facets')).body
    expect(facets).toMatchObject({ actions: ['store.update', 'customer.reveal'] })
  })

  it('is verified on demand, against a noted end too, and that is recorded as well', async () => {
    const report = (await auditor.get('/api/audit/verify')).as(chainReport)
    expect(report).toMatchObject({ ok: true, checked: 3, fault: null })
    const noted = `seq=${report.end.seq}&hash=${report.end.hash}`
    expect((await auditor.get(`/api/audit/verify?${noted}`)).as(chainReport)).toMatchObject({ ok: true, checked: 4 })
    const other = `seq=${report.end.seq}&hash=${'0'.repeat(64)}`
    expect((await auditor.get(`/api/audit/verify?${other}`)).as(chainReport).fault).toEqual({ kind: 'anchor', seq: 3 })
    expect((await auditor.get('/api/audit/verify?seq=3')).status).toBe(400)
    expect(await entries('action=audit.verify')).toHaveLength(3)
  })

  it('of another corp is nobody’s to see, and the installation’s is its administrators’', async () => {
    const corp = await site.db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: new Date(0) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const stranger = await site.as('auditor', { kind: 'corp' }, corp.id)
    expect((await stranger.get('/api/audit')).as(list).items).toEqual([])
    expect((await stranger.get('/api/audit?chain=installation')).status).toBe(403)
    expect((await admin.get('/api/audit?chain=installation')).status).toBe(403)
    await site.db.updateTable('accounts').set({ corp_id: null }).where('id', '=', admin.accountId).execute()
    expect((await admin.get('/api/audit?chain=installation')).as(list).items).toEqual([])
    expect((await admin.get('/api/audit/verify?chain=installation')).as(chainReport).ok).toBe(true)
  })
})
