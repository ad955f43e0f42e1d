import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'
import type { Due } from '../../../infra/due/due.ts'
import { testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { fates, senderReasons } from '../campaigns/recipient.ts'
import { packed } from '../governor/touch.ts'
import { holdRun } from '../run/runs.store.ts'
import { beginRun, steer } from '../run/steer.ts'
import { bucketOf, campaignSeed } from './bucket.ts'
import { heldDue, releaseHeld, scheduleHeld } from './held.ts'
import { aRun, smallBrand } from './plan-stage.ts'
import { planRun } from './planning.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-11-11T10:00:00+08:00')
const corpId = 1
const dayS = 86_400
const start = Math.floor(clock.now().getTime() / 1000)
const due: Pick<Due, 'schedule' | 'unschedule'> = { schedule, unschedule }
const policy = {
  ...{ whom: null, marketing: 'limited', kept_from: 9, gap_minutes: 0, quiet: null, less_per_week: 1, fatigue: null },
  caps: [{ channel: null, per: 'week', most: 1, kept: 0 }],
}
const id = '0199a0a0-0000-7000-8000-00000000000a'

const touch = (person: number, daysAgo: number) =>
  sql`
  insert into recent_touches (customer_id, corp_id, latest)
  values (${person}, ${corpId}, array[${packed({ second: start - daysAgo * dayS, channel: 'moments', weight: 30 })}]::bigint[])
  on conflict (customer_id) do update set latest = excluded.latest`.execute(db)

it('who is held gets it when his time has come, unless something has happened since', async () => {
  await sql`insert into corps (corpid, name, created_at) values ('wwplan', '品牌', now())`.execute(db)
  await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 0, now())`.execute(
    db,
  )
  await smallBrand(
    db,
    corpId,
    ['ann', 'bob'],
    [1, 2, 3, 4, 5, 6].map((person) => ({ id: person, senders: [person % 2 ? 'ann' : 'bob'] })),
  )
  await sql`insert into touch_policies (id, corp_id, name, created_at) values (${id}, ${corpId}, 'p', now())`.execute(
    db,
  )
  await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
    values (${id}, 1, 1, ${JSON.stringify(policy)}::jsonb, now())`.execute(db)
  await sql`insert into touch_policy_turns (policy_id, at, version) values (${id}, '2026-01-01', 1)`.execute(db)
  // free again in a day, in a day, in a day, in two days, in five days; the sixth at once
  for (const [person, daysAgo] of [
    [1, 6],
    [2, 6],
    [3, 6],
    [4, 5],
    [5, 2],
  ] as const)
    await touch(person, daysAgo)
  const governed = { when_capped: 'hold', wait_hours: 72, priority: 5 }
  const { runId } = await aRun(db, corpId, { governed }, { at: clock.now() })
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  const known = { db, clock, due: { ...due } as Due }
  await planRun(known, run, (tx) => scheduleHeld(known, tx, { id: runId, corpId }))
  const standing = async () => {
    const { rows } = await sql<{ fate: number; task: number | null }>`
      select fate, task from campaign_recipients where run_id = ${runId} order by customer_id`.execute(db)
    return rows.map(({ fate, task }) => `${fates[fate]}${task ?? ''}`)
  }
  const dueAt = async () => {
    const { rows } = await sql<{
      at: Date
    }>`select at from due where kind = ${heldDue} and key = ${String(runId)}`.execute(db)
    return rows[0] === undefined ? undefined : (rows[0].at.getTime() / 1000 - start) / dayS
  }
  const taken = async () => {
    const { rows } = await sql<{
      id: number
    }>`select customer_id as id from touch_reservations where run_id = ${runId} order by 1`.execute(db)
    return rows.map((row) => row.id)
  }
  expect(await standing()).toEqual(['held', 'held', 'held', 'held', 'dropped', 'sent_to1'])
  expect(await dueAt()).toBe(1)
  expect(await taken()).toEqual([6])

  // another send reached the second, so he must wait beyond what the campaign waits; the third lost his contact
  await touch(2, -0.5)
  await sql`update relations set ended_at = now(), ended_by = 'customer' where customer_id = 3`.execute(db)
  // the first task was answered for good meanwhile: its people are not taken again
  await sql`delete from touch_reservations`.execute(db)
  const wentOn: number[] = []
  const release = async (days: number) => {
    clock.set(new Date((start + days * dayS + 60) * 1000))
    await releaseHeld(known, run, async (_, one) => void wentOn.push(one))
  }
  await release(1)
  expect(await standing()).toEqual(['sent_to2', 'dropped', 'no_sender', 'held', 'dropped', 'sent_to1'])
  expect(await taken()).toEqual([1])
  expect(await dueAt()).toBe(2)
  await release(2)
  expect(await standing()).toEqual(['sent_to2', 'dropped', 'no_sender', 'sent_to3', 'dropped', 'sent_to1'])
  expect(wentOn).toEqual([runId, runId])
  const { rows: tasks } = await sql`
    select number, sender, recipients, state from campaign_tasks where run_id = ${runId} order by number`.execute(db)
  expect(tasks).toEqual([
    { number: 1, sender: 'bob', recipients: 1, state: 'planned' },
    { number: 2, sender: 'ann', recipients: 1, state: 'planned' },
    { number: 3, sender: 'bob', recipients: 1, state: 'planned' },
  ])
  const { rows: told } = await sql<{ kind: string; person: number }>`
    select kind, customer_id as person from events order by occurred_at, customer_id`.execute(db)
  expect(told.map(({ kind, person }) => `${kind} ${person}`)).toEqual([
    ...['touch.held 1', 'touch.held 2', 'touch.held 3', 'touch.held 4', 'touch.dropped 5', 'touch.dropped 2'],
  ])
  // said again it does nothing
  await release(3)
  expect(wentOn).toHaveLength(2)
})

it('whom the lot kept out is held and freed like everybody: both sides of the lift stay alike', async () => {
  const people = Array.from({ length: 120 }, (_, place) => 1_000 + place)
  await smallBrand(
    db,
    corpId,
    [],
    people.map((person) => ({ id: person, senders: ['ann'] })),
  )
  clock.set(new Date(start * 1000))
  // all but each third have had theirs this week; half of them are free in a day, half in six, which is too late
  for (const person of people) if (person % 3 !== 0) await touch(person, person % 3 === 1 ? 6 : 1)
  const { runId, campaignId } = await aRun(
    db,
    corpId,
    { holdout_permille: 400, governed: { when_capped: 'hold', wait_hours: 72, priority: 5 } },
    { at: clock.now() },
  )
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  const known = { db, clock, due: { ...due } as Due }
  await planRun(known, run, (tx) => scheduleHeld(known, tx, { id: runId, corpId }))
  const mine = people.filter((person) => bucketOf(campaignSeed(campaignId), person) < 4_000)
  const sides = async () => {
    const { rows } = await sql<{ id: number; held_out: boolean }>`
      select customer_id as id, fate = ${fates.indexOf('holdout')} as held_out from campaign_recipients r
      where run_id = ${runId} and customer_id >= 1000 and (fate = ${fates.indexOf('sent_to')}
        or fate = ${fates.indexOf('holdout')} and hits = 0 and sender is not null) order by 1`.execute(db)
    return { sent: rows.filter((row) => !row.held_out), out: rows.filter((row) => row.held_out).map((row) => row.id) }
  }
  expect((await sides()).out).toEqual(mine.filter((person) => person % 3 === 0))
  clock.set(new Date((start + dayS + 60) * 1000))
  await releaseHeld(known, run, async () => undefined)
  const { sent, out } = await sides()
  expect(out).toEqual(mine.filter((person) => person % 3 !== 2))
  expect(sent.map((row) => row.id)).toEqual(people.filter((person) => person % 3 !== 2 && !mine.includes(person)))
})

it('nobody has more customers of a run than it allows, those who were held included', async () => {
  await smallBrand(
    db,
    corpId,
    ['cid', 'dan'],
    [
      { id: 2_001, senders: ['cid'] },
      // the other who has them as contacts has room
      ...[2_002, 2_003, 2_004, 2_005].map((id) => ({ id, senders: ['dan', 'cid'] })),
    ],
  )
  clock.set(new Date(start * 1000))
  for (const person of [2_002, 2_003, 2_004, 2_005]) await touch(person, 6)
  const { runId } = await aRun(
    db,
    corpId,
    { senders: { set: null, most: 2 }, governed: { when_capped: 'hold', wait_hours: 72, priority: 5 } },
    { at: clock.now() },
  )
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  const known = { db, clock, due: { ...due } as Due }
  await planRun(known, run, (tx) => scheduleHeld(known, tx, { id: runId, corpId }))
  clock.set(new Date((start + dayS + 60) * 1000))
  await releaseHeld(known, run, async () => undefined)
  const { rows } = await sql<{ id: number; fate: number; reason: number | null; sender: string | null }>`
    select customer_id as id, fate, reason, sender from campaign_recipients
    where run_id = ${runId} and customer_id > 2000 order by 1`.execute(db)
  const of = (sender: string) => rows.filter((row) => row.sender === sender && fates[row.fate] === 'sent_to').length
  expect([of('cid'), of('dan')]).toEqual([2, 2])
  const full = rows.filter((row) => fates[row.fate] === 'no_sender').map(({ reason }) => senderReasons[reason ?? -1])
  expect(full).toEqual(['sender_full'])
  const { rows: tasks } = await sql`
    select sender, recipients from campaign_tasks where run_id = ${runId} and sender in ('cid', 'dan') order by number`.execute(
    db,
  )
  expect(tasks).toEqual([
    { sender: 'cid', recipients: 1 },
    { sender: 'cid', recipients: 1 },
    { sender: 'dan', recipients: 2 },
  ])
})

it('a run of which all were held has its canary first when they are freed', async () => {
  const people = Array.from({ length: 8 }, (_, place) => 3_000 + place)
  const senders = ['eve', 'fay', 'guy', 'hal']
  await smallBrand(
    db,
    corpId,
    senders,
    people.map((id, place) => ({ id, senders: [senders[place % 4] ?? 'eve'], marks: ['tag:late'] })),
  )
  clock.set(new Date(start * 1000))
  for (const person of people) await touch(person, 6)
  const { runId } = await aRun(
    db,
    corpId,
    {
      whom: { rule: { is: 'tags', mode: 'any', tags: ['late'] } },
      canary: { permille: 250, hours: 4, most_deletes_permille: 10 },
      governed: { when_capped: 'hold', wait_hours: 30, priority: 5 },
    },
    { at: clock.now() },
  )
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  const known = { db, clock, due: { ...due } as Due }
  const state = async () =>
    (await db.selectFrom('campaign_runs').select('state').where('id', '=', runId).executeTakeFirst())?.state
  await planRun(known, run, (tx) => beginRun(known, tx, runId))
  expect(await state()).toBe('running')
  clock.set(new Date((start + dayS + 60) * 1000))
  await releaseHeld(known, run, async (tx, id) => {
    const held = await holdRun(tx, id)
    if (held !== undefined) await steer(known, tx, held)
  })
  expect(await state()).toBe('canary')
  const { rows: tasks } = await sql`
    select canary, next_at is not null as asked, count(*)::int as tasks from campaign_tasks
    where run_id = ${runId} group by 1, 2 order by 1 desc`.execute(db)
  expect(tasks).toEqual([
    { canary: true, asked: true, tasks: 1 },
    { canary: false, asked: false, tasks: 3 },
  ])
})
