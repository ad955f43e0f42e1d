import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { noteChanges } from '../../audiences/index.ts'
import { computeStages } from './stage.jobs.ts'
import { stageRoutes } from './stage.routes.ts'
import {
  customerStageView,
  lifeCycleFigures,
  lifeCyclePreview,
  lifeCycleVersion,
  lifeCycleView,
} from './stage.schema.ts'

const operations = heldOperations(() => site.db)
const site = await testSite({
  routes: (services) => [stageRoutes(services)],
  services: { operations },
})
const { db, corpId, clock } = site
const operator = await site.as('operator')
const day = Math.floor((clock.now().getTime() + 8 * 3_600_000) / 86_400_000)

beforeAll(async () => {
  for (const id of [1, 2]) {
    await db.insertInto('customers').values({ id, corp_id: corpId, name: '张三', created_at: clock.now() }).execute()
    await db
      .insertInto('relations')
      .values({ customer_id: id, corp_id: corpId, userid: `u${id}`, external_userid: `wm${id}`, added_at: clock.now() })
      .execute()
  }
  await db.transaction().execute((tx) =>
    noteChanges(tx, corpId, [
      { customerId: 1, kind: 'person', present: true },
      { customerId: 2, kind: 'person', present: true },
      { customerId: 1, kind: 'order', id: 1, order: { id: 1, day: day - 3, net: 500, lines: [] } },
    ]),
  )
  await computeStages(db, corpId, clock.now(), 'time', 'test')
})

it('a customer’s stage says since when, and why with the facts', async () => {
  const answer = (await operator.get('/api/customers/1/life-cycle')).as(customerStageView)
  expect(answer.current).toMatchObject({ id: 'first', name: '首购', cause: 'start', version: 1 })
  expect(answer.current?.since).toBe(clock.now().toISOString())
  expect(answer.current?.reasons.map((one) => one.zh)).toEqual([
    '✓ 累计下单次数等于 1，实际 1：11-08',
    '✓ 累计最近下单距今天数 ≤ 179，实际 3：11-08',
  ])
  expect(answer.history).toHaveLength(1)
})

it('the figures hold every stage in its order, with counts and rules in words', async () => {
  const figures = (await operator.get('/api/life-cycle/figures')).as(lifeCycleFigures)
  expect(figures.stages.map(({ name, persons }) => [name, persons])).toEqual([
    ['潜在', 1],
    ['新客', 0],
    ['首购', 1],
    ['复购', 0],
    ['忠诚', 0],
    ['沉睡', 0],
    ['流失', 0],
  ])
  expect(figures.persons).toBe(2)
})

it('a change is looked at before it is made, becomes a version, and begins a computation', async () => {
  const { stages, version } = (await operator.get('/api/life-cycle')).as(lifeCycleView)
  const fewer = stages.filter((stage) => stage.id !== 'first')
  const preview = (await operator.post('/api/life-cycle/preview', { stages: fewer })).as(lifeCyclePreview)
  expect(preview.moving).toBe(1)
  const saved = await operator.put('/api/life-cycle', { version, stages: fewer, note: '不分首购' })
  expect(saved.body).toEqual({ version: 2, operation_id: operations.begun[0]?.id })
  expect(operations.begun).toMatchObject([{ kind: 'life_cycle.refresh', corpId, input: { cause: 'version' } }])
  expect(site.audited.at(-1)).toMatchObject({ action: 'life_cycle.define', objectId: '2' })
  // who edited the old version is told
  expect((await operator.put('/api/life-cycle', { version, stages })).status).toBe(409)
  const versions = (await operator.get('/api/life-cycle/versions')).as(z.object({ items: z.array(lifeCycleVersion) }))
  expect(versions.items.map((one) => [one.version, one.note, one.stages.length])).toEqual([
    [2, '不分首购', 6],
    [1, '', 7],
  ])
})

it('rules that cannot be are refused with where and why', async () => {
  const stages = [{ id: 'a', name: '甲', entry: { is: 'stage', any: ['b'] } }]
  const reply = await operator.put('/api/life-cycle', { version: 2, stages })
  expect([reply.status, reply.body]).toMatchObject([422, { code: 'rule' }])
})

it('who may not define does not, and who sees a part of the customers gets no figures but his customers’ stages', async () => {
  const auditor = await site.as('auditor')
  expect((await auditor.put('/api/life-cycle', { version: 2, stages: [] })).status).toBe(403)
  const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
  expect((await guide.get('/api/life-cycle/figures')).status).toBe(403)
  expect((await guide.get('/api/customers/1/life-cycle')).status).toBe(200)
  expect((await guide.get('/api/customers/2/life-cycle')).status).toBe(404)
  expect((await site.anonymous.get('/api/life-cycle')).status).toBe(401)
})
