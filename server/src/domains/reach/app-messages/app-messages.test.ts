import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { wireLosingAnswerOf } from '../../../infra/platform/testing.ts'
import { customerStage } from '../../customers/customer-stage.ts'
import { createAppMessages } from './app-messages.jobs.ts'
import { type AppMessage, tellStaff } from './app-messages.store.ts'

const stage = await customerStage({ staff: 6, people: 10, clock: { paused: true } })
const { db, corpId, clock } = stage
const [member] = await stage.people('staff')
if (member === undefined) throw new Error('the sandbox has no staff')
const userid = member.userid
/** A round of a process of its own: one that could not ask the platform rests for a while. */
const round = () => createAppMessages(stage.services).pass()

const known = z.object({
  corps: z.array(z.object({ apps: z.array(z.object({ appKey: z.string(), agentId: z.number() })) })),
})
const brand = known.parse(await stage.admin('GET', '/sandbox/corps')).corps[0]
const agentId = brand?.apps.find(({ appKey }) => appKey === 'nuanyu')?.agentId ?? null
await db
  .insertInto('apps')
  .values({
    ...{ id: uuid(), corp_id: corpId, app_key: 'nuanyu', kind: 'app', name: '暖域', agent_id: agentId },
    ...{ secret_sealed: Buffer.from('sealed'), created_at: clock.now() },
  })
  .execute()

const pass = async (seconds: number) => {
  await stage.admin('POST', '/sandbox/clock', { advanceMs: seconds * 1_000 })
  clock.set(new Date(stage.sandbox.clock.now()))
}
const paid = (number: number): AppMessage => ({
  ...{ corpId, userid, kind: 'order.paid', key: `order:${number}`, customerId: 1 },
  values: { 客户: `客户${number}`, 金额: '19.90', 订单号: `D${number}`, 时间: '10:05' },
})
const tell = (messages: readonly AppMessage[]) => db.transaction().execute((tx) => tellStaff(tx, messages, clock.now()))
const reached = z.object({
  messages: z.array(z.object({ message: z.object({ body: z.object({ content: z.string() }) }) })),
})
/** What the member has on his phone, the oldest first. */
const onPhone = async () => {
  const said = await stage.admin('GET', `/sandbox/oracle/messages?person=${userid}&source=app&limit=1000&after=0`)
  return reached.parse(said).messages.map(({ message }) => message.body.content)
}
const states = async () => {
  const rows = await db.selectFrom('app_message_sends').select(['state']).orderBy('id').execute()
  return rows.map(({ state }) => state)
}

let before = 0
const fresh = async () => (await onPhone()).slice(before)

beforeEach(async () => {
  await db.deleteFrom('app_messages').execute()
  await db.deleteFrom('app_message_sends').execute()
  await db.deleteFrom('app_message_desks').execute()
  await db.deleteFrom('app_message_templates').execute()
  // long enough for the platform to forget what it has told
  await pass(5 * 3_600)
  before = (await onPhone()).length
})

describe('what staff are told through the app', () => {
  it('comes at once, once a key, in the brand’s own words where it has some', async () => {
    await tell([paid(1)])
    expect(await tell([paid(1)])).toBe(0)
    await round()
    expect(await fresh()).toEqual(['客户1 支付了 19.90 元（订单 D1，10:05）'])
    await db
      .insertInto('app_message_templates')
      .values({
        ...{ corp_id: corpId, kind: 'order.paid', enabled: true, words: '恭喜！{客户} 下单 {金额} 元' },
        changed_at: clock.now(),
      })
      .execute()
    await tell([paid(2)])
    await round()
    expect((await fresh()).at(-1)).toBe('恭喜！客户2 下单 19.90 元')
    await db.updateTable('app_message_templates').set({ enabled: false }).execute()
    expect(await tell([paid(3)])).toBe(0)
  })

  it('35 within a minute are merged: none is dropped by the platform, every one is said', async () => {
    for (let number = 1; number <= 35; number += 1) {
      await tell([paid(number)])
      await round()
      await pass(1.5)
    }
    for (let more = 0; more < 12; more += 1) {
      await pass(10)
      await round()
    }
    expect(await db.selectFrom('app_message_desks').select('userid').execute()).toEqual([])
    const said = await fresh()
    expect(said.length).toBeLessThan(12)
    expect(said.some((text) => /^\d+ 条新消息：/.test(text))).toBe(true)
    for (let number = 1; number <= 35; number += 1)
      expect(said.filter((text) => text.includes(`订单 D${number}，`))).toHaveLength(1)
    expect(new Set(await states())).toEqual(new Set(['sent']))
  })

  it('400 at once come in full too, never more than five messages a minute', async () => {
    await tell(Array.from({ length: 400 }, (_, at) => paid(at + 1)))
    let minutes = 0
    for (;;) {
      const earlier = (await fresh()).length
      await round()
      await round()
      expect((await fresh()).length - earlier).toBeLessThanOrEqual(5)
      if ((await db.selectFrom('app_message_desks').select('userid').execute()).length === 0) break
      await pass(61)
      minutes += 1
      expect(minutes).toBeLessThan(30)
    }
    const all = (await fresh()).join('\n')
    for (const number of [1, 17, 200, 399, 400]) expect(all.split(`订单 D${number}，`)).toHaveLength(2)
  })

  it('an answer that was lost is settled without telling him twice', async () => {
    const wire = wireLosingAnswerOf('/message/send')
    stage.restart(wire.fetch)
    await tell([paid(7)])
    await round()
    expect(wire.lost()).toBe(true)
    stage.restart()
    await round()
    expect(await states()).toEqual(['sent'])
    expect(await fresh()).toHaveLength(1)
  })

  it('what a process that died was about to say is said by another, once', async () => {
    await tell([paid(8)])
    const wire: typeof fetch = async (input, init) => {
      if (String(input).includes('/message/send')) await fetch(input, init)
      throw new TypeError('the process died')
    }
    stage.restart(wire)
    await createAppMessages({ ...stage.services, processId: 987_654 }).pass()
    stage.restart()
    await round()
    expect(await states()).toEqual(['sent'])
    expect(await fresh()).toHaveLength(1)
  })

  it('the same words twice are two messages, though the platform takes one of them for a repetition', async () => {
    const again = (key: string): AppMessage => ({ ...paid(12), key })
    await tell([again('a'), again('b')])
    await round()
    await tell([again('c')])
    await round()
    expect(await fresh()).toEqual([
      '客户12 支付了 19.90 元（订单 D12，10:05）',
      '客户12 支付了 19.90 元（订单 D12，10:05） (2)',
      '客户12 支付了 19.90 元（订单 D12，10:05） (3)',
    ])
  })

  it('what an outage kept back does not come all at once when the platform answers again', async () => {
    const away: typeof fetch = async (input, init) => {
      if (String(input).includes('/message/send')) throw new TypeError('nobody answers')
      return fetch(input, init)
    }
    stage.restart(away)
    for (let number = 1; number <= 60; number += 1) {
      await tell([paid(number)])
      await round()
      await pass(10)
    }
    stage.restart()
    let told = 0
    for (let rounds = 0; rounds < 40; rounds += 1) {
      const earlier = (await fresh()).length
      await round()
      await round()
      told = (await fresh()).length
      expect(told - earlier).toBeLessThanOrEqual(5)
      await pass(61)
    }
    expect(told).toBeGreaterThan(0)
    const all = (await fresh()).join('\n')
    for (let number = 1; number <= 60; number += 1) expect(all.split(`订单 D${number}，`)).toHaveLength(2)
  })

  it('the same words hour after hour are never taken for a repetition of an earlier hour', async () => {
    await db
      .insertInto('app_message_templates')
      .values({
        ...{ corp_id: corpId, kind: 'order.paid', enabled: true, words: '有新订单' },
        changed_at: clock.now(),
      })
      .execute()
    for (let hour = 1; hour <= 9; hour += 1) {
      await tell([paid(hour)])
      await round()
      expect(await fresh()).toHaveLength(hour)
      await pass(3_610)
    }
  })

  it('the name that a customer gave himself is no link for whoever reads it', async () => {
    const named = paid(13)
    await tell([{ ...named, values: { ...named.values, 客户: '<a href="https://evil.example">领奖</a>' } }])
    await round()
    const [said = ''] = await fresh()
    expect(said).not.toContain('<')
    expect(said).toContain('领奖')
  })

  it('a member whom the app does not reach is refused visibly, and holds up nobody', async () => {
    await tell([{ ...paid(9), userid: 'nobody' }, paid(10)])
    await round()
    expect((await states()).sort()).toEqual(['refused', 'sent'])
    expect(await fresh()).toHaveLength(1)
  })

  it('who was not told stands among what is to be done, until he is reached again', async () => {
    const alarms = async () =>
      await db
        .selectFrom('alarms')
        .select(['title', 'cleared_at as gone'])
        .where('key', '=', `app_message.untold:${userid}`)
        .execute()
    const refused = { kind: 'errcode', errcode: 81_013, share: 1, match: { path: 'message/send' } }
    await stage.admin('POST', '/sandbox/faults', refused)
    await tell([paid(14)])
    await round()
    await stage.admin('DELETE', '/sandbox/faults')
    expect(await states()).toEqual(['refused'])
    expect(await alarms()).toMatchObject([{ title: { zh: expect.stringContaining('81013') }, gone: null }])
    await tell([paid(15)])
    await round()
    expect(await alarms()).toMatchObject([{ gone: clock.now() }])
  })

  it('waits on the desk while no app can speak', async () => {
    await db.updateTable('apps').set({ agent_id: null }).execute()
    await tell([paid(11)])
    await round()
    expect(await states()).toEqual([])
    expect(await db.selectFrom('app_message_desks').select('userid').execute()).toEqual([{ userid }])
  })
})
