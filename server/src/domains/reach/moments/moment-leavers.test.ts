import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fateNumber, senderReasons } from '../campaigns/recipient.ts'
import { writeMoments } from '../plan/moments.store.ts'
import { momentStage, type PartRow } from './moment-stage.ts'
import { createMomentTags } from './own-tags.ts'

const stage = await momentStage({ staff: 6, people: 60, relations: 110 })
const { db, corpId, services } = stage
const tags = createMomentTags(services)

beforeAll(() => stage.sync())
// the platform's minute is of this process's clients: each test has one of its own
beforeEach(() => stage.restart())

const setStaff = (userid: string | undefined, to: { readonly gone_at?: Date | null; readonly status?: number }) =>
  db
    .updateTable('staff')
    .set(to)
    .where('userid', '=', userid ?? '')
    .execute()
/** Whom a member can be given: persons of his who know another member that is there. */
async function sharedBy(runId: number, gone: readonly (string | undefined)[]): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct p.customer_id as id from campaign_recipients p
    join customers c on coalesce(c.merged_into, c.id) = p.customer_id
    join relations r on r.customer_id = c.id and r.status = 'alive' and r.userid <> all(${gone.map(String)}::text[])
    join staff s on s.corp_id = ${corpId} and s.userid = r.userid and s.gone_at is null
    where p.run_id = ${runId} and p.sender = any(${gone.map(String)}::text[]) order by 1`.execute(db)
  return rows.map((row) => row.id)
}
const placed = async (runId: number, parts: readonly PartRow[]) => {
  const { rows } = await sql<{ id: number }>`
    select customer_id as id from campaign_recipients
    where run_id = ${runId} and task = any(${parts.map(({ number }) => number)}::int[]) order by 1`.execute(db)
  return rows.map((row) => row.id)
}
const listed = async (runId: number) => {
  const { rows } = await sql<{ reason: number; n: number }>`
    select reason, count(*)::int as n from campaign_recipients
    where run_id = ${runId} and fate = ${fateNumber('no_sender')} group by reason`.execute(db)
  return rows.map(({ reason, n }) => [senderReasons[reason], n])
}
const goOut = async (runId: number) => {
  await stage.begin(runId)
  await stage.round()
  await stage.pass(1)
}
/** All that goes on is marked, asked for, published and read, until the run is over; nobody has seen it twice. */
async function toTheEnd(runId: number, before: number): Promise<readonly PartRow[]> {
  for (let rounds = 0; rounds < 30 && !(await stage.run(runId)).ended; rounds += 1) {
    stage.restart()
    await tags.pass()
    // of whom nobody sees it, the platform is asked for a day
    await stage.pass(rounds < 8 ? 8 : 180)
    await stage.publishAll(runId)
  }
  expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
  const seen = (await stage.seen()).slice(before)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  const parts = await stage.parts(runId)
  expect(parts.reduce((sum, one) => sum + one.sent, 0)).toBe(seen.length)
  expect(parts.every(({ beside }) => beside === 0)).toBe(true)
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from touch_reservations where run_id = ${runId}`.execute(db)
  expect(rows[0]?.n).toBe(0)
  return parts
}

describe('people of a member who left', () => {
  it('while it stood open at him are offered to others who know them, by a Moment of their own; nothing is taken from the others', async () => {
    const before = (await stage.seen()).length
    const runId = await stage.ready()
    await goOut(runId)
    const asked = await stage.parts(runId)
    const leaver = asked[0]
    const shared = await sharedBy(runId, [leaver?.sender])
    await setStaff(leaver?.sender, { gone_at: stage.clock.now() })
    await stage.pass(61)
    await stage.pass(2)
    const parts = await stage.parts(runId)
    expect(parts[0]).toMatchObject({ state: 'failed', why: 'absent', recipients: 0 })
    expect(parts.slice(1, asked.length).map(({ state }) => state)).toEqual(asked.slice(1).map(() => 'asked'))
    expect((await stage.truths()).at(-1)?.cancelled).toBe(false)
    const taken = parts.slice(asked.length)
    expect(shared.length).toBeGreaterThan(0)
    expect(await placed(runId, taken)).toEqual(shared)
    expect(taken.map(({ state, moment }) => [state, moment])).toEqual(taken.map(() => ['planned', 2]))
    expect(await listed(runId)).toEqual([['sender_gone', (leaver?.recipients ?? 0) - shared.length]])
    const all = await toTheEnd(runId, before)
    expect(all.slice(asked.length).map(({ state }) => state)).toEqual(taken.map(() => 'confirmed'))
    expect(all.slice(asked.length).reduce((sum, one) => sum + one.sent, 0)).toBeGreaterThan(0)
    await setStaff(leaver?.sender, { gone_at: null })
  })

  it('of two who left together are one part of whoever takes them over', async () => {
    const before = (await stage.seen()).length
    const runId = await stage.ready()
    await goOut(runId)
    const asked = await stage.parts(runId)
    const leavers = asked.slice(0, 2).map(({ sender }) => sender)
    const shared = await sharedBy(runId, leavers)
    for (const one of leavers) await setStaff(one, { gone_at: stage.clock.now() })
    await stage.pass(61)
    await stage.pass(2)
    const taken = (await stage.parts(runId)).slice(asked.length)
    expect(new Set(taken.map(({ sender }) => sender)).size).toBe(taken.length)
    expect(await placed(runId, taken)).toEqual(shared)
    expect(taken.reduce((sum, one) => sum + one.recipients, 0)).toBe(shared.length)
    await toTheEnd(runId, before)
    for (const one of leavers) await setStaff(one, { gone_at: null })
  })

  it('before anything of it was marked carry the tag of who takes them over', async () => {
    const before = (await stage.seen()).length
    const runId = await stage.planned({ kind: 'moment', moment: { tags: [] }, marketing: true })
    await db.transaction().execute((tx) => writeMoments(tx, { runId, corpId, tags: [] }, 100_000, stage.clock.now()))
    const planned = await stage.parts(runId)
    const leaver = planned[0]?.sender
    const shared = await sharedBy(runId, [leaver])
    await setStaff(leaver, { gone_at: stage.clock.now() })
    await stage.begin(runId)
    await tags.pass()
    const parts = await stage.parts(runId)
    expect(parts[0]).toMatchObject({ state: 'failed', why: 'absent', recipients: 0 })
    expect(await placed(runId, parts.slice(planned.length))).toEqual(shared)
    expect((await listed(runId)).map(([reason]) => reason)).toEqual(['sender_gone'])
    const { rows } = await sql<{ open: number }>`
      select sum(to_mark - marked - unmarkable)::int as open from campaign_moments where run_id = ${runId}`.execute(db)
    expect(rows[0]?.open).toBe(0)
    await toTheEnd(runId, before)
    await setStaff(leaver, { gone_at: null })
  })

  it('of a canary go to another of the canary, and its hours do not begin anew', async () => {
    const canary = { permille: 500, hours: 48, most_deletes_permille: 900 }
    const runId = await stage.ready({ canary }, { canaryTasks: 2 })
    await goOut(runId)
    const startedAt = async () =>
      (await db.selectFrom('campaign_runs').select('started_at').where('id', '=', runId).executeTakeFirstOrThrow())
        .started_at
    const begun = await startedAt()
    const [leaver] = await stage.parts(runId)
    await setStaff(leaver?.sender, { gone_at: stage.clock.now() })
    await stage.pass(61)
    await stage.pass(2)
    await tags.pass()
    const moments = await stage.moments(runId)
    expect(moments.map((one) => [one.state, one.canary])).toContainEqual(['ready', true])
    expect(await startedAt()).toEqual(begun)
    await setStaff(leaver?.sender, { gone_at: null })
    for (let round = 0; round < 2; round += 1) await stage.pass(1)
    expect((await stage.moments(runId)).filter((one) => one.canary).map(({ state }) => state)).toEqual([
      'asked',
      'asked',
    ])
  })
})

describe('people of a member who may be back', () => {
  it('are listed while it stands open at him: he may publish it yet, and they would see it twice', async () => {
    const runId = await stage.ready()
    await goOut(runId)
    const asked = await stage.parts(runId)
    await setStaff(asked[0]?.sender, { status: 2 })
    await stage.pass(61)
    await stage.pass(2)
    const parts = await stage.parts(runId)
    expect(parts).toHaveLength(asked.length)
    expect(await listed(runId)).toEqual([['sender_gone', asked[0]?.recipients]])
    await setStaff(asked[0]?.sender, { status: 1 })
  })
})
