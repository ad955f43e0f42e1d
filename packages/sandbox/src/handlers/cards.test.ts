import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CardReply, sealCardReply } from '@nuanyu/wecom'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { type Answer, KEYS, PNG, type Stage, stage } from '../testing/stage.ts'

const HOUR = 3_600_000
const UPDATE = 'message/update_template_card'
const agentid = 1000002
const buttons = {
  card_type: 'button_interaction',
  main_title: { title: '确认群发', desc: '48 人' },
  task_id: 'task-1',
  action_menu: { action_list: [{ text: '不再提醒', key: 'mute' }] },
  button_list: [
    { text: '确认', key: 'yes' },
    { text: '看看', url: 'https://a.cn', type: 1 },
  ],
}
const vote = {
  card_type: 'vote_interaction',
  main_title: { title: '谁值班' },
  task_id: 'task-2',
  checkbox: {
    question_key: 'who',
    mode: 0,
    option_list: [
      { id: 'a', text: '甲' },
      { id: 'b', text: '乙', is_checked: true },
    ],
  },
  submit_button: { text: '提交', key: 'send' },
}

async function sent(template_card: object, touser = 'chenxiaoyu', options: SandboxOptions = {}) {
  const on = await stage(options)
  await on.subscribe()
  const made = await on.call('message/send', { msgtype: 'template_card', agentid, touser, template_card })
  return { ...on, made, tap: (body: object, userid = 'chenxiaoyu') => tapped(on, userid, made.msgid, body) }
}

async function tapped({ admin, sandbox }: Stage, userid: string, msgid: string, body: object): Promise<Answer> {
  const answer = await admin('POST', `/people/${userid}/cards/${msgid}/tap`, body)
  await sandbox.settled()
  return answer
}

const look = async ({ admin }: Pick<Stage, 'admin'>, userid = 'chenxiaoyu') =>
  (await admin('GET', `/people/${userid}/chats/app:nuanyu/messages`)).messages.at(-1).body

test('a tap is called back with a code that changes the card once, within three days', async () => {
  const { call, made, tap, events, advance, admin } = await sent(buttons)
  expect(await look({ admin })).toMatchObject({ cardId: made.msgid, buttons: [{ key: 'yes', text: '确认' }] })
  await tap({ key: 'yes' })
  const [event] = events
  if (event?.kind !== 'app.card_clicked') return expect.fail(event?.kind)
  expect(event).toMatchObject({ userId: 'chenxiaoyu', eventKey: 'yes', taskId: 'task-1', agentId: agentid })
  const update = { userids: ['chenxiaoyu'], agentid, button: { replace_name: '已确认' } }
  expect(await call(UPDATE, { ...update, response_code: event.responseCode })).toMatchObject({ errcode: 0 })
  expect(await look({ admin })).toMatchObject({ replaced: '已确认' })
  expect((await tap({ key: 'yes' })).error.code).toBe('card_done')
  expect((await call(UPDATE, { ...update, response_code: event.responseCode })).errcode).toBe(60140)
  // the code of the sending itself still serves, until its three days are over
  await advance(72 * HOUR)
  expect((await call(UPDATE, { ...update, response_code: made.response_code })).errcode).toBe(0)
  await tap({ key: 'mute' })
  const menu = events.at(-1)
  if (menu?.kind !== 'app.card_menu_clicked') return expect.fail(menu?.kind)
  await advance(72 * HOUR + 1_000)
  expect((await call(UPDATE, { ...update, response_code: menu.responseCode })).errcode).toBe(60140)
})

test('what was chosen is told, one option where only one is asked for, the given one where nothing was touched', async () => {
  const { tap, events } = await sent(vote)
  expect((await tap({ key: 'send', selected: { who: ['a', 'b'] } })).error.code).toBe('too_many_options')
  expect((await tap({ key: 'send', selected: { who: ['z'] } })).error.code).toBe('no_such_option')
  expect((await tap({ key: 'yes' })).error.code).toBe('no_such_button')
  await tap({ key: 'send', selected: { who: ['a'] } })
  await tap({ key: 'send' })
  expect(events).toMatchObject([
    { kind: 'app.card_clicked', cardType: 'vote_interaction', selected: [{ question: 'who', options: ['a'] }] },
    { kind: 'app.card_clicked', selected: [{ question: 'who', options: ['b'] }] },
  ])
})

test('a card becomes another one for who is named and has it; strangers are told apart, nobody is 81013', async () => {
  const probe = await stage()
  const other = probe.sandbox.world.staff.at(1)?.userid ?? ''
  const third = probe.sandbox.world.staff.at(2)?.userid ?? ''
  const { call, made, admin, tap } = await sent(buttons, `chenxiaoyu|${other}`)
  const update = { agentid, template_card: { ...vote, replace_text: '已交班' } }
  const code = made.response_code
  expect((await call(UPDATE, { ...update, response_code: code })).errcode).toBe(82001)
  expect((await call(UPDATE, { ...update, response_code: code, userids: [third] })).errcode).toBe(81013)
  expect((await call(UPDATE, { ...update, response_code: code, atall: 1, agentid: 1000003 })).errcode).toBe(301002)
  expect((await call(UPDATE, { ...update, response_code: code, atall: 1, agentid: 1000003 }, 'crm')).errcode).toBe(
    42015,
  )
  expect((await call(UPDATE, { agentid, response_code: code, atall: 1 })).errcode).toBe(40058)
  const done = await call(UPDATE, { ...update, response_code: code, userids: [other, third, 'Nobody'] })
  expect([done.errcode, done.invaliduser.sort()]).toEqual([0, [third, 'nobody'].sort()])
  expect(await look({ admin }, other)).toMatchObject({ title: '谁值班', replaced: '已交班' })
  expect(await look({ admin })).toMatchObject({ title: '确认群发' })
  expect((await tap({ key: 'yes' }, third)).error.code).toBe('card_unknown')
})

test('a notice with a menu can be answered too, has no buttons to change, and needs a callback address', async () => {
  const notice = {
    card_type: 'text_notice',
    main_title: { title: '日报' },
    task_id: 'task-3',
    action_menu: buttons.action_menu,
    card_action: { type: 1, url: 'https://a.cn' },
  }
  const { call, made, tap, events, admin } = await sent(notice)
  const update = { agentid, response_code: made.response_code, atall: 1 }
  expect((await call(UPDATE, { ...update, button: { replace_name: '好' } })).errcode).toBe(40058)
  await tap({ key: 'mute' })
  expect(events).toMatchObject([{ kind: 'app.card_menu_clicked', eventKey: 'mute', cardType: 'text_notice' }])
  expect((await call(UPDATE, { ...update, template_card: { ...vote, task_id: 'task-9' } })).errcode).toBe(0)
  expect(await look({ admin })).toMatchObject({ title: '谁值班', buttons: [{ key: 'send' }] })
  const again = { msgtype: 'template_card', agentid, touser: 'chenxiaoyu', template_card: notice }
  expect((await call('message/send', again)).errcode).toBe(42014)
  const bare = await stage()
  expect((await bare.call('message/send', again)).errcode).toBe(43012)
})

test('what a card becomes need name no task, as the page has none, and is answered with the one it was sent with', async () => {
  const { call, made, tap, events } = await sent(buttons)
  const { task_id: _task, ...unnamed } = vote
  const update = { agentid, response_code: made.response_code, atall: 1 }
  const { action_menu } = buttons
  const change = await call(UPDATE, { ...update, template_card: { ...unnamed, action_menu } })
  expect(change.errcode).toBe(0)
  await tap({ key: 'send' })
  await tap({ key: 'mute' })
  expect(events).toMatchObject([{ taskId: 'task-1' }, { taskId: 'task-1' }])
})

test('what a card leads to must be there: files that were uploaded, mini programs that are linked', async () => {
  const on = await sent(buttons)
  const notice = { card_type: 'text_notice', main_title: { title: '日报' } }
  const card_action = { type: 1, url: 'https://a.cn' }
  const elsewhere = { type: 2, appid: 'wx1' }
  const media_id = (await on.upload('media/upload?type=file', PNG, '日报.xlsx')).media_id
  const file = (id: string) => [{ keyname: '日报', type: 2, media_id: id }]
  const cases: [number, object][] = [
    [0, { ...notice, card_action, horizontal_content_list: file(media_id) }],
    [0, { ...notice, card_action: { type: 2, appid: 'wx8f2a7d3c1b5e4f60' } }],
    [40007, { ...notice, card_action, horizontal_content_list: file('nothing') }],
    [90206, { ...notice, card_action: elsewhere }],
    [90206, { ...notice, card_action, jump_list: [{ ...elsewhere, title: '去看' }] }],
    [90206, { ...notice, card_action, quote_area: elsewhere }],
  ]
  for (const [expected, template_card] of cases) {
    const made = await on.call('message/send', {
      msgtype: 'template_card',
      agentid,
      touser: 'chenxiaoyu',
      template_card,
    })
    expect([made.errcode, template_card]).toEqual([expected, template_card])
    if (expected === 0) continue
    const update = { agentid, response_code: on.made.response_code, atall: 1, template_card }
    expect((await on.call(UPDATE, update)).errcode).toBe(expected)
  }
})

test('after a restart a card can still be answered and changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const first = await sent(buttons, 'chenxiaoyu', { stateFile })
  await first.sandbox.close()
  const again = await stage({ stateFile })
  await again.subscribe()
  await tapped(again, 'chenxiaoyu', first.made.msgid, { key: 'yes' })
  expect(again.events).toMatchObject([{ kind: 'app.card_clicked', eventKey: 'yes' }])
  const update = { agentid, response_code: first.made.response_code, atall: 1, button: { replace_name: '好' } }
  expect((await again.call(UPDATE, update)).errcode).toBe(0)
})

const keys = (on: Stage) => ({ ...KEYS, receiveId: on.sandbox.world.corpId })

test('the callback of a tap may be answered with a text for the buttons, which only who tapped sees', async () => {
  const probe = await stage()
  const other = probe.sandbox.world.staff.at(1)?.userid ?? ''
  const on = await sent(buttons, `chenxiaoyu|${other}`)
  const say = (reply: CardReply, userId = 'chenxiaoyu') =>
    sealCardReply({ ...keys(on), userId, createTime: 1, nonce: 'n', reply })
  on.replies.push(() => say({ type: 'update_button', replaceName: '别人的' }, other))
  await on.tap({ key: 'yes' })
  expect(await look(on)).not.toHaveProperty('replaced')
  on.replies.push(() => say({ type: 'update_button', replaceName: '已确认' }))
  await on.tap({ key: 'yes' })
  expect(await look(on)).toMatchObject({ title: '确认群发', replaced: '已确认' })
  expect(await look(on, other)).toMatchObject({ buttons: [{ key: 'yes' }] })
  expect((await on.tap({ key: 'yes' })).error.code).toBe('card_done')
  // the code that came with the tap was not spent by it
  const event = on.events.at(-1)
  if (event?.kind !== 'app.card_clicked') return expect.fail(event?.kind)
  const update = { userids: [other], agentid, response_code: event.responseCode, button: { replace_name: '好' } }
  expect((await on.call(UPDATE, update)).errcode).toBe(0)
})

test('a card of any of the five types may stand in place of the tapped one, and keeps its task', async () => {
  const on = await sent(buttons)
  const card_action = { type: 1 as const, url: 'https://a.cn' }
  const question = { question_key: 'q', option_list: [{ id: 'a', text: '甲' }] }
  const menu = buttons.action_menu
  const cards: Extract<CardReply, { type: 'update_template_card' }>['card'][] = [
    { card_type: 'text_notice', main_title: { title: '一' }, card_action, action_menu: menu },
    {
      card_type: 'news_notice',
      main_title: { title: '二' },
      card_image: { url: 'https://a.cn/a.png', aspect_ratio: 1.5 },
      card_action,
      action_menu: menu,
    },
    {
      card_type: 'vote_interaction',
      main_title: { title: '三' },
      checkbox: { ...question, mode: 1 },
      submit_button: { text: '提交', key: 'send' },
      action_menu: menu,
    },
    {
      card_type: 'multiple_interaction',
      main_title: { title: '四' },
      select_list: [question],
      submit_button: { text: '提交', key: 'send' },
      action_menu: menu,
    },
    {
      card_type: 'button_interaction',
      main_title: { title: '五' },
      button_list: [{ text: '好', key: 'yes' }],
      replace_text: '陈晓雨已处理',
    },
  ]
  for (const card of cards) {
    const reply = { type: 'update_template_card' as const, card }
    on.replies.push(() => sealCardReply({ ...keys(on), userId: 'chenxiaoyu', createTime: 1, nonce: 'n', reply }))
    await on.tap({ key: 'mute' })
    expect(await look(on)).toMatchObject({ title: card.main_title?.title })
    expect(on.events.at(-1)).toMatchObject({ kind: 'app.card_menu_clicked', taskId: 'task-1' })
  }
  expect(await look(on)).toMatchObject({ replaced: '陈晓雨已处理' })
})

test('an answer that is no reply changes nothing, nor does a text for the buttons of a card that has none', async () => {
  const notice = {
    card_type: 'text_notice',
    main_title: { title: '日报' },
    task_id: 'task-3',
    action_menu: buttons.action_menu,
    card_action: { type: 1, url: 'https://a.cn' },
  }
  const on = await sent(notice)
  const reply: CardReply = { type: 'update_button', replaceName: '好' }
  const sealed = (more: object = {}) =>
    sealCardReply({ ...keys(on), userId: 'chenxiaoyu', createTime: 1, nonce: 'n', reply, ...more })
  for (const answer of ['success', '{"ok":true}', sealed({ token: 'another' }), sealed()]) {
    on.replies.push(() => answer)
    await on.tap({ key: 'mute' })
    expect(await look(on)).toMatchObject({ title: '日报' })
    expect(await look(on)).not.toHaveProperty('replaced')
  }
})

test('where the platform is read to look at replies to menus only, a reply to a button is let be', async () => {
  const on = await sent(buttons)
  await on.settings({ readings: { cardReplies: 'menu' } })
  const reply: CardReply = { type: 'update_button', replaceName: '好' }
  const say = () => sealCardReply({ ...keys(on), userId: 'chenxiaoyu', createTime: 1, nonce: 'n', reply })
  on.replies.push(say)
  await on.tap({ key: 'yes' })
  expect(await look(on)).not.toHaveProperty('replaced')
  on.replies.push(say)
  await on.tap({ key: 'mute' })
  expect(await look(on)).toMatchObject({ replaced: '好' })
})

test('each field of a card that is wrong has the code of its own', async () => {
  const on = await stage()
  await on.subscribe()
  const code = async (template_card: object) =>
    (await on.call('message/send', { msgtype: 'template_card', agentid, touser: 'chenxiaoyu', template_card })).errcode
  const action = { type: 1, url: 'https://a.cn' }
  const notice = { card_type: 'text_notice', main_title: { title: '日报' }, card_action: action }
  const many = <T>(n: number, one: (at: number) => T) => Array.from({ length: n }, (_, at) => one(at))
  const { main_title: _title, ...untitled } = buttons
  const { task_id: _task, ...unnamed } = buttons
  const line = { keyname: '人数', value: '48' }
  const wrong: [number, object][] = [
    [42014, unnamed],
    [42014, { ...buttons, task_id: '任务' }],
    [42014, { ...notice, action_menu: buttons.action_menu }],
    [42027, { ...notice, horizontal_content_list: [{ value: '48' }] }],
    [42028, { ...notice, horizontal_content_list: [{ ...line, type: 1 }] }],
    [42029, { ...notice, horizontal_content_list: [{ ...line, type: 2 }] }],
    [42030, { ...notice, jump_list: [{ title: '去看', type: 2 }] }],
    [42031, { ...notice, card_type: 'big_notice' }],
    [42032, { ...vote, checkbox: undefined }],
    [42033, { ...notice, main_title: {} }],
    [42033, untitled],
    [42035, { ...notice, horizontal_content_list: many(7, () => line) }],
    [42036, { ...notice, card_type: 'news_notice', vertical_content_list: many(5, () => ({ title: '一' })) }],
    [42037, { ...vote, checkbox: { ...vote.checkbox, option_list: [] } }],
    [42038, { ...buttons, button_list: [{ text: '', key: 'yes' }] }],
    [42039, { ...buttons, button_list: [{ text: '好' }] }],
    [42039, { ...buttons, button_list: many(2, () => ({ text: '好', key: 'yes' })) }],
    [42040, { ...vote, checkbox: { ...vote.checkbox, option_list: many(2, () => ({ id: 'a', text: '甲' })) } }],
    [42041, { ...vote, checkbox: { ...vote.checkbox, option_list: [{ id: 'a', text: '' }] } }],
    [42042, { ...notice, jump_list: many(4, () => ({ title: '去看', type: 0 })) }],
    [42043, { ...vote, checkbox: { ...vote.checkbox, question_key: undefined } }],
    [42044, { ...notice, card_type: 'news_notice' }],
    [42045, { ...notice, card_action: undefined }],
    [42046, { ...vote, submit_button: { text: '好' } }],
    [42047, { ...vote, card_type: 'multiple_interaction', select_list: [] }],
    [42049, { ...vote, submit_button: { key: 'yes' } }],
    [42050, { ...notice, horizontal_content_list: [{ ...line, type: 3 }] }],
    [42051, { ...buttons, action_menu: { action_list: many(2, () => ({ text: '静音', key: 'mute' })) } }],
  ]
  for (const [expected, card] of wrong) expect([await code(card), card]).toEqual([expected, card])
})
