import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { settleDue } from '../persons/person-due.store.ts'
import { rootsOf } from '../persons/person-homes.store.ts'
import { resolveIdentities } from './identity-resolve.store.ts'
import { identityKindRoutes } from './kinds.routes.ts'
import { identityKind } from './kinds.schema.ts'

const site = await testSite({ routes: (services) => [identityKindRoutes(services)] })
const { db, corpId, clock, services } = site
const operator = await site.as('operator')
const kinds = z.object({ items: z.array(identityKind) })
const declared = async () => (await operator.get('/api/identity-kinds')).as(kinds).items.filter((one) => one.declared)
const till = { kind: 'till_no', name: '收银会员号', strong: true, exclusive: false }

type Named = readonly [kind: string, value: string]
const take = async (...facts: (readonly Named[])[]) => {
  const places = await db.transaction().execute((tx) =>
    resolveIdentities(
      tx,
      { corpId, vault: services.vault, learntAt: clock.now() },
      facts.map((identities, place) => ({
        identities: identities.map(([kind, value]) => ({ kind, value })),
        ...{ source: 'order', reference: String(place), at: new Date(clock.now().getTime() + place) },
      })),
    ),
  )
  return places.map(({ home }) => home)
}

describe('kinds of identities that a brand declares', () => {
  it('stand beside those of the house, join people as they say, and are recorded', async () => {
    expect((await operator.get('/api/identity-kinds')).as(kinds).items.map(({ kind }) => kind)).toContain('unionid')
    expect((await operator.post('/api/identity-kinds', till)).status).toBe(204)
    expect(await declared()).toMatchObject([{ kind: 'till_no', strong: true, used: false }])
    const [one = 0, other = 0] = await take(
      [
        ['till_no', '5'],
        ['member_no', '1'],
      ],
      [
        ['till_no', '5'],
        ['unionid', 'oFive'],
      ],
    )
    const roots = await rootsOf(db, corpId, [one, other])
    expect(roots.get(one)).toBe(roots.get(other))
    expect((await declared())[0]?.used).toBe(true)
    expect(site.audited).toMatchObject([{ action: 'identity_kind.declare', objectId: 'till_no', outcome: 'done' }])
  })

  it('that people are known by keep what they prove, but may become one a person has once: conflicts then wait', async () => {
    const change = (more: object) => operator.put('/api/identity-kinds/till_no', { ...till, ...more })
    expect((await change({ strong: false })).status).toBe(409)
    expect((await operator.delete('/api/identity-kinds/till_no')).status).toBe(409)
    await take([
      ['till_no', '6'],
      ['member_no', '1'],
    ])
    const before = await db.selectFrom('identity_conflicts').selectAll().execute()
    expect(before).toEqual([])
    expect((await change({ exclusive: true, name: '门店会员号' })).status).toBe(204)
    await settleDue(db, corpId, clock.now())
    const conflicts = await db.selectFrom('identity_conflicts').select('kind').execute()
    expect(conflicts).toEqual([{ kind: 'till_no' }])
    expect(await declared()).toMatchObject([{ name: '门店会员号', exclusive: true }])
  })

  it('are refused where they make no sense, and may be taken back while nobody has one', async () => {
    const refused = async (kind: object) => (await operator.post('/api/identity-kinds', kind)).status
    expect(await refused(till)).toBe(409)
    expect(await refused({ ...till, kind: 'unionid' })).toBe(422)
    expect(await refused({ ...till, kind: 'openid_shop' })).toBe(422)
    expect(await refused({ ...till, kind: 'wifi', strong: false, exclusive: true })).toBe(422)
    expect(await refused({ ...till, kind: '会员' })).toBe(400)
    expect(await refused({ ...till, kind: 'email', name: '邮箱' })).toBe(204)
    expect((await operator.delete('/api/identity-kinds/email')).status).toBe(204)
    expect((await operator.delete('/api/identity-kinds/email')).status).toBe(404)
  })

  it('are declared only by who may define', async () => {
    for (const role of ['store_manager', 'guide', 'auditor'] as const) {
      const visitor = await site.as(role, { kind: 'self', userid: 'lin' })
      expect((await visitor.post('/api/identity-kinds', { ...till, kind: 'other' })).status).toBe(403)
      expect((await visitor.put('/api/identity-kinds/till_no', till)).status).toBe(403)
      expect((await visitor.delete('/api/identity-kinds/till_no')).status).toBe(403)
    }
    expect((await site.anonymous.get('/api/identity-kinds')).status).toBe(401)
  })
})
