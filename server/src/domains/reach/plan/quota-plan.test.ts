import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'
import type { Due } from '../../../infra/due/due.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations, testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { fates } from '../campaigns/recipient.ts'
import { decisionRoutes } from '../governor/decisions.routes.ts'
import { decisionView } from '../governor/policy.schema.ts'
import { noteFulls } from '../governor/quota.store.ts'
import type { Touch } from '../governor/touch.ts'
import { recordTouches } from '../governor/touches.store.ts'
import { releaseHeld, scheduleHeld } from './held.ts'
import { definePlanning } from './plan.jobs.ts'
import { planRoutes } from './plan.routes.ts'
import { planAnswer, rehearsalBegun, whyAnswer } from './plan.schema.ts'
import { aRun, smallBrand } from './plan-stage.ts'
import { planRun } from './planning.ts'

const database = await testDatabase()
const { db } = database
const operations = heldOperations(() => db)
const site = await testSite({
  routes: (services) => [planRoutes(services), decisionRoutes(services)],
  services: { operations },
  database,
})
const { corpId, clock } = site
definePlanning(site.services, async () => undefined)
const operator = await site.as('operator')
const due: Pick<Due, 'schedule' | 'unschedule'> = { schedule, unschedule }
const known = { db, clock, due: { ...due } as Due }
clock.set(new Date('2026-11-11T10:00:00+08:00'))
const midnight = '2026-11-11T16:00:00.000Z'

await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 0, now())`.execute(
  db,
)
await sql`update corps set limits = '{"broadcast.cap_mode":"daily_1"}' where id = ${corpId}`.execute(db)
await smallBrand(
  db,
  corpId,
  ['ann'],
  [1, 2, 3, 4].map((id) => ({ id, senders: ['ann'] })),
)
// the first was sent to today, the second was refused by the platform: somebody of the staff was there before us; to the
// third only a Moment was shown
await db.transaction().execute(async (tx) => {
  const of = { corpId, at: new Date('2026-11-11T09:00:00+08:00'), kind: 'marketing', effect: 'e' } as const
  const touches: Touch[] = [
    { ...of, customerId: 1, channel: 'customer_send' },
    { ...of, customerId: 3, channel: 'moments' },
  ]
  await recordTouches(tx, touches)
  await noteFulls(tx, corpId, [{ customerId: 2, at: of.at }])
})

const standing = async (runId: number) => {
  const { rows } = await sql<{ fate: number; until: Date | null }>`
    select fate, held_until as until from campaign_recipients where run_id = ${runId} order by customer_id`.execute(db)
  return rows.map(({ fate, until }) => [fates[fate], until?.toISOString() ?? null])
}
const events = async () => {
  const { rows } = await sql<{ kind: string; person: number; payload: unknown }>`
    select kind, customer_id as person, payload from events where kind like 'touch.%' order by customer_id, id`.execute(
    db,
  )
  return rows
}

it('who has nothing left of the platform’s quota is held until it frees itself, where the campaign waits, and gets it then', async () => {
  const governed = { when_capped: 'hold', wait_hours: 24, priority: 5 }
  const { runId, campaignId } = await aRun(db, corpId, { governed }, { at: clock.now() })
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  await planRun(known, run, (tx) => scheduleHeld(known, tx, { id: runId, corpId }))
  expect(await standing(runId)).toEqual([...[1, 2].map(() => ['held', midnight]), ['sent_to', null], ['sent_to', null]])
  const told = { campaign: campaignId, name: '周年庆', run: runId, reason: 'quota', until: '2026-11-11T16:00:00Z' }
  expect(await events()).toEqual([1, 2].map((person) => ({ kind: 'touch.held', person, payload: told })))
  clock.set(new Date('2026-11-12T09:00:00+08:00'))
  await releaseHeld(known, run, async () => undefined)
  expect((await standing(runId)).map(([fate]) => fate)).toEqual(['sent_to', 'sent_to', 'sent_to', 'sent_to'])
  clock.set(new Date('2026-11-11T10:00:00+08:00'))
})

it('who has nothing left is dropped where the campaign does not wait, also for open tasks, and the console says why', async () => {
  const { campaignId } = await aRun(db, corpId, {}, { at: clock.now() })
  const begun = (await operator.post(`/api/campaigns/${campaignId}/rehearse`)).as(rehearsalBegun)
  await operations.run(begun.operation_id)
  const at = `/api/campaigns/${campaignId}`
  const { plan } = (await operator.get(`${at}/runs/${begun.run_id}/plan`)).as(planAnswer)
  // the run before this one has taken what the third and fourth had left
  expect(plan).toMatchObject({ fates: { dropped: 4 }, dropped: [{ reason: 'quota', persons: 4 }], quota: { spent: 4 } })
  const why = (await operator.get(`${at}/why?customer_id=2`)).as(whyAnswer)
  expect(why.recipient).toMatchObject({ fate: 'dropped' })
  expect(why.words).toEqual([
    {
      zh: '本期能发给这位客户的次数已用完',
      en: 'Nothing is left of what may be sent to this customer in this period',
    },
  ])
  const decided = (await operator.get('/api/customers/2/touch-decision?wait_hours=24')).as(decisionView)
  expect(decided).toMatchObject({
    ...{ verdict: 'hold', until: midnight },
    reasons: [
      {
        reason: 'quota',
        until: midnight,
        words: { zh: '本期能发给这位客户的次数已用完（企业微信群发规则：每天最多 1 次）' },
      },
    ],
  })
  // what the platform does not count is not held by its quota
  const moment = (await operator.get('/api/customers/2/touch-decision?channel=moments')).as(decisionView)
  expect(moment.verdict).toBe('send')
})
