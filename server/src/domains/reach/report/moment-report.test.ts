import { beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../../infra/auth/actor.ts'
import { momentStage } from '../moments/moment-stage.ts'
import { refreshReport } from './refresh.jobs.ts'
import { reportExport } from './report.export.ts'
import { reportRoutes } from './report.routes.ts'
import { partPage, reportView } from './report.schema.ts'
import { runById } from './runs.store.ts'
import { differencesOfRun } from './sums.jobs.ts'
import { plantOrders } from './testing.ts'

const stage = await momentStage({
  ...{ staff: 6, people: 60, relations: 90 },
  reach: { moments: { looks: 1, likes: 0.6, comments: 0.4 } },
  routes: (services) => [reportRoutes(services)],
})

beforeAll(async () => {
  await stage.sync()
})

it('of a Moment the report says in its words who can see it, what they bought, and how they liked it', async () => {
  const { db, corpId, clock } = stage
  const runId = await stage.ready()
  await stage.begin(runId)
  await stage.round()
  await stage.pass(1)
  const [silent, ...prompt] = await stage.parts(runId)
  for (const part of prompt) await stage.publish(part)
  for (let hours = 0; hours < 60; hours += 6) await stage.pass(360)
  const buyers = (await stage.recipients(runId)).filter(({ status }) => status === 1).slice(0, 5)
  await plantOrders(
    db,
    corpId,
    buyers.map(({ customerId, sentAt }) => ({
      customerId,
      at: new Date((sentAt ?? clock.now()).getTime() + 3_600_000),
    })),
  )
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run went out')
  await refreshReport(db, run, new Date(clock.now().getTime() + 5 * 86_400_000))

  const path = `${(await stage.path(runId)).replace(/\/runs\/.*$/, '')}/report`
  const operator = await stage.as('operator')
  const report = (await operator.get(`${path}?run=${runId}`)).as(reportView)
  const parts = await stage.parts(runId)
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((all, part) => all + of(part), 0)
  const step = (key: string) => report.funnel.find((one) => one.key === key)
  expect(step('delivered')).toMatchObject({
    value: (await stage.seen()).length,
    definition: { name: { zh: '可见人数' } },
  })
  expect(step('confirmed')).toMatchObject({ value: sum((one) => one.recipients) - (silent?.recipients ?? 0) })
  expect(step('converted')?.value).toBe(5)
  const figure = (key: string) => report.figures.find((one) => one.key === key)?.value
  expect([figure('likes'), figure('comments'), figure('beside')]).toEqual([
    sum((one) => one.likes),
    sum((one) => one.comments),
    0,
  ])
  expect(figure('likes')).toBeGreaterThan(10)
  expect(report.failures.map(({ key, words, persons }) => [key, words.zh, persons])).toEqual([
    ['not_confirmed', '员工未发表', silent?.recipients],
    [
      'other',
      '已发表，但平台没有让他看见',
      sum((one) => one.recipients) - (silent?.recipients ?? 0) - (await stage.seen()).length,
    ],
  ])
  expect(report.checked).toEqual([])
  expect(await differencesOfRun(db, run)).toEqual([])
  const bySender = (await operator.get(`${path}/parts?run=${runId}&by=sender&limit=50`)).as(partPage)
  expect(bySender.items.map((one) => [one.key, one.delivered]).toSorted()).toEqual(
    parts.map((one) => [one.sender, one.sent]).toSorted(),
  )
  const actor: Actor = {
    ...{ accountId: operator.accountId, name: '', role: 'operator', corpId, locale: 'zh' },
    scope: { kind: 'corp' },
  }
  const table = await reportExport(stage.services).read(actor, { run: runId }, 'Asia/Shanghai')
  expect(table.header.slice(8, 10)).toEqual(['已发表', '可见'])
  const rows: (readonly unknown[])[] = []
  for await (const { rows: some } of table.pages) rows.push(...some)
  expect(rows.find((row) => row[2] === 'moment.likes')?.[3]).toBe(figure('likes'))
  expect(rows.filter((row) => row[0] === '发送员工').map((row) => row[9])).toEqual(
    bySender.items.map((one) => one.delivered),
  )
})
