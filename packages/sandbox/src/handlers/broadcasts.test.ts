import { expect, test } from 'vitest'
import { type Answer, PNG, type Stage, stage } from '../testing/stage.ts'

const ADD = 'externalcontact/add_msg_template'
const TASKS = 'externalcontact/get_groupmsg_task'
const RESULTS = 'externalcontact/get_groupmsg_send_result'
const REMIND = 'externalcontact/remind_groupmsg_send'
const CANCEL = 'externalcontact/cancel_groupmsg_send'
const LIST = 'externalcontact/get_groupmsg_list_v2'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const text = { content: '会员日全场八折' }
/** Nobody reacts, so that what was sent stands alone. */
const still = { appeals: [] }

/** A stage where chenxiaoyu confirms within the hour and has these customers of her own. */
async function asked(count = 1, reach: object = still) {
  const on = await stage()
  await on.settings({ reach, members: { chenxiaoyu: { confirms: 'prompt' } } })
  const people = []
  for (let n = 0; n < count; n++) people.push((await on.add()).person)
  return { ...on, people, ids: people.map((one) => one.externalUserId ?? '') }
}

/** Makes a task and lets the platform hand it out. */
async function send({ call, advance }: Pick<Stage, 'call' | 'advance'>, over: object): Promise<Answer> {
  const made = await call(ADD, { sender: 'chenxiaoyu', text, ...over })
  await advance(3_000)
  return made
}

const statuses = (answer: Answer) => answer.send_list.map((one: { status: number }) => one.status)

test('nothing goes out by the call: the member is asked, confirms in her own time, and then it is on the phone', async () => {
  const { call, advance, admin, people, ids } = await asked(2)
  const made = await call(ADD, { external_userid: ids, sender: 'chenxiaoyu', text })
  expect(made).toMatchObject({ errcode: 0, fail_list: [] })
  const { msgid } = made
  expect((await call(TASKS, { msgid })).errcode).toBe(41063)
  await advance(3_000)
  expect((await call(TASKS, { msgid })).task_list).toEqual([{ userid: 'chenxiaoyu', status: 0 }])
  const before = await call(RESULTS, { msgid, userid: 'chenxiaoyu' })
  expect(before.send_list).toEqual(ids.map((id) => ({ external_userid: id, userid: 'chenxiaoyu', status: 0 })))
  const chat = `/people/${people[0]?.id}/chats/chenxiaoyu/messages`
  const isThere = async () =>
    (await admin('GET', chat)).messages.some((one: Answer) => one.source === 'broadcast' && one.appKey === 'nuanyu')
  expect(await isThere()).toBe(false)
  const { tasks } = await admin('GET', '/people/chenxiaoyu/tasks')
  expect(tasks).toMatchObject([{ msgid, state: 'open', counts: { targets: 2, notSent: 2 } }])

  await advance(HOUR)
  expect(await isThere()).toBe(true)
  const [task] = (await call(TASKS, { msgid })).task_list
  expect(task).toEqual({ userid: 'chenxiaoyu', status: 2, send_time: Math.floor(tasks[0].dueMs / 1000) })
  const after = await call(RESULTS, { msgid, userid: 'chenxiaoyu' })
  expect(after.send_list).toEqual(
    ids.map((id) => ({ external_userid: id, userid: 'chenxiaoyu', status: 1, send_time: task.send_time })),
  )
  const { rows } = await admin('GET', '/oracle/deliveries')
  expect(rows.map((row: Answer) => row.slice(1, 5))).toEqual(
    ids.map((id) => [msgid, 'chenxiaoyu', id, task.send_time * 1000]),
  )
})

test('late members confirm late, some never, nobody at night, and who is on leave not before he is back', async () => {
  const { call, advance, settings, admin, ids } = await asked()
  const sent = async (msgid: string) => (await call(TASKS, { msgid })).task_list[0].status === 2
  await settings({ members: { chenxiaoyu: { confirms: 'never' } } })
  const never = await send({ call, advance }, { external_userid: ids })
  await settings({ members: { chenxiaoyu: { confirms: 'late' } } })
  const late = await send({ call, advance }, { external_userid: ids })
  const due = (await admin('GET', '/people/chenxiaoyu/tasks')).tasks[0].dueMs
  expect(new Date(due + 8 * HOUR).getUTCHours()).toBeGreaterThanOrEqual(9)
  expect(new Date(due + 8 * HOUR).getUTCHours()).toBeLessThan(21)
  await settings({ members: { chenxiaoyu: { confirms: 'late', onLeave: true } } })
  await advance(2 * DAY)
  expect(await sent(late.msgid)).toBe(false)
  await settings({ members: { chenxiaoyu: { onLeave: false } } })
  await advance(DAY)
  expect([await sent(late.msgid), await sent(never.msgid)]).toEqual([true, false])
  expect(await admin('POST', `/people/chenxiaoyu/tasks/${never.msgid}/confirm`)).toEqual({ ok: true })
  expect(await sent(never.msgid)).toBe(true)
})

test('who deleted the member is 2, who has had enough is 3; the cap counts what staff send by themselves', async () => {
  const { call, advance, settings, admin, people, ids } = await asked(3)
  await settings({ limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } } })
  await admin('POST', `/people/${people[0]?.id}/delete`, { peer: 'chenxiaoyu' })
  const own = await admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早', customers: [people[1]?.id] })
  expect(own.counts).toMatchObject({ targets: 1, sent: 1 })
  const { msgid } = await send({ call, advance }, { external_userid: ids })
  await advance(HOUR)
  expect(statuses(await call(RESULTS, { msgid, userid: 'chenxiaoyu' }))).toEqual([2, 3, 1])
  // the day after he may have one again
  await advance(DAY)
  const next = await send({ call, advance }, { external_userid: ids })
  await advance(HOUR)
  expect(statuses(await call(RESULTS, { msgid: next.msgid, userid: 'chenxiaoyu' }))).toEqual([2, 1, 1])
})

test('over the cap may also be told in fail_list at once, where the setting says so', async () => {
  const { call, settings, admin, ids } = await asked(2)
  await settings({ reach: { overCap: 'failList' }, limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } } })
  await admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早', customers: [ids[0]] })
  expect((await call(ADD, { external_userid: ids, text })).fail_list).toEqual([ids[0]])
})

test('a customer of several goes to who last chatted with him, and to another sender not at all', async () => {
  const { call, advance, settings, admin, people, ids, sandbox } = await asked(2)
  const other = sandbox.world.staff.at(1)?.userid ?? ''
  await advance(1_000)
  await admin('POST', `/people/${people[0]?.id}/add`, { userid: other })
  await admin('POST', `/people/${other}/accept`, { peer: people[0]?.id })
  expect(await call(ADD, { external_userid: ids, sender: 'chenxiaoyu', text })).toMatchObject({ fail_list: [ids[0]] })
  const { msgid } = await call(ADD, { external_userid: ids, text })
  await advance(3_000)
  const asks = (await call(TASKS, { msgid })).task_list.map((one: Answer) => one.userid)
  expect(asks.sort()).toEqual(['chenxiaoyu', other].sort())
  await admin('POST', '/people/chenxiaoyu/messages', { peer: people[0]?.id, text: '在吗' })
  expect(await call(ADD, { external_userid: ids, sender: 'chenxiaoyu', text })).toMatchObject({ fail_list: [] })
  expect(await call(ADD, { external_userid: [ids[0]], sender: other, text })).toMatchObject({ errcode: 41048 })
  await settings({ reach: { lastChatRule: 'withoutSender' } })
  expect(await call(ADD, { external_userid: [ids[0]], sender: other, text })).toMatchObject({ fail_list: [] })
})

test('a sender alone means all of his, tags mean one of each list, and who cannot be sent to is named', async () => {
  const { call, advance, ids, sandbox, settings } = await asked(3)
  const [gold, fruit] = sandbox.world.seededTags
  const mark = (at: number, add_tag: unknown[]) =>
    call('externalcontact/mark_tag', { userid: 'chenxiaoyu', external_userid: ids[at], add_tag })
  await mark(0, [gold])
  await mark(1, [gold, fruit])
  const lists = (...tags: unknown[][]) => ({ tag_filter: { group_list: tags.map((tag_list) => ({ tag_list })) } })
  const reached = async (over: object) => {
    const { msgid } = await send({ call, advance }, over)
    const { send_list } = await call(RESULTS, { msgid, userid: 'chenxiaoyu', limit: 1000 })
    return ids.map((id) => send_list.some((one: Answer) => one.external_userid === id))
  }
  expect(await reached(lists([gold], [fruit]))).toEqual([false, true, false])
  expect(await reached(lists([gold, fruit]))).toEqual([true, true, false])
  expect(await reached({})).toEqual([true, true, true])
  // external_userid goes before tags
  expect(await reached({ external_userid: [ids[2]], ...lists([gold]) })).toEqual([false, false, true])
  expect((await call(ADD, { ...lists(['etNothing']), text })).errcode).toBe(40068)
  const { fail_list } = await call(ADD, { external_userid: ['wmNobody', ids[0]], sender: 'chenxiaoyu', text })
  expect(fail_list).toEqual(['wmNobody'])
  expect((await call(ADD, { external_userid: ['wmNobody'], text })).errcode).toBe(41048)
  await settings({ apps: { nuanyu: { visible: { users: [], departments: [] } } } })
  expect((await call(ADD, { sender: 'chenxiaoyu', text })).errcode).toBe(60011)
  expect((await call(ADD, { external_userid: [ids[0]], text })).errcode).toBe(41048)
})

test('what does not fit is refused: lengths, attachments, media that died, nothing to say, nobody to say it', async () => {
  const { call, upload, ids } = await asked()
  const to = { external_userid: ids }
  const image = { msgtype: 'image', image: { media_id: 'gone' } }
  const code = async (body: object) => (await call(ADD, body)).errcode
  expect(await code({ ...to, text: { content: '好'.repeat(1334) } })).toBe(40058)
  expect(await code({ ...to, text: { content: '好'.repeat(1333) } })).toBe(0)
  expect(await code(to)).toBe(40058)
  expect(await code({ text })).toBe(40058)
  expect(await code({ ...to, chat_type: 'both', text })).toBe(40058)
  expect(await code({ ...to, attachments: [image] })).toBe(40007)
  const { media_id } = await upload('media/upload?type=image', PNG)
  const picture = { msgtype: 'image', image: { media_id } }
  expect(await code({ ...to, attachments: Array.from({ length: 10 }, () => picture) })).toBe(41064)
  expect(await code({ ...to, attachments: Array.from({ length: 9 }, () => picture) })).toBe(0)
  const mini = { title: 't', pic_media_id: media_id, appid: 'wx0000000000000000', page: 'p' }
  expect(await code({ ...to, attachments: [{ msgtype: 'miniprogram', miniprogram: mini }] })).toBe(90206)
  expect(await code({ ...to, external_userid: Array.from({ length: 10_001 }, (_, n) => `wm${n}`), text })).toBe(40058)
  expect(await code({ ...to, sender: 'nobody', text })).toBe(60111)
})

test('three reminders in a day, then 41094; a reminder makes a late member prompt', async () => {
  const { call, advance, settings, ids } = await asked()
  await settings({ members: { chenxiaoyu: { confirms: 'late' } }, reach: { lateHours: 20 } })
  const { msgid } = await send({ call, advance }, { external_userid: ids })
  expect((await call(REMIND, { msgid })).errcode).toBe(0)
  await advance(HOUR)
  expect((await call(TASKS, { msgid })).task_list[0].status).toBe(2)
  expect((await call(REMIND, { msgid })).errcode).toBe(0)
  expect((await call(REMIND, { msgid })).errcode).toBe(0)
  expect((await call(REMIND, { msgid })).errcode).toBe(41094)
  await advance(DAY)
  expect((await call(REMIND, { msgid })).errcode).toBe(0)
  expect((await call(REMIND, { msgid: 'msgNothing' })).errcode).toBe(41047)
  expect((await call(REMIND, {})).errcode).toBe(41046)
})

test('cancel stops what was not sent, only by the app that made it, and a second time is 41093', async () => {
  const { call, advance, admin, ids } = await asked()
  const own = await admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早', customers: ids })
  const { msgid } = await send({ call, advance }, { external_userid: ids })
  expect((await call(CANCEL, { msgid }, 'crm')).errcode).toBe(41047)
  expect((await call(CANCEL, { msgid: own.msgid })).errcode).toBe(41047)
  expect((await call(CANCEL, { msgid })).errcode).toBe(0)
  expect((await call(CANCEL, { msgid })).errcode).toBe(41093)
  expect((await call(REMIND, { msgid })).errcode).toBe(41093)
  await advance(2 * DAY)
  expect(statuses(await call(RESULTS, { msgid, userid: 'chenxiaoyu' }))).toEqual([0])
  expect((await admin('POST', `/people/chenxiaoyu/tasks/${msgid}/confirm`)).error.code).toBe('cancelled')
  // what was sent stays sent
  const sent = await send({ call, advance }, { external_userid: ids })
  await advance(DAY)
  expect((await call(CANCEL, { msgid: sent.msgid })).errcode).toBe(0)
  expect(statuses(await call(RESULTS, { msgid: sent.msgid, userid: 'chenxiaoyu' }))).toEqual([1])
})

test('records are listed by time, kind and maker, a page at a time; a limit above the most falls to the usual', async () => {
  const { call, advance, admin, sandbox, ids } = await asked(3)
  const startedS = Math.floor(sandbox.clock.now() / 1000)
  const made = await send({ call, advance }, { external_userid: ids })
  const own = await admin('POST', '/people/chenxiaoyu/broadcasts', { text: '早', customers: ids })
  const span = { chat_type: 'single', start_time: startedS, end_time: startedS + 3600 }
  const listed = async (over: object) =>
    (await call(LIST, { ...span, ...over })).group_msg_list.map((one: Answer) => one.msgid)
  expect(await listed({})).toEqual([own.msgid, made.msgid])
  expect(await listed({ filter_type: 0 })).toEqual([made.msgid])
  expect(await listed({ filter_type: 1, creator: 'ChenXiaoYu' })).toEqual([own.msgid])
  expect(await listed({ chat_type: 'group' })).toEqual([])
  expect(await listed({ start_time: startedS - 10, end_time: startedS - 1 })).toEqual([])
  expect((await call(LIST, { ...span, end_time: startedS + 32 * 86_400 })).errcode).toBe(40058)
  const first = await call(LIST, { ...span, limit: 1 })
  expect(first.group_msg_list).toMatchObject([{ creator: 'chenxiaoyu', create_type: 1, text: { content: '早' } }])
  const second = await call(LIST, { ...span, limit: 1, cursor: first.next_cursor })
  expect(second).toMatchObject({ next_cursor: '', group_msg_list: [{ msgid: made.msgid, create_type: 0 }] })
  expect(second.group_msg_list[0]).not.toHaveProperty('creator')
  expect((await call(LIST, { ...span, cursor: 'x' })).errcode).toBe(50100)
  const page = await call(RESULTS, { msgid: made.msgid, userid: 'chenxiaoyu', limit: 2 })
  const rest = await call(RESULTS, { msgid: made.msgid, userid: 'chenxiaoyu', limit: 2, cursor: page.next_cursor })
  expect([...page.send_list, ...rest.send_list].map((one: Answer) => one.external_userid)).toEqual(ids)
  expect((await call(RESULTS, { msgid: made.msgid, userid: 'chenxiaoyu', limit: 9999 })).send_list).toHaveLength(3)
  expect(rest.next_cursor).toBe('')
})

test('a send may stand in no list for a while although its member confirms it, where the setting says so', async () => {
  const { call, advance, settings, sandbox, ids } = await asked(1, { ...still, listedAfterMs: HOUR })
  const startedS = Math.floor(sandbox.clock.now() / 1000)
  const late = await send({ call, advance }, { external_userid: ids })
  await settings({ reach: { listedAfterMs: 0 } })
  const prompt = await send({ call, advance }, { external_userid: ids })
  const span = { chat_type: 'single', start_time: startedS, end_time: startedS + 3600 }
  const listed = async () => (await call(LIST, span)).group_msg_list.map((one: Answer) => one.msgid)
  expect(await listed()).toEqual([prompt.msgid])
  expect((await call(TASKS, { msgid: late.msgid })).task_list).toHaveLength(1)
  await advance(HOUR)
  expect(await listed()).toEqual([prompt.msgid, late.msgid])
})

test('a member who may choose leaves some out: they stay unsent', async () => {
  const { call, advance, settings, ids } = await asked(2)
  await settings({ reach: { leavesOut: 1 } })
  const chosen = await send({ call, advance }, { external_userid: ids, allow_select: true })
  const fixed = await send({ call, advance }, { external_userid: ids })
  await advance(HOUR)
  expect(statuses(await call(RESULTS, { msgid: chosen.msgid, userid: 'chenxiaoyu' }))).toEqual([0, 0])
  expect(statuses(await call(RESULTS, { msgid: fixed.msgid, userid: 'chenxiaoyu' }))).toEqual([1, 1])
})

test('a send to groups is one task of the owner; only his groups, one by one counted for the cap, only sent ones told', async () => {
  const { call, advance, settings, admin, sandbox } = await asked()
  const [mine, also] = sandbox.world.groups.ofStaff('chenxiaoyu').filter(({ owner }) => owner === 'chenxiaoyu')
  const foreign = sandbox.world.groups.all().find(({ owner }) => owner !== 'chenxiaoyu')?.chatId ?? ''
  const group = mine?.chatId ?? ''
  expect(also).toBeUndefined()
  await settings({ limits: { overrides: { 'broadcast.cap_mode': 'daily_1' } } })
  const to = { chat_type: 'group', chat_id_list: [group, foreign, 'wrNothing'] }
  expect((await call(ADD, { ...to, text })).errcode).toBe(40058)
  const made = await send({ call, advance }, to)
  expect(made.fail_list).toEqual([foreign, 'wrNothing'])
  const result = () => call(RESULTS, { msgid: made.msgid, userid: 'chenxiaoyu' })
  expect((await result()).send_list).toEqual([])
  await advance(HOUR)
  expect((await result()).send_list).toMatchObject([{ chat_id: group, userid: 'chenxiaoyu', status: 1 }])
  const customer = [...(mine?.members.values() ?? [])].find(({ who }) => 'customer' in who)?.who ?? {}
  const reader = 'customer' in customer ? `c${customer.customer}` : ''
  const { messages } = await admin('GET', `/people/${reader}/chats/${group}/messages`)
  expect(messages.at(-1)).toMatchObject({ source: 'broadcast', from: 'chenxiaoyu', body: { content: text.content } })
  const { rows, columns } = await admin('GET', '/oracle/group-deliveries')
  expect(rows.map((row: Answer) => row.slice(0, columns.indexOf('atMs')))).toEqual([
    [0, made.msgid, 'chenxiaoyu', group],
  ])
  // all of his, since none is named, and the group has had its one of the day
  const more = await send({ call, advance }, { chat_type: 'group' })
  await advance(HOUR)
  expect(statuses(await call(RESULTS, { msgid: more.msgid, userid: 'chenxiaoyu' }))).toEqual([3])
  expect((await call(ADD, { chat_type: 'group', chat_id_list: [foreign], sender: 'chenxiaoyu', text })).errcode).toBe(
    41048,
  )
})

test('a group that was dismissed before the owner confirmed is nowhere in the results', async () => {
  const { call, advance, admin, sandbox } = await asked()
  const group = sandbox.world.groups.ofStaff('chenxiaoyu').find(({ owner }) => owner === 'chenxiaoyu')
  const { msgid } = await send({ call, advance }, { chat_type: 'group', chat_id_list: [group?.chatId] })
  await admin('POST', '/people/chenxiaoyu/leave', { chatId: group?.chatId })
  await advance(HOUR)
  expect((await call(RESULTS, { msgid, userid: 'chenxiaoyu' })).send_list).toEqual([])
  expect((await call(TASKS, { msgid })).task_list[0].status).toBe(2)
})
