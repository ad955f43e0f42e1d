import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { runStage } from '../run/run-stage.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'
import { differencesOfRun } from './sums.jobs.ts'
import { plantOrders } from './testing.ts'

const stage = await runStage({ staff: 6, people: 60, relations: 80 })

beforeAll(async () => {
  await stage.sync()
})

it('of a run as it is sent on the sandbox the report says what the platform says, and who had left before is no loss of it', async () => {
  const { db, corpId, clock } = stage
  const runId = await stage.planned()
  await stage.begin(runId)
  await stage.round()
  const asked = await stage.tasks(runId)
  await stage.pass(2)
  const [silent, ...prompt] = asked
  for (const { sender, msgid } of prompt) await stage.confirm(sender, msgid ?? '')
  await stage.pass(10)
  await stage.pass(10)
  const { rows } = await sql<{ customerId: number; at: Date }>`
    select customer_id as "customerId", sent_at as at from campaign_recipients where run_id = ${runId} and status = 1
    order by customer_id limit 5`.execute(db)
  const after = (moment: Date) => new Date(moment.getTime() + 3_600_000)
  await plantOrders(
    db,
    corpId,
    rows.map(({ customerId, at }) => ({ customerId, at: after(at) })),
  )

  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run went out')
  const { figures } = await refreshReport(db, run, new Date(clock.now().getTime() + 5 * 86_400_000))
  const tasks = await stage.tasks(runId)
  const sum = (of: (task: (typeof tasks)[number]) => number) => tasks.reduce((all, task) => all + of(task), 0)
  expect(figures.sends).toMatchObject({
    to_send: sum((task) => task.recipients),
    asked: sum((task) => task.recipients),
    delivered: (await stage.delivered()).length,
    no_friend: sum((task) => task.noFriend),
    not_confirmed: silent?.recipients ?? 0,
    other: 0,
  })
  expect(figures.sends.no_friend).toBeGreaterThan(0)
  expect(figures.sides.treated.deleted).toBe(0)
  expect(figures.reached).toMatchObject({ converted: 5, deleted: 0 })
  expect(figures.credited).toMatchObject({ orders: 5, by_click: 0 })
  expect(figures.tasks).toMatchObject({ issued: asked.length, in_time: prompt.length })
  expect(await differencesOfRun(db, run)).toEqual([])
})
