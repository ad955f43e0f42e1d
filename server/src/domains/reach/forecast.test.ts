import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { schedule, unschedule } from '../../infra/due/due.store.ts'
import { createDue } from '../../infra/due/due.ts'
import { heldOperations } from '../../infra/operations/testing.ts'
import type { Services } from '../../infra/services.ts'
import { createAudienceUpkeep, defineAudiences } from '../audiences/index.ts'
import { type CustomerStage, customerStage } from '../customers/customer-stage.ts'
import { beginApproved } from './approvals/approved-run.jobs.ts'
import { campaignRouters } from './campaigns/campaign.routers.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail, saved } from './campaigns/campaigns.schema.ts'
import { defineCampaignStart } from './campaigns/start.jobs.ts'
import { definePlanning } from './plan/plan.jobs.ts'
import { type PlanView, planAnswer, rehearsalBegun } from './plan/plan.schema.ts'
import { createRunUpkeep } from './run/run-upkeep.ts'
import { defineSteering } from './run/steer.ts'

const operations = heldOperations(() => stage.db)
const stage: CustomerStage = await customerStage({
  ...{ staff: 24, people: 400, relations: 480 },
  site: {
    routes: (services) => [...campaignRouters(services)],
    services: { operations, due: { schedule, unschedule } as Services['due'] },
  },
})
const { db, admin, clock, sandbox } = stage
const silent = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
const due = createDue({ db, clock, listener: silent, log: stage.services.log })
const services = { ...stage.services, due }
definePlanning(services, (tx, runId) => beginApproved(services, tx, runId))
defineCampaignStart(services)
defineSteering(services)
const upkeep = createRunUpkeep(stage.services)
const author = await stage.as('operator')
const approver = await stage.as('administrator')
const oracle = z.object({ rows: z.array(z.unknown()) })
const delivered = async () => oracle.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000')).rows.length

const pass = async (minutes: number) => {
  await admin('POST', '/sandbox/clock', { advanceMs: minutes * 60_000 })
  clock.set(new Date(sandbox.clock.now()))
  await due.run()
  await upkeep.pass()
}

/** Rehearses a campaign and lets it go out until its tasks are over; what was foretold and what came. */
const send = async (): Promise<{ plan: PlanView; came: number }> => {
  const spec = { ...sound, marketing: false, holdout_permille: 0, reminders: 0 }
  const { id } = (await author.post('/api/campaigns', { name: '新品到店', spec })).as(saved)
  const begun = (await author.post(`/api/campaigns/${id}/rehearse`)).as(rehearsalBegun)
  await operations.run(begun.operation_id)
  const { plan } = (await author.get(`/api/campaigns/${id}/runs/${begun.run_id}/plan`)).as(planAnswer)
  if (plan === null) throw new Error('the rehearsal made no plan')
  const before = await delivered()
  expect((await author.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(200)
  expect((await approver.post(`/api/campaigns/${id}/approve`, { version: 1 })).status).toBe(200)
  await due.run()
  await operations.run()
  await upkeep.pass()
  for (let hour = 0; hour < 27; hour += 1) await pass(60)
  const detail = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
  expect(detail.runs.find((run) => !run.rehearsal)?.state).toBe('ended')
  const came = (await delivered()) - before
  // the next goes out at the same hour of a day: when members confirm depends on it
  await pass(21 * 60)
  return { plan, came }
}

beforeAll(async () => {
  await stage.sync()
  defineAudiences(services)
  await createAudienceUpkeep(services).pass()
  await operations.run()
  // a third of the members never confirm, and somebody leaves now and then; nobody is kept from his member
  await admin('PATCH', '/sandbox/settings', {
    reach: { habits: { prompt: 0.45, late: 0.25 }, lastChatRule: 'withoutSender', lateHours: 12 },
  })
})

it('what a rehearsal foretells of deliveries is within 5 % of what then happens, once there is a past', {
  timeout: 120_000,
}, async () => {
  const first = await send()
  // before anything was sent it says that it guesses
  expect(first.plan.forecast.basis).toBe('assumption')
  await send()
  await send()
  const { plan, came } = await send()
  const { forecast } = plan
  expect(forecast).toMatchObject({ basis: 'history', runs: 3 })
  expect(came).toBeGreaterThan(100)
  expect(came).toBeLessThan(plan.fates.sent_to)
  expect(Math.abs(forecast.delivered.value - came) / came).toBeLessThan(0.05)
  expect(forecast.delivered.low).toBeLessThanOrEqual(came)
  expect(forecast.delivered.high).toBeGreaterThanOrEqual(came)
  const { rows } = await sql<{ hours: number; persons: number }>`
    select floor(extract(epoch from confirmed_at - asked_at) / 3600)::int as hours, recipients as persons from campaign_tasks
    where confirmed_at is not null and run_id = (select max(run_id) from campaign_tasks)`.execute(db)
  const within = (hours: number) => rows.reduce((sum, one) => sum + (one.hours < hours ? one.persons : 0), 0)
  const four = forecast.curve.find(({ hours }) => hours === 4)?.persons ?? 0
  expect(Math.abs(four - within(4))).toBeLessThan(plan.fates.sent_to * 0.1)
})
