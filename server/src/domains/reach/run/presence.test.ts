import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { handleCustomerCallbacks } from '../../customers/index.ts'
import { presenceChanged } from '../../organisation/index.ts'
import { fates, senderReasons } from '../campaigns/recipient.ts'
import { heldDue } from '../plan/held.ts'
import { runStage } from './run-stage.ts'

const stage = await runStage({ staff: 8, people: 60, relations: 130 })
const { db, corpId } = stage

beforeAll(async () => {
  await stage.sync()
})

/** From now on, for so many hours. */
async function leave(userid: string, hours: number, fromHours = 0) {
  const now = stage.clock.now().getTime()
  const at = (more: number) => new Date(now + more * 3_600_000)
  await sql`insert into staff_leaves (id, corp_id, userid, from_at, until_at, set_by, set_at)
    values (${uuid()}, ${corpId}, ${userid}, ${at(fromHours)}, ${at(hours)}, 'x', ${at(0)})`.execute(db)
  await presenceChanged(db, corpId, [userid], at(0))
}
const recipientsOf = async (runId: number) => {
  const { rows } = await sql<{ id: number; fate: number; reason: number | null; sender: string | null }>`
    select customer_id as id, fate, reason, sender from campaign_recipients where run_id = ${runId} order by 1`.execute(
    db,
  )
  return rows.map((row) => ({
    ...row,
    fate: fates[row.fate],
    reason: row.reason === null ? null : senderReasons[row.reason],
  }))
}
const knownBy = async (userid: string) => {
  const { rows } = await sql<{ id: number }>`
    select coalesce(c.merged_into, c.id) as id from relations r join customers c on c.id = r.customer_id
    where r.corp_id = ${corpId} and r.userid = ${userid} and r.status = 'alive'`.execute(db)
  return new Set(rows.map((row) => row.id))
}
const told = async (kind: string) =>
  db.selectFrom('app_messages').select(['userid', 'values']).where('kind', '=', kind).execute()
const notYet = async (runId: number) => (await stage.tasks(runId)).filter(({ state }) => state !== 'failed')

describe('a member who goes on leave', () => {
  it('while his task is open: it is taken back at once, others who know his customers are asked, and all are told', async () => {
    const runId = await stage.planned()
    await stage.begin(runId)
    await stage.round()
    await stage.pass(2)
    const [first] = await stage.tasks(runId)
    const absent = first?.sender ?? ''
    const manager = (await stage.tasks(runId)).at(-1)?.sender ?? ''
    const store = uuid()
    await sql`insert into stores (id, corp_id, code, name, manager_userid, created_at)
      values (${store}, ${corpId}, 's1', '一店', ${manager}, now())`.execute(db)
    await sql`update staff set store_id = ${store} where userid = ${absent}`.execute(db)
    const before = await recipientsOf(runId)
    const his = before.filter(({ sender }) => sender === absent).map(({ id }) => id)
    // the hourly look is not waited for
    await leave(absent, 48)
    await stage.due()
    await stage.round()
    await stage.round()
    const tasks = await stage.tasks(runId)
    expect(tasks[0]).toMatchObject({ state: 'failed', why: 'absent', recipients: 0 })
    const after = (await recipientsOf(runId)).filter(({ id }) => his.includes(id))
    const given = after.filter(({ fate }) => fate === 'sent_to')
    expect(given.length).toBeGreaterThan(2)
    for (const { id, sender } of given) expect((await knownBy(sender ?? '')).has(id)).toBe(true)
    expect(given.map(({ sender }) => sender)).not.toContain(absent)
    const alone = after.filter(({ fate }) => fate === 'no_sender')
    expect(alone.length).toBeGreaterThan(0)
    expect(new Set(alone.map(({ reason }) => reason))).toEqual(new Set(['sender_away']))
    const takers = new Set(given.map(({ sender }) => sender))
    expect(new Set((await told('campaign.taken_over')).map(({ userid }) => userid))).toEqual(takers)
    const [word] = await told('campaign.reassigned')
    expect(word).toMatchObject({
      userid: manager,
      values: { 人数: String(given.length), 未发: String(alone.length), 活动: '双十一' },
    })

    // he is back: whoever waited for nobody but him is decided about again
    await sql`delete from staff_leaves where userid = ${absent}`.execute(db)
    await presenceChanged(db, corpId, [absent], stage.clock.now())
    await stage.due()
    const back = (await recipientsOf(runId)).filter(({ id }) => alone.some((one) => one.id === id))
    expect(new Set(back.map(({ fate }) => fate))).toEqual(new Set(['held']))
    const due = await db.selectFrom('due').select('key').where('kind', '=', heldDue).execute()
    expect(due.map(({ key }) => key)).toContain(String(runId))
  })

  it('before he is asked: he is not asked, and nothing stands at the platform', async () => {
    const runId = await stage.planned()
    const [first] = await stage.tasks(runId)
    const absent = first?.sender ?? ''
    await leave(absent, 48)
    const made = (await stage.broadcasts()).length
    await stage.begin(runId)
    await stage.round()
    const tasks = await stage.tasks(runId)
    expect(tasks[0]).toMatchObject({ state: 'failed', why: 'absent', msgid: null })
    expect((await notYet(runId)).map(({ state }) => state)).toEqual((await notYet(runId)).map(() => 'asked'))
    expect((await stage.broadcasts()).length - made).toBe((await notYet(runId)).length)
    await sql`delete from staff_leaves`.execute(db)
  })

  it('later: he is asked until then, and not looked for before his leave begins', async () => {
    const runId = await stage.planned()
    const [first] = await stage.tasks(runId)
    const absent = first?.sender ?? ''
    await leave(absent, 48, 5)
    await stage.begin(runId)
    await stage.due()
    await stage.round()
    expect((await stage.tasks(runId))[0]?.state).toBe('asked')
    const { at } = await db
      .selectFrom('due')
      .select('at')
      .where('kind', '=', 'staff.presence')
      .executeTakeFirstOrThrow()
    expect(at.getTime()).toBe(stage.clock.now().getTime() + 5 * 3_600_000)
    await stage.pass(5 * 60)
    await stage.round()
    expect((await stage.tasks(runId))[0]).toMatchObject({ state: 'failed', why: 'absent' })
  })
})

it('a member who leaves for good is noticed by the callback that says so', async () => {
  await sql`delete from staff_leaves`.execute(db)
  const runId = await stage.planned()
  await stage.begin(runId)
  await stage.round()
  await stage.pass(2)
  const [first] = await stage.tasks(runId)
  const event = { kind: 'contact.user_deleted', userId: first?.sender ?? '' }
  await handleCustomerCallbacks(stage.services, [{ corpId, event } as never])
  await stage.due()
  await stage.round()
  expect((await stage.tasks(runId))[0]).toMatchObject({ state: 'failed', why: 'absent' })
})
