import { limitProfile } from '@nuanyu/wecom'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runStage } from './run-stage.ts'

const stage = await runStage({ staff: 6, people: 60, relations: 80 })

beforeAll(async () => {
  await stage.sync()
})

describe('a run that goes out', () => {
  it('asks every member once, takes in what he confirms, and ends', async () => {
    const runId = await stage.planned()
    await stage.begin(runId)
    await stage.round()
    const asked = await stage.tasks(runId)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.every((task) => task.state === 'asked' && task.msgid !== null)).toBe(true)
    expect(await stage.broadcasts()).toHaveLength(asked.length)
    await stage.pass(2)
    for (const { sender, msgid } of asked) await stage.confirm(sender, msgid ?? '')
    await stage.pass(10)
    await stage.pass(10)
    const done = await stage.tasks(runId)
    expect(done.map((task) => [task.state, task.sent + task.noFriend])).toEqual(
      done.map((task) => ['confirmed', task.recipients]),
    )
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    // what came of it is told to whoever follows, and who is no friend any more is none here either
    const told = async (kind: 'send.delivered' | 'send.failed' | 'relation.ended') =>
      (await stage.db.selectFrom('events').select('id').where('kind', '=', kind).execute()).length
    const lost = done.reduce((sum, task) => sum + task.noFriend, 0)
    expect(lost).toBeGreaterThan(0)
    expect(await told('send.failed')).toBe(lost)
    expect(await told('relation.ended')).toBe(lost)
    const got = await stage.delivered()
    expect(await told('send.delivered')).toBe(got.length)
    const named = await stage.db.selectFrom('events').select('payload').where('kind', '=', 'send.delivered').execute()
    expect(named[0]?.payload).toMatchObject({
      name: (await stage.db.selectFrom('campaigns').select('name').executeTakeFirst())?.name,
    })
    const touched = await stage.db.selectFrom('touches').select('customer_id').execute()
    expect(touched).toHaveLength(got.length)
    expect(new Set(got.map(([id]) => id)).size).toBe(got.length)
    expect(got).toHaveLength(done.reduce((sum, task) => sum + task.sent, 0))
  })

  it('reads results again while anybody on any page stands as not sent, however many pages there are', async () => {
    const { platform } = stage.services
    const { forCorp, limits } = platform
    let handingOut = true
    // the platform hands a large send out over minutes: who stands on the first page has it last
    platform.forCorp = async (corpId) => {
      const client = await forCorp(corpId)
      if (client === undefined) return undefined
      const results: typeof client.broadcasts.results = async (request, options) => {
        const page = await client.broadcasts.results(request, options)
        const waits = handingOut && request.cursor === undefined
        return waits ? { ...page, send_list: page.send_list.map((one) => ({ ...one, status: 0 })) } : page
      }
      return { ...client, broadcasts: { ...client.broadcasts, results } }
    }
    platform.limits = async () => limitProfile({ 'broadcast.result_page_max': 2 })
    onTestFinished(() => void Object.assign(platform, { forCorp, limits }))
    const runId = await stage.planned()
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    const asked = await stage.tasks(runId)
    const pages = Math.max(...asked.map((one) => Math.ceil(one.recipients / 2)))
    expect(pages).toBeGreaterThan(3)
    for (const { sender, msgid } of asked) await stage.confirm(sender, msgid ?? '')
    for (let round = 0; round < pages; round++) await stage.pass(10)
    const told = async () => (await stage.tasks(runId)).map((task) => [task.recipients, task.sent + task.noFriend])
    expect((await told()).some(([all = 0, known = 0]) => known < all)).toBe(true)
    handingOut = false
    for (let round = 0; round < pages; round++) await stage.pass(60)
    for (const [all, known] of await told()) expect(known).toBe(all)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
  })

  it('says so when the platform refuses most people: its rule is another than the one set here; one that comes through ends that', async () => {
    const rule = (mode: string | null) =>
      stage.admin('PATCH', '/sandbox/settings', { limits: { overrides: { 'broadcast.cap_mode': mode } } })
    const goOut = async () => {
      const runId = await stage.planned()
      await stage.begin(runId)
      await stage.round()
      await stage.pass(2)
      for (const { sender, msgid, state } of await stage.tasks(runId))
        if (state === 'asked') await stage.confirm(sender, msgid ?? '')
      await stage.pass(10)
      await stage.pass(10)
      expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    }
    const alarms = () =>
      stage.db
        .selectFrom('alarms')
        .select('title')
        .where('kind', '=', 'campaign.over_cap')
        .where('cleared_at', 'is', null)
        .execute()
    await stage.onNextDayAt(10)
    await rule('daily_1')
    await goOut()
    expect(await alarms()).toEqual([])
    await goOut()
    expect(await alarms()).toHaveLength(1)
    await rule(null)
    await goOut()
    expect(await alarms()).toEqual([])
  })
})
