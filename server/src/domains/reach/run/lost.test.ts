import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runStage } from './run-stage.ts'

type Wire = typeof fetch
const isAsk = (input: Parameters<Wire>[0]) => String(input).includes('add_msg_template')
const changes = (input: Parameters<Wire>[0]) => /(add_msg_template|cancel_groupmsg_send)/.test(String(input))

const stage = await runStage({ staff: 12, people: 100, relations: 130 })
const wordsOnly = { name: '甲', content: { text: '{品牌}到店有礼', attachments: [] }, for: null, share: 100 }

beforeAll(async () => {
  await stage.sync()
})
beforeEach(() => stage.restart())

/** Loses the answer of every nth ask; `heard` says whether the platform has done what it was asked. */
function losing(every: number, heard: (nth: number) => boolean): { fetch: Wire; lost: () => number } {
  let asks = 0
  let lost = 0
  return {
    fetch: async (input, init) => {
      if (!isAsk(input)) return fetch(input, init)
      asks += 1
      if (asks % every !== 0) return fetch(input, init)
      lost += 1
      if (heard(lost)) await (await fetch(input, init)).arrayBuffer()
      throw new TypeError('the answer was lost')
    },
    lost: () => lost,
  }
}

/** The wire of a process that is killed at its nth change: nothing comes back to it, and nothing goes out any more. */
function dying(at: number, heard: boolean): { fetch: Wire; death: Promise<void> } {
  const never = new Promise<Response>(() => undefined)
  let calls = 0
  let died: () => void = () => undefined
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  return {
    death,
    fetch: async (input, init) => {
      if (calls >= at) return never
      if (changes(input)) calls += 1
      if (calls < at) return fetch(input, init)
      if (heard) await (await fetch(input, init)).arrayBuffer()
      died()
      return never
    },
  }
}

/** Everything that stands open at the platform is confirmed, until the run has ended; nobody got it twice. */
async function toTheEnd(runId: number, before: number): Promise<void> {
  for (let rounds = 0; rounds < 40 && !(await stage.run(runId)).ended; rounds += 1) {
    await stage.leasesEnd()
    await stage.pass(8)
    const asked = (await stage.tasks(runId)).filter(({ state }) => state === 'asked')
    // until the platform has handed them out
    await stage.pass(1)
    for (const { sender, msgid } of asked) await stage.confirm(sender, msgid ?? '')
  }
  expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
  const tasks = await stage.tasks(runId)
  expect(tasks.every(({ state }) => state === 'confirmed')).toBe(true)
  const mine = (await stage.broadcasts()).slice(before)
  // one living send a task, and whatever else was made was never confirmed
  expect(
    mine
      .filter(({ members }) => members.sent > 0)
      .map(({ msgid }) => msgid)
      .sort(),
  ).toEqual(tasks.map(({ msgid }) => msgid).sort())
  const got = (await stage.delivered()).filter(([, msgid]) => mine.some((one) => one.msgid === msgid))
  expect(new Set(got.map(([id]) => id)).size).toBe(got.length)
  expect(got.length).toBe(tasks.reduce((sum, task) => sum + task.sent, 0))
}

describe('answers that are lost', () => {
  it.each([
    ['a link of its own', {}],
    ['words only', { variants: [wordsOnly] }],
  ])('of tasks with %s are found again, and nobody gets it twice', async (_what, spec) => {
    const before = (await stage.broadcasts()).length
    const runId = await stage.planned(spec, { perTask: 4 })
    const wire = losing(3, (nth) => nth % 2 === 1)
    stage.restart(wire.fetch)
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    expect(wire.lost()).toBeGreaterThan(3)
    const lost = (await stage.tasks(runId)).filter(({ state }) => state === 'unknown')
    expect(lost).toHaveLength(wire.lost())
    await toTheEnd(runId, before)
    const tasks = await stage.tasks(runId)
    // what the platform had heard of was found; what it had not was asked for once more
    expect(tasks.filter(({ attempt }) => attempt === 2)).toHaveLength(Math.floor(wire.lost() / 2))
    expect(tasks.every(({ attempt }) => attempt <= 2)).toBe(true)
    expect((await stage.broadcasts()).length - before).toBe(tasks.length)
  })

  it('are not looked for before the platform has handed the task out', async () => {
    const before = (await stage.broadcasts()).length
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 30 * 60_000 } })
    const runId = await stage.planned({}, { perTask: 30 })
    stage.restart(losing(2, () => true).fetch)
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    await stage.pass(15)
    await stage.pass(10)
    expect((await stage.tasks(runId)).some(({ state }) => state === 'unknown')).toBe(true)
    expect((await stage.broadcasts()).length - before).toBe((await stage.tasks(runId)).length)
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 3_000 } })
    await stage.pass(10)
    await toTheEnd(runId, before)
    expect((await stage.tasks(runId)).every(({ attempt }) => attempt === 1)).toBe(true)
  })
})

describe('a process that is killed', () => {
  const steps = [1, 4, 'last ask', 'first cancel', 'later cancel'] as const
  const cases = steps.flatMap((step) => [true, false].map((heard) => [step, heard] as const))

  it.each([true, false])(
    'at a cancel (heard by the platform: %s), and the run goes on before anybody looks: all are asked',
    async (heard) => {
      const before = (await stage.broadcasts()).length
      const operator = await stage.as('operator')
      const runId = await stage.planned({}, { perTask: 10 })
      await stage.begin(runId)
      await stage.round()
      await stage.pass(2)
      await operator.post(await stage.path(runId, 'pause'), {})
      const wire = dying(2, heard)
      stage.restart(wire.fetch)
      await Promise.race([wire.death, stage.round()])
      stage.restart()
      await operator.post(await stage.path(runId, 'resume'))
      await toTheEnd(runId, before)
    },
  )

  it.each(cases)('at the %s call (heard by the platform: %s): each task is made once', async (step, heard) => {
    const before = (await stage.broadcasts()).length
    const runId = await stage.planned({}, { perTask: 10 })
    const count = (await stage.tasks(runId)).length
    const cancelling = step === 'first cancel' || step === 'later cancel'
    await stage.begin(runId)
    if (cancelling) {
      await stage.round()
      await stage.pass(2)
      await (await stage.as('operator')).post(await stage.path(runId, 'pause'), {})
    }
    const at = step === 'last ask' ? count : step === 'first cancel' ? 1 : step === 'later cancel' ? 3 : step
    const wire = dying(at, heard)
    stage.restart(wire.fetch)
    await Promise.race([wire.death, stage.round()])
    stage.restart()
    if (cancelling) {
      // the dead one's other lane may still have taken tasks after the first end of leases; it carries nothing out
      const planned = async () => (await stage.tasks(runId)).every(({ state }) => state === 'planned')
      for (let looks = 0; looks < 3 && !(await planned()); looks += 1) {
        await stage.leasesEnd()
        await stage.pass(2)
      }
      expect(await planned()).toBe(true)
      expect((await stage.broadcasts()).slice(before).every(({ cancelled }) => cancelled)).toBe(true)
      await (await stage.as('operator')).post(await stage.path(runId, 'resume'))
    }
    await toTheEnd(runId, before)
  })
})
