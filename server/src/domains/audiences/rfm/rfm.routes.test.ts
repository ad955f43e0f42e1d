import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { pageOf } from '../../../infra/http/api.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { refreshValues } from './rfm.jobs.ts'
import { rfmRoutes } from './rfm.routes.ts'
import { customerValue, rfmCustomer, rfmMap } from './rfm.schema.ts'

const operations = heldOperations(() => site.db)
const site = await testSite({
  routes: (services) => [rfmRoutes(services)],
  services: { operations },
})
const { db, corpId, clock } = site
const operator = await site.as('operator')
const day = Math.floor((clock.now().getTime() + 8 * 3_600_000) / 86_400_000)
const listed = pageOf(rfmCustomer)

beforeAll(async () => {
  for (const id of [1, 2, 3, 4, 5]) {
    await db.insertInto('customers').values({ id, corp_id: corpId, name: '张三丰', created_at: clock.now() }).execute()
    if (id === 5) continue
    await db
      .insertInto('relations')
      .values({ customer_id: id, corp_id: corpId, userid: `u${id}`, external_userid: `wm${id}`, added_at: clock.now() })
      .execute()
  }
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      [1, 2, 3, 5].map((id) => ({
        ...({ customerId: id, kind: 'order', id } as const),
        order: { id, day: day - id, net: id * 1_000, lines: [] },
      })),
    ),
  )
  await refreshValues(db, corpId, clock.now(), 'test')
})

it('the map counts buyers and money by score, with its time and bounds; tiers hold the same buyers', async () => {
  const map = (await operator.get('/api/rfm')).as(rfmMap)
  expect(map.snapshot).toMatchObject({ at: clock.now().toISOString(), buyers: 4 })
  expect(map.cells.reduce((sum, cell) => sum + cell.buyers, 0)).toBe(4)
  expect(map.cells.reduce((sum, cell) => sum + cell.net, 0)).toBe(11_000)
  expect(map.tiers.map((tier) => tier.name)).toEqual(['高价值', '潜力', '一般', '低'])
  expect(map.tiers.reduce((sum, tier) => sum + tier.buyers, 0)).toBe(4)
  expect(map.tiers[0]?.words.zh).toBe('R 分 ≥ 3 且 F 分 ≥ 4 且 M 分 ≥ 4')
})

it('the buyers of a cell are listed, who spent most first, masked by role, page by page', async () => {
  const first = (await operator.get('/api/rfm/customers?limit=3')).as(listed)
  expect(first.items.map((one) => [one.customer_id, one.net, one.name, one.has_page])).toEqual([
    [5, 5_000, '张*丰', false],
    [3, 3_000, '张*丰', true],
    [2, 2_000, '张*丰', true],
  ])
  const second = (await operator.get(`/api/rfm/customers?limit=3&cursor=${first.next_cursor}`)).as(listed)
  expect(second.items.map((one) => one.customer_id)).toEqual([1])
  const best = (await operator.get('/api/rfm/customers?r=5')).as(listed)
  expect(best.items.map((one) => [one.customer_id, one.recency_days])).toEqual([[1, 1]])
})

it('a customer’s value has its words, tier and since when; who never bought has none', async () => {
  const value = (await operator.get('/api/customers/1/value')).as(customerValue)
  expect(value).toMatchObject({
    as_of: clock.now().toISOString(),
    value: { recency_days: 1, orders: 1, net: 1_000, r: 5, f: 1, m: 1 },
  })
  expect(value.value?.tier).toMatchObject({ id: 'potential', name: '潜力', since: clock.now().toISOString() })
  expect((await operator.get('/api/customers/4/value')).as(customerValue).value).toBeNull()
})

it('a change of the tiers is recorded and begins a computation; what contradicts itself is refused', async () => {
  const tiers = [{ id: 'all', name: '全部', when: {} }]
  expect(
    (await operator.put('/api/rfm/tiers', { tiers })).as(z.object({ operation_id: z.string() })).operation_id,
  ).toBe(operations.begun[0]?.id)
  expect(operations.begun).toMatchObject([{ kind: 'rfm.refresh', corpId }])
  expect(site.audited.at(-1)).toMatchObject({ action: 'value.define', after: { tiers } })
  expect((await operator.put('/api/rfm/tiers', { tiers: [...tiers, ...tiers] })).status).toBe(422)
})

it('who sees a part of the customers sees the values of these alone', async () => {
  const guide = await site.as('guide', { kind: 'self', userid: 'u3' })
  expect((await guide.get('/api/rfm')).status).toBe(403)
  expect((await guide.get('/api/rfm/customers')).as(listed).items.map((one) => [one.customer_id, one.name])).toEqual([
    [3, '张三丰'],
  ])
  expect((await guide.get('/api/customers/3/value')).status).toBe(200)
  expect((await guide.get('/api/customers/1/value')).status).toBe(404)
  expect((await guide.put('/api/rfm/tiers', { tiers: [] })).status).toBe(403)
  expect((await site.anonymous.get('/api/rfm')).status).toBe(401)
})

it('a tier that a touch policy or the approvals of sends speak of is not taken away, but may be called otherwise', async () => {
  const tier = (id: string, name: string) => ({ id, name, when: id === 'low' ? {} : { r: { from: 3 } } })
  const put = (...tiers: readonly ReturnType<typeof tier>[]) => operator.put('/api/rfm/tiers', { tiers })
  expect((await put(tier('vip', 'VIP'), tier('low', '低'))).status).toBe(200)
  const policy = '0199a0a0-0000-7000-8000-00000000000c'
  const rules = JSON.stringify({ whom: { is: 'tier', any: ['vip'] }, marketing: 'never' })
  await sql`insert into touch_policies (id, corp_id, name, created_at) values (${policy}, ${corpId}, 'VIP 不打扰', now())`.execute(
    db,
  )
  await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
    values (${policy}, 1, 1, ${rules}::jsonb, now())`.execute(db)
  await sql`insert into touch_policy_turns (policy_id, at, version) values (${policy}, now(), 1)`.execute(db)
  await sql`insert into reach_settings (corp_id, two_for_tiers, changed_at) values (${corpId}, array['vip'], now())`.execute(
    db,
  )
  expect((await put(tier('low', '低'))).body).toMatchObject({
    code: 'rule',
    message: '要去掉的层级（VIP）还被用着：触达策略「VIP 不打扰」、发送设置里的两人审批。',
  })
  expect((await put(tier('vip', '贵宾'), tier('low', '低'))).status).toBe(200)
})
