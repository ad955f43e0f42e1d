import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { untilFollowed } from '../../../infra/events/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { factKey } from '../../intake/index.ts'
import { customerStage } from '../customer-stage.ts'
import { createCustomerUpkeep } from '../freshness/customer-upkeep.ts'
import { applyRelationFacts } from '../relations/relation-facts.store.ts'
import { customerSyncRoutes } from '../sync/sync.routes.ts'
import { customersRoutes } from './customers.routes.ts'
import { customerDetail, customerItem, savedView, timelineItem } from './customers.schema.ts'
import { customerViewsRoutes } from './views.routes.ts'

const operations = heldOperations(() => stage.db)
const stage = await customerStage({
  staff: 8,
  people: 200,
  relations: 300,
  site: {
    routes: (services) => [customersRoutes(services), customerViewsRoutes(services), customerSyncRoutes(services)],
    services: { operations },
  },
})
const { db, corpId } = stage
const page = z.object({ items: z.array(customerItem), next_cursor: z.string().nullable() })
const admin = await stage.as('administrator')
const list = async (query = '', who = admin) => (await who.get(`/api/customers${query}`)).as(page)

beforeAll(async () => {
  await stage.sync()
})

/** Anybody with a Chinese name of three characters, as the platform knows him. */
async function somebody() {
  return db
    .selectFrom('customers')
    .innerJoin('relations', 'relations.customer_id', 'customers.id')
    .select([
      'customers.id',
      'customers.name',
      'customers.name_pinyin',
      'userid',
      'external_userid',
      'remark',
      'tag_ids',
    ])
    .where('customers.name', '~', '^[\u4e00-\u9fa5]{3}$')
    .where('status', '=', 'alive')
    .orderBy('customers.id')
    .executeTakeFirstOrThrow()
}

describe('the list', () => {
  it('pages by key, the last added first, everybody once', async () => {
    const seen: number[] = []
    let cursor = ''
    for (let pages = 0; pages < 20; pages += 1) {
      const { items, next_cursor } = await list(`?limit=50${cursor}`)
      seen.push(...items.map((item) => item.id))
      expect(items.map((i) => i.last_added_at)).toEqual(
        items
          .map((i) => i.last_added_at)
          .sort()
          .reverse(),
      )
      if (next_cursor === null) break
      cursor = `&cursor=${next_cursor}`
    }
    const known = await db.selectFrom('customer_cards').select('customer_id').execute()
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(known.length)
  })

  it('finds by one character, by two, by pinyin, initials, any syllable on, and by remark', async () => {
    const one = await somebody()
    const name = one.name ?? ''
    const syllables = (one.name_pinyin ?? '').split(' ')
    const asks = [
      ...[name, name.slice(0, 1), name.slice(0, 2), name.slice(1), syllables.join('')],
      ...[syllables.join('').slice(0, 3), syllables.slice(1).join(''), syllables.map((s) => s.charAt(0)).join('')],
      ...[syllables.join('').toUpperCase(), syllables.join(' ')],
    ]
    for (const q of asks) {
      const { items } = await list(`?limit=200&q=${encodeURIComponent(q)}`)
      expect(
        items.map((item) => item.id),
        q,
      ).toContain(one.id)
    }
    const { items } = await list(`?q=${encodeURIComponent(`${name}不存在`)}`)
    expect(items).toEqual([])
  })

  it('filters by staff, tag, status and time, and by all at once', async () => {
    const tagged = await db
      .selectFrom('relations')
      .selectAll()
      .where('status', '=', 'alive')
      .execute()
      .then((rows) => rows.find((row) => row.tag_ids.length > 0))
    const tag = tagged?.tag_ids[0] ?? ''
    const byTag = await list(`?limit=200&tag=${tag}`)
    expect(byTag.items.length).toBeGreaterThan(0)
    expect(byTag.items.every((item) => item.tags.some((one) => one.id === tag))).toBe(true)
    const byStaff = await list(`?limit=200&staff=${tagged?.userid}`)
    expect(byStaff.items.every((item) => item.members.some((one) => one.userid === tagged?.userid))).toBe(true)
    const both = await list(`?limit=200&tag=${tag}&staff=${tagged?.userid}&status=alive`)
    expect(both.items.map((item) => item.id)).toContain(tagged?.customer_id)
    expect((await list('?status=half')).items).toEqual([])
    expect((await list('?added_from=2099-01-01T00:00:00Z')).items).toEqual([])
  })

  it('a guide sees only his own customers, and only his own relations of them', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: 'chenxiaoyu' })
    const mine = await db.selectFrom('relations').select('customer_id').where('userid', '=', 'chenxiaoyu').execute()
    const { items } = await list('?limit=200', guide)
    expect(new Set(items.map((item) => item.id))).toEqual(new Set(mine.map((row) => row.customer_id)))
    expect(items.every((item) => item.members.every((member) => member.userid === 'chenxiaoyu'))).toBe(true)
    const other = await db
      .selectFrom('relations')
      .select('customer_id')
      .where(
        'customer_id',
        'not in',
        mine.map((row) => row.customer_id),
      )
      .executeTakeFirstOrThrow()
    expect((await guide.get(`/api/customers/${other.customer_id}`)).status).toBe(404)
    expect((await guide.get(`/api/customers/${other.customer_id}/timeline`)).status).toBe(404)
    expect((await list(`?staff=someoneelse`, guide)).items).toEqual([])
  })
})

describe('one customer', () => {
  it('has his relations with the ended ones as history, and a timeline that says why the welcome', async () => {
    const one = await somebody()
    const at = new Date(Math.floor(stage.clock.now().getTime() / 1000) * 1000)
    const fact = (kind: 'added' | 'ended', userid: string, when: Date) => ({
      ...{ kind, corpId, userid, externalUserid: one.external_userid, at: when, cause: 'test' },
      ...(kind === 'ended' ? { endedBy: 'customer' as const } : {}),
      dedupeKey: factKey(corpId, [kind, userid, one.external_userid, when.getTime()]),
    })
    const later = new Date(at.getTime() + 5_000)
    await db
      .transaction()
      .execute((tx) =>
        applyRelationFacts(
          tx,
          stage.services.vault,
          [fact('added', 'someone', at), fact('ended', 'someone', later)],
          later,
        ),
      )
    await db
      .insertInto('welcome_sends')
      .values({
        ...{
          effect_key: 'k',
          corp_id: corpId,
          customer_id: one.id,
          userid: 'someone',
          external_userid: one.external_userid,
        },
        ...{ outcome: 'sent', added_at: at, received_at: at, stages: JSON.stringify({ answered: 120 }) },
        trace: JSON.stringify({
          asked: { staffName: '某人' },
          considered: [
            { level: 'channel', outcome: 'not_set' },
            { level: 'default', name: '通用欢迎语', version: 2, outcome: 'won' },
          ],
          band: '全天',
        }),
      })
      .execute()
    const upkeep = createCustomerUpkeep(stage.services)
    await untilFollowed(stage.db, 'customers.freshness', () => upkeep.pass())
    const detail = (await admin.get(`/api/customers/${one.id}`)).as(customerDetail)
    expect(detail).toMatchObject({ id: one.id, name: one.name, masked: false, status: 'alive' })
    expect(detail.relations.map((relation) => relation.status)).toContain('ended')
    expect(detail.relations.find((relation) => relation.userid === 'someone')).toMatchObject({ ended_by: 'customer' })
    const { items } = (await admin.get(`/api/customers/${one.id}/timeline`)).as(
      z.object({ items: z.array(timelineItem) }),
    )
    expect(items.map((item) => item.kind)).toEqual(['relation.ended', 'relation.added'])
    const only = async (about: string) =>
      (await admin.get(`/api/customers/${one.id}/timeline?about=${about}`)).as(
        z.object({ items: z.array(timelineItem) }),
      ).items
    expect(await only('relations')).toEqual(items)
    expect(await only('orders')).toEqual([])
    expect((await admin.get(`/api/customers/${one.id}/timeline?about=weather`)).status).toBe(400)
    expect(items[1]?.welcome).toMatchObject({
      ...{ outcome: 'sent', ms: 120, band: '全天', staff_name: '某人' },
      considered: [
        { level: 'channel', outcome: 'not_set' },
        { level: 'default', name: '通用欢迎语', outcome: 'won' },
      ],
    })
  })

  it('is masked for an operator, who may look behind it with a reason that is recorded', async () => {
    const one = await somebody()
    const operator = await stage.as('operator')
    const detail = (await operator.get(`/api/customers/${one.id}`)).as(customerDetail)
    expect(detail.masked).toBe(true)
    expect(detail.name).not.toBe(one.name)
    expect((await operator.post(`/api/customers/${one.id}/reveal`, { reason: 'x' })).status).toBe(400)
    const clear = await operator.post(`/api/customers/${one.id}/reveal`, { reason: '核对投诉' })
    expect(clear.body).toMatchObject({ name: one.name })
    expect(stage.audited.at(-1)).toMatchObject({
      action: 'customer.reveal',
      objectId: String(one.id),
      reason: '核对投诉',
    })
    const auditor = await stage.as('auditor')
    expect((await auditor.post(`/api/customers/${one.id}/reveal`, { reason: '核对投诉' })).status).toBe(403)
  })
})

describe('phone numbers and unionid', () => {
  it('are masked and absent for who may not see personal data, behind the mask by the same reveal', async () => {
    const one = await somebody()
    const phone = '13812345678'
    await db
      .updateTable('relations')
      .set({ mobiles: stage.services.vault.seal(JSON.stringify([phone])) })
      .where('customer_id', '=', one.id)
      .where('userid', '=', one.userid)
      .execute()
    const { value: unionid } = await db
      .selectFrom('identities')
      .select('value')
      .where('customer_id', '=', one.id)
      .where('kind', '=', 'unionid')
      .executeTakeFirstOrThrow()
    const seen = async (who: typeof admin) => {
      const detail = (await who.get(`/api/customers/${one.id}`)).as(customerDetail)
      return [detail.unionid, detail.relations.find((relation) => relation.userid === one.userid)?.mobiles]
    }
    expect(await seen(admin)).toEqual([unionid, [phone]])
    for (const role of ['operator', 'auditor'] as const) {
      const visitor = await stage.as(role)
      expect(await seen(visitor)).toEqual([null, ['138****5678']])
      const answers = [
        await visitor.get(`/api/customers/${one.id}`),
        await visitor.get(`/api/customers/${one.id}/timeline`),
      ]
      expect(JSON.stringify(answers.map((answer) => answer.body))).not.toContain(unionid)
    }
    const operator = await stage.as('operator')
    const clear = await operator.post(`/api/customers/${one.id}/reveal`, { reason: '回电核对地址' })
    expect(JSON.stringify(clear.body)).toContain(phone)
    expect(JSON.stringify(stage.audited)).not.toContain(phone)
  })
})

describe('views and syncs', () => {
  it('a view is the person’s own, and one of the same name is replaced', async () => {
    const view = (name: string, status: string) => admin.post('/api/customer-views', { name, filters: { status } })
    await view('流失', 'ended')
    const second = await view('流失', 'lost')
    expect(second.status).toBe(201)
    const mine = (await admin.get('/api/customer-views')).as(z.object({ items: z.array(savedView) }))
    expect(mine.items).toMatchObject([{ name: '流失', filters: { status: 'lost' } }])
    const other = await stage.as('operator')
    expect((await other.get('/api/customer-views')).body).toEqual({ items: [] })
    expect((await other.delete(`/api/customer-views/${mine.items[0]?.id}`)).status).toBe(404)
    expect((await admin.delete(`/api/customer-views/${mine.items[0]?.id}`)).status).toBe(204)
  })

  it('a sync is begun by who may; one at a time', async () => {
    expect((await (await stage.as('guide', { kind: 'self', userid: 'x' })).post('/api/customer-sync')).status).toBe(403)
    expect((await admin.post('/api/customer-sync')).status).toBe(202)
    expect(operations.begun).toMatchObject([{ kind: 'sync.reconcile' }])
    expect((await admin.post('/api/customer-sync')).status).toBe(409)
    expect((await admin.get('/api/customer-sync')).body).toMatchObject({ runs: [{ state: 'waiting', report: null }] })
    const nobodys = await stage.as('guide', { kind: 'self', userid: 'nobody-knows-me' })
    expect((await nobodys.get('/api/customer-sync')).body).toMatchObject({ customers: 0, waiting: 0, runs: [] })
    expect((await admin.get('/api/customer-sync/differences')).body).toEqual({ items: [], next_cursor: null })
  })
})
