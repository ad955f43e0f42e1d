import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testRun } from '../../infra/operations/testing.ts'
import { localTime } from '../../infra/zone.ts'
import { groupStage } from '../groups/group-stage.ts'
import { plannedReach } from './approvals/approvals.store.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail } from './campaigns/campaigns.schema.ts'
import { noteWish } from './governor/wishes.store.ts'
import { groupsPreview, groupsPreviewRoutes } from './plan/groups-preview.routes.ts'
import { releaseHeld } from './plan/held.ts'
import { planRoutes } from './plan/plan.routes.ts'
import { whyAnswer } from './plan/plan.schema.ts'
import { groupLines, groupReport, groupReportRoutes } from './report/groups-report.routes.ts'
import { sendStage } from './send-stage.ts'

const count = 12
const dayMinutes = 24 * 60
const { stage, operations, author, ...sends } = await sendStage(
  (site) => groupStage({ ...{ staff: 4, people: 40, relations: 50 }, site }),
  { routes: [groupReportRoutes, groupsPreviewRoutes, planRoutes] },
)
const { db, admin, clock } = stage
const deliveries = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })
const hold = (hours: number) => ({ governed: { when_capped: 'hold', wait_hours: hours, priority: 5 } })
const write = (name: string, more: object = {}) =>
  sends.write(name, {
    ...{ ...sound, kind: 'group_send', whom: null, holdout_permille: 0, reminders: 0, window: null },
    ...{ groups: { name: '社区群' }, ...more },
  })
/** Time passes, and what was begun by it is done. */
const pass = async (minutes: number) => {
  await sends.pass(minutes)
  await operations.run()
  await sends.pass(1)
}
const standing = async (run: number) => {
  const { rows } = await sql<{ fate: number; reason: string | null; task: number | null; until: Date | null }>`
    select fate, reason, task, held_until as until from campaign_groups where run_id = ${run} order by chat_id`.execute(
    db,
  )
  return rows
}
const fatesOf = async (run: number) =>
  Object.fromEntries(
    [...Map.groupBy(await standing(run), (one) => one.fate)].map(([fate, list]) => [fate, list.length]),
  )
const confirmAll = async (run: number) => {
  await sends.pass(2)
  const { rows } = await sql<{ sender: string; msgid: string }>`
    select sender, msgid from campaign_tasks where run_id = ${run} and state = 'asked'`.execute(db)
  for (const { sender, msgid } of rows) await admin('POST', `/sandbox/people/${sender}/tasks/${msgid}/confirm`)
  for (let round = 0; round < 3; round += 1) await sends.pass(10)
  return rows.length
}
/** Deliveries at the platform, by group. */
const got = async () => {
  const { rows } = deliveries.parse(await admin('GET', '/sandbox/oracle/group-deliveries?limit=100000'))
  return Map.groupBy(rows, (row) => String(row[3]))
}
const told = async (run: number) => {
  const { rows } = await sql<{ kind: string; chat: string; reason: string; until: string | null }>`
    select kind, payload->>'chat' as chat, payload->>'reason' as reason, payload->>'until' as until from events
    where kind in ('touch.held', 'touch.dropped') and (payload->>'run')::int = ${run} and customer_id = 0 order by id`.execute(
    db,
  )
  return rows
}
/** To ten o'clock of the next day: no test then runs over midnight unawares. */
const nextMorning = async () => {
  const { minute } = localTime(clock.now(), 'Asia/Shanghai')
  await sends.pass(dayMinutes - minute + 10 * 60)
}
const owners: string[] = []

beforeAll(async () => {
  await stage.sync()
  const { rows } = await sql<{ userid: string }>`
    select userid from staff where follows and gone_at is null order by userid limit 2`.execute(db)
  owners.push(...rows.map((row) => row.userid))
  const members = [await stage.customer('王芳'), await stage.customer('刘洋')].map((one) => one.externalUserId)
  for (let number = 0; number < count; number += 1)
    await stage.group(`社区群 ${number}`, members, owners[number % owners.length])
  await stage.later(60_000)
  await stage.syncGroups()
  await admin('PATCH', '/sandbox/settings', { reach: { habits: { prompt: 0, late: 0 }, dispatchMs: 3_000 } })
})

beforeEach(nextMorning)

describe('a send to groups that had theirs today', () => {
  let first = 0

  it('holds them until the same time of the next day, says so everywhere, and goes out then, once', async () => {
    first = await sends.goOut(await write('早安'))
    await confirmAll(first)
    expect((await got()).size).toBe(count)
    const planned = clock.now()
    const id = await write('晚安', hold(72))
    const preview = (
      await author.post('/api/campaigns/groups-preview', {
        campaign: id,
        spec: (await author.get(`/api/campaigns/${id}`)).as(campaignDetail).spec,
      })
    ).as(groupsPreview)
    expect(preview.left_out).toMatchObject([{ fate: 'held', reason: 'had_today', groups: count }])
    const plan = await sends.rehearse(id)
    expect(plan.fates).toMatchObject({ sent_to: 0, held: count, dropped: 0, excluded: 0 })
    expect(plan.held).toEqual([{ reason: 'had_today', persons: count }])
    // nobody can be left out of a group, so who is over his cap or wishes nothing is counted, once in however many groups
    expect(plan.members).toEqual({ known: 2, over: 0, refused: 0 })
    // who is in them counts for what is agreed to: they get it
    expect(plan.customers).toBe(2 * count)
    const run = await sends.goOut(id)
    expect(await db.transaction().execute((tx) => plannedReach(tx, run))).toBe(2 * count)
    const until = new Date(planned.getTime() + dayMinutes * 60_000)
    expect(await fatesOf(run)).toEqual({ 1: count })
    for (const one of await standing(run)) {
      expect(one).toMatchObject({ reason: 'had_today', task: null })
      expect(Math.abs((one.until?.getTime() ?? 0) - until.getTime())).toBeLessThan(120_000)
    }
    expect((await told(run)).map((one) => [one.kind, one.reason])).toEqual(
      Array.from({ length: count }, () => ['touch.held', 'had_today']),
    )
    const path = `/api/campaigns/${id}/runs/${run}`
    const { items } = (await author.get(`${path}/groups?fate=held&limit=50`)).as(groupLines)
    expect(items).toHaveLength(count)
    expect(items.every((one) => one.held_until !== null && one.words?.zh.includes('今天'))).toBe(true)
    expect((await author.get(`${path}/group-report`)).as(groupReport).groups).toMatchObject({
      ...{ planned: 0, held: count, dropped: 0, sent: 0 },
    })
    const { rows: members } = await sql<{ id: number }>`
      select customer_id as id from group_members where customer_id is not null and chat_id in (select chat_id from campaign_groups where run_id = ${run}) limit 1`.execute(
      db,
    )
    const why = (await author.get(`/api/campaigns/${id}/why?customer_id=${members[0]?.id}&run=${run}`)).as(whyAnswer)
    expect(why.words[0]?.zh).toMatch(/等到 \d{4}-\d\d-\d\d \d\d:\d\d 再发/)

    // nothing before its time
    await pass(60)
    expect(await fatesOf(run)).toEqual({ 1: count })
    await pass(dayMinutes - 30)
    expect(await fatesOf(run)).toEqual({ 0: count })
    await pass(5)
    expect(await confirmAll(run)).toBe(owners.length)
    expect([...(await got()).values()].map((list) => list.length)).toEqual(Array.from({ length: count }, () => 2))
    // and not again
    await pass(dayMinutes)
    await confirmAll(run)
    expect([...(await got()).values()].map((list) => list.length)).toEqual(Array.from({ length: count }, () => 2))
    expect(
      (await author.get(`/api/campaigns/${id}`)).as(campaignDetail).runs.find((one) => one.id === run)?.state,
    ).toBe('ended')
  })

  it('waits on while another send takes the day, and is dropped when it has waited long enough', async () => {
    const higher = await sends.goOut(await write('早安二'))
    await confirmAll(higher)
    const run = await sends.goOut(await write('等不到', hold(30)))
    expect(await fatesOf(run)).toEqual({ 1: count })
    // the next day somebody else is first
    await pass(20 * 60)
    const between = await sends.goOut(await write('早安三'))
    expect(await fatesOf(between)).toEqual({ 0: count })
    await pass(5 * 60)
    expect(await fatesOf(run)).toEqual({ 2: count })
    expect((await told(run)).map((one) => one.kind).toSorted()).toEqual([
      ...Array.from({ length: count }, () => 'touch.dropped'),
      ...Array.from({ length: count }, () => 'touch.held'),
    ])
    await confirmAll(between)
    // no group ever had more than one a day
    for (const list of (await got()).values()) {
      const days = list.map((row) => Math.floor((Number(row[4]) + 8 * 3_600_000) / 86_400_000))
      expect(new Set(days).size).toBe(days.length)
    }
  })

  it('is asked for once though the process is killed while it decides again, and again while it asks', async () => {
    const before = new Map([...(await got())].map(([chat, list]) => [chat, list.length]))
    const day = await sends.goOut(await write('早安四'))
    await confirmAll(day)
    const run = await sends.goOut(await write('等一天', hold(48)))
    expect(await fatesOf(run)).toEqual({ 1: count })
    // all is decided and written, and then the process is gone
    await sends.pass(dayMinutes)
    const { rows } = await sql<{
      id: string
    }>`select id from operations where kind = 'campaign.held' order by created_at desc limit 1`.execute(db)
    const asked = {
      ...testRun({ id: rows[0]?.id ?? '', corpId: stage.corpId, input: {}, checkpoint: null }),
      input: { runId: run },
    }
    const died = async () => {
      throw new Error('killed')
    }
    await expect(releaseHeld(sends.services, asked, died)).rejects.toThrow('killed')
    expect(await fatesOf(run)).toEqual({ 1: count })
    expect((await told(run)).map((one) => one.kind)).toEqual(Array.from({ length: count }, () => 'touch.held'))
    // another takes it over, and dies once the platform has heard it
    await operations.run()
    expect(await fatesOf(run)).toEqual({ 0: count })
    const { promise: death, resolve: dead } = Promise.withResolvers<void>()
    stage.restart(async (input, init) => {
      if (!String(input).includes('add_msg_template')) return fetch(input, init)
      await (await fetch(input, init)).arrayBuffer()
      dead()
      return new Promise<Response>(() => undefined)
    })
    void sends.pass(1)
    await death
    stage.restart()
    for (let round = 0; round < 6; round += 1) {
      await db
        .updateTable('campaign_tasks')
        .set({ leased_until: new Date(0) })
        .execute()
      await sends.pass(8)
    }
    // what was decided is decided, however often it is looked at
    await releaseHeld(sends.services, asked, died)
    await confirmAll(run)
    for (const [chat, list] of await got()) expect(list.length - (before.get(chat) ?? 0)).toBe(2)
  })

  it('counts whom his cap or his wish would keep out if it went to him alone, for nobody can be left out of a group', async () => {
    const id = await write('数人')
    const counted = async () => (await sends.rehearse(id)).members
    const { rows } = await sql<{ id: number }>`
      select distinct customer_id as id from group_members where chat_id in (
        select chat_id from groups where name like '社区群%') and customer_id is not null order by 1`.execute(db)
    const [one] = rows
    expect(await counted()).toEqual({ known: 2, over: 0, refused: 0 })
    // who is not there any more is not counted, who came back is
    const memberships = db.updateTable('group_members').where('customer_id', '=', one?.id ?? 0)
    await memberships.set({ absent_at: clock.now() }).execute()
    expect(await counted()).toEqual({ known: 1, over: 0, refused: 0 })
    await memberships.set({ absent_at: null, left_at: sql`joined_at - interval '1 day'` }).execute()
    expect(await counted()).toEqual({ known: 2, over: 0, refused: 0 })
    await db
      .transaction()
      .execute((tx) =>
        noteWish(tx, stage.corpId, one?.id ?? 0, { wish: 'none', reason: '' }, { account: null, at: clock.now() }),
      )
    expect(await counted()).toEqual({ known: 2, over: 1, refused: 1 })
    // by a policy that speaks of some alone
    await sends.meet()
    const policy = {
      ...{ whom: { all: [] }, marketing: 'never', kept_from: 9, gap_minutes: 0, quiet: null, less_per_week: 1 },
      ...{ fatigue: null, caps: [] },
    }
    const key = '0199a0a0-0000-7000-8000-00000000000b'
    await sql`insert into touch_policies (id, corp_id, name, created_at) values (${key}, ${stage.corpId}, 'p', now())`.execute(
      db,
    )
    await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
      values (${key}, 1, 1, ${JSON.stringify(policy)}::jsonb, now())`.execute(db)
    await sql`insert into touch_policy_turns (policy_id, at, version) values (${key}, '2026-01-01', 1)`.execute(db)
    expect(await counted()).toEqual({ known: 2, over: 2, refused: 1 })
    // what is no marketing asks nobody
    expect((await sends.rehearse(await write('通知', { marketing: false }))).members).toBeUndefined()
  })
})
