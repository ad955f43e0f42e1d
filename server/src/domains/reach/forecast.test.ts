import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { customerStage } from '../customers/customer-stage.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail } from './campaigns/campaigns.schema.ts'
import type { PlanView } from './plan/plan.schema.ts'
import { sendStage } from './send-stage.ts'

// members confirm in the shop's hours: what is asked late in the evening waits for the morning
const startMs = Date.parse('2026-11-11T10:00:00+08:00')
const { stage, pass, upkeep, author, ...sends } = await sendStage((site) =>
  customerStage({ ...{ staff: 24, people: 400, relations: 480 }, clock: { startMs }, site }),
)
const { db, admin } = stage
const oracle = z.object({ rows: z.array(z.unknown()) })
const delivered = async () => oracle.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000')).rows.length

/** Rehearses a campaign and lets it go out until its tasks are over; what was foretold and what came. */
const send = async (): Promise<{ plan: PlanView; came: number }> => {
  const spec = { ...sound, marketing: false, holdout_permille: 0, reminders: 0 }
  const id = await sends.write('新品到店', spec)
  const plan = await sends.rehearse(id)
  const before = await delivered()
  await sends.agree(id)
  await sends.begin(id)
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
  await sends.meet()
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
