import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../../infra/auth/actor.ts'
import { pageOf } from '../../../infra/http/api.ts'
import { declaredRoutes, testSite } from '../../../infra/http/testing.ts'
import { audienceRouters } from '../audience.routers.ts'
import { noteChanges } from '../kept/changes.store.ts'
import type { Change } from '../rules/change.ts'
import { markOf } from '../rules/facts.ts'
import { previewAnswer } from '../rules/rule.schema.ts'
import { audienceExport, exportApproval } from './audience.export.ts'
import {
  audienceDetail,
  audienceItem,
  audienceMember,
  audienceRun,
  customerAudiences,
  differenceAnswer,
  overlapAnswer,
  whyAnswer,
} from './audience.schema.ts'
import { computeNow } from './compute.jobs.ts'
import { amongMembers, audienceNames } from './filter.store.ts'

const scheduled: string[] = []
const site = await testSite({
  routes: (services) => audienceRouters(services),
  services: {
    due: {
      define: () => undefined,
      schedule: async (_, items) => void scheduled.push(...items.map((item) => item.key)),
      unschedule: async () => undefined,
      run: async () => 0,
      start: () => undefined,
      wake: () => undefined,
      stop: async () => undefined,
    },
  },
})
const { db, corpId, clock, services } = site
const operator = await site.as('operator')
const today = Math.floor((clock.now().getTime() + 8 * 3_600_000) / 86_400_000)
const saved = z.object({ id: z.uuid(), size: z.number() })
const note = (...changes: Change[]) => db.transaction().execute((tx) => noteChanges(tx, corpId, changes))
const vip = { is: 'tags', mode: 'any', tags: ['vip'] }
const make = async (name: string, rule: unknown, kind = 'refreshed') =>
  (await operator.post('/api/audiences', { name, kind, rule })).as(saved)
const membersOf = async (id: string) =>
  (await operator.get(`/api/audiences/${id}/members?limit=50`))
    .as(pageOf(audienceMember))
    .items.map((one) => one.customer_id)

for (const id of [1, 2, 3, 4]) {
  await db.insertInto('customers').values({ id, corp_id: corpId, name: '=张三丰', created_at: clock.now() }).execute()
  await db
    .insertInto('relations')
    .values({ customer_id: id, corp_id: corpId, userid: `u${id}`, external_userid: `wm${id}`, added_at: clock.now() })
    .execute()
}
const person = (customerId: number): Change => ({ customerId, kind: 'person', present: true })
const tagged = (customerId: number, present = true): Change => ({
  ...{ customerId, kind: 'mark', key: markOf.tag('vip'), present },
})
const bought = (customerId: number, id: number, ago: number): Change => ({
  ...{ customerId, kind: 'order', id },
  order: { id, day: today - ago, net: 100, lines: [{ product: 'durian', category: 'fruit', amount: 100 }] },
})
await note(
  ...[1, 2, 3, 4].map(person),
  tagged(1),
  tagged(2),
  tagged(3),
  bought(1, 1, 5),
  bought(1, 2, 23),
  bought(1, 3, 41),
)
await db
  .insertInto('tag_groups')
  .values({
    ...{ corp_id: corpId, id: 'g', kind: 'own', ours: true },
    truth: 'ours',
    name: '等级',
    created_at: clock.now(),
  })
  .execute()
await db
  .insertInto('tags')
  .values({ corp_id: corpId, id: 'vip', group_id: 'g', name: '会员', created_at: clock.now() })
  .execute()
await db
  .insertInto('tag_groups')
  .values({
    ...{ corp_id: corpId, id: 'stages', platform_id: 'etgS', kind: 'corp', ours: true },
    ...{ truth: 'ours', name: '阶段', created_at: clock.now() },
  })
  .execute()
await db
  .insertInto('tags')
  .values([
    ...[
      { id: 'new', platform_id: 'etNEW', name: '新客' },
      { id: 'soon', platform_id: null, name: '还没建好' },
    ].map((tag) => ({ corp_id: corpId, group_id: 'stages', created_at: clock.now(), ...tag })),
  ])
  .execute()

it('a saved audience has its size at once, its members page by page, masked, and words with names', async () => {
  const { id, size } = await make('会员', vip)
  expect(size).toBe(3)
  const first = (await operator.get(`/api/audiences/${id}/members?limit=2`)).as(pageOf(audienceMember))
  expect(first.items.map((one) => [one.customer_id, one.name])).toEqual([
    [1, '=**丰'],
    [2, '=**丰'],
  ])
  const second = await operator.get(`/api/audiences/${id}/members?limit=2&cursor=${first.next_cursor}`)
  expect(second.as(pageOf(audienceMember))).toMatchObject({ items: [{ customer_id: 3 }], next_cursor: null })
  const detail = (await operator.get(`/api/audiences/${id}`)).as(audienceDetail)
  expect(detail).toMatchObject({ size: 3, of: 4, freshness: 'fresh', words: { zh: '有任一标签 会员' }, version: 1 })
  expect(scheduled).toContain(id)
  const listed = (await operator.get('/api/audiences')).as(z.object({ items: z.array(audienceItem) }))
  expect(listed.items.map((one) => one.name)).toEqual(['会员'])
  expect(site.audited.at(-1)).toMatchObject({ action: 'audience.create', objectId: id })
})

it('why is told leaf by leaf with the days, and when time alone turns it', async () => {
  const rule = {
    all: [
      { is: 'orders', measure: 'count', product: 'durian', window: { days: 90 }, from: 3 },
      { not: { is: 'tags', mode: 'any', tags: ['nobody'] } },
    ],
  }
  const { id } = await make('榴莲常客', rule)
  const why = (await operator.get(`/api/audiences/${id}/members/1/why`)).as(whyAnswer)
  expect(why).toMatchObject({ holds: true, member: true, tree: { join: 'all', holds: true } })
  expect(why.tree.parts[0]?.words.zh).toMatch(/^90 天内durian下单次数 ≥ 3，实际 3：\d\d-\d\d、\d\d-\d\d、\d\d-\d\d$/)
  expect(why.turns_on).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect((await operator.get(`/api/audiences/${id}/members/2/why`)).as(whyAnswer)).toMatchObject({
    holds: false,
    member: false,
  })
  expect((await operator.get(`/api/audiences/${id}/members/99/why`)).status).toBe(404)
  const own = (await operator.get('/api/customers/1/audiences')).as(customerAudiences)
  expect(own.items.map((one) => one.name).toSorted()).toEqual(['会员', '榴莲常客'])
})

it('an audience that leads back to itself is refused with the circle, as is a name taken twice', async () => {
  const a = await make('甲', vip)
  const b = await make('乙', { is: 'audience', id: a.id })
  const refused = await operator.put(`/api/audiences/${a.id}`, {
    ...{ name: '甲', kind: 'refreshed', version: 1, rule: { any: [vip, { not: { is: 'audience', id: b.id } }] } },
  })
  expect(refused.status).toBe(422)
  expect(refused.body).toMatchObject({ message: '分群不能绕回自己：“甲” → “乙” → “甲”' })
  expect((await operator.post('/api/audiences', { name: '甲', kind: 'live', rule: vip })).status).toBe(409)
  expect(
    (await operator.post('/api/audiences', { name: '丙', kind: 'live', rule: { is: 'audience', id: 'x' } })).status,
  ).toBe(422)
  expect((await operator.delete(`/api/audiences/${a.id}`)).status).toBe(422)
  expect((await operator.delete(`/api/audiences/${b.id}`)).status).toBe(204)
  expect((await operator.delete(`/api/audiences/${a.id}`)).status).toBe(204)
})

it('an audience for which a touch policy is made is not put away: its people would fall under others', async () => {
  const { id } = await make('投诉客户', vip)
  const rules = JSON.stringify({ whom: { is: 'audience', id }, marketing: 'never' })
  const policy = '0199a0a0-0000-7000-8000-00000000000b'
  await sql`insert into touch_policies (id, corp_id, name, created_at) values (${policy}, ${corpId}, '不打扰', now())`.execute(
    db,
  )
  await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
    values (${policy}, 1, 1, ${rules}::jsonb, now())`.execute(db)
  const turn = (version: number | null) =>
    sql`insert into touch_policy_turns (policy_id, at, version) values (${policy}, now(), ${version})`.execute(db)
  await turn(1)
  const refused = await operator.delete(`/api/audiences/${id}`)
  expect([refused.status, refused.body]).toMatchObject([422, { message: expect.stringContaining('不打扰') }])
  // one that has ended speaks of nobody
  await turn(null)
  expect((await operator.delete(`/api/audiences/${id}`)).status).toBe(204)
})

it('a computation writes down who came and went, and two of them can be compared', async () => {
  const { id } = await make('比较', vip)
  await note(tagged(3, false), tagged(4))
  await computeNow(services, corpId, id, 'schedule', 'test')
  expect(await membersOf(id)).toEqual([1, 2, 4])
  const { items } = (await operator.get(`/api/audiences/${id}/runs`)).as(z.object({ items: z.array(audienceRun) }))
  expect(items).toMatchObject([
    { cause: 'schedule', size: 3, joined: 1, gone: 1 },
    { cause: 'start', size: 3, joined: 3, gone: 0 },
  ])
  const difference = await operator.get(`/api/audiences/${id}/difference?from=${items[1]?.id}&to=${items[0]?.id}`)
  expect(difference.as(differenceAnswer)).toMatchObject({
    ...{ joined: 1, gone: 1, joined_sample: [{ customer_id: 4 }], gone_sample: [{ customer_id: 3 }] },
  })
  await note(tagged(1, false), tagged(2, false))
  await computeNow(services, corpId, id, 'schedule', 'test')
  const alarm = await db
    .selectFrom('alarms')
    .select(['kind', 'cleared_at'])
    .where('key', '=', `audience.drift:${id}`)
    .execute()
  expect(alarm).toEqual([{ kind: 'audience.drift', cleared_at: null }])
  await note(tagged(1), tagged(2))
})

it('the overlap of audiences is counted, what is pending included', async () => {
  const a = await make('重叠一', vip)
  const b = await make('重叠二', {
    any: [
      { is: 'orders', measure: 'count', from: 1 },
      { is: 'tags', mode: 'any', tags: ['none'] },
    ],
  })
  const { sizes, pairs } = (await operator.post('/api/audiences/overlap', { ids: [a.id, b.id] })).as(overlapAnswer)
  expect(sizes).toEqual([
    { id: a.id, size: 3 },
    { id: b.id, size: 1 },
  ])
  expect(pairs.map((one) => one.both)).toEqual([1])
})

it('its members are taken away as a table, page by page; above the limit somebody else has to agree', async () => {
  const { id } = await make('导出', vip)
  const source = audienceExport(site.services, {
    header: () => ['客户编号'],
    rows: async (_actor, ids) => ids.map((one) => [one]),
  })
  const actor: Actor = {
    ...{ accountId: operator.accountId, name: '', role: 'operator', corpId: site.corpId, locale: 'zh' },
    scope: { kind: 'corp' },
  }
  expect(await source.measure(actor, { audience: id })).toEqual({ of: '导出', rows: 3 })
  const { pages } = await source.read(actor, { audience: id }, 'Asia/Shanghai')
  const rows: unknown[] = []
  for await (const page of pages) rows.push(...page.rows)
  expect(rows).toHaveLength(3)
  const part: Actor = { ...actor, scope: { kind: 'store', storeIds: [] } }
  await expect(source.measure(part, { audience: id })).rejects.toThrow(/part of it/)

  const administrator = await site.as('administrator')
  const waits = exportApproval(site.services)
  const asked = { kind: 'audience', personal: true, rows: 3, actor }
  expect(await waits(asked)).toBe(false)
  expect((await administrator.put('/api/audience-settings', { export_most: 2, drift_percent: 30 })).status).toBe(200)
  expect(await waits(asked)).toBe(true)
  expect(await waits({ ...asked, rows: undefined })).toBe(true)
  expect(await waits({ ...asked, personal: false })).toBe(false)
  // whoever may let out any number does not agree to his own
  expect(await waits({ ...asked, actor: { ...actor, role: 'administrator' } })).toBe(true)
  expect((await operator.put('/api/audience-settings', { export_most: 9, drift_percent: 30 })).status).toBe(403)
})

it('a preview counts every condition by itself when asked', async () => {
  const rule = { all: [vip, { not: { is: 'orders', measure: 'count', from: 1 } }] }
  const answer = (await operator.post('/api/audiences/preview', { rule, leaves: true })).as(previewAnswer)
  expect(answer.count).toBe(2)
  expect(answer.leaves.map(({ at, count }) => [at, count])).toEqual([
    ['all.0', 3],
    ['all.1.not', 1],
  ])
  expect(answer.people.map((one) => one.name)).toEqual(['=**丰', '=**丰'])
})

it('what a condition may name is found by its name or its id', async () => {
  const values = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
  expect(
    (await operator.get(`/api/audience-values?kind=tag&q=${encodeURIComponent('会')}`)).as(values).items,
  ).toMatchObject([{ id: 'vip', name: '会员' }])
  expect((await operator.get('/api/audience-values?kind=tag&q=nothing&ids=vip')).as(values).items).toHaveLength(1)
  for (const kind of [
    'field',
    'choice',
    'staff',
    'department',
    'store',
    'channel',
    'audience',
    'group',
    'stage',
    'tier',
    'product',
  ])
    expect((await operator.get(`/api/audience-values?kind=${kind}`)).status, kind).toBe(200)
  // of the corp's tags those at the platform, by its ids: a Moment names them
  expect((await operator.get('/api/audience-values?kind=corp_tag')).as(values).items).toEqual([
    { id: 'etNEW', name: '新客' },
  ])
  for (const kind of ['category', 'order_channel', 'event'])
    expect((await operator.get(`/api/audience-values?kind=${kind}`)).status, kind).toBe(200)
})

it('who sees a part of the customers gets no audience of the whole, but those of his own customer', async () => {
  const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
  const id = '00000000-0000-7000-8000-000000000000'
  for (const path of [
    '',
    `/${id}`,
    `/${id}/members`,
    `/${id}/members/1/why`,
    `/${id}/runs`,
    `/${id}/difference?from=1&to=2`,
  ])
    expect((await guide.get(`/api/audiences${path}`)).status, path).toBe(403)
  expect((await guide.get('/api/audience-values?kind=tag')).status).toBe(403)
  expect((await guide.get('/api/customers/1/audiences')).status).toBe(200)
  expect((await guide.get('/api/customers/2/audiences')).status).toBe(404)
  const auditor = await site.as('auditor')
  expect((await auditor.post('/api/audiences', { name: '无', kind: 'static', rule: vip })).status).toBe(403)
})

it('no route answers without a log-in', async () => {
  for (const { method, sample } of declaredRoutes(site.app)) {
    if (!sample.includes('audience')) continue
    const response = await site.anonymous.send(sample, { method, headers: { origin: services.config.publicUrl } })
    expect([401, 403], `${method} ${sample}`).toContain(response.status)
  }
})

it('a list is filtered by membership, named or looked up', async () => {
  const { id } = await make('过滤', vip)
  const named = await amongMembers(db, corpId, id, 'customers.id')
  const { rows } = await sql<{ id: number }>`select id from customers where ${named} order by id`.execute(db)
  expect(rows.map((row) => row.id)).toEqual(await membersOf(id))
  expect((await audienceNames(db, corpId)).map((one) => one.name)).toContain('过滤')
})
