import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runStage } from './run-stage.ts'

const stage = await runStage({ staff: 6, people: 40, relations: 50 })
const { db } = stage
const words = { name: '甲', content: { text: '{品牌}到店有礼', attachments: [] }, for: null, share: 100 }
const kinds = [
  ['a link of their own', {}],
  ['words only', { variants: [words] }],
] as const

beforeAll(() => stage.sync())
beforeEach(() => stage.restart())

/** Every answer to a task is lost though the platform has made it, and no list tells of it for so long. */
async function lostAndUnlisted(spec: object, minutes = 30): Promise<{ runId: number; first: readonly string[] }> {
  const runId = await stage.planned(spec)
  return { runId, first: await losingAll(runId, minutes) }
}

async function losingAll(runId: number, minutes: number): Promise<readonly string[]> {
  const before = (await stage.broadcasts()).length
  await stage.admin('PATCH', '/sandbox/settings', { reach: { listedAfterMs: minutes * 60_000 } })
  stage.restart(async (input, init) => {
    const answer = await fetch(input, init)
    if (!String(input).includes('add_msg_template')) return answer
    await answer.arrayBuffer()
    throw new TypeError('the answer was lost')
  })
  await stage.begin(runId)
  await stage.round()
  stage.restart()
  await stage.admin('PATCH', '/sandbox/settings', { reach: { listedAfterMs: 0 } })
  return (await stage.broadcasts()).slice(before).map(({ msgid }) => msgid)
}

/** Time passes until every task has been asked for once more. */
async function askedAnew(runId: number): Promise<void> {
  const all = async () => (await stage.tasks(runId)).every(({ attempt, state }) => attempt === 2 && state === 'asked')
  for (let passes = 0; passes < 10 && !(await all()); passes += 1) await stage.pass(3)
  expect(await all()).toBe(true)
}

/** Time passes until the first sends are listed and looked for. */
const untilListed = async () => {
  for (let passes = 0; passes < 8; passes += 1) await stage.pass(5)
}

const sendOf = async (msgid: string) => (await stage.broadcasts()).find((one) => one.msgid === msgid)

/** How often each customer got one of these sends. */
async function gotBy(msgids: readonly string[]): Promise<readonly number[]> {
  const got = (await stage.delivered()).filter(([, msgid]) => msgids.includes(msgid)).map(([id]) => id)
  return [...Map.groupBy(got, (id) => id).values()].map((times) => times.length)
}

describe.each(kinds)('sends with %s that are listed after they were asked for anew', (_what, spec) => {
  it('are taken back where their members have not confirmed them: everybody gets it once', async () => {
    const { runId, first } = await lostAndUnlisted(spec)
    await askedAnew(runId)
    await untilListed()
    for (const msgid of first) expect(await sendOf(msgid)).toMatchObject({ cancelled: true, members: { sent: 0 } })
    const tasks = await stage.tasks(runId)
    for (const { sender, msgid } of tasks) await stage.confirm(sender, msgid ?? '')
    for (let passes = 0; passes < 4; passes += 1) await stage.pass(15)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    expect(await gotBy([...first, ...tasks.map(({ msgid }) => msgid ?? '')])).not.toContain(2)
  })

  it('take the place of the second where it was the first that a member confirmed', async () => {
    const { runId, first } = await lostAndUnlisted(spec)
    await stage.pass(1)
    await confirmFirst(runId, first)
    await askedAnew(runId)
    const second = (await stage.tasks(runId)).map(({ msgid }) => msgid ?? '')
    await untilListed()
    await stage.pass(10)
    for (const msgid of second) expect(await sendOf(msgid)).toMatchObject({ cancelled: true, members: { sent: 0 } })
    const tasks = await stage.tasks(runId)
    expect(tasks.map(({ msgid }) => msgid).sort()).toEqual([...first].sort())
    expect(tasks.map(({ state, sent, recipients }) => [state, sent === recipients])).toEqual(
      tasks.map(() => ['confirmed', true]),
    )
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    const got = await gotBy([...first, ...second])
    expect(got).toEqual(got.map(() => 1))
    // the ledger has each of them once
    expect(await touchesOf(runId)).toEqual(got.map(() => 1))
    expect(await twiceAlarms(runId)).toBe(0)
  })

  it('are booked and told of where a member confirmed both', async () => {
    const { runId, first } = await lostAndUnlisted(spec)
    await stage.pass(1)
    await confirmFirst(runId, first)
    await askedAnew(runId)
    await stage.pass(1)
    const tasks = await stage.tasks(runId)
    for (const { sender, msgid } of tasks) await stage.confirm(sender, msgid ?? '')
    await untilListed()
    const second = tasks.map(({ msgid }) => msgid ?? '')
    const got = await gotBy([...first, ...second])
    expect(got).toEqual(got.map(() => 2))
    expect(await touchesOf(runId)).toEqual(got)
    expect(await twiceAlarms(runId)).toBe(tasks.length)
    expect((await stage.tasks(runId)).map(({ msgid }) => msgid)).toEqual(second)
    // said once, however often it is looked for, and for some days
    await untilListed()
    expect(await touchesOf(runId)).toEqual(got)
    for (let passes = 0; passes < 26; passes += 1) await stage.pass(3 * 60)
    expect([await lookedFor(runId), await twiceAlarms(runId)]).toEqual([0, 0])
  })
})

it.each([1, 2, 3, 4, 5, 6])('a process that dies at call %i of its look leaves it to the next', async (nth) => {
  const { runId, first } = await lostAndUnlisted({})
  await stage.pass(1)
  await confirmFirst(runId, first)
  await askedAnew(runId)
  const second = (await stage.tasks(runId)).map(({ msgid }) => msgid ?? '')
  const never = new Promise<Response>(() => undefined)
  const death = Promise.withResolvers<void>()
  let calls = 0
  stage.restart(async (input, init) => {
    if (calls >= nth) return never
    if (calls > 0 || String(input).includes('get_groupmsg_list_v2')) calls += 1
    if (calls < nth) return fetch(input, init)
    // the platform hears of it, and nobody hears the platform
    await (await fetch(input, init)).arrayBuffer()
    death.resolve()
    return never
  })
  await Promise.race([death.promise, untilListed()])
  expect(calls).toBe(nth)
  stage.restart()
  await stage.leasesEnd()
  await untilListed()
  await stage.pass(10)
  expect((await stage.tasks(runId)).map(({ state, msgid }) => [state, msgid]).sort()).toEqual(
    first.map((msgid) => ['confirmed', msgid]).sort(),
  )
  const got = await gotBy([...first, ...second])
  expect(got).toEqual(got.map(() => 1))
  expect(await touchesOf(runId)).toEqual(got)
})

it('of sends to groups the same: the first that an owner confirmed is kept, and the second is taken back', async () => {
  const owner = stage.sandbox.world.staff.at(1)?.userid ?? ''
  const groups = [await stage.group('一群', owner), await stage.group('二群', owner)]
  const runId = await stage.plannedFor(groups, { variants: [words] })
  const first = await losingAll(runId, 30)
  await stage.pass(1)
  await confirmFirst(runId, first)
  await askedAnew(runId)
  const [second] = await stage.tasks(runId)
  await untilListed()
  expect(await sendOf(second?.msgid ?? '')).toMatchObject({ cancelled: true, members: { sent: 0 } })
  expect(await stage.tasks(runId)).toMatchObject([{ state: 'confirmed', msgid: first[0], sent: 2 }])
  const reached = (await stage.delivered('groups')).filter(([id]) => groups.some(({ chatId }) => chatId === id))
  expect(reached.map(([, msgid]) => msgid)).toEqual([first[0], first[0]])
})

it('what was taken back meanwhile and is listed as confirmed is taken in after all', async () => {
  const { runId, first } = await lostAndUnlisted({})
  await stage.pass(1)
  await confirmFirst(runId, first)
  await (await stage.as('operator')).post(await stage.path(runId, 'cancel'), {})
  for (let passes = 0; passes < 8; passes += 1) await stage.pass(3)
  expect(await stage.run(runId)).toMatchObject({ state: 'cancelled', ended: true })
  await untilListed()
  await stage.pass(5)
  const tasks = await stage.tasks(runId)
  expect(tasks.map(({ state, sent, recipients }) => [state, sent === recipients])).toEqual(
    tasks.map(() => ['confirmed', true]),
  )
  expect(await touchesOf(runId)).toEqual((await gotBy(first)).map(() => 1))
})

it('what is in no list after three days is looked for no more', async () => {
  const { runId } = await lostAndUnlisted({ expires_hours: 2 }, 100 * 24 * 60)
  await askedAnew(runId)
  expect(await lookedFor(runId)).toBeGreaterThan(0)
  for (let passes = 0; passes < 26; passes += 1) await stage.pass(3 * 60)
  expect(await lookedFor(runId)).toBe(0)
})

async function confirmFirst(runId: number, first: readonly string[]): Promise<void> {
  for (const { sender } of await stage.tasks(runId))
    for (const msgid of first) await stage.confirm(sender, msgid).catch(() => undefined)
  for (const msgid of first) expect(await sendOf(msgid)).toMatchObject({ members: { asked: 1, sent: 1 } })
}

/** How often each customer was touched by a run, as the ledger has it. */
async function touchesOf(runId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from touches where effect = ${`campaign:${runId}`} or starts_with(effect, ${`campaign:${runId}:`})
    group by customer_id`.execute(db)
  return rows.map(({ n }) => n)
}

async function twiceAlarms(runId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from alarms where starts_with(key, ${`campaign.twice:${runId}:`}) and cleared_at is null`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

async function lookedFor(runId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from campaign_tasks where run_id = ${runId} and late_at is not null`.execute(db)
  return rows[0]?.n ?? 0
}
