import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { momentStage } from './moment-stage.ts'

type Wire = typeof fetch
const stage = await momentStage({ staff: 6, people: 60, relations: 90 })
const { db } = stage
const wordsOnly = { name: '甲', content: { text: '{品牌}到店有礼', attachments: [] }, for: null, share: 100 }
let operator: Awaited<ReturnType<typeof stage.as>>

beforeAll(async () => {
  await stage.sync()
  operator = await stage.as('operator')
})
beforeEach(() => stage.restart())

/** Loses the first answer to an ask; `heard` says whether the platform has done what it was asked. */
function losing(heard: boolean): Wire {
  let lost = false
  return async (input, init) => {
    if (lost || !String(input).includes('add_moment_task')) return fetch(input, init)
    lost = true
    if (heard) await (await fetch(input, init)).arrayBuffer()
    throw new TypeError('the answer was lost')
  }
}

/** The wire of a process that is killed at its nth call of this kind: nothing comes back to it, and nothing goes out any more. */
function dying(path: RegExp, at: number, heard: boolean): { fetch: Wire; death: Promise<void> } {
  const never = new Promise<Response>(() => undefined)
  const { promise: death, resolve: died } = Promise.withResolvers<void>()
  let calls = 0
  return {
    death,
    fetch: async (input, init) => {
      if (calls >= at) return never
      if (path.test(String(input))) calls += 1
      if (calls < at) return fetch(input, init)
      if (heard) await (await fetch(input, init)).arrayBuffer()
      died()
      return never
    },
  }
}

const leasesEnd = async () => {
  await stage.leasesEnd()
  await db
    .updateTable('campaign_moments')
    .set({ leased_until: new Date(0) })
    .execute()
}

/** Everything that stands open at the platform is published, until the run has ended; nobody saw it twice, and all is counted. */
async function toTheEnd(runId: number, before: { seen: number; moments: number }): Promise<void> {
  for (let rounds = 0; rounds < 40 && !(await stage.run(runId)).ended; rounds += 1) {
    stage.restart()
    await leasesEnd()
    await stage.pass(8)
    await stage.publishAll(runId)
  }
  expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
  const parts = await stage.parts(runId)
  expect(parts.map((one) => one.state)).toEqual(parts.map(() => 'confirmed'))
  const seen = (await stage.seen()).slice(before.seen)
  expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
  expect(seen.length).toBe(parts.reduce((sum, one) => sum + one.sent, 0))
  expect(parts.reduce((sum, one) => sum + one.beside, 0)).toBe(0)
  // what else was made there was published by nobody
  const made = (await stage.truths()).slice(before.moments)
  const ids = new Set(parts.map((one) => one.msgid))
  expect(made.filter((one) => one.members.published > 0).every((one) => ids.has(one.momentId))).toBe(true)
  expect(made.filter((one) => !ids.has(one.momentId)).every((one) => one.cancelled)).toBe(true)
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from touches where effect = ${`campaign:${runId}`}`.execute(db)
  expect(rows[0]?.n).toBe(seen.length)
  // no effect is left that nobody knows the outcome of
  const { rows: open } = await sql<{ state: string }>`
    select state from effects where kind = 'campaign.moment' and state not in ('done', 'refused')`.execute(db)
  expect(open).toEqual([])
}

/** Look by look until it is known what became of it: at the latest when the platform has forgotten its job. */
async function known(runId: number, everyMinutes: number): Promise<void> {
  for (let minutes = 0; minutes < 26 * 60; minutes += everyMinutes) {
    if ((await stage.moments(runId)).every(({ state }) => state !== 'unknown')) return
    await leasesEnd()
    await stage.pass(everyMinutes)
  }
  throw new Error('nobody ever knows')
}

const sofar = async () => ({ seen: (await stage.seen()).length, moments: (await stage.truths()).length })

describe('an answer that is lost', () => {
  it.each([
    ['a link of its own', true, {}],
    ['a link of its own', false, {}],
    ['words only', true, { variants: [wordsOnly] }],
    ['words only', false, { variants: [wordsOnly] }],
  ])(
    'of a Moment with %s (heard by the platform: %s) is found again, and nobody sees it twice',
    async (_what, heard, spec) => {
      const before = await sofar()
      const runId = await stage.ready(spec)
      stage.restart(losing(heard))
      await stage.begin(runId)
      await stage.round()
      stage.restart()
      expect((await stage.moments(runId)).map((one) => one.state)).toEqual(['unknown'])
      if (!heard) await known(runId, 60)
      await toTheEnd(runId, before)
      expect((await stage.moments(runId)).map((one) => one.attempt)).toEqual([heard ? 1 : 2])
      expect((await sofar()).moments - before.moments).toBe(1)
    },
  )

  it('of a canary and of the rest with the same words are told apart by their members', async () => {
    const before = await sofar()
    const canary = { permille: 100, hours: 1, most_deletes_permille: 500 }
    const runId = await stage.ready({ variants: [wordsOnly], canary }, { canaryTasks: 1 })
    stage.restart(losing(true))
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    await toTheEnd(runId, before)
    expect((await sofar()).moments - before.moments).toBe(2)
  })

  it('of words only is not asked for anew as long as the platform may make the first: nobody could tell them apart', async () => {
    const before = await sofar()
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 85 * 60_000 } })
    const runId = await stage.ready({ variants: [wordsOnly] })
    stage.restart(losing(true))
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 3_000 } })
    await known(runId, 8)
    expect((await stage.moments(runId)).map((one) => [one.state, one.attempt])).toEqual([['asked', 1]])
    await toTheEnd(runId, before)
    expect((await sofar()).moments - before.moments).toBe(1)
  })

  it('of the job is asked for again, and of a job that is forgotten the Moment is found by its link', async () => {
    const before = await sofar()
    const runId = await stage.ready()
    await stage.begin(runId)
    await stage.round()
    expect((await stage.moments(runId)).map((one) => one.state)).toEqual(['made'])
    // nobody looked for a day and an hour: the platform knows the job no more
    await stage.admin('POST', '/sandbox/clock', { advanceMs: 25 * 3_600_000 })
    await toTheEnd(runId, before)
    expect((await sofar()).moments - before.moments).toBe(1)
  })
})

describe('a first Moment that comes up after it was asked for anew', () => {
  /** The platform takes an hour to make the first, of which nobody hears; the second is asked for after half an hour. */
  async function askedAnew(): Promise<number> {
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 60 * 60_000 } })
    const runId = await stage.ready()
    stage.restart(losing(true))
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    await stage.admin('PATCH', '/sandbox/settings', { reach: { dispatchMs: 3_000 } })
    const stands = async () => (await stage.moments(runId)).map((one) => `${one.state} ${one.attempt}`).join()
    for (let minutes = 0; minutes < 56 && (await stands()) !== 'asked 2'; minutes += 4) await pass(4)
    expect(await stands()).toBe('asked 2')
    return runId
  }
  // minutes pass here that are none of the machine's: each has a platform's minute of its own
  const pass = async (minutes: number) => {
    stage.restart()
    await stage.pass(minutes)
  }
  /** It is made, and nobody has looked since. */
  const comesUp = () => stage.admin('POST', '/sandbox/clock', { advanceMs: 30 * 60_000 })
  const publish = (part: Awaited<ReturnType<typeof stage.parts>>[number] | undefined, momentId: string | undefined) =>
    stage.admin('POST', `/sandbox/people/${part?.sender}/moments/${momentId}/publish`)
  const madeSince = async (before: { readonly moments: number }) => (await stage.truths()).slice(before.moments)

  it('while members have the second is cancelled', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    for (let round = 0; round < 3; round += 1) await pass(8)
    const [first] = await madeSince(before)
    expect(first).toMatchObject({ cancelled: true, members: { published: 0 } })
    await toTheEnd(runId, before)
  })

  it('when all have published the second, and its run is over, is cancelled', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    await stage.publishAll(runId)
    await pass(6)
    expect((await stage.parts(runId)).every(({ state }) => state === 'confirmed')).toBe(true)
    await comesUp()
    await pass(6)
    const [first, second] = await madeSince(before)
    expect([first?.cancelled, second?.cancelled]).toEqual([true, false])
    await toTheEnd(runId, before)
  })

  it('is the part of whoever has published it; the second is taken back, and made anew for the others only', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    await comesUp()
    const [part, ...others] = await stage.parts(runId)
    const [first] = await madeSince(before)
    await publish(part, first?.momentId)
    await pass(1)
    for (let round = 0; round < 3; round += 1) await pass(6)
    const [now] = await stage.parts(runId)
    const saw = (await stage.seen()).filter(({ momentId }) => momentId === first?.momentId).length
    expect(now).toMatchObject({ state: 'confirmed', msgid: first?.momentId, sent: saw })
    const made = await madeSince(before)
    expect(made.map(({ cancelled, members }) => [cancelled, members.asked])).toEqual([
      [true, others.length + 1],
      [true, others.length + 1],
      [false, others.length],
    ])
    await toTheEnd(runId, before)
  })

  it('is the part of all where all have published it: nothing of the second is left to publish', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    await comesUp()
    const [first, second] = await madeSince(before)
    for (const part of await stage.parts(runId)) await publish(part, first?.momentId)
    await pass(1)
    expect((await madeSince(before)).map(({ momentId, cancelled }) => [momentId, cancelled])).toEqual([
      [first?.momentId, true],
      [second?.momentId, true],
    ])
    await toTheEnd(runId, before)
  })

  it('whose people have seen the second too is booked as seen twice, and a person is told', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    const [part] = await stage.parts(runId)
    if (part !== undefined) await stage.publish(part)
    await pass(6)
    await comesUp()
    const [first] = await madeSince(before)
    await publish(part, first?.momentId)
    await pass(6)
    const ids = (await stage.seen()).slice(before.seen)
    const saw = ids.filter(({ momentId }) => momentId === first?.momentId).length
    expect(ids).toHaveLength(2 * saw)
    const { rows } = await sql<{ effect: string; n: number }>`
      select effect, count(*)::int as n from touches where effect like ${`campaign:${runId}%`} group by 1 order by 1`.execute(
      db,
    )
    expect(rows).toEqual([
      { effect: `campaign:${runId}`, n: saw },
      { effect: `campaign:${runId}:${part?.number}`, n: saw },
    ])
    const told = await sql<{ title: string }>`
      select title->>'zh' as title from alarms where kind = 'moment.twice' and key like ${`%:${runId}:%`}`.execute(db)
    expect(told.rows).toEqual([{ title: expect.stringContaining(`1 位员工把同一条朋友圈发表了两次，${saw} 位`) }])
    await operator.post(await stage.path(runId, 'cancel'), {})
    await pass(2)
  })

  it('of a run that was cancelled meanwhile is cancelled too', async () => {
    const before = await sofar()
    const runId = await askedAnew()
    await operator.post(await stage.path(runId, 'cancel'), {})
    await pass(2)
    await comesUp()
    await pass(6)
    expect((await madeSince(before)).map(({ cancelled, members }) => [cancelled, members.published])).toEqual([
      [true, 0],
      [true, 0],
    ])
  })
})

describe('a platform in trouble', () => {
  it.each([1, 2])(
    'that cuts answers, is busy and revokes tokens at any call brings nobody the same Moment twice, and all is counted (%s)',
    async () => {
      const fault = (body: object) => stage.admin('POST', '/sandbox/faults', body)
      const paths = ['add_moment_task', 'get_moment_task_result', 'get_moment_task', 'get_moment_send_result']
      const before = await sofar()
      const runId = await stage.ready()
      for (const path of [...paths, 'get_moment_comments', 'cancel_moment_task', 'get_moment_list']) {
        const match = { path: `externalcontact/${path}` }
        await fault({ kind: 'lost_answer', share: 0.25, match })
        await fault({ kind: 'errcode', errcode: -1, share: 0.25, match })
        await fault({ kind: 'token_revoked', share: 0.25, match })
      }
      // minutes pass here that are none of the machine's: each has a platform's minute of its own
      const pass = async (minutes: number) => {
        stage.restart()
        await stage.pass(minutes)
      }
      await stage.begin(runId)
      for (let rounds = 0; rounds < 6; rounds += 1) await pass(8)
      await operator.post(await stage.path(runId, 'pause'), {})
      for (let rounds = 0; rounds < 3; rounds += 1) await pass(4)
      await operator.post(await stage.path(runId, 'resume'))
      for (let rounds = 0; rounds < 6; rounds += 1) {
        await pass(8)
        // it may be cancelled already, and we were not told
        await stage.publishAll(runId).catch(() => undefined)
      }
      await stage.admin('DELETE', '/sandbox/faults')
      await toTheEnd(runId, before)
    },
  )
})

describe('a process that is killed', () => {
  const steps = [
    ['asking', /add_moment_task/, 1],
    ['the job', /get_moment_task_result/, 1],
    ['the listing', /get_moment_task\b(?!_result)/, 1],
    ['the viewers', /get_moment_send_result/, 2],
    ['comments', /get_moment_comments/, 3],
  ] as const
  const cases = steps.flatMap(([name, path, at]) => [true, false].map((heard) => [name, heard, path, at] as const))

  it.each(cases)(
    'at %s (heard by the platform: %s): the Moment is made and counted once',
    async (name, heard, path, at) => {
      const before = await sofar()
      const runId = await stage.ready()
      const wire = dying(path, at, heard)
      await stage.begin(runId)
      const published = name === 'the viewers' || name === 'comments'
      if (name !== 'asking') await stage.round()
      if (name !== 'asking' && name !== 'the job') await stage.pass(1)
      if (published) await stage.publishAll(runId)
      stage.restart(wire.fetch)
      await Promise.race([wire.death, name === 'asking' ? stage.round() : stage.pass(6)])
      stage.restart()
      await toTheEnd(runId, before)
      expect((await sofar()).moments - before.moments).toBe(1)
    },
  )

  it.each([true, false])(
    'at cancelling (heard by the platform: %s): all that is open is gone, and going on makes it anew',
    async (heard) => {
      const before = await sofar()
      const runId = await stage.ready()
      await stage.begin(runId)
      await stage.round()
      await stage.pass(1)
      const [first] = await stage.parts(runId)
      if (first !== undefined) await stage.publish(first)
      await operator.post(await stage.path(runId, 'pause'), {})
      const wire = dying(/cancel_moment_task/, 1, heard)
      stage.restart(wire.fetch)
      await Promise.race([wire.death, stage.round()])
      stage.restart()
      await leasesEnd()
      await stage.pass(2)
      expect((await stage.truths()).at(-1)?.cancelled).toBe(true)
      expect([...new Set((await stage.parts(runId)).map((one) => one.state))].sort()).toEqual(['confirmed', 'planned'])
      await operator.post(await stage.path(runId, 'resume'))
      await toTheEnd(runId, before)
      expect((await stage.moments(runId)).map((one) => [one.attempt, one.pastIds.length])).toEqual([[2, 1]])
    },
  )
})
