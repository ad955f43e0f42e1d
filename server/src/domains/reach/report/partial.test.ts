import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { presentFigures } from './report.ts'
import { runById } from './runs.store.ts'
import { plantPersons, plantRun } from './testing.ts'

const { db } = await testDatabase()
const at = (hours: number) => new Date(Date.parse('2026-11-11T02:00:00Z') + hours * 3_600_000)
let corpId = 0

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwpartial', '品牌', ${at(-999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  await plantPersons(
    db,
    corpId,
    Array.from({ length: 110 }, (_, place) => place + 1),
    at(-999),
  )
})

/** Four members with three people each, of whom some were asked; and who was held out of their customers. */
async function went(state: string, heldBy: readonly string[], asked: readonly number[], capped = false) {
  const recipients = [1, 2, 3, 4].flatMap((task) =>
    [1, 2, 3].map((place) => ({
      ...{ customerId: task * 10 + place, sender: `u${task}`, task },
      ...(asked.includes(task) ? { status: 1, sentAt: at(1) } : {}),
    })),
  )
  const held = heldBy.map((sender, place) => ({
    ...{ customerId: 100 + place, fate: 'holdout' as const, bucket: 5, variant: null, sender },
    ...{ hits: capped ? 1 << 16 : 0 },
  }))
  const { runId } = await plantRun(db, corpId, {
    ...{ at: at(0), state, recipients: [...recipients, ...held] },
    tasks: [1, 2, 3, 4].map((task) => ({
      ...{ number: task, sender: `u${task}` },
      ...(asked.includes(task) ? { askedAt: at(0), confirmedAt: at(1) } : {}),
    })),
  })
  const run = (await runById(db, corpId, runId)) ?? expect.fail()
  const { lift, warnings } = presentFigures((await refreshReport(db, run, at(900))).figures, run, true)
  return { lift, said: (code: string) => warnings.find((one) => one.code === code)?.words.zh }
}

it('a run that was stopped early says that people were held out, who of them is compared, and of whom the lift speaks', async () => {
  const { lift, said } = await went('stopped', ['u1', 'u1', 'u2', 'u3', 'u4'], [1, 2])
  expect(lift).toMatchObject({ planned: { persons: 6 }, holdout: { persons: 3 } })
  expect(said('partial')).toContain('中途停止')
  expect(said('partial')).toContain('应发 12 人，其中 6 人的员工收到了任务')
  expect(said('partial')).toContain('另有 5 人被随机留出')
  expect(said('partial')).toContain('应发的 6 人和留出的 3 人；留出的另外 2 人')
  expect(said('no_holdout')).toBeUndefined()
})

it('a run of which every member was asked before it was stopped speaks of all to whom it was to be sent', async () => {
  const { said } = await went('cancelled', ['u1', 'u3'], [1, 2, 3, 4])
  expect(said('partial')).toMatch(/应发的 12 人和留出的 2 人。$/)
})

it('it is never said that nobody was held out where none of them can be compared', async () => {
  const cancelled = await went('cancelled', ['u3', 'u4'], [1])
  expect(cancelled.lift).toBeNull()
  expect(cancelled.said('partial')).toContain('另有 2 人被随机留出')
  expect(cancelled.said('partial')).toContain('看不出增量')
  expect([cancelled.said('no_holdout'), cancelled.said('holdout_not_compared')]).toEqual([undefined, undefined])
  // of a whole run: all of them were over a cap
  const ended = await went('ended', ['u1', 'u2'], [1, 2, 3, 4], true)
  expect(ended.lift).toBeNull()
  expect(ended.said('holdout_not_compared')).toContain('随机留出了 2 人')
  expect([ended.said('no_holdout'), ended.said('partial')]).toEqual([undefined, undefined])
})

it('where nobody was held out it says so, and how far the run came', async () => {
  const { said } = await went('canary', [], [1])
  expect(said('no_holdout')).toContain('没有留出对照组')
  expect(said('partial')).toBe('灰度还没有判定：应发 12 人，其中 3 人的员工收到了任务。')
})
