import { expect, test } from 'vitest'
import { type Answer, PNG, START_MS, stage } from '../testing/stage.ts'

const DAY_S = 86_400

test('departments and members: what the range covers, no phone or mail, one row per membership', async () => {
  const { get, call, settings } = await stage({ staff: 40 })
  const { department } = await get('department/list')
  expect(department[0]).toMatchObject({ id: 1, name: '鲜果连锁', parentid: 0 })
  const { department_id } = await get('department/simplelist', { id: '10' })
  expect(department_id.every((one: { id: number; parentid: number }) => one.id === 10 || one.parentid === 10)).toBe(
    true,
  )
  expect((await get('department/get', { id: '100' })).department).toMatchObject({
    name: '上海人民广场店',
    department_leader: ['chenxiaoyu'],
  })
  expect((await get('department/get', { id: '4040' })).errcode).toBe(60003)
  const { userlist } = await get('user/list', { department_id: '100' })
  expect(userlist[0]).toMatchObject({
    userid: 'chenxiaoyu',
    name: '陈晓雨',
    status: 1,
    position: '店长',
    is_leader_in_dept: [1],
  })
  for (const field of ['mobile', 'email', 'avatar', 'gender', 'qr_code']) expect(userlist[0]).not.toHaveProperty(field)
  expect((await get('user/get', { userid: 'CHENXIAOYU' })).userid).toBe('chenxiaoyu')
  expect((await get('user/get', { userid: 'a b' })).errcode).toBe(40003)
  const rows: Answer[] = []
  for (let cursor = ''; ; ) {
    const page: Answer = await call('user/list_id', { limit: 7, cursor }, 'contacts')
    rows.push(...page.dept_user)
    cursor = page.next_cursor
    if (cursor === '') break
  }
  expect(new Set(rows.map((row) => row.userid)).size).toBe(40)
  await settings({ apps: { nuanyu: { visible: { users: [], departments: [100] } } } })
  expect((await get('department/list')).department.map((one: { id: number }) => one.id)).toEqual([100])
  expect((await get('department/get', { id: '101' })).errcode).toBe(60011)
})

test('uploads are checked for field, kind and size; permanent pictures are counted by the day', async () => {
  const { upload, token, url, settings, advance } = await stage()
  expect(await upload('media/upload?type=image', PNG)).toMatchObject({ errcode: 0, type: 'image' })
  expect((await upload('media/upload?type=image', new Uint8Array(50))).errcode).toBe(40123)
  expect((await upload('media/upload?type=video', PNG)).errcode).toBe(40005)
  expect((await upload('media/upload?type=picture', PNG)).errcode).toBe(40004)
  expect((await upload('media/upload?type=file', new Uint8Array(5))).errcode).toBe(40006)
  const wrong = new FormData()
  wrong.append('file', new Blob([PNG]), 'a.png')
  const path = `${url}/cgi-bin/media/upload?type=image&access_token=${await token()}`
  expect(((await (await fetch(path, { method: 'POST', body: wrong })).json()) as Answer).errcode).toBe(44001)
  expect(((await (await fetch(path, { method: 'POST', body: 'x' })).json()) as Answer).errcode).toBe(44001)
  await settings({ limits: { overrides: { 'media.uploadimg_per_day': 2, 'media.image_max_bytes': 60 } } })
  expect((await upload('media/upload?type=image', PNG)).errcode).toBe(40009)
  const codes = [
    await upload('media/uploadimg', PNG),
    await upload('media/uploadimg', PNG),
    await upload('media/uploadimg', PNG),
  ]
  expect(codes.map((one) => one.errcode)).toEqual([0, 0, 45009])
  expect((await fetch(codes[0].url)).headers.get('content-type')).toBe('image/png')
  await advance(DAY_S * 1000)
  expect((await upload('media/uploadimg', PNG)).errcode).toBe(0)
})

test('app messages reach members in range only; when nobody is left it is 81013', async () => {
  const { call, admin, sandbox } = await stage()
  const [one, two] = sandbox.world.staff.all().map((member) => member.userid)
  const message = { msgtype: 'text', agentid: 1000002, text: { content: '请确认今天的任务' } }
  const sent = await call('message/send', { ...message, touser: `${one}|Nobody|${two}` })
  expect(sent).toMatchObject({ errcode: 0, invaliduser: 'nobody' })
  expect((await call('message/send', { ...message, touser: 'nobody' })).errcode).toBe(81013)
  expect((await call('message/send', { ...message, touser: one, agentid: 1000003 })).errcode).toBe(301002)
  expect((await call('message/send', message)).errcode).toBe(82001)
  const { messages } = await admin('GET', `/people/${one}/chats/app:nuanyu/messages`)
  expect(messages).toMatchObject([{ from: 'app:nuanyu', fromName: '暖域', body: { content: '请确认今天的任务' } }])
  expect((await call('message/recall', { msgid: sent.msgid }, 'crm')).errcode).toBe(40058)
  expect((await call('message/recall', { msgid: sent.msgid })).errcode).toBe(0)
  expect((await admin('GET', `/people/${two}/chats/app:nuanyu/messages`)).messages[0].recalled).toBe(true)
})

test('too long a text is cut at whole characters; repeats within the interval are one; recall ends after a day', async () => {
  const { call, admin, advance } = await stage()
  const message = {
    msgtype: 'text',
    agentid: 1000002,
    touser: 'chenxiaoyu',
    text: { content: '汉'.repeat(700) },
    enable_duplicate_check: 1,
  }
  const [first, second] = [await call('message/send', message), await call('message/send', message)]
  expect(second.msgid).toBe(first.msgid)
  const { messages } = await admin('GET', '/people/chenxiaoyu/chats/app:nuanyu/messages')
  expect(messages.map((one: { body: { content: string } }) => one.body.content)).toEqual(['汉'.repeat(682)])
  await advance(1_800_000)
  expect((await call('message/send', message)).msgid).not.toBe(first.msgid)
  await advance(DAY_S * 1000)
  expect((await call('message/recall', { msgid: first.msgid })).errcode).toBe(42052)
})

test('more than thirty messages a minute to one member are dropped without a word', async () => {
  const { call, admin } = await stage()
  for (let n = 0; n < 33; n++) {
    const message = { msgtype: 'text', agentid: 1000002, touser: 'chenxiaoyu', text: { content: `第${n}条` } }
    expect((await call('message/send', message)).errcode).toBe(0)
  }
  expect((await admin('GET', '/oracle/messages?person=chenxiaoyu&source=app')).messages).toHaveLength(30)
})

test('an interactive card needs a callback address', async () => {
  const { call, subscribe } = await stage()
  const template_card = {
    card_type: 'button_interaction',
    main_title: { title: '确认群发' },
    task_id: 'task-1',
    button_list: [{ text: '确认', key: 'yes' }],
  }
  const message = { msgtype: 'template_card', agentid: 1000002, touser: 'chenxiaoyu', template_card }
  expect((await call('message/send', message)).errcode).toBe(43012)
  await subscribe()
  expect(await call('message/send', message)).toMatchObject({ errcode: 0, response_code: expect.any(String) })
})

test('behaviour data are one row a day, summed over members, for thirty days of the last 180', async () => {
  const { call, add, admin, advance, sandbox } = await stage()
  const PATH = 'externalcontact/get_user_behavior_data'
  const { person } = await add()
  await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '在吗' })
  await admin('POST', `/people/${person.id}/delete`, { peer: 'chenxiaoyu' })
  await advance(60_000)
  const end_time = Math.floor(START_MS / 1000)
  const ask = (days: number, userid = ['chenxiaoyu']) =>
    call(PATH, { userid, start_time: end_time - (days - 1) * DAY_S, end_time })
  const { behavior_data } = await ask(30)
  expect(behavior_data).toHaveLength(30)
  expect(behavior_data[29]).toMatchObject({ new_contact_cnt: 1, negative_feedback_cnt: 1, message_cnt: 1 })
  expect((await ask(31)).errcode).toBe(60267)
  const old = { start_time: end_time - 200 * DAY_S, end_time: end_time - 190 * DAY_S }
  expect((await call(PATH, { userid: ['chenxiaoyu'], ...old })).errcode).toBe(60267)
  const other = sandbox.world.staff.at(3)?.userid ?? ''
  const [one, two, both] = [await ask(30), await ask(30, [other]), await ask(30, ['chenxiaoyu', other])]
  const sum = (data: Answer) => data.behavior_data.map((day: { chat_cnt: number }) => day.chat_cnt)
  const [first, second] = [sum(one), sum(two)]
  expect(sum(both)).toEqual(first.map((count: number, day: number) => count + second[day]))
})

test('tickets stay the same for two hours and are few an hour', async () => {
  const { get, settings } = await stage()
  const first = await get('get_jsapi_ticket')
  expect(await get('get_jsapi_ticket')).toMatchObject({ ticket: first.ticket, expires_in: 7200 })
  expect((await get('ticket/get', { type: 'agent_config' })).ticket).not.toBe(first.ticket)
  expect((await get('ticket/get', { type: 'jsapi' })).errcode).toBe(91040)
  await settings({ limits: { overrides: { 'jssdk.app_tickets_per_hour': 2 } } })
  expect((await get('get_jsapi_ticket')).errcode).toBe(45009)
})

test('an app reads its own settings and no other', async () => {
  const { get } = await stage()
  expect(await get('agent/get', { agentid: '1000002' })).toMatchObject({
    name: '暖域',
    close: 0,
    allow_partys: { partyid: [1] },
  })
  expect((await get('agent/get', { agentid: '1000003' })).errcode).toBe(301002)
  expect((await get('agent/get', { agentid: '7' })).errcode).toBe(40056)
})
