import { parseEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { messagePage } from './domains/reach/app-messages/app-messages.schema.ts'
import { tellStaff } from './domains/reach/app-messages/app-messages.store.ts'
import { approvalAnswer } from './domains/reach/approvals/approval-card.reactions.ts'
import { sound } from './domains/reach/campaigns/campaign-stage.ts'
import { campaignDetail, saved } from './domains/reach/campaigns/campaigns.schema.ts'
import { createAppMessages, handleCardTaps } from './domains/reach/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const startMs = Date.parse('2026-11-11T10:05:00+08:00')
const stage = await pathStage({ sandbox: { people: 2, staff: 4, clock: { paused: true, startMs } } })
const { services, sandbox, sandboxUrl } = stage
const { db } = services

const corp = await db.selectFrom('corps').select('id').executeTakeFirstOrThrow()
const author = await createVisitors(stage.http, services).as(corp.id)('operator')
const [lin = '', wang = ''] = [0, 1].map((at) => sandbox?.world.staff.at(at)?.userid ?? '')
const bound = async (userid: string, role: 'administrator' | 'operator') => {
  const id = uuid()
  await sql`insert into accounts (id, corp_id, username, name, role, scope_kind, wecom_userid, created_at, created_by)
    values (${id}, ${corp.id}, ${userid}, ${userid}, ${role}, 'corp', ${userid}, now(), 'test')`.execute(db)
  return id
}
await bound(lin, 'administrator')
await bound(wang, 'operator')

const messages = z.object({
  messages: z.array(
    z.object({
      body: z.looseObject({ cardId: z.string().optional(), replaced: z.string().optional(), type: z.string() }),
    }),
  ),
})
const cardOf = async (userid: string) => {
  const answer = await fetch(`${sandboxUrl}/sandbox/people/${userid}/chats/app:nuanyu/messages`)
  if (answer.status === 404) return undefined
  return messages.parse(await answer.json()).messages.findLast(({ body }) => body.type === 'card')?.body
}
const tap = async (userid: string, cardId: string, key: string) => {
  const answer = await fetch(`${sandboxUrl}/sandbox/people/${userid}/cards/${cardId}/tap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  expect(answer.status).toBe(200)
  await stage.settled()
}
const submit = async (id: string): Promise<void> => {
  expect((await author.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(200)
  await createAppMessages(services).pass()
}
const submitted = async (): Promise<string> => {
  const { id } = (await author.post('/api/campaigns', { name: '双十一预热', spec: sound })).as(saved)
  const plan = JSON.stringify({ fates: { sent_to: 12, held: 0 } })
  await sql`insert into campaign_runs (corp_id, campaign_id, version, rehearsal, state, planned_for, plan, created_at)
    values (${corp.id}, ${id}, 1, true, 'planned', now(), ${plan}::jsonb, now())`.execute(db)
  await submit(id)
  return id
}
const pass = async (seconds: number) => {
  await fetch(`${sandboxUrl}/sandbox/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: seconds * 1_000 }) })
}
// nobody is told more than a few things a minute
beforeEach(() => pass(3_600))

const detail = async (id: string) => (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)

describe('a campaign that waits', () => {
  it('is shown on a card to who may judge it, and a tap is the word of the account behind the member', async () => {
    const id = await submitted()
    expect(await cardOf(wang)).toBeUndefined()
    const card = await cardOf(lin)
    expect(card).toMatchObject({ title: '待审批：双十一预热', buttons: [{ text: '同意' }, { text: '驳回' }] })
    await tap(lin, card?.cardId ?? '', 'agree')
    const after = await detail(id)
    expect([after.state, after.submission?.verdicts]).toMatchObject([
      'approved',
      [{ name: lin, verdict: 'agree', through: 'card' }],
    ])
    expect((await cardOf(lin))?.replaced).toBe('已同意')
    const { rows } = await sql<{ action: string; after: unknown }>`
      select action, summary->'after' as after from audit_entries where object_id = ${id} and action = 'campaign.approve'`.execute(
      db,
    )
    expect(rows).toMatchObject([{ after: { version: 1, through: 'card', state: 'approved' } }])
  })

  it('takes no word from a card of a version that was changed meanwhile', async () => {
    const id = await submitted()
    const card = await cardOf(lin)
    await author.put(`/api/campaigns/${id}`, { after: 1, name: '改过', spec: sound })
    await tap(lin, card?.cardId ?? '', 'agree')
    expect(await detail(id)).toMatchObject({ state: 'draft', version: 2, submission: null })
    expect((await cardOf(lin))?.replaced).toContain('已失效')
  })

  it('takes no word from a card that somebody else was sent, though he may judge, and the one who has it still can', async () => {
    const id = await submitted()
    const { rows } = await sql<{ taskId: string }>`
      select task_id as "taskId" from app_message_sends where userid = ${lin} order by id desc limit 1`.execute(db)
    const event = parseEvent(
      `<xml><ToUserName>ww1</ToUserName><FromUserName>${wang}</FromUserName><CreateTime>1</CreateTime>` +
        '<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>agree</EventKey>' +
        `<TaskId>${rows[0]?.taskId}</TaskId><AgentID>1000002</AgentID></xml>`,
    )
    await sql`update accounts set role = 'administrator' where wecom_userid = ${wang}`.execute(db)
    await handleCardTaps(services, [{ corpId: corp.id, event }], [approvalAnswer(services)])
    await sql`update accounts set role = 'operator' where wecom_userid = ${wang}`.execute(db)
    expect((await detail(id)).submission?.verdicts).toEqual([])
    await tap(lin, (await cardOf(lin))?.cardId ?? '', 'agree')
    expect((await detail(id)).state).toBe('approved')
  })

  it('goes back to its author when it is refused on the card', async () => {
    const id = await submitted()
    await tap(lin, (await cardOf(lin))?.cardId ?? '', 'refuse')
    const after = await detail(id)
    expect([after.state, after.submission?.verdicts[0]?.verdict]).toEqual(['draft', 'refuse'])
  })

  it('is noted with what was tapped, where staff messages are listed', async () => {
    const id = await submitted()
    const { cardId = '' } = (await cardOf(lin)) ?? {}
    await tap(lin, cardId, 'refuse')
    expect((await cardOf(lin))?.replaced).toBe('已驳回')
    const after = await detail(id)
    expect([after.state, after.submission?.verdicts]).toMatchObject(['draft', [{ verdict: 'refuse' }]])
    const { items } = (await author.get('/api/app-messages')).as(messagePage)
    expect(items[0]).toMatchObject({ kind: 'campaign.approval', card: true, tap: { outcome: '已驳回' } })
  })

  it('is asked anew when the same version is submitted again, and the card from before says nothing any more', async () => {
    const id = await submitted()
    const old = await cardOf(lin)
    await sql`update campaigns set state = 'draft' where id = ${id}`.execute(db)
    await pass(60)
    await submit(id)
    expect((await cardOf(lin))?.cardId).not.toBe(old?.cardId)
    await tap(lin, old?.cardId ?? '', 'agree')
    expect((await detail(id)).state).toBe('waiting')
    await tap(lin, (await cardOf(lin))?.cardId ?? '', 'agree')
    expect((await detail(id)).state).toBe('approved')
  })

  it('takes its turn on the desk of its member, behind what he was told before, within one budget', async () => {
    const told = Array.from({ length: 5 }, (_, at) => ({
      ...{ corpId: corp.id, userid: lin, kind: 'order.paid' as const, key: `order:${at}` },
      values: { 客户: `客户${at}`, 金额: '1.00', 订单号: `D${at}`, 时间: '10:05' },
    }))
    await db.transaction().execute((tx) => tellStaff(tx, told, services.clock.now()))
    await createAppMessages(services).pass()
    const before = await cardOf(lin)
    const id = await submitted()
    expect((await cardOf(lin))?.cardId).toBe(before?.cardId)
    const waiting = (await author.get('/api/app-messages?state=waiting')).as(messagePage)
    expect(waiting.items).toMatchObject([{ kind: 'campaign.approval', text: '待审批：双十一预热' }])
    expect((await detail(id)).state).toBe('waiting')
  })
})
