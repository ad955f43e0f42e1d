import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { type Answer, type Stage, stage } from '../testing/stage.ts'
import { page } from './testing.ts'

const ADD = 'externalcontact/add_msg_template'
const RESULTS = 'externalcontact/get_groupmsg_send_result'
const HOUR = 3_600_000
const DAY = 24 * HOUR
const everybody = { contains: '', reads: 1, clicks: 1, buys: 1, deletes: 1 }

async function prompt(reach: object, options: SandboxOptions = {}): Promise<Stage> {
  const on = await stage(options)
  await on.settings({ reach, memberDefaults: { confirms: 'prompt' } })
  return on
}

test('people react by themselves: they open the link, buy, and delete, and the apps hear of it', async () => {
  // bends are at most 1.8 to one side and 0.2 to the other, so that a share of 1 leaves some out: many are asked
  const { call, advance, admin, settings, subscribe, events, sandbox } = await prompt(
    { appeals: [everybody] },
    { people: 400 },
  )
  await settings({ limits: { overrides: { 'callback.timeout_s': 60 } } })
  await subscribe()
  const { url, asked } = await page()
  const { msgid } = await call(ADD, { sender: 'chenxiaoyu', text: { content: `今晚八点 ${url} 见` } })
  // a little at a time, so that the page is asked by some and not by all at once
  for (let hour = 0; hour < 75; hour += 3) await advance(3 * HOUR)
  const { rows, columns } = await admin('GET', '/oracle/deliveries')
  const did = (what: string) => rows.filter((row: Answer) => row[columns.indexOf(what)] >= 0).length
  expect(rows.length).toBeGreaterThan(5)
  expect(did('readsMs')).toBeGreaterThan(0)
  expect(asked).toHaveLength(did('clicksMs'))
  expect(new Set(asked)).toEqual(new Set(['/t/abc']))
  const removed = events.filter((event) => event.kind === 'customer.removed_by_customer')
  expect(removed).toHaveLength(did('deletesMs'))
  const wecom = rows.filter(
    (row: Answer) => row[columns.indexOf('buysMs')] >= 0 && row[columns.indexOf('externalUserId')].startsWith('wo'),
  ).length
  const { orders } = sandbox.platform.weixin.shop.ordersAfter(0, 10_000)
  expect(orders).toHaveLength(did('buysMs') - wecom)
  const [told] = (await admin('GET', '/oracle/broadcasts')).broadcasts
  expect(told).toMatchObject({ msgid, members: { asked: 1, sent: 1 }, counts: { sent: rows.length } })
  expect(told.truth).toMatchObject({ reached: rows.length, drawn: { buys: did('buysMs'), reads: did('readsMs') } })
})

test('the planted effect is what people do, and a message with another text has none', async () => {
  const appeals = [
    { contains: '无效', reads: 0.8, clicks: 0, buys: 0, deletes: 0 },
    { contains: '', reads: 0.6, clicks: 0.2, buys: 0.1, deletes: 0.05 },
  ]
  const { call, advance, admin, settings } = await prompt({ appeals, buysPerDay: 0 }, { people: 4_000 })
  const made = await call(ADD, { sender: 'chenxiaoyu', text: { content: '有效' } })
  const none = await call(ADD, { sender: 'chenxiaoyu', text: { content: '无效' } })
  await advance(HOUR + 3_000)
  const { broadcasts } = await admin('GET', '/oracle/broadcasts')
  const truth = (msgid: string) => broadcasts.find((one: Answer) => one.msgid === msgid).truth
  const { reached, expected, drawn } = truth(made.msgid)
  expect(reached).toBeGreaterThan(300)
  for (const what of ['reads', 'clicks', 'buys', 'deletes']) {
    // five standard deviations of a sum of independent draws
    expect([what, Math.abs(drawn[what] - expected[what]) < 5 * Math.sqrt(expected[what]) + 1]).toEqual([what, true])
  }
  expect(expected.buys / reached).toBeGreaterThan(0.04)
  expect(truth(none.msgid)).toMatchObject({ expected: { buys: 0, clicks: 0 }, drawn: { buys: 0, clicks: 0 } })
  const people = (await admin('GET', '/oracle/deliveries?limit=100000')).rows.map((row: Answer) => row[3])
  const effects = await admin('POST', '/oracle/effects', { text: '有效', people: people.slice(0, reached) })
  const sum = effects.rows.reduce((all: number, row: Answer) => all + row[2], 0)
  expect(sum).toBeCloseTo(expected.buys, 6)
  // what was planted when it was made stays true, whatever is planted later
  await settings({ reach: { appeals: [] } })
  expect((await admin('GET', '/oracle/broadcasts')).broadcasts).toEqual(broadcasts)
})

test('a message to a group makes its customers buy, and some of them leave', async () => {
  const appeals = [{ contains: '', reads: 1, clicks: 0, buys: 0.5, deletes: 0.5 }]
  const { call, advance, admin, events, subscribe, settings, sandbox } = await prompt({ appeals }, { people: 300 })
  await settings({ limits: { overrides: { 'callback.timeout_s': 60 } } })
  await subscribe()
  const group = sandbox.world.groups.ofStaff('chenxiaoyu')[0]
  const before = group?.members.size ?? 0
  await call(ADD, { chat_type: 'group', sender: 'chenxiaoyu', text: { content: '团' } })
  await advance(2 * HOUR)
  for (let hour = 0; hour < 72; hour += 6) await advance(6 * HOUR)
  const [[, , , , , , effect]] = (await admin('GET', '/oracle/group-deliveries')).rows
  const left = before - (group?.members.size ?? 0)
  const { orders } = sandbox.platform.weixin.shop.ordersAfter(0, 10_000)
  expect([left > 0, orders.length > 0, effect > 0]).toEqual([true, true, true])
  expect(events.filter((event) => event.kind === 'group.updated')).toHaveLength(left)
})

test('the same seed tells the same story, whoever asks for results in between', async () => {
  const tell = async (asksBetween: boolean) => {
    const { call, advance, admin, settings } = await stage({ people: 300 })
    await settings({ reach: { buysPerDay: 0.05 } })
    const made = await call(ADD, {
      text: { content: '早' },
      tag_filter: { group_list: [{ tag_list: [await tag(call)] }] },
    })
    for (let hour = 0; hour < 60; hour++) {
      await advance(HOUR)
      if (asksBetween) await call(RESULTS, { msgid: made.msgid, userid: 'chenxiaoyu' })
    }
    const { rows } = await admin('GET', '/oracle/deliveries')
    return [rows, (await admin('GET', '/shop/orders?cursor=0&limit=100')).orders]
  }
  const first = await tell(false)
  expect(first[0].length).toBeGreaterThan(3)
  expect(first[1].length).toBeGreaterThan(3)
  expect(await tell(true)).toEqual(first)
})

const tag = async (call: Stage['call']): Promise<string> =>
  (await call('externalcontact/get_corp_tag_list')).tag_group[0].tag[0].id

test('after a restart members still confirm, people still react, and the cap still counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const appeals = [{ contains: '', reads: 1, clicks: 0, buys: 0, deletes: 0.9 }]
  const first = await prompt({ appeals }, { stateFile })
  await first.settings({ limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } } })
  await first.admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早' })
  const { msgid } = await first.call(ADD, { sender: 'chenxiaoyu', text: { content: '晚' } })
  await first.sandbox.close()
  const again = await stage({ stateFile })
  await again.subscribe()
  await again.advance(DAY)
  const { send_list } = await again.call(RESULTS, { msgid, userid: 'chenxiaoyu' })
  expect(send_list.length).toBeGreaterThan(3)
  // who was reached by her own send today has had his one, or has deleted her for it
  for (const { status } of send_list) expect([2, 3]).toContain(status)
  expect(again.events.filter((event) => event.kind === 'customer.removed_by_customer').length).toBeGreaterThan(0)
})

test('a mass message stands in the chat where it came, between what was said before and after, once', async () => {
  const { admin, advance, call, add, settings } = await stage()
  await settings({ memberDefaults: { confirms: 'prompt' }, reach: { appeals: [] } })
  const { person } = await add()
  const say = (text: string) => admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text })
  await say('前')
  await call(ADD, { external_userid: [person.externalUserId], text: { content: '一' } })
  await advance(2 * HOUR)
  await say('中')
  await call(ADD, { external_userid: [person.externalUserId], text: { content: '二' } })
  await advance(2 * HOUR)
  const seen = async (who: string, peer: string) => {
    const { messages } = await admin('GET', `/people/${who}/chats/${peer}/messages`)
    return messages.flatMap(({ body, source }: Answer) => (source === 'notice' ? [] : [body.content]))
  }
  expect(await seen('chenxiaoyu', person.id)).toEqual(['前', '一', '中', '二'])
  expect(await seen(person.id, 'chenxiaoyu')).toEqual(['前', '一', '中', '二'])
  const { chats } = await admin('GET', `/people/${person.id}/chats`)
  expect(chats[0]).toMatchObject({ peer: 'chenxiaoyu', last: { body: { content: '二' } } })
  const { messages } = await admin('GET', `/oracle/messages?person=${person.id}&source=broadcast`)
  expect(messages.map(({ message }: Answer) => message.body.content)).toEqual(['二', '一'])
})

test('where they are set to, members send by themselves, and what they send takes from the cap', async () => {
  const { admin, call, advance, settings } = await stage()
  await settings({
    reach: { ownSendsPerDay: 1, appeals: [] },
    memberDefaults: { confirms: 'never' },
    limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } },
  })
  const { msgid } = await call(ADD, { sender: 'chenxiaoyu', text: { content: '晚' } })
  // from ten in the morning to ten in the evening of the next day
  await advance(36 * HOUR)
  const { broadcasts } = await admin('GET', '/oracle/broadcasts')
  const own = broadcasts.filter(({ appKey }: Answer) => appKey === null)
  expect(own).toHaveLength(12)
  expect(own.every(({ madeAtMs }: Answer) => new Date(madeAtMs + 8 * HOUR).getUTCHours() >= 9)).toBe(true)
  await admin('POST', `/people/chenxiaoyu/tasks/${msgid}/confirm`)
  const { send_list } = await call(RESULTS, { msgid, userid: 'chenxiaoyu' })
  const reached = new Set((await admin('GET', '/oracle/deliveries')).rows.map((row: Answer) => row[3]))
  expect(send_list.every(({ status, external_userid }: Answer) => status === 2 || reached.has(external_userid))).toBe(
    true,
  )
  expect(send_list.filter(({ status }: Answer) => status === 3).length).toBeGreaterThan(0)
})

test('a member sends by himself to his own customers and groups only, and not to too many', async () => {
  const { admin, settings, sandbox } = await prompt({ appeals: [] })
  const foreign = sandbox.world.groups.all().find(({ owner }) => owner !== 'chenxiaoyu')?.chatId
  const own = (body: object) => admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早', ...body })
  expect((await own({ chatIds: [foreign] })).error.code).toBe('not_owner')
  expect((await own({ customers: ['chenxiaoyu'] })).error.code).toBe('not_customer')
  expect((await admin('POST', '/people/c1/broadcasts', { text: '早' })).error.code).toBe('not_staff')
  const all = await own({})
  expect(all.counts.sent).toBeGreaterThan(1)
  await settings({ limits: { overrides: { 'broadcast.client_customers_max': 1 } } })
  expect((await own({})).error.code).toBe('too_many')
  const { tasks } = await admin('GET', '/people/chenxiaoyu/tasks')
  expect(tasks).toMatchObject([{ msgid: all.msgid, state: 'sent' }])
  expect((await admin('POST', `/people/chenxiaoyu/tasks/${all.msgid}/confirm`)).error.code).toBe('sent')
  expect((await admin('POST', '/people/chenxiaoyu/tasks/msgNo/confirm')).error.code).toBe('task_unknown')
})
