import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { businessDay } from '../../infra/zone.ts'
import { groupStage } from '../groups/group-stage.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { calendarView, campaignDetail } from './campaigns/campaigns.schema.ts'
import { groupLines, groupReport, groupReportRoutes } from './report/groups-report.routes.ts'
import { sendStage } from './send-stage.ts'

const count = 200
const owners = ['chenxiaoyu', 'lijie'] as const
/** The answers to the first calls for a task get lost; the platform has heard them. */
function losing(calls: number): typeof fetch {
  let left = calls
  return async (input, init) => {
    const answer = await fetch(input, init)
    if (left === 0 || !String(input).includes('add_msg_template')) return answer
    left -= 1
    await answer.arrayBuffer()
    throw new TypeError('terminated')
  }
}
const { stage, services, due, operations, upkeep, author, approver, ...sends } = await sendStage(
  (site) => groupStage({ ...{ staff: 4, people: 40, relations: 50 }, site }),
  { routes: [groupReportRoutes] },
)
const { pass, rehearse } = sends
/** The wire of a process that is killed at its nth new task: nothing comes back to it, and nothing goes out any more. */
function dying(at: number, heard: boolean): { fetch: typeof fetch; death: Promise<void> } {
  const never = new Promise<Response>(() => undefined)
  const { promise: death, resolve: died } = Promise.withResolvers<void>()
  let calls = 0
  return {
    death,
    fetch: async (input, init) => {
      if (calls >= at) return never
      if (String(input).includes('add_msg_template')) calls += 1
      if (calls < at) return fetch(input, init)
      if (heard) await (await fetch(input, init)).arrayBuffer()
      died()
      return never
    },
  }
}
const { db, admin, clock } = stage
const deliveries = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })

interface Row {
  readonly number: number
  readonly state: string
  readonly sender: string
  readonly msgid: string | null
  readonly sent: number
  readonly recipients: number
}
const tasksOf = async (run: number) => {
  const { rows } = await sql<Row>`
    select number, state, sender, msgid, sent, recipients from campaign_tasks where run_id = ${run} order by number`.execute(
    db,
  )
  return rows
}
const plain = [{ ...sound.variants[0], content: { text: '今晚八点直播', attachments: [] } }]
const write = async (groups: object = {}, more: object = {}) => {
  const spec = { ...sound, kind: 'group_send', whom: null, holdout_permille: 0, groups, reminders: 0, ...more }
  return sends.write('周二领券', spec)
}
const never = new Promise<void>(() => undefined)
/** Agreed to, planned and put to its owners; answers the run. */
const goOut = async (id: string, death: Promise<void> = never): Promise<number> => {
  await sends.agree(id)
  const run = await sends.begin(id)
  await Promise.race([death, upkeep.pass()])
  return run
}
const confirmAll = async (run: number) => {
  for (const { sender, msgid, state } of await tasksOf(run))
    if (state === 'asked') await admin('POST', `/sandbox/people/${sender}/tasks/${msgid}/confirm`)
}
const reached = async () =>
  deliveries
    .parse(await admin('GET', '/sandbox/oracle/group-deliveries?limit=100000'))
    .rows.map((row) => String(row[3]))
const ours = async (run: number) => {
  const { rows } = await sql<{ chatId: string }>`
    select chat_id as "chatId" from campaign_groups where run_id = ${run} and status = 1 order by 1`.execute(db)
  return rows.map((row) => row.chatId)
}

beforeAll(async () => {
  await stage.sync()
  const { rows: staff } = await sql<{ userid: string }>`
    select userid from staff where follows and gone_at is null order by userid limit ${owners.length}`.execute(db)
  const members = [await stage.customer('王芳'), await stage.customer('刘洋')].map((one) => one.externalUserId)
  for (let number = 0; number < count; number += 1)
    await stage.group(`社区群 ${number}`, members.slice(number), staff[number % staff.length]?.userid)
  await stage.later(60_000)
  await stage.syncGroups()
  await admin('PATCH', '/sandbox/settings', { reach: { habits: { prompt: 0, late: 0 }, dispatchMs: 3_000 } })
})

describe('a send to groups', () => {
  let first = 0

  it('is rehearsed, agreed to, asked one task a group, confirmed, and told of every group as the platform has it', async () => {
    const id = await write({ task_each: true, name: '社区群' })
    const plan = await rehearse(id)
    expect(plan.fates.sent_to).toBe(count)
    // the taps that it costs each owner
    expect(plan.tasks).toBe(count)
    expect(plan.loaded.reduce((sum, one) => sum + one.tasks, 0)).toBe(count)
    first = await goOut(id)
    const asked = await tasksOf(first)
    expect(asked.map((task) => [task.state, task.recipients])).toEqual(asked.map(() => ['asked', 1]))
    expect(asked).toHaveLength(count)
    const links = await db.selectFrom('links').select('task').where('run_id', '=', first).execute()
    expect(new Set(links.map((row) => row.task)).size).toBe(count)
    await pass(2)
    await confirmAll(first)
    for (let round = 0; round < 3; round += 1) await pass(10)
    const got = await reached()
    expect(got).toHaveLength(count)
    expect(got.toSorted()).toEqual(await ours(first))
    const touched = await db.selectFrom('group_touches').select('chat_id').where('channel', '=', 'group_send').execute()
    expect(touched.map((row) => row.chat_id).toSorted()).toEqual(got.toSorted())
    // and of who was in them: one of both, one of the first alone
    const { rows: ledger } = await sql`
      select count(*)::int as groups, channel, kind, campaign_id as campaign, weight, bool_and(sender is not null) as sent
      from touches where channel = 'group_send' group by customer_id, channel, kind, campaign_id, weight order by 1`.execute(
      db,
    )
    const touch = { channel: 'group_send', kind: 'marketing', campaign: id, weight: 60, sent: true }
    expect(ledger).toEqual([1, 2].map((groups) => ({ groups, ...touch })))
    expect((await author.get(`/api/campaigns/${id}`)).as(campaignDetail).state).toBe('ended')
  })

  it('tells the clicks of each group, and the orders that they woke', async () => {
    const [ours] = await sql<{
      campaign: string
    }>`select campaign_id as campaign from campaign_runs where id = ${first}`
      .execute(db)
      .then((answer) => answer.rows)
    const { rows: people } = await sql<{ id: number }>`
      select id from customers where merged_into is null order by id limit 3`.execute(db)
    const [woken, busy, late] = people.map((one) => one.id)
    const at = clock.now()
    const hours = (more: number) => new Date(at.getTime() + more * 3_600_000)
    const { rows: links } = await sql<{ id: number; task: number }>`
      select id, task from links where run_id = ${first} order by task limit 1`.execute(db)
    // twice by one, and once by somebody whom nobody knows
    for (const customer of [woken, woken, busy, late, 0])
      await sql`insert into link_opens (link_id, id, at, corp_id, run_id, task, customer_id)
        values (${links[0]?.id}, gen_random_uuid(), ${at}, ${stage.corpId}, ${first}, ${links[0]?.task}, ${customer})`.execute(
        db,
      )
    const orders = [
      [woken, 1, 2],
      [busy, 2, -24],
      [busy, 3, 2],
      [late, 4, 25],
    ] as const
    for (const [customer, id, after] of orders)
      await sql`insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, lines, version_at, learnt_at)
        values (${customer}, ${id}, ${stage.corpId}, 'shop', ${`n${id}`}, 'paid', 100, 0, ${hours(after)}, ${hours(after)}, '[]', ${at}, ${at})`.execute(
        db,
      )
    const path = `/api/campaigns/${ours?.campaign}/runs/${first}`
    const report = (await author.get(`${path}/group-report`)).as(groupReport)
    expect(report).toMatchObject({
      groups: { planned: count, sent: count, over_cap: 0 },
      tasks: { made: count, confirmed: count },
      clicks: { all: 5, persons: 3 },
      woken: { orders: 1, persons: 1 },
    })
    const { items } = (await author.get(`${path}/groups?limit=200`)).as(groupLines)
    expect(
      items
        .map((one) => one.clicks)
        .toSorted((a, b) => Number(b) - Number(a))
        .slice(0, 2),
    ).toEqual([5, 0])
    expect(items).toHaveLength(count)
  })

  it('goes to no group twice on one day', async () => {
    const id = await write()
    const plan = await rehearse(id)
    expect(plan.fates.sent_to).toBe(plan.candidates - count)
    expect(plan.dropped).toContainEqual({ reason: 'had_today', persons: count })
  })

  it('asks an owner once for all of his groups on the next day, and finds a task again of which the answer was lost', async () => {
    await pass(24 * 60)
    const id = await write({ name: '社区群' })
    expect((await rehearse(id)).fates.sent_to).toBe(count)
    stage.restart(losing(1))
    const run = await goOut(id)
    stage.restart()
    const asked = await tasksOf(run)
    expect(asked.map((task) => task.state).toSorted()).toEqual(['asked', 'unknown'])
    expect(asked).toHaveLength(owners.length)
    for (let round = 0; round < 3; round += 1) await pass(5)
    await confirmAll(run)
    // what is not sent stays untold: it is asked about for a day
    for (let round = 0; round < 3; round += 1) await pass(10)
    expect(await ours(run)).toHaveLength(count)
    const got = await reached()
    expect(got).toHaveLength(2 * count)
    expect(Math.max(...[...Map.groupBy(got, (chat) => chat).values()].map((list) => list.length))).toBe(2)
  })
  it.each([
    ['with links', true, sound.variants],
    ['with links', false, sound.variants],
    ['without', true, plain],
    ['without', false, plain],
  ] as const)('%s is made once though the process is killed at a call (heard: %s)', async (_, heard, variants) => {
    await pass(24 * 60)
    const before = (await reached()).length
    const id = await write({ name: '社区群' }, { marketing: false, variants })
    await rehearse(id)
    const wire = dying(1, heard)
    stage.restart(wire.fetch)
    const run = await goOut(id, wire.death)
    stage.restart()
    for (let round = 0; round < 6; round += 1) {
      // another process takes over what the dead one had in hand
      await db
        .updateTable('campaign_tasks')
        .set({ leased_until: new Date(0) })
        .execute()
      await pass(8)
    }
    expect((await tasksOf(run)).map((task) => task.state)).toEqual(['asked', 'asked'])
    await confirmAll(run)
    for (let round = 0; round < 3; round += 1) await pass(10)
    const got = (await reached()).slice(before)
    expect(new Set(got).size).toBe(got.length)
    expect(got.toSorted()).toEqual(await ours(run))
    expect(got).toHaveLength(count)
  })

  it('needs a link where an owner has more groups than one task holds: lost answers could not be told apart', async () => {
    const corp = db.updateTable('corps').where('id', '=', stage.corpId)
    await corp.set({ limits: JSON.stringify({ 'broadcast.groups_max': 50 }) }).execute()
    await pass(24 * 60)
    expect((await rehearse(await write({ name: '社区群' }))).tasks).toBe(4)
    const refused = await write({ name: '社区群' }, { marketing: false, variants: plain })
    await expect(rehearse(refused)).rejects.toThrow(/more than 50 groups/)
    await corp.set({ limits: JSON.stringify({}) }).execute()
  })

  it('is named in the calendar with the other send of its day that is for the same groups', async () => {
    const tomorrow = new Date(clock.now().getTime() + 24 * 3_600_000)
    const day = businessDay(tomorrow, 'Asia/Shanghai')
    const later = { schedule: { kind: 'at', at: tomorrow.toISOString() } }
    const a = await write({ name: '社区群 1' }, later)
    const b = await write({ name: '社区群 19' }, later)
    await write({ name: '别的群' }, later)
    const { conflicts } = (await author.get(`/api/campaigns/calendar?from=${day}&to=${day}`)).as(calendarView)
    const ids = [a, b].toSorted()
    expect(conflicts.filter((one) => ids.includes(one.a) && ids.includes(one.b))).toEqual([
      { day, a: ids[0], b: ids[1], persons: 0, groups: 11, first: null },
    ])
  })
})
