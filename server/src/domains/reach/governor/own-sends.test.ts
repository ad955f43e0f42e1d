import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { groupStage } from '../../groups/group-stage.ts'
import { readOwnSends } from './own-sends.jobs.ts'
import { readNext } from './own-sends.ts'
import { groupQuotaFacts, quotaFacts, quotaSpent } from './quota.store.ts'
import { quotaAt, quotaOf } from './quota.ts'

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

it('what is not settled is read again a few times, ever later, and then no more', () => {
  const at = new Date('2026-11-20T02:00:00Z')
  const hours = [1, 2, 3, 4, 5].map((reads) => readNext(reads, false, at)?.getTime())
  expect(hours.map((ms) => (ms === undefined ? null : (ms - at.getTime()) / 3_600_000))).toEqual([1, 4, 24, 72, null])
  expect(readNext(1, true, at)).toBeNull()
})
