import { parseEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { messagePage, templateList } from './domains/reach/app-messages/app-messages.schema.ts'
import { tellStaff } from './domains/reach/app-messages/app-messages.store.ts'
import { createAppMessages, handleCardTaps } from './domains/reach/index.ts'
import { addStaffTasks } from './domains/workbench/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const startMs = Date.parse('2026-11-11T10:05:00+08:00')
const stage = await pathStage({ sandbox: { people: 2, staff: 4, clock: { paused: true, startMs } } })
const { services, sandbox, sandboxUrl } = stage
const { db, clock } = services
const corp = await db.selectFrom('corps').select('id').executeTakeFirstOrThrow()
const operator = await createVisitors(stage.http, services).as(corp.id)('operator')
const userid = sandbox?.world.staff.at(0)?.userid ?? ''
const name = sandbox?.world.staff.at(0)?.name ?? ''
await sql`insert into staff (corp_id, userid, name, first_seen_at, seen_at)
  values (${corp.id}, ${userid}, ${name}, now(), now())
  on conflict (corp_id, userid) do update set name = excluded.name`.execute(db)

const admin = (path: string, body: object) =>
  fetch(`${sandboxUrl}/sandbox${path}`, { method: 'POST', body: JSON.stringify(body) })
const messages = z.object({
  messages: z.array(
    z.object({
      body: z.looseObject({
        ...{ type: z.string(), content: z.string().optional(), description: z.string().optional() },
        ...{ cardId: z.string().optional(), replaced: z.string().optional() },
        buttons: z.array(z.object({ text: z.string() })).optional(),
      }),
    }),
  ),
})
const onPhone = async () => {
  const answer = await fetch(`${sandboxUrl}/sandbox/people/${userid}/chats/app:nuanyu/messages`)
  return answer.status === 404 ? [] : messages.parse(await answer.json()).messages.map(({ body }) => body)
}
const card = async () => (await onPhone()).findLast(({ type }) => type === 'card')
const tap = async (cardId: string | undefined, key: string) => {
  expect((await admin(`/people/${userid}/cards/${cardId}/tap`, { key })).status).toBe(200)
  await stage.settled()
}
const round = () => createAppMessages(services).pass()
const pass = (seconds: number) => admin('/clock', { advanceMs: seconds * 1_000 })

const paid = (number: number) => ({
  ...{ corpId: corp.id, userid, kind: 'order.paid' as const, key: `order:${number}` },
  values: { 客户: `客户${number}`, 金额: '19.90', 订单号: `D${number}`, 时间: '10:05' },
})
const tell = (...told: Parameters<typeof tellStaff>[1][number][]) =>
  db.transaction().execute((tx) => tellStaff(tx, told, clock.now()))
const wordsOf = { 'order.paid': '{客户} 下单 {金额} 元', 'campaign.unconfirmed': '请跟进{员工}' }
const write = (kind: keyof typeof wordsOf, buttons: object[]) =>
  operator.put(`/api/app-messages/templates/${kind}`, { enabled: true, words: wordsOf[kind], buttons })
const received = { does: 'acknowledge', text: '收到' }
const listed = async (query = '') => (await operator.get(`/api/app-messages${query}`)).as(messagePage).items

beforeEach(async () => {
  await db.deleteFrom('app_messages').execute()
  await db.deleteFrom('app_message_sends').execute()
  await db.deleteFrom('app_message_desks').execute()
  await db.deleteFrom('app_message_templates').execute()
  await pass(5 * 3_600)
})

describe('a staff message whose template has buttons', () => {
  it('comes as a card, and the tap says on it and in the list who has read it', async () => {
    const open = { does: 'open', text: '看订单', url: 'https://shop.example/orders' }
    const saved = (await write('order.paid', [received, open])).as(templateList)
    expect(saved.items.find(({ kind }) => kind === 'order.paid')?.buttons).toEqual([received, open])
    await tell(paid(1))
    await round()
    const shown = await card()
    expect(shown).toMatchObject({ title: '客户下单', description: '客户1 下单 19.90 元' })
    expect(shown).toMatchObject({ buttons: [{ text: '收到' }], links: [{ text: '看订单', url: open.url }] })
    expect(await listed()).toMatchObject([{ state: 'sent', card: true, tap: null }])
    expect(await listed('?tap=waiting')).toHaveLength(1)
    await tap(shown?.cardId, 'acknowledge')
    expect(await card()).toMatchObject({ replaced: `${name} 已收到` })
    expect(await listed('?tap=taken')).toMatchObject([{ tap: { outcome: `${name} 已收到`, at: expect.any(String) } }])
    expect(await listed('?tap=waiting')).toEqual([])
  })

  it('takes the first tap only: one that comes again or late is told what the first came to', async () => {
    await write('campaign.unconfirmed', [received, { does: 'done', text: '已跟进' }])
    const about = { corpId: corp.id, userid, kind: 'campaign.unconfirmed' as const, key: '1:1' }
    await db.transaction().execute(async (tx) => {
      await addStaffTasks(tx, [{ ...about, customerId: undefined, detail: {}, createdAt: clock.now() }])
      await tellStaff(tx, [{ ...about, values: { 员工: '陈晓雨', 活动: '双十一', 人数: '48' } }], clock.now())
    })
    await round()
    const shown = await card()
    const done = () => db.selectFrom('staff_tasks').select('done_at').where('key', '=', '1:1').executeTakeFirstOrThrow()
    expect((await done()).done_at).toBeNull()
    await tap(shown?.cardId, 'done')
    const { done_at: at } = await done()
    expect(at).toEqual(clock.now())
    expect(await card()).toMatchObject({ replaced: `${name} 已完成` })
    await pass(60)
    const { task_id: taskId } = await db.selectFrom('app_message_sends').select('task_id').executeTakeFirstOrThrow()
    const again = parseEvent(
      `<xml><ToUserName>ww1</ToUserName><FromUserName>${userid}</FromUserName><CreateTime>1</CreateTime>` +
        '<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>acknowledge</EventKey>' +
        `<TaskId>${taskId}</TaskId><AgentID>1000002</AgentID></xml>`,
    )
    await handleCardTaps(services, [{ corpId: corp.id, event: again }], [])
    expect((await done()).done_at).toEqual(at)
    expect(await listed()).toMatchObject([{ tap: { outcome: `${name} 已完成` } }])
  })

  it('says so when the task was done before by other hands', async () => {
    await write('campaign.unconfirmed', [{ does: 'done', text: '已跟进' }])
    await tell({
      ...{ corpId: corp.id, userid, kind: 'campaign.unconfirmed', key: '9:9' },
      values: { 员工: '陈晓雨', 活动: '双十一', 人数: '48' },
    })
    await round()
    await tap((await card())?.cardId, 'done')
    expect(await card()).toMatchObject({ replaced: '此前已完成' })
  })

  it('is a line among others when many come at once: none is lost, and none is sent beyond the pace', async () => {
    await write('order.paid', [received])
    const before = (await onPhone()).length
    await tell(...Array.from({ length: 35 }, (_, at) => paid(at + 1)))
    await round()
    const said = (await onPhone()).slice(before)
    expect(said).toHaveLength(1)
    for (const number of [1, 17, 35]) expect(said[0]?.content).toContain(`客户${number} 下单`)
    expect((await listed('?limit=50')).map((one) => [one.state, one.card, one.together])).toEqual(
      Array.from({ length: 35 }, () => ['sent', false, 35]),
    )
  })

  it('is told without buttons by an app that can take no taps', async () => {
    await write('order.paid', [received])
    const app = sandbox?.platform.apps.get('nuanyu')
    if (app === undefined) throw new Error('the sandbox has no app')
    const { callback } = app
    app.callback = undefined
    await tell(paid(3))
    await round()
    app.callback = callback
    expect((await onPhone()).at(-1)).toMatchObject({ type: 'text', content: '客户3 下单 19.90 元' })
  })

  it('stands once though the answer was lost', async () => {
    await write('order.paid', [received])
    const before = (await onPhone()).length
    await admin('/faults', { kind: 'lost_answer', match: { path: 'message/send' }, times: 1 })
    await tell(paid(4))
    await round()
    expect(await listed()).toMatchObject([{ state: 'making' }])
    await round()
    expect(await listed()).toMatchObject([{ state: 'sent', card: true }])
    expect(await onPhone()).toHaveLength(before + 1)
    await tap((await card())?.cardId, 'acknowledge')
    expect(await card()).toMatchObject({ replaced: `${name} 已收到` })
  })

  it('is refused with the place of the fault when a button can do nothing', async () => {
    const fault = async (kind: keyof typeof wordsOf, buttons: object[]) => {
      const refused = await write(kind, buttons)
      return [refused.status, refused.as(z.object({ details: z.object({ button: z.number() }) })).details.button]
    }
    expect(await fault('order.paid', [received, { does: 'done', text: '完成' }])).toEqual([422, 1])
    expect(await fault('order.paid', [received, received])).toEqual([422, 1])
    expect(await fault('order.paid', [{ does: 'open', text: '看看', url: 'javascript:alert(1)' }])).toEqual([422, 0])
    expect(
      (
        await operator.put('/api/app-messages/templates/campaign.approval', {
          ...{ enabled: true, words: '请审批 {活动}', buttons: [received] },
        })
      ).status,
    ).toBe(422)
  })
})
