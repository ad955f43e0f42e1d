import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { groupStage } from '../groups/group-stage.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { recordTouches } from './governor/touches.store.ts'
import { noteWish } from './governor/wishes.store.ts'
import { planRoutes } from './plan/plan.routes.ts'
import { planAnswer } from './plan/plan.schema.ts'
import { groupLines, groupReportRoutes } from './report/groups-report.routes.ts'
import { sendStage } from './send-stage.ts'

const dayMs = 86_400_000
const halfHourMs = 1_800_000
/** Ten in the morning in China. */
const startMs = Date.UTC(2026, 10, 23, 2)
const { stage, operations, upkeep, author, ...sends } = await sendStage(
  (site) => groupStage({ ...{ staff: 4, people: 40, relations: 50, clock: { startMs } }, site }),
  { routes: [groupReportRoutes, planRoutes] },
)
const { db, clock, corpId } = stage
const people: number[] = []
const chats: { small: string; large: string } = { small: '', large: '' }
const write = (name: string, share: number | null, governed: object, more: object = {}) =>
  sends.write(name, {
    ...{ ...sound, kind: 'group_send', whom: null, holdout_permille: 0, reminders: 0, window: null },
    groups: { name: '分享群', most_a_day: 9, most_over_permille: share },
    ...{ governed: { priority: 5, ...governed }, ...more },
  })
const drop = { when_capped: 'drop', wait_hours: 0 }
const hold = { when_capped: 'hold', wait_hours: 300 }
const fatesOf = async (run: number) => {
  const { rows } = await sql<{ chat: string; fate: number; reason: string | null; until: Date | null }>`
    select chat_id as chat, fate, reason, held_until as until from campaign_groups where run_id = ${run}`.execute(db)
  const of = (chat: string) => rows.find((one) => one.chat === chat)
  return { small: of(chats.small), large: of(chats.large) }
}
/** Time passes until then, and what a run holds is decided about where it is time for it. */
const until = async (moment: number) => {
  await sends.pass((moment - clock.now().getTime()) / 60_000)
  const { rows } = await sql<{ id: string }>`
    select id from operations where kind = 'campaign.held' and state = 'waiting'`.execute(db)
  for (const { id } of rows) await operations.run(id)
}
/** Of whom a policy speaks: who is in this group. */
const govern = async (place: number, chat: string, rules: object) => {
  const key = `0199a0a0-0000-7000-8000-00000000000${place}`
  const policy = {
    ...{ whom: { is: 'group', any: [chat] }, marketing: 'limited', kept_from: 9, gap_minutes: 0, quiet: null },
    ...{ less_per_week: 1, fatigue: null, caps: [], ...rules },
  }
  await sql`insert into touch_policies (id, corp_id, name, created_at) values (${key}, ${corpId}, ${place}, now())`.execute(
    db,
  )
  await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
    values (${key}, 1, ${place}, ${JSON.stringify(policy)}::jsonb, now())`.execute(db)
  await sql`insert into touch_policy_turns (policy_id, at, version) values (${key}, '2026-01-01', 1)`.execute(db)
}

beforeAll(async () => {
  await stage.sync()
  const { rows: staff } = await sql<{ userid: string }>`
    select userid from staff where follows and gone_at is null order by userid limit 1`.execute(db)
  const { rows: known } = await sql<{ id: number; externalUserId: string }>`
    select c.id, min(r.external_userid) as "externalUserId" from customers c join relations r on r.customer_id = c.id
    where c.merged_into is null and c.corp_id = ${corpId} group by c.id order by c.id`.execute(db)
  const four = known.slice(0, 4)
  people.push(...four.map(({ id }) => id))
  const members = four.map(({ externalUserId }) => externalUserId)
  chats.small = await stage.group('分享群 小', members.slice(0, 2), staff[0]?.userid)
  chats.large = await stage.group('分享群 大', members, staff[0]?.userid)
  await stage.later(60_000)
  await stage.syncGroups()
  await stage.admin('PATCH', '/sandbox/settings', { reach: { habits: { prompt: 0, late: 0 }, dispatchMs: 3_000 } })
  await sends.meet()
})

describe('a send to groups that leaves out those with too many members over their caps', () => {
  const felt = new Date(startMs - dayMs)

  it('counts of each group who is over by the policy that speaks of him, and drops the group in which they are too many', async () => {
    await govern(1, chats.small, { caps: [{ channel: null, per: 'week', most: 1, kept: 0 }] })
    await db.transaction().execute((tx) =>
      recordTouches(tx, [
        { customerId: people[0] ?? 0, at: felt, effect: 'a', corpId, channel: 'by_hand', kind: 'marketing' },
        // by no policy anybody counts this
        { customerId: people[3] ?? 0, at: felt, effect: 'b', corpId, channel: 'by_hand', kind: 'marketing' },
      ]),
    )
    const plan = await sends.rehearse(await write('一半', 499, drop))
    expect(plan.fates).toMatchObject({ sent_to: 1, dropped: 1, held: 0 })
    expect(plan.dropped).toEqual([{ reason: 'members_over', persons: 1 }])
    expect(plan.members).toEqual({ known: 4, over: 1, refused: 0 })
    // a half of two is one, and of four a quarter is
    expect((await sends.rehearse(await write('刚好', 500, drop))).fates).toMatchObject({ sent_to: 2 })
    expect((await sends.rehearse(await write('一个也不行', 0, drop))).fates).toMatchObject({ sent_to: 0, dropped: 2 })
    expect((await sends.rehearse(await write('不问', null, drop))).fates).toMatchObject({ sent_to: 2 })
    // what is no marketing asks nobody
    const service = await write('通知', 0, drop, { marketing: false })
    expect((await sends.rehearse(service)).fates).toMatchObject({ sent_to: 2 })
  })

  it('says so in words, holds the group until enough of them have room, and goes out to it then, once', async () => {
    const id = await write('等到', 300, hold)
    const run = await sends.goOut(id)
    expect((await fatesOf(run)).large).toMatchObject({ fate: 0, reason: null })
    const { small } = await fatesOf(run)
    expect(small).toMatchObject({ fate: 1, reason: 'members_over' })
    expect(small?.until?.getTime()).toBeGreaterThanOrEqual(felt.getTime() + 7 * dayMs)
    expect(small?.until?.getTime()).toBeLessThan(felt.getTime() + 8 * dayMs)
    // what its alarms lead to is its own page
    const { rows: alarms } = await sql<{ path: string }>`
      select distinct subject->>'path' as path from alarms where subject->>'id' = ${id}`.execute(db)
    expect(alarms).toEqual([{ path: `/engagement/group-sends/${id}` }])
    const shown = (await author.get(`/api/campaigns/${id}/runs/${run}/plan`)).as(planAnswer).plan
    expect(shown?.held[0]?.words.zh).toContain('频次上限')
    const { items } = (await author.get(`/api/campaigns/${id}/runs/${run}/groups?fate=held&limit=50`)).as(groupLines)
    expect(items.map((one) => one.words?.zh)).toEqual([expect.stringContaining('太多客户')])
    const due = small?.until?.getTime() ?? 0
    await until(due - halfHourMs)
    expect((await fatesOf(run)).small).toMatchObject({ fate: 1 })
    await until(due + halfHourMs)
    expect((await fatesOf(run)).small).toMatchObject({ fate: 0, reason: null, until: null })
    await upkeep.pass()
    const { rows: tasks } = await sql<{ recipients: number }>`
      select recipients from campaign_tasks where run_id = ${run} order by number`.execute(db)
    expect(tasks).toEqual([{ recipients: 1 }, { recipients: 1 }])
    await until(due + dayMs)
    expect((await fatesOf(run)).small).toMatchObject({ fate: 0 })
  })

  it('waits on for who is over by then, and never for who wishes nothing', async () => {
    await db
      .transaction()
      .execute((tx) =>
        recordTouches(tx, [
          { customerId: people[1] ?? 0, at: clock.now(), effect: 'c', corpId, channel: 'by_hand', kind: 'marketing' },
        ]),
      )
    const run = await sends.goOut(await write('再等', 300, hold))
    const due = (await fatesOf(run)).small?.until?.getTime() ?? 0
    await sends.pass(2 * 1_440)
    await db
      .transaction()
      .execute((tx) =>
        recordTouches(tx, [
          { customerId: people[0] ?? 0, at: clock.now(), effect: 'd', corpId, channel: 'by_hand', kind: 'marketing' },
        ]),
      )
    await until(due + halfHourMs)
    const { small } = await fatesOf(run)
    expect(small).toMatchObject({ fate: 1, reason: 'members_over' })
    expect(small?.until?.getTime()).toBeGreaterThan(due)
    await db
      .transaction()
      .execute((tx) =>
        noteWish(tx, corpId, people[1] ?? 0, { wish: 'none', reason: '' }, { account: null, at: clock.now() }),
      )
    const plan = await sends.rehearse(await write('等不到', 300, { when_capped: 'hold', wait_hours: 720 }))
    const one = [{ reason: 'members_over', persons: 1 }]
    // of two who are over one must have room: in the large group one will
    expect(plan).toMatchObject({ dropped: one, held: one })
  })
})
