import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { type Answer, type Stage, stage } from '../testing/stage.ts'

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
