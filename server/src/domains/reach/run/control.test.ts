import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { fateNumber } from '../campaigns/recipient.ts'
import { runTasksPage, runView } from './run.schema.ts'
import { runStage } from './run-stage.ts'
import { changeTasks, takeBackOpen } from './tasks.store.ts'

const stage = await runStage({ staff: 10, people: 120, relations: 220 })
const { db, corpId } = stage
let operator: Awaited<ReturnType<typeof stage.as>>

beforeAll(async () => {
  await stage.sync()
  operator = await stage.as('operator')
})

const shown = async (runId: number) => (await operator.get(await stage.path(runId))).as(runView)
const act = async (runId: number, what: 'pause' | 'resume' | 'cancel', body?: unknown) =>
  operator.post(await stage.path(runId, what), body)
const { quietHours, onNextDayAt } = stage
const confirmAll = async (runId: number) => {
  for (const { state, sender, msgid } of await stage.tasks(runId))
    if (state === 'asked') await stage.confirm(sender, msgid ?? '')
}
const states = async (runId: number) => [...new Set((await stage.tasks(runId)).map(({ state }) => state))].sort()
const alarms = async (kind: string) =>
  db
    .selectFrom('alarms')
    .select(['title', 'severity'])
    .where('kind', '=', kind)
    .where('cleared_at', 'is', null)
    .execute()

describe('a person', () => {
  it('pauses a run, which takes back what is open, and goes on, which makes it anew', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned({}, { perTask: 8 })
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    const [first] = await stage.tasks(runId)
    await stage.confirm(first?.sender ?? '', first?.msgid ?? '')
    const paused = (await act(runId, 'pause', {})).as(runView)
    expect(paused).toMatchObject({
      state: 'paused',
      may: { pause: false, resume: true, cancel: true },
      stop_minutes: 1,
    })
    await stage.round()
    // he confirmed before his task was taken back: it counts as sent
    await stage.pass(2)
    expect(await states(runId)).toEqual(['confirmed', 'planned'])
    const { sent, no_friend } = (await shown(runId)).people
    expect(sent + no_friend).toBe(first?.recipients)
    await stage.pass(60)
    expect(await states(runId)).toEqual(['confirmed', 'planned'])
    expect((await act(runId, 'resume')).as(runView).state).toBe('running')
    await stage.round()
    await stage.pass(2)
    expect((await stage.tasks(runId)).filter(({ attempt }) => attempt === 2).length).toBeGreaterThan(3)
    await confirmAll(runId)
    await stage.pass(10)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    const got = await stage.delivered()
    expect(new Set(got.map(([id]) => id)).size).toBe(got.length)
  })

  it('cancels a run: what is not asked never is, what is open is taken back, what was confirmed meanwhile counts', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned({}, { perTask: 8 })
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    const tasks = await stage.tasks(runId)
    for (const { sender, msgid } of tasks.slice(0, 2)) await stage.confirm(sender, msgid ?? '')
    expect((await act(runId, 'cancel')).status).toBe(200)
    expect((await shown(runId)).taking_back).toBe(tasks.length)
    await stage.round()
    await stage.pass(2)
    expect(await stage.run(runId)).toMatchObject({ state: 'cancelled', ended: true })
    const view = await shown(runId)
    expect(view).toMatchObject({ taking_back: 0, confirmed_late: 2 })
    expect(view.tasks).toMatchObject({ confirmed: 2, cancelled: tasks.length - 2, asked: 0 })
    expect(view.people.sent + view.people.no_friend).toBe(
      tasks.slice(0, 2).reduce((sum, one) => sum + one.recipients, 0),
    )
    expect((await act(runId, 'cancel')).status).toBe(422)
    expect(stage.audited.some(({ action }) => action === 'campaign_run.cancel')).toBe(true)
  })

  it('takes back at once also what is just being looked at', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned({}, { perTask: 8 })
    await stage.begin(runId)
    await stage.round()
    const [task] = await stage.tasks(runId)
    const [number, now] = [task?.number ?? -1, stage.clock.now()]
    await db.transaction().execute((tx) => takeBackOpen(tx, runId, 'absent', now, { numbers: [number] }))
    // a look that began before that ends, and found nothing new
    const later = new Date(now.getTime() + 3_600_000)
    await changeTasks(db, [{ runId, number, from: 'asked', state: 'asked', nextAt: later }])
    await stage.pass(2)
    expect((await stage.tasks(runId))[0]).toMatchObject({ state: 'failed', why: 'absent' })
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('reads the tasks page by page, of a state and of a member', async () => {
    const runId = await stage.planned({}, { perTask: 8 })
    const path = await stage.path(runId, 'tasks')
    const first = (await operator.get(`${path}?limit=5`)).as(runTasksPage)
    expect(first.items.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4])
    const next = (await operator.get(`${path}?limit=5&cursor=${first.next_cursor}`)).as(runTasksPage)
    expect(next.items[0]?.number).toBe(5)
    expect((await operator.get(`${path}?state=asked`)).as(runTasksPage).items).toEqual([])
    const sender = first.items[0]?.sender
    const his = (await operator.get(`${path}?sender=${sender}`)).as(runTasksPage).items
    expect(his.every((task) => task.sender === sender)).toBe(true)
  })

  it('who may not, may not', async () => {
    const runId = await stage.planned()
    const [path, pause] = [await stage.path(runId), await stage.path(runId, 'pause')]
    expect((await (await stage.as('guide', { kind: 'self', userid: 'x' })).get(path)).status).toBe(403)
    expect((await (await stage.as('auditor')).get(path)).status).toBe(200)
    expect((await (await stage.as('auditor')).post(pause, {})).status).toBe(403)
    expect((await (await stage.as('operator', { kind: 'region', departmentIds: [1] })).get(path)).status).toBe(403)
    expect((await operator.get(path.replace(/\/\d+$/, '/999999'))).status).toBe(404)
  })
})

describe('time', () => {
  it('takes open tasks back before quiet hours begin, and makes them anew when they end', async () => {
    await onNextDayAt(20)
    await quietHours({ from: 21 * 60, until: 9 * 60 })
    const runId = await stage.planned({ expires_hours: 48 }, { perTask: 20 })
    await stage.begin(runId)
    await stage.round()
    expect(await states(runId)).toEqual(['asked'])
    await stage.pass(56)
    expect(await states(runId)).toEqual(['planned'])
    expect((await stage.broadcasts()).every(({ cancelled, members }) => cancelled || members.sent > 0)).toBe(true)
    await stage.pass(6 * 60)
    expect(await states(runId)).toEqual(['planned'])
    await stage.pass(7 * 60)
    expect(await states(runId)).toEqual(['asked'])
    await stage.pass(2)
    await confirmAll(runId)
    await stage.pass(10)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended' })
    await quietHours(null)
  })

  it('reminds as often as wanted, then expires: cancelled, touches given back, a task for the manager of the store', async () => {
    await onNextDayAt(10)
    const storeId = '0199a0a0-0000-7000-8000-0000000000aa'
    const people = await stage.people('staff')
    const manager = people[0]?.userid ?? ''
    await db
      .insertInto('stores')
      .values({
        id: storeId,
        corp_id: corpId,
        code: 'S1',
        name: '一店',
        manager_userid: manager,
        created_at: stage.clock.now(),
      })
      .execute()
    await db.updateTable('staff').set({ store_id: storeId }).execute()
    const runId = await stage.planned({ expires_hours: 6, reminders: 2 }, { perTask: 30 })
    await sql`insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
      select customer_id, run_id, corp_id, ${stage.clock.now()}, 'customer_send', 100 from campaign_recipients where run_id = ${runId}`.execute(
      db,
    )
    await stage.begin(runId)
    await stage.round()
    for (let passed = 0; passed < 5.5; passed += 0.5) await stage.pass(30)
    expect((await stage.tasks(runId)).every(({ reminded }) => reminded === 2)).toBe(true)
    expect(await stage.calls('/remind_groupmsg_send')).toBe(2 * (await stage.tasks(runId)).length)
    await stage.pass(31)
    await stage.pass(2)
    expect(await states(runId)).toEqual(['expired'])
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    const left = await sql<{
      n: number
    }>`select count(*)::int as n from touch_reservations where run_id = ${runId}`.execute(db)
    expect(left.rows[0]?.n).toBe(0)
    const given = await db
      .selectFrom('staff_tasks')
      .select(['userid', 'detail'])
      .where('kind', '=', 'campaign.unconfirmed')
      .execute()
    expect(given).toHaveLength((await stage.tasks(runId)).filter(({ sender }) => sender !== manager).length)
    expect(given.every(({ userid }) => userid === manager)).toBe(true)
    // the run says who was told of each; of the manager's own nobody could be, which is an alarm
    const { items } = (await operator.get(await stage.path(runId, 'tasks'))).as(runTasksPage)
    const own = items.filter(({ sender }) => sender === manager)
    expect(own.map(({ told }) => told)).toEqual([{ as: 'nobody', userid: null, name: null }])
    for (const { told } of items.filter((one) => !own.includes(one)))
      expect(told).toEqual({ as: 'store', userid: manager, name: people[0]?.name })
    expect(await alarms('campaign.untold')).toMatchObject([
      { title: { zh: expect.stringContaining(people[0]?.name ?? '') } },
    ])
  })

  it('reminds of a task no more often than wanted, also when it was taken back and asked anew', async () => {
    await onNextDayAt(9)
    const runId = await stage.planned({ expires_hours: 10, reminders: 2 }, { perTask: 30 })
    const before = await stage.calls('/remind_groupmsg_send')
    await stage.begin(runId)
    await stage.round()
    for (let passed = 0; passed < 7; passed += 0.5) await stage.pass(30)
    const tasks = (await stage.tasks(runId)).length
    await act(runId, 'pause', {})
    await stage.pass(2)
    expect(await states(runId)).toEqual(['planned'])
    await act(runId, 'resume')
    for (let passed = 0; passed < 2.5; passed += 0.5) await stage.pass(30)
    expect(await states(runId)).toEqual(['asked'])
    expect((await stage.calls('/remind_groupmsg_send')) - before).toBe(2 * tasks)
  })

  it('asks within the hours of the campaign only', async () => {
    await onNextDayAt(8)
    const runId = await stage.planned({ window: { from: 10 * 60, until: 12 * 60 } })
    await stage.begin(runId)
    await stage.round()
    expect(await states(runId)).toEqual(['planned'])
    await stage.pass(130)
    expect(await states(runId)).toEqual(['asked'])
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

describe('members who cannot send', () => {
  it('give those whom the platform keeps from them to who last chatted, and list who has nobody else', async () => {
    await onNextDayAt(10)
    await stage.admin('PATCH', '/sandbox/settings', { reach: { lastChatRule: 'always' } })
    const runId = await stage.planned()
    const before = await stage.tasks(runId)
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    await stage.pass(2)
    await confirmAll(runId)
    await stage.pass(10)
    await stage.admin('PATCH', '/sandbox/settings', { reach: { lastChatRule: 'withoutSender' } })
    const after = await stage.tasks(runId)
    expect(after.length).toBeGreaterThan(before.length)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended' })
    const planned = before.reduce((sum, one) => sum + one.recipients, 0)
    const listed = await sql<{ n: number }>`select count(*)::int as n from campaign_recipients
      where run_id = ${runId} and fate = ${fateNumber('no_sender')} and task is null`.execute(db)
    const reached = after.reduce((sum, one) => sum + one.sent + one.noFriend, 0)
    expect(reached + (listed.rows[0]?.n ?? 0)).toBe(planned)
    const strange = await sql<{
      n: number
    }>`select count(*)::int as n from campaign_recipients c where run_id = ${runId} and sender is not null
      and not exists (select from relations r where r.customer_id = c.customer_id and r.userid = c.sender)`.execute(db)
    expect(strange.rows[0]?.n).toBe(0)
  })

  it('who leave while their task is open hand it to others who have the relation', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned()
    await stage.begin(runId)
    await stage.round()
    const [leaver] = await stage.tasks(runId)
    await db
      .updateTable('staff')
      .set({ gone_at: stage.clock.now() })
      .where('userid', '=', leaver?.sender ?? '')
      .execute()
    await stage.pass(61)
    await stage.pass(2)
    await db
      .updateTable('staff')
      .set({ gone_at: null })
      .where('userid', '=', leaver?.sender ?? '')
      .execute()
    const tasks = await stage.tasks(runId)
    expect(tasks[0]).toMatchObject({ state: 'failed', why: 'absent', recipients: 0 })
    expect(tasks.slice(1).some(({ sender }) => sender === leaver?.sender)).toBe(false)
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

describe('a canary', () => {
  const canary = { permille: 100, hours: 4, most_deletes_permille: 50 }
  const angry = { contains: '', reads: 1, clicks: 0, buys: 0, deletes: 0.6 }

  it('goes out alone, and the rest by itself when its time is over', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned({ canary }, { perTask: 15, canaryTasks: 2 })
    await stage.begin(runId)
    await stage.round()
    expect(
      (await stage.tasks(runId)).map(({ state, canary: first }) => state === (first ? 'asked' : 'planned')),
    ).not.toContain(false)
    await stage.pass(2)
    await confirmAll(runId)
    await stage.pass(30)
    expect(await stage.run(runId)).toMatchObject({ state: 'canary' })
    await stage.pass(4 * 60)
    expect((await shown(runId)).canary).toMatchObject({ verdict: 'go', deleted: 0, confirmed: 2 })
    expect(await states(runId)).toEqual(['asked', 'confirmed'])
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('is paused with an alarm when hardly anybody was reached in its time', async () => {
    await onNextDayAt(10)
    const runId = await stage.planned({ canary }, { perTask: 15, canaryTasks: 2 })
    await stage.begin(runId)
    await stage.round()
    await stage.pass(4 * 60 + 5)
    expect(await stage.run(runId)).toMatchObject({ state: 'paused', why: 'canary_unheard' })
    expect(await alarms('campaign.canary')).toHaveLength(1)
    await act(runId, 'resume')
    expect(await stage.run(runId)).toMatchObject({ state: 'canary', why: null })
    expect(await alarms('campaign.canary')).toEqual([])
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('that drives people away stops the rest, takes back what is open, and says how many had confirmed', async () => {
    await onNextDayAt(10)
    await stage.admin('PATCH', '/sandbox/settings', { reach: { appeals: [angry] } })
    const runId = await stage.planned({ canary }, { perTask: 15, canaryTasks: 3 })
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    const [first, second] = await stage.tasks(runId)
    for (const one of [first, second]) await stage.confirm(one?.sender ?? '', one?.msgid ?? '')
    await stage.pass(6)
    await stage.pass(170)
    // callbacks tell of who deleted; nobody takes them in here
    await deletionsCome()
    await stage.pass(6)
    await stage.pass(2)
    expect(await stage.run(runId)).toMatchObject({ state: 'stopped', why: 'canary_deletes', ended: true })
    const view = await shown(runId)
    expect(view.canary).toMatchObject({ verdict: 'stop', confirmed: 2 })
    expect(view.canary?.deleted).toBeGreaterThan(3)
    expect(view.tasks).toMatchObject({ confirmed: 2, asked: 0, planned: 0 })
    // nothing of it is left to be stopped: that one has seen it ends its alarm
    expect(view.may).toEqual({ pause: false, resume: false, cancel: false, acknowledge: true })
    expect(view.canary?.base).toMatchObject({ source: 'assumed', share: 0.0125 })
    const [alarm] = await alarms('campaign.canary')
    expect(alarm).toMatchObject({ severity: 'red' })
    expect(JSON.stringify(alarm?.title)).toContain('2 个任务')
    const seen = (await operator.post(await stage.path(runId, 'acknowledge'))).as(runView)
    expect([seen.state, seen.may.acknowledge, await alarms('campaign.canary')]).toEqual(['stopped', false, []])
    expect(stage.audited.at(-1)).toMatchObject({ action: 'campaign_run.acknowledge', objectId: String(runId) })
    expect((await operator.post(await stage.path(runId, 'acknowledge'))).status).toBe(422)
  })

  /** As the callbacks would say: who is told to have deleted by the platform's own account. */
  async function deletionsCome(): Promise<void> {
    const now = stage.clock.now()
    await sql`update relations r set ended_at = ${now}, ended_by = 'customer' from (
        select customer_id, sender from campaign_recipients where status = 1 order by run_id desc, customer_id limit 12) c
      where r.customer_id = c.customer_id and r.userid = c.sender`.execute(db)
  }
})

describe('a platform that refuses every task', () => {
  it('pauses the run and says what a person must do; going on sends what was left', async () => {
    await onNextDayAt(10)
    await stage.admin('PATCH', '/sandbox/settings', { reach: { appeals: [] } })
    const runId = await stage.planned({}, { perTask: 40 })
    stage.restart(async (input, init) =>
      String(input).includes('add_msg_template')
        ? Response.json({ errcode: 48002, errmsg: 'api forbidden' })
        : fetch(input, init),
    )
    await stage.begin(runId)
    await stage.round()
    stage.restart()
    expect((await stage.run(runId)).state).toBe('paused')
    expect(await alarms('campaign.halted')).toHaveLength(1)
    await act(runId, 'resume')
    await stage.pass(2)
    await stage.pass(2)
    expect(await states(runId)).toEqual(['asked'])
    expect(await alarms('campaign.halted')).toEqual([])
  })
})
