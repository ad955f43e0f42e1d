import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { passingGroup } from '../../customers/index.ts'
import { createTagUpkeep, listTags } from '../../tags/index.ts'
import { senderReasons } from '../campaigns/recipient.ts'
import { reserveTouches } from '../governor/reservations.store.ts'
import { writeMoments } from '../plan/moments.store.ts'
import { cancelRun, pauseRun, resumeRun } from '../run/run-acts.ts'
import { runStage } from '../run/run-stage.ts'
import { changeRun, holdRun } from '../run/runs.store.ts'
import { createMomentTags } from './own-tags.ts'

const stage = await runStage({ staff: 4, people: 24, relations: 40 })
const { db, corpId, services, client } = stage
const tags = createMomentTags(services)
const momentSpec = { kind: 'moment' as const, moment: { tags: [] }, marketing: true }

beforeAll(() => stage.sync())
beforeEach(() => stage.restart())
afterEach(async () => {
  stage.restart()
  await leasesEnd()
  const { rows } = await sql<{ id: number }>`select id from campaign_runs where ended_at is null`.execute(db)
  for (const { id } of rows) await over(id)
})

interface Row {
  readonly person: number
  readonly sender: string
  readonly external: string
  readonly moment: number
  readonly fate: number
  readonly reason: number | null
  readonly marked: boolean | null
}
const rowsOf = async (runId: number) => {
  const { rows } = await sql<Row>`
    select r.customer_id as person, r.sender, r.external_userid as external, t.moment, r.fate, r.reason, r.marked
    from campaign_recipients r left join campaign_tasks t on t.run_id = r.run_id and t.number = r.task
    where r.run_id = ${runId} order by 1`.execute(db)
  return rows
}
const momentsOf = async (runId: number) =>
  db.selectFrom('campaign_moments').selectAll().where('run_id', '=', runId).orderBy('number').execute()

/** A run of Moments that is planned: by own tags, of a canary one more. */
async function aRun(canaryTasks = 0): Promise<number> {
  const canary = canaryTasks === 0 ? null : { permille: 100, hours: 4, most_deletes_permille: 20 }
  const runId = await stage.planned({ ...momentSpec, canary }, { canaryTasks })
  await db.transaction().execute(async (tx) => {
    await writeMoments(tx, { runId, corpId, tags: [] }, 100_000, stage.clock.now())
    await reserveTouches(tx, runId)
  })
  await stage.begin(runId)
  return runId
}

/** Rounds until nothing of it, or of its canary, is to be marked any more, as of a process that lives. */
async function marked(runId: number, only: 'canary' | 'all' = 'all'): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds += 1) {
    await tags.pass()
    const open = (await momentsOf(runId)).some(
      ({ state, canary }) => (only === 'all' || canary) && (state === 'planned' || state === 'marking'),
    )
    if (!open) return
    await leasesEnd()
  }
  throw new Error('it is never marked')
}
/** The canary's verdict. */
const verdict = (runId: number, state: 'running' | 'stopped') =>
  db.transaction().execute((tx) => changeRun(tx, runId, { state }))
const leasesEnd = () => sql`update campaign_moments set leased_until = null`.execute(db)

/** Which relations carry a tag at the platform: the member and the customer. */
async function carrying(tag: string): Promise<readonly string[]> {
  const people = await db.selectFrom('relations').select('external_userid').distinct().execute()
  const found: string[] = []
  for (const { external_userid } of people) {
    const { follow_user } = await client.customers.get({ external_userid })
    for (const { userid, tags: shown } of follow_user)
      if (shown.some((one) => one.tag_id === tag)) found.push(`${userid} ${external_userid}`)
  }
  return found.sort()
}
const standing = async () =>
  (await client.tags.list({})).tag_group.filter((one) => one.group_name === passingGroup).flatMap((one) => one.tag)
const calls = async () => stage.calls('/externalcontact/mark_tag')
const wanted = async (runId: number, moment: number) =>
  (await rowsOf(runId))
    .filter((one) => one.fate === 0 && one.moment === moment)
    .map((one) => `${one.sender} ${one.external}`)
    .sort()

/** At the platform each Moment's people carry its tag, and nobody else does. */
async function expectMarked(runId: number): Promise<void> {
  for (const { number, tags: own, state, marked: count, to_mark, unmarkable } of await momentsOf(runId)) {
    expect(state).toBe('ready')
    const carriers = await carrying(own[0] ?? '')
    expect(carriers).toEqual(await wanted(runId, number))
    expect([count, count + unmarkable]).toEqual([carriers.length, to_mark])
  }
}

const cancelled = (runId: number) =>
  db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, runId)
    if (run !== undefined) await cancelRun(services, tx, run, null)
  })

/** Cancels it and waits until its tags are taken back. */
async function over(runId: number): Promise<void> {
  await cancelled(runId)
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await tags.pass()
    if ((await momentsOf(runId)).every(({ unmarked_at }) => unmarked_at !== null)) return
    await leasesEnd()
  }
  throw new Error('its tags are never taken back')
}

describe('the own tag of a Moment', () => {
  it('is put on whom it is for, at who publishes to him, by one call each, the canary’s apart; and taken from all at the end', async () => {
    const before = await standing()
    const made = await calls()
    const runId = await aRun(1)
    await marked(runId, 'canary')
    await verdict(runId, 'running')
    await marked(runId)
    await expectMarked(runId)
    const moments = await momentsOf(runId)
    expect(moments.map(({ canary }) => canary)).toEqual([true, false])
    expect((await calls()) - made).toBe(moments.reduce((sum, one) => sum + one.to_mark, 0))
    expect((await standing()).length).toBe(before.length + 2)
    await over(runId)
    expect(await standing()).toEqual(before)
    for (const { tags: own } of moments) expect(await carrying(own[0] ?? '')).toEqual([])
  })

  it('is no tag of the house: in no list, on no customer, in no event, whatever is read meanwhile', async () => {
    const runId = await aRun()
    await marked(runId)
    const [own] = (await momentsOf(runId)).map((one) => one.tags[0] ?? '')
    const upkeep = createTagUpkeep(services)
    await stage.sync()
    await upkeep.pass()
    await upkeep.pass()
    expect((await listTags(db, corpId)).map(({ platformId }) => platformId)).not.toContain(own)
    const of = async (table: string, column: string) =>
      (await sql`select from ${sql.table(table)} where ${own ?? ''} = any(${sql.ref(column)})`.execute(db)).rows.length
    expect([await of('relations', 'tag_ids'), await of('customer_cards', 'tag_ids')]).toEqual([0, 0])
    expect(
      await db
        .selectFrom('corp_tags')
        .select('tag_id')
        .where('tag_id', '=', own ?? '')
        .execute(),
    ).toEqual([])
    const told =
      await sql`select from events where kind = 'customer.tagged' and payload::text like ${`%${own}%`}`.execute(db)
    expect(told.rows).toEqual([])
    expect(await db.selectFrom('tag_calls').select('id').execute()).toEqual([])
  })

  it('drops from the run, with a reason and his touch given back, whom the platform does not let carry it', async () => {
    const runId = await aRun()
    const [first] = (await rowsOf(runId)).filter((one) => one.fate === 0)
    if (first === undefined) throw new Error('somebody is to be marked')
    await stage.admin('POST', `/sandbox/people/${first.sender}/delete`, { peer: first.external })
    await marked(runId)
    await expectMarked(runId)
    const now = (await rowsOf(runId)).find(({ person }) => person === first.person)
    expect(now).toMatchObject({ fate: 6, reason: senderReasons.indexOf('not_marked'), moment: null, marked: null })
    const held = await db.selectFrom('touch_reservations').select('customer_id').where('run_id', '=', runId).execute()
    expect(held.map(({ customer_id }) => Number(customer_id))).not.toContain(first.person)
    const tasks = await db.selectFrom('campaign_tasks').select('recipients').where('run_id', '=', runId).execute()
    expect(tasks.reduce((sum, one) => sum + one.recipients, 0)).toBe(
      (await rowsOf(runId)).filter(({ fate }) => fate === 0).length,
    )
    await over(runId)
  })

  it('is put by several processes at once as by one: a Moment is in one hand, and no call is made twice', async () => {
    const other = createMomentTags(services)
    const made = await calls()
    const runId = await aRun(1)
    await verdict(runId, 'running')
    await Promise.all([tags.pass(), other.pass(), other.pass()])
    await marked(runId)
    await expectMarked(runId)
    const sum = (await momentsOf(runId)).reduce((all, one) => all + one.to_mark, 0)
    expect((await calls()) - made).toBe(sum)
  })

  it('gives a canary its hours from when it is marked', async () => {
    const runId = await aRun(1)
    const startedAt = async () =>
      (await db.selectFrom('campaign_runs').select('started_at').where('id', '=', runId).executeTakeFirstOrThrow())
        .started_at
    const begun = await startedAt()
    stage.clock.set(new Date(stage.clock.now().getTime() + 90 * 60_000))
    await marked(runId, 'canary')
    expect((await startedAt())?.getTime()).toBe((begun?.getTime() ?? 0) + 90 * 60_000)
    stage.clock.set(new Date(stage.sandbox.clock.now()))
  })

  it('of the rest is made only when its canary has gone well: of a run that is stopped nobody of the rest is ever marked', async () => {
    const made = await calls()
    const runId = await aRun(1)
    await marked(runId, 'canary')
    for (let rounds = 0; rounds < 3; rounds += 1) await tags.pass()
    const [canary, rest] = await momentsOf(runId)
    expect([canary?.state, rest?.state, rest?.tags]).toEqual(['ready', 'planned', []])
    expect((await calls()) - made).toBe(canary?.to_mark)
    expect(await standing()).toHaveLength(1)
    await verdict(runId, 'stopped')
    for (let rounds = 0; rounds < 3; rounds += 1) await tags.pass()
    expect((await calls()) - made).toBe(canary?.to_mark)
    await over(runId)
    expect((await momentsOf(runId)).map(({ state }) => state)).toEqual(['ready', 'cancelled'])
  })

  it('waits while its run is paused, and goes on where it was', async () => {
    const runId = await aRun()
    const act = (what: 'pause' | 'resume') =>
      db.transaction().execute(async (tx) => {
        const run = await holdRun(tx, runId)
        if (run === undefined) return
        if (what === 'pause') await pauseRun(services, tx, run, false, uuid())
        else await resumeRun(services, tx, run)
      })
    await act('pause')
    await tags.pass()
    expect((await momentsOf(runId)).map(({ state, tags: own }) => [state, own])).toEqual([['planned', []]])
    await act('resume')
    await marked(runId)
    await expectMarked(runId)
  })

  it('is made anew, and put on all of them again, where somebody deleted it in WeCom meanwhile', async () => {
    const runId = await aRun()
    const wire = after(5, async () => {
      const [tag] = await standing()
      if (tag !== undefined) await client.tags.remove({ tag_id: [tag.id] })
    })
    stage.restart(wire)
    await marked(runId)
    await expectMarked(runId)
  })

  it('pauses the run with the platform’s word where it cannot be made', async () => {
    const runId = await aRun()
    stage.restart(async (input, init) =>
      String(input).includes('add_corp_tag')
        ? Response.json({ errcode: 40072, errmsg: 'refused' })
        : fetch(input, init),
    )
    await tags.pass()
    expect(await stage.run(runId)).toMatchObject({ state: 'paused', why: expect.stringContaining('40072') })
  })

  it('says where WeCom does not let the tag go, tries on, and takes the word back when it is gone', async () => {
    const runId = await aRun()
    await marked(runId)
    stage.restart(async (input, init) =>
      String(input).includes('del_corp_tag')
        ? Response.json({ errcode: 60_011, errmsg: 'no privilege' })
        : fetch(input, init),
    )
    await cancelled(runId)
    await tags.pass()
    const told = async () =>
      (
        await sql<{ title: string; cleared: boolean }>`
          select title->>'zh' as title, cleared_at is not null as cleared from alarms
          where kind = 'moment.tag_left' and key like ${`%:${runId}:%`}`.execute(db)
      ).rows
    expect(await told()).toEqual([{ title: expect.stringContaining('60011'), cleared: false }])
    stage.restart()
    await leasesEnd()
    await tags.pass()
    expect((await told()).map(({ cleared }) => cleared)).toEqual([true])
    expect(await standing()).toEqual([])
  })
})

type Wire = typeof fetch
const changesTags = (input: Parameters<Wire>[0]) => /(add_corp_tag|mark_tag|del_corp_tag)/.test(String(input))

/** A wire on which something happens after so many changes of tags. */
function after(most: number, happens: () => Promise<void>): Wire {
  let [seen, done] = [0, false]
  return async (input, init) => {
    if (changesTags(input)) seen += 1
    if (seen > most && !done) {
      done = true
      await happens()
    }
    return fetch(input, init)
  }
}

/** The wire of a process that is killed at its nth change of tags, of which the platform has heard or not. */
function dying(at: number, heard: boolean): { readonly fetch: Wire; readonly death: Promise<void> } {
  const never = new Promise<Response>(() => undefined)
  const death = Promise.withResolvers<void>()
  let seen = 0
  const wire: Wire = async (input, init) => {
    if (seen >= at) return never
    if (changesTags(input)) seen += 1
    if (seen < at) return fetch(input, init)
    if (heard) await (await fetch(input, init)).arrayBuffer()
    death.resolve()
    return never
  }
  return { fetch: wire, death: death.promise }
}

/** A wire that loses calls and answers, and refuses for a moment, of so many changes of tags. */
function storm(seed: number, most: number): Wire {
  let seen = 0
  return async (input, init) => {
    if (!changesTags(input)) return fetch(input, init)
    seen += 1
    const luck = seen > most ? 9 : (Math.imul(seen + seed, 2_654_435_761) >>> 0) % 10
    if (luck < 2) throw new TypeError('the call never arrived')
    if (luck < 4) {
      await (await fetch(input, init)).arrayBuffer()
      throw new TypeError('the answer was lost')
    }
    return luck === 4 ? Response.json({ errcode: 45_035, errmsg: 'for a moment' }) : fetch(input, init)
  }
}

describe('marking through kills and lost answers', () => {
  // the tag is call 1, the people those after it
  const points = [1, 2, 9].flatMap((at) => [true, false].map((heard) => [at, heard] as const))

  it.each(points)(
    'killed at call %s (heard by the platform: %s), marks whom it should and nobody else',
    async (at, heard) => {
      const runId = await aRun()
      const wire = dying(at, heard)
      stage.restart(wire.fetch)
      await Promise.race([wire.death, tags.pass()])
      stage.restart()
      await leasesEnd()
      await marked(runId)
      await expectMarked(runId)
      expect(await standing()).toHaveLength(1)
      await over(runId)
      expect(await standing()).toEqual([])
    },
  )

  it.each([true, false])(
    'killed at the call that takes it back (heard: %s), takes it back in the end',
    async (heard) => {
      const runId = await aRun()
      await marked(runId)
      const wire = dying(1, heard)
      stage.restart(wire.fetch)
      await Promise.race([wire.death, over(runId)])
      stage.restart()
      await leasesEnd()
      await over(runId)
      expect(await standing()).toEqual([])
    },
  )

  it('takes back the tag of a run that was cancelled before anybody knew that it was made', async () => {
    const runId = await aRun()
    const wire = dying(1, true)
    stage.restart(wire.fetch)
    await Promise.race([wire.death, tags.pass()])
    stage.restart()
    expect(await standing()).toHaveLength(1)
    await leasesEnd()
    await over(runId)
    expect(await standing()).toEqual([])
    expect((await momentsOf(runId)).map(({ state }) => state)).toEqual(['cancelled'])
  })

  it.each([1, 7, 23])(
    'in a storm of lost calls and answers marks whom it should and nobody else (%s)',
    async (seed) => {
      const runId = await aRun()
      stage.restart(storm(seed, 40))
      await marked(runId)
      stage.restart()
      await expectMarked(runId)
      await over(runId)
      expect(await standing()).toEqual([])
    },
  )
})
