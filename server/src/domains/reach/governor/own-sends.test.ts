import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { groupStage } from '../../groups/group-stage.ts'
import { readOwnSends } from './own-sends.jobs.ts'
import { noteOwnSends } from './own-sends.store.ts'
import { daysOf, isSettled, listFrom, readNext } from './own-sends.ts'
import { groupQuotaFacts, quotaFacts, quotaSpent } from './quota.store.ts'
import { quotaAt, quotaOf, quotaRule } from './quota.ts'

const stage = await groupStage({ staff: 4, people: 60, relations: 90 })
const { db, services, corpId, admin } = stage
await stage.sync()
await admin('PATCH', '/sandbox/settings', { limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } } })
await sql`update corps set limits = '{"broadcast.cap_mode":"daily_1"}' where id = ${corpId}`.execute(db)

const sent = z.object({ msgid: z.string(), counts: z.object({ sent: z.int(), overCap: z.int() }) })

/** Members with customers of theirs, by our own numbers. */
async function relations(): Promise<readonly { userid: string; external: string; id: number }[]> {
  const { rows } = await sql<{ userid: string; external: string; id: number }>`
    select userid, external_userid as external, customer_id as id from relations
    where corp_id = ${corpId} and status = 'alive' order by userid, customer_id`.execute(db)
  return rows
}

const broadcast = async (userid: string, body: unknown) =>
  sent.parse(await admin('POST', `/sandbox/people/${userid}/broadcasts`, body))

it('what members sent by themselves is touches by hand, once, and a refusal says that nothing is left', async () => {
  const all = await relations()
  const [one] = all
  if (one === undefined) throw new Error('somebody is somebody’s customer')
  const own = all.filter(({ userid }) => userid === one.userid)
  const first = await broadcast(one.userid, { text: '秋装到店啦', customers: own.map(({ external }) => external) })
  expect(first.counts.sent).toBeGreaterThan(0)
  await stage.later()
  expect(await readOwnSends(services, corpId)).toBe(1)
  const ledger = () =>
    db
      .selectFrom('touches')
      .select(['customer_id', 'channel', 'kind', 'sender', 'effect'])
      .orderBy('customer_id')
      .orderBy('effect')
      .execute()
  const touches = await ledger()
  expect(touches).toHaveLength(first.counts.sent)
  expect(touches[0]).toMatchObject({
    ...{ channel: 'by_hand', kind: 'marketing', sender: one.userid, effect: `own:${first.msgid}` },
  })
  // a day has room for one more send to nobody of them
  const second = await broadcast(one.userid, { text: '最后一天', customers: own.map(({ external }) => external) })
  expect(second.counts.overCap).toBe(first.counts.sent)
  await stage.later()
  expect(await readOwnSends(services, corpId)).toBe(1)
  expect(await ledger()).toEqual(touches)
  const customerId = touches[0]?.customer_id ?? 0
  const now = stage.clock.now()
  const limits = await services.platform.limits(corpId)
  const rule = (at: Date) => quotaAt(limits, at)
  const spent = await sql<{ customer_id: number }>`select * from (${quotaSpent(corpId, rule, now)}) spent`.execute(db)
  expect(spent.rows.map((one) => one.customer_id)).toContain(customerId)
  const left = await quotaFacts(db, [customerId], rule(now), now)
  expect(left.fullAt).not.toBeNull()
  // nothing is left to read
  expect(await readOwnSends(services, corpId)).toBe(0)
})

it('a group that a member sent to has so much less left', async () => {
  const member = await stage.customer('王芳')
  const chatId = await stage.group('老客福利群', [member.externalUserId])
  await stage.later()
  await stage.syncGroups()
  await broadcast('chenxiaoyu', { text: '今晚八点', chatIds: [chatId] })
  await stage.later()
  expect(await readOwnSends(services, corpId)).toBe(1)
  // who is in it was touched as by any send to a group
  const ledger = db.selectFrom('touches').select(['channel', 'kind', 'sender', 'weight', 'campaign_id'])
  expect(await ledger.where('effect', 'like', `own:%:${chatId}`).execute()).toEqual([
    { channel: 'group_send', kind: 'marketing', sender: 'chenxiaoyu', weight: 60, campaign_id: null },
  ])
  const now = stage.clock.now()
  const limits = await services.platform.limits(corpId)
  const rule = (at: Date) => quotaAt(limits, at)
  const facts = await groupQuotaFacts(db, corpId, [chatId, 'another'], rule(now), now)
  expect([chatId, 'another'].map((id) => facts.get(id)?.sent.length)).toEqual([1, 0])
  expect(quotaOf(rule, facts.get(chatId) ?? { sent: [], reserved: 0, fullAt: null }, now)).toMatchObject({ known: 1 })
})

const published = z.object({ momentId: z.string(), chosen: z.int(), seen: z.int() })
const moment = async (userid: string, body: unknown) =>
  published.parse(await admin('POST', `/sandbox/people/${userid}/moments`, body))
const hours = (count: number) => stage.later(count * 3_600_000)
const ofMoment = (id: string) =>
  db
    .selectFrom('touches')
    .select(['customer_id', 'channel', 'kind', 'sender', 'campaign_id', 'weight'])
    .where('effect', '=', `own:${id}`)
    .execute()
it('a member’s own Moment touches whoever can see it, once, and counts for the corp’s Moments of a month', async () => {
  const [one] = await relations()
  if (one === undefined) throw new Error('somebody is somebody’s customer')
  const { momentId, seen } = await moment(one.userid, { text: '今日到货' })
  expect(seen).toBeGreaterThan(0)
  await stage.later()
  expect(await readOwnSends(services, corpId)).toBe(1)
  const touches = await ofMoment(momentId)
  expect(touches).toHaveLength(seen)
  expect(touches[0]).toMatchObject({
    ...{ channel: 'moments', kind: 'marketing', sender: one.userid, campaign_id: null, weight: 30 },
  })
  // told on the timeline of each, once
  await hours(2)
  expect(await readOwnSends(services, corpId)).toBe(1)
  await hours(30)
  expect(await readOwnSends(services, corpId)).toBe(0)
  expect(await ofMoment(momentId)).toEqual(touches)
  const { rows } = await sql<{ n: number; sender: string }>`
    select count(*)::int as n, min(staff_userid) as sender from events
    where kind = 'moment.by_member' and cause = ${`own:${momentId}`}`.execute(db)
  expect(rows).toEqual([{ n: seen, sender: one.userid }])
  const id = touches[0]?.customer_id ?? 0
  const rule = quotaRule('moments', { limits: await services.platform.limits(corpId), momentsAMonth: 1 })
  if (rule === null) throw new Error('Moments have a quota')
  const now = stage.clock.now()
  expect(quotaOf(rule, await quotaFacts(db, [id], rule(now), now), now)).toMatchObject({ known: 1, left: 0 })
  const spent = await sql<{ customer_id: number }>`select * from (${quotaSpent(corpId, rule, now)}) spent`.execute(db)
  expect(new Set(spent.rows.map((row) => row.customer_id))).toEqual(new Set(touches.map((row) => row.customer_id)))
})

it('a Moment for some touches those; one that its member took away before it was read touches nobody we can name', async () => {
  const [one] = await relations()
  if (one === undefined) throw new Error('somebody is somebody’s customer')
  const some = await moment(one.userid, { text: '只给你看', customers: [one.external] })
  const gone = await moment(one.userid, { text: '发错了' })
  await stage.later()
  const client = await services.platform.forCorp(corpId)
  if (client === undefined) throw new Error('the corp is connected')
  await noteOwnSends(
    db,
    corpId,
    [{ msgid: gone.momentId, kind: 'moment', sender: one.userid, madeAt: stage.clock.now() }],
    stage.clock.now(),
  )
  await admin('DELETE', `/sandbox/people/${one.userid}/moments/${gone.momentId}`)
  expect(await readOwnSends(services, corpId)).toBe(2)
  expect((await ofMoment(some.momentId)).map((row) => row.customer_id)).toEqual([one.id])
  expect(await ofMoment(gone.momentId)).toEqual([])
  await hours(2)
  // the one that is gone is not asked about again
  expect(await readOwnSends(services, corpId)).toBe(1)
})

it('a listing that breaks off goes on where it was, and nothing is booked twice', async () => {
  const [one] = await relations()
  if (one === undefined) throw new Error('somebody is somebody’s customer')
  const ids: string[] = []
  for (let day = 0; day < 3; day += 1) {
    // more than a page of the list
    for (let n = 0; n < 25; n += 1)
      ids.push((await moment(one.userid, { text: `早安 ${n}`, customers: [one.external] })).momentId)
    await hours(24)
  }
  const path = '/cgi-bin/externalcontact/get_moment_list'
  const listed = () =>
    db
      .selectFrom('own_listings')
      .selectAll()
      .where('corp_id', '=', corpId)
      .where('kind', '=', 'moment')
      .executeTakeFirst()
  const before = await listed()
  // the last day cannot be listed
  const last = Math.floor(stage.clock.now().getTime() / 1000)
  stage.restart(async (input, init) => {
    if (String(input).includes(path) && (await new Request(input, init).text()).includes(`"end_time":${last}`))
      throw new TypeError('the platform is away')
    return fetch(input, init)
  })
  await expect(readOwnSends(services, corpId)).rejects.toThrow()
  stage.restart()
  const half = await listed()
  expect(half?.listed_until.getTime()).toBeGreaterThan(before?.listed_until.getTime() ?? 0)
  expect(half?.listed_until.getTime()).toBeLessThan(stage.clock.now().getTime())
  await readOwnSends(services, corpId)
  const { rows } = await sql<{ n: number; touched: number }>`
    select count(*)::int as n, count(distinct effect)::int as touched from touches
    where effect = any(${ids.map((id) => `own:${id}`)}::text[])`.execute(db)
  expect(rows).toEqual([{ n: ids.length, touched: ids.length }])
  expect((await listed())?.swept_at).toEqual(stage.clock.now())
})

it('reaches back two hours, once a day three, and at first as far as the list does', () => {
  const now = new Date('2026-11-20T02:00:00Z')
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const hour = 3_600_000
  const from = (listed: number, swept: number) =>
    listFrom({ listedUntil: ago(listed * hour), sweptAt: ago(swept * hour) }, now, 30)
  expect(from(1, 5)).toEqual({ from: ago(3 * hour), sweeps: false })
  expect(from(1, 24)).toEqual({ from: ago(73 * hour), sweeps: true })
  expect(listFrom(undefined, now, 30)).toEqual({ from: ago(720 * hour), sweeps: true })
  const days = daysOf(ago(50 * hour), now)
  expect(days.map(({ since }) => since)).toEqual([ago(50 * hour), ago(26 * hour), ago(2 * hour)])
  expect(days.at(-1)?.until).toEqual(now)
})

it('of a Moment is settled what was told twice alike; of a message what nobody waits for', () => {
  const counts = { sent: 3, overCap: 0, open: 0 }
  expect(isSettled({ kind: 'moment', reads: 0, sent: 0 }, counts)).toBe(false)
  expect(isSettled({ kind: 'moment', reads: 1, sent: 2 }, counts)).toBe(false)
  expect(isSettled({ kind: 'moment', reads: 1, sent: 3 }, counts)).toBe(true)
  expect(isSettled({ kind: 'moment', reads: 3, sent: 0 }, { ...counts, sent: 0 })).toBe(false)
  expect(isSettled({ kind: 'single', reads: 0, sent: 0 }, counts)).toBe(true)
  expect(isSettled({ kind: 'single', reads: 0, sent: 0 }, { ...counts, open: 1 })).toBe(false)
})

it('what is not settled is read again a few times, ever later, and then no more', () => {
  const at = new Date('2026-11-20T02:00:00Z')
  const hours = [1, 2, 3, 4, 5].map((reads) => readNext(reads, false, at)?.getTime())
  expect(hours.map((ms) => (ms === undefined ? null : (ms - at.getTime()) / 3_600_000))).toEqual([1, 4, 24, 72, null])
  expect(readNext(1, true, at)).toBeNull()
})
