import { expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { markOf } from '../rules/facts.ts'
import { previewAnswer, wordsAnswer } from '../rules/rule.schema.ts'
import { audiencePreviewRoutes } from './preview.routes.ts'

const site = await testSite({ routes: (services) => [audiencePreviewRoutes(services)] })
const operator = await site.as('operator')
const rule = { all: [{ is: 'tags', mode: 'any', tags: ['vip'] }, { not: { is: 'list', id: 'quiet' } }] }

await site.db.transaction().execute((tx) =>
  noteChanges(
    tx,
    site.corpId,
    [11, 12, 13].flatMap((customerId) => [
      { customerId, kind: 'person', present: true } as const,
      { customerId, kind: 'mark', key: markOf.tag('vip'), present: customerId !== 13 } as const,
      { customerId, kind: 'mark', key: markOf.list('quiet'), present: customerId === 12 } as const,
    ]),
  ),
)

it('a preview counts, shows examples and says the rule in words', async () => {
  const answer = (await operator.post('/api/audiences/preview', { rule })).as(previewAnswer)
  expect(answer).toMatchObject({ count: 1, of: 3, sample: [11], class: 'simple' })
  expect(answer.words.zh).toBe('有任一标签 vip 且 不是（在名单“quiet”中）')
})

it('rules are said in words without counting anybody, each in its place', async () => {
  const rules = [rule, { is: 'tags', mode: 'any', tags: ['vip'] }]
  const { words } = (await operator.post('/api/audiences/words', { rules })).as(wordsAnswer)
  expect(words.map(({ zh }) => zh)).toEqual(['有任一标签 vip 且 不是（在名单“quiet”中）', '有任一标签 vip'])
  expect((await operator.post('/api/audiences/words', { rules: [{ any: [] }] })).status).toBe(422)
  expect((await site.anonymous.post('/api/audiences/words', { rules })).status).toBe(401)
})

it('a rule of any window is estimated at once, with how far off it may be, and counted exactly when that is asked', async () => {
  const bought = { is: 'orders', measure: 'count', window: { from: '2026-01-01', to: '2026-02-01' }, from: 1 }
  const preview = async (estimate: boolean) =>
    (await operator.post('/api/audiences/preview', { rule: bought, leaves: true, estimate })).as(previewAnswer)
  // so few are all asked: the estimate is the count
  expect(await preview(true)).toMatchObject({ class: 'free', count: 0, low: 0, high: 0, exact: true })
  const exact = await preview(false)
  expect(exact).toMatchObject({ count: 0, exact: true, leaves: [{ at: '', count: 0, exact: true }] })
})

it('a rule that cannot be is refused with where and why', async () => {
  const reply = await operator.post('/api/audiences/preview', { rule: { all: [rule, { any: [] }] } })
  expect(reply.status).toBe(422)
  expect(reply.body).toMatchObject({ code: 'rule', details: [{ at: 'all.1' }] })
  expect((await operator.post('/api/audiences/preview', { rule: { is: 'nothing' } })).status).toBe(400)
})

it('who sees a part of the customers counts nobody', async () => {
  const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
  expect((await guide.post('/api/audiences/preview', { rule })).status).toBe(403)
})

it('nobody without a login gets a preview', async () => {
  expect((await site.anonymous.post('/api/audiences/preview', { rule })).status).toBe(401)
})
