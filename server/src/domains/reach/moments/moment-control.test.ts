import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fateNumber } from '../campaigns/recipient.ts'
import { runTasksPage, runView } from '../run/run.schema.ts'
import { momentStage } from './moment-stage.ts'

const stage = await momentStage({ staff: 8, people: 100, relations: 170 })
const { db, quietHours, onNextDayAt } = stage
let operator: Awaited<ReturnType<typeof stage.as>>

beforeAll(async () => {
  await stage.sync()
  operator = await stage.as('operator')
})

// the platform's minute is of this process's clients: each test has one of its own
beforeEach(() => stage.restart())

const act = async (runId: number, what: 'pause' | 'resume' | 'cancel') =>
  operator.post(await stage.path(runId, what), what === 'pause' ? {} : undefined)
const shown = async (runId: number) => (await operator.get(await stage.path(runId))).as(runView)
const states = async (runId: number) => [...new Set((await stage.parts(runId)).map(({ state }) => state))].sort()
const reserved = async (runId: number) => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from touch_reservations where run_id = ${runId}`.execute(db)
  return rows[0]?.n
}
const told = (kind: string) =>
  db.selectFrom('app_messages').select(['userid', 'key', 'values']).where('kind', '=', kind).execute()
const goOut = async (runId: number) => {
  await stage.begin(runId)
  await stage.round()
  await stage.pass(1)
}
/** Nobody may see a campaign twice by what we asked for. */
const seenOnce = async (runId: number) => {
  const ids = new Set((await stage.parts(runId)).map(({ msgid }) => msgid))
  const [{ pastIds = [] } = {}] = await stage.moments(runId)
  const own = (await stage.seen()).filter(({ momentId }) => ids.has(momentId) || pastIds.includes(momentId))
  expect(new Set(own.map(({ id }) => id)).size).toBe(own.length)
  return own
}

describe('a person', () => {
  it('cancels: all that is not published is gone within five minutes, and what is published counts', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    await goOut(runId)
    const parts = await stage.parts(runId)
    const [first] = parts
    if (first !== undefined) await stage.publish(first)
    expect((await act(runId, 'cancel')).status).toBe(200)
    await stage.pass(1)
    await stage.pass(4)
    expect((await stage.truths()).at(-1)).toMatchObject({ cancelled: true, members: { published: 1 } })
    expect(await states(runId)).toEqual(['cancelled', 'confirmed'])
    const view = await shown(runId)
    expect(view.tasks).toMatchObject({ confirmed: 1, cancelled: parts.length - 1, asked: 0 })
    expect(view).toMatchObject({ taking_back: 0, confirmed_late: 1 })
    await expect(stage.publish(parts[1] ?? parts[0] ?? never())).rejects.toThrow(/cancelled/)
    for (let round = 0; round < 3; round += 1) await stage.pass(15)
    expect(await stage.run(runId)).toMatchObject({ state: 'cancelled', ended: true })
    expect(await reserved(runId)).toBe(0)
    expect(await seenOnce(runId)).toHaveLength((await stage.parts(runId)).reduce((sum, one) => sum + one.sent, 0))
    // one call took everybody's back
    expect(await stage.calls('/cancel_moment_task')).toBe(1)
  })

  it('pauses and goes on before anything was taken back: it stays, and is looked at once more, not at every round', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    await goOut(runId)
    await stage.round()
    await act(runId, 'pause')
    await act(runId, 'resume')
    const before = await stage.calls('/get_moment_task')
    for (let rounds = 0; rounds < 4; rounds += 1) await stage.round()
    expect((await stage.calls('/get_moment_task')) - before).toBe(1)
    expect(await states(runId)).toEqual(['asked'])
    expect((await stage.truths()).at(-1)?.cancelled).toBe(false)
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('goes on while it is being taken back: what may be cancelled already is made anew, for nobody could publish it', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    await goOut(runId)
    await act(runId, 'pause')
    stage.restart(async (input, init) => {
      const answer = await fetch(input, init)
      if (!String(input).includes('cancel_moment_task')) return answer
      await answer.arrayBuffer()
      return Response.json({ errcode: -1, errmsg: 'system busy' })
    })
    await stage.round()
    stage.restart()
    await act(runId, 'resume')
    for (let rounds = 0; rounds < 4; rounds += 1) await stage.pass(1)
    expect((await stage.moments(runId)).map((one) => [one.state, one.attempt])).toEqual([['asked', 2]])
    expect((await stage.truths()).slice(-2).map(({ cancelled }) => cancelled)).toEqual([true, false])
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('cancels before it was asked for, and nothing ever is', async () => {
    const before = (await stage.truths()).length
    const runId = await stage.ready()
    await stage.begin(runId)
    await act(runId, 'cancel')
    await stage.pass(10)
    expect(await states(runId)).toEqual(['cancelled'])
    expect((await stage.truths()).length).toBe(before)
    expect(await stage.run(runId)).toMatchObject({ state: 'cancelled', ended: true })
  })

  it('sees how it stands, and each member’s part of it', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    await goOut(runId)
    const [first] = await stage.parts(runId)
    if (first !== undefined) await stage.publish(first)
    await stage.pass(15)
    const view = await shown(runId)
    const parts = await stage.parts(runId)
    expect(view.moments).toMatchObject([{ state: 'asked', members: parts.length, published: 1, seen: parts[0]?.sent }])
    expect(view.stop_minutes).toBe(1)
    const { items } = (await operator.get(`${await stage.path(runId, 'tasks')}?state=confirmed`)).as(runTasksPage)
    expect(items).toMatchObject([{ sender: first?.sender, sent: parts[0]?.sent, likes: parts[0]?.likes }])
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

describe('time', () => {
  it('takes what is not published back before quiet hours, and makes it anew for the rest when they end', async () => {
    await onNextDayAt(20)
    await quietHours({ from: 21 * 60, until: 9 * 60 })
    const runId = await stage.ready({ expires_hours: 48 })
    await goOut(runId)
    const [first] = await stage.parts(runId)
    if (first !== undefined) await stage.publish(first)
    await stage.pass(56)
    expect(await states(runId)).toEqual(['confirmed', 'planned'])
    expect((await stage.truths()).at(-1)?.cancelled).toBe(true)
    await stage.pass(6 * 60)
    expect(await states(runId)).toEqual(['confirmed', 'planned'])
    await stage.pass(7 * 60)
    await stage.pass(2)
    expect(await states(runId)).toEqual(['asked', 'confirmed'])
    const parts = await stage.parts(runId)
    expect((await stage.truths()).at(-1)?.members.asked).toBe(parts.length - 1)
    await stage.publishAll(runId)
    for (let round = 0; round < 4; round += 1) await stage.pass(15)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended' })
    expect(await seenOnce(runId)).toHaveLength((await stage.parts(runId)).reduce((sum, one) => sum + one.sent, 0))
    await quietHours(null)
  })

  it('reminds through the app as often as wanted, then expires: taken back, touches given back, the manager told', async () => {
    await onNextDayAt(10)
    const storeId = '0199a0a0-0000-7000-8000-0000000000aa'
    const manager = (await stage.people('staff'))[0]?.userid ?? ''
    const store = { id: storeId, corp_id: stage.corpId, code: 'S1', name: '一店', manager_userid: manager }
    await db
      .insertInto('stores')
      .values({ ...store, created_at: stage.clock.now() })
      .execute()
    await db.updateTable('staff').set({ store_id: storeId }).execute()
    const runId = await stage.ready({ expires_hours: 6, reminders: 2 })
    await goOut(runId)
    for (let passed = 0; passed < 5.5; passed += 0.5) await stage.pass(30)
    const parts = await stage.parts(runId)
    expect(parts.map(({ reminded }) => reminded)).toEqual(parts.map(() => 2))
    const reminders = await told('campaign.publish')
    expect(reminders.map(({ userid }) => userid).toSorted()).toEqual(
      parts.flatMap(({ sender }) => [sender, sender]).toSorted(),
    )
    await stage.pass(31)
    await stage.pass(2)
    expect(await states(runId)).toEqual(['expired'])
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    expect(await reserved(runId)).toBe(0)
    const others = parts.filter(({ sender }) => sender !== manager)
    expect((await told('campaign.unpublished')).map(({ userid }) => userid)).toEqual(others.map(() => manager))
    const given = await db
      .selectFrom('staff_tasks')
      .select('userid')
      .where('kind', '=', 'campaign.unpublished')
      .execute()
    expect(given.map(({ userid }) => userid)).toEqual(others.map(() => manager))
  })

  it('asks within the hours of the campaign only', async () => {
    await onNextDayAt(8)
    const runId = await stage.ready({ window: { from: 10 * 60, until: 12 * 60 } })
    await goOut(runId)
    expect(await states(runId)).toEqual(['planned'])
    await stage.pass(130)
    await stage.pass(1)
    expect(await states(runId)).toEqual(['asked'])
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

describe('members who cannot publish', () => {
  const noSender = async (runId: number) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from campaign_recipients
      where run_id = ${runId} and fate = ${fateNumber('no_sender')} and task is null`.execute(db)
    return rows[0]?.n
  }

  it('fail with a reason when the platform does not take or list them: whose part nobody has is offered, whose may be is listed', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    const [strange, hidden, ...others] = await stage.parts(runId)
    await sql`update campaign_tasks set sender = 'nobody' where run_id = ${runId} and number = ${strange?.number}`.execute(
      db,
    )
    await stage.admin('PATCH', `/sandbox/settings`, { members: { [hidden?.sender ?? '']: { followUser: false } } })
    await goOut(runId)
    await stage.pass(2)
    await stage.admin('PATCH', `/sandbox/settings`, { members: { [hidden?.sender ?? '']: { followUser: true } } })
    const parts = await stage.parts(runId)
    expect(parts[0]).toMatchObject({ state: 'failed', why: 'invalid_sender', recipients: 0 })
    expect(parts[1]).toMatchObject({ state: 'failed', why: 'unlisted', recipients: 0 })
    const stood = parts.slice(2, 2 + others.length)
    expect(stood.map(({ state }) => state)).toEqual(others.map(() => 'asked'))
    // the member behind the strange name knows all of them
    const given = parts.slice(2 + others.length)
    expect(given.map(({ state, moment }) => [state, moment])).toEqual(given.map(() => ['planned', 2]))
    expect(given.reduce((sum, one) => sum + one.recipients, 0)).toBe(strange?.recipients)
    expect(await noSender(runId)).toBe(hidden?.recipients)
    expect(await reserved(runId)).toBe(parts.reduce((sum, one) => sum + one.recipients, 0))
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('keep their part while they are on leave: it can be taken from nobody alone, and given to nobody', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    await goOut(runId)
    const [away] = await stage.parts(runId)
    const from = stage.clock.now()
    await sql`insert into staff_leaves (id, corp_id, userid, from_at, until_at, set_by, set_at)
      values (gen_random_uuid(), ${stage.corpId}, ${away?.sender}, ${from}, ${new Date(from.getTime() + 86_400_000)}, 'x', ${from})`.execute(
      db,
    )
    await stage.pass(61)
    await stage.pass(2)
    expect(await states(runId)).toEqual(['asked'])
    await db.deleteFrom('staff_leaves').execute()
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

describe('a canary', () => {
  const canary = { permille: 100, hours: 4, most_deletes_permille: 50 }

  it('goes out alone, and the rest by itself when its time is over', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready({ canary }, { canaryTasks: 2 })
    await goOut(runId)
    const parts = await stage.parts(runId)
    expect(parts.map((one) => one.state)).toEqual(parts.map((one) => (one.canary ? 'asked' : 'planned')))
    await stage.publishAll(runId)
    await stage.pass(30)
    expect(await stage.run(runId)).toMatchObject({ state: 'canary' })
    await stage.pass(4 * 60)
    await stage.pass(1)
    expect((await shown(runId)).canary).toMatchObject({ verdict: 'go', deleted: 0, confirmed: 2 })
    expect(await states(runId)).toEqual(['asked', 'confirmed'])
    await act(runId, 'cancel')
    await stage.pass(2)
  })

  it('that drives people away stops the rest, and what is open of it is taken back', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready({ canary }, { canaryTasks: 3 })
    await goOut(runId)
    const [first, second] = await stage.parts(runId)
    for (const one of [first, second]) if (one !== undefined) await stage.publish(one)
    await stage.pass(6)
    // callbacks tell of who deleted; nobody takes them in here
    await sql`update relations r set ended_at = ${stage.clock.now()}, ended_by = 'customer' from (
        select customer_id, sender from campaign_recipients where run_id = ${runId} and status = 1 order by customer_id limit 10) c
      where r.customer_id = c.customer_id and r.userid = c.sender`.execute(db)
    for (let round = 0; round < 3; round += 1) await stage.pass(6)
    expect(await stage.run(runId)).toMatchObject({ state: 'stopped', why: 'canary_deletes' })
    const parts = await stage.parts(runId)
    expect(parts.map((one) => one.state)).toEqual(parts.map((one) => (one.number < 2 ? 'confirmed' : 'cancelled')))
    expect((await stage.truths()).at(-1)?.cancelled).toBe(true)
  })
})

describe('who says that he wants nothing', () => {
  it('does not see it: neither when he says so before it is asked for, nor while his member has not published', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    const people = async () =>
      (
        await sql<{ person: number; id: string; fate: number }>`
          select customer_id as person, external_userid as id, fate from campaign_recipients where run_id = ${runId} order by 1`.execute(
          db,
        )
      ).rows
    const [early, late] = await people()
    const refuse = (person: number | undefined) =>
      sql`insert into touch_wishes (customer_id, at, corp_id, wish) values (${person}, ${stage.clock.now()}, ${stage.corpId}, 'none')`.execute(
        db,
      )
    await refuse(early?.person)
    await goOut(runId)
    expect((await people()).filter(({ fate }) => fate === fateNumber('dropped'))).toMatchObject([
      { person: early?.person },
    ])
    await refuse(late?.person)
    await stage.pass(15)
    expect((await people()).filter(({ fate }) => fate === fateNumber('dropped'))).toHaveLength(2)
    await stage.publishAll(runId)
    for (let round = 0; round < 3; round += 1) await stage.pass(15)
    const seen = new Set((await seenOnce(runId)).map(({ id }) => id))
    expect([early, late].map((one) => seen.has(one?.id ?? ''))).toEqual([false, false])
    expect((await stage.parts(runId)).every(({ beside }) => beside === 0)).toBe(true)
    await db.deleteFrom('touch_wishes').execute()
  })
})

describe('a Moment by corp tags', () => {
  it('counts everybody who sees it: who was not named before becomes a recipient, who sees it twice is touched twice', async () => {
    await onNextDayAt(10)
    const all = await stage.relations()
    const senders = [...new Set(all.map(({ userid }) => userid))].slice(0, 4)
    const carriers = all.filter(({ userid }) => senders.includes(userid))
    const runId = await stage.byTag(carriers, senders)
    await goOut(runId)
    await stage.publishAll(runId)
    for (let round = 0; round < 8; round += 1) await stage.pass(6 * 60)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended' })
    const ids = new Set((await stage.parts(runId)).map(({ msgid }) => msgid))
    const own = (await stage.seen()).filter(({ momentId }) => ids.has(momentId))
    const persons = new Set(own.map(({ id }) => id)).size
    const parts = await stage.parts(runId)
    const sum = (key: 'sent' | 'beside') => parts.reduce((all, one) => all + one[key], 0)
    expect(own.length).toBeGreaterThan(persons)
    expect([sum('sent'), sum('beside')]).toEqual([persons, own.length - persons])
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from touches where effect like ${`campaign:${runId}%`}`.execute(db)
    expect(rows[0]?.n).toBe(own.length)
    const { rows: listed } = await sql<{ n: number }>`
      select count(*)::int as n from campaign_recipients where run_id = ${runId} and fate = 0 and status = 1`.execute(
      db,
    )
    expect(listed[0]?.n).toBe(persons)
  })
})

describe('a platform that refuses every Moment', () => {
  it('pauses the run and says what a person must do; going on asks for it', async () => {
    await onNextDayAt(10)
    const runId = await stage.ready()
    stage.restart(async (input, init) =>
      String(input).includes('add_moment_task')
        ? Response.json({ errcode: 41211, errmsg: 'no moments' })
        : fetch(input, init),
    )
    await goOut(runId)
    stage.restart()
    expect((await stage.run(runId)).state).toBe('paused')
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from alarms where kind = 'campaign.halted' and cleared_at is null`.execute(db)
    expect(rows[0]?.n).toBe(1)
    await act(runId, 'resume')
    await stage.pass(2)
    await stage.pass(1)
    expect(await states(runId)).toEqual(['asked'])
    await act(runId, 'cancel')
    await stage.pass(2)
  })
})

function never(): never {
  throw new Error('the run has no members')
}
