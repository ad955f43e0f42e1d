import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { testSite } from '../../infra/http/testing.ts'
import { heldOperations } from '../../infra/operations/testing.ts'
import { operationsRoutes } from './operations.routes.ts'
import { operationsView, operationView } from './operations.schema.ts'

// nobody works here: what is begun waits
const operations = heldOperations(() => site.db)
const site = await testSite({ routes: (services) => [operationsRoutes(services)], services: { operations } })
const begin = (corpId = site.corpId) => operations.begin({ kind: 'sync', corpId, input: {}, startedBy: 'tester' })

describe('operations', () => {
  test('the latest come first', async () => {
    const first = await begin()
    const second = await begin()
    const operator = await site.as('operator')
    const { items } = (await operator.get('/api/operations?limit=2')).as(operationsView)
    expect(items.map((one) => one.id)).toEqual([second, first])
    expect((await operator.get(`/api/operations/${first}`)).as(operationView)).toMatchObject({
      state: 'waiting',
      done: 0,
      total: null,
      started_by: 'tester',
    })
  })

  test('one can be cancelled once', async () => {
    const id = await begin()
    const operator = await site.as('operator')
    expect((await operator.post(`/api/operations/${id}/cancel`)).as(operationView).state).toBe('cancelled')
    expect((await operator.post(`/api/operations/${id}/cancel`)).status).toBe(409)
    expect(site.audited.filter((entry) => entry.action === 'operation.cancel')).toHaveLength(1)
  })

  test('not allowed: another corp’s, a guide, a manager who would cancel, nobody without a log-in', async () => {
    const theirs = await begin(site.corpId + 1)
    const mine = await begin()
    const operator = await site.as('operator')
    expect((await operator.get(`/api/operations/${theirs}`)).status).toBe(404)
    expect((await operator.post(`/api/operations/${theirs}/cancel`)).status).toBe(404)
    expect((await operator.get(`/api/operations/${randomUUID()}`)).status).toBe(404)
    expect((await (await site.as('guide')).get('/api/operations')).status).toBe(403)
    expect((await (await site.as('guide')).get(`/api/operations/${mine}`)).status).toBe(403)
    expect((await (await site.as('store_manager')).post(`/api/operations/${mine}/cancel`)).status).toBe(403)
    expect((await site.anonymous.get('/api/operations')).status).toBe(401)
  })
})
