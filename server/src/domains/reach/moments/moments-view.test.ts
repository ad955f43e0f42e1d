import { beforeAll, expect, it } from 'vitest'
import { momentStage } from './moment-stage.ts'
import { presentMoment } from './moments.view.ts'
import { momentsOfRun } from './moments-view.store.ts'

const stage = await momentStage({
  ...{ staff: 6, people: 60, relations: 90 },
  reach: { moments: { looks: 1, likes: 0.5, comments: 0.3 } },
})

beforeAll(async () => {
  await stage.sync()
})

const shown = async (runId: number) => (await momentsOfRun(stage.db, runId)).map(presentMoment)

it('shows each Moment of a run with its members’ parts added up, before and after they publish', async () => {
  const runId = await stage.ready({}, { canaryTasks: 2 })
  const parts = await stage.parts(runId)
  const before = await shown(runId)
  expect(before.map((one) => one.canary).toSorted()).toEqual([false, true])
  for (const one of before) {
    const own = parts.filter((part) => part.moment === one.number)
    expect(one).toMatchObject({
      ...{ state: 'ready', own_tag: true, members: own.length, published: 0, seen: 0, likes: 0, comments: 0 },
      recipients: own.reduce((sum, part) => sum + part.recipients, 0),
    })
  }
  expect(before.find((one) => one.canary)?.members).toBe(2)

  const whole = await stage.ready()
  await stage.begin(whole)
  await stage.round()
  await stage.pass(1)
  await stage.publishAll(whole)
  for (let round = 0; round < 4; round += 1) await stage.pass(15)
  for (let hours = 0; hours < 60; hours += 6) await stage.pass(360)
  const told = await stage.parts(whole)
  const sum = (what: 'sent' | 'beside' | 'likes' | 'comments') => told.reduce((all, part) => all + part[what], 0)
  expect(sum('likes')).toBeGreaterThan(0)
  expect(await shown(whole)).toMatchObject([
    {
      ...{ members: told.length, published: told.length, seen: sum('sent'), beside: sum('beside') },
      ...{ likes: sum('likes'), comments: sum('comments') },
    },
  ])
})
