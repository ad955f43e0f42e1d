import { expect, test } from 'vitest'
import { PNG, type Stage, stage } from '../testing/stage.ts'

const LIST = 'externalcontact/groupchat/list'
const GET = 'externalcontact/groupchat/get'
const ADD_WAY = 'externalcontact/groupchat/add_join_way'
const TEMPLATE = 'externalcontact/group_welcome_template'

const newGroup = async ({ admin }: Stage, name: string): Promise<string> =>
  (await admin('POST', '/console', { do: 'group.create', owner: 'chenxiaoyu', name, customers: [] })).id

test('groups list by owner and page, and show members with their way in', async () => {
  const { call, settings, sandbox } = await stage()
  const all = await call(LIST, { limit: 100 })
  expect(all.group_chat_list.length).toBe(sandbox.world.groups.all().length)
  const of = await call(LIST, { limit: 100, owner_filter: { userid_list: ['chenxiaoyu'] } })
  expect(of.group_chat_list).toHaveLength(1)
  const { group_chat } = await call(GET, { chat_id: of.group_chat_list[0].chat_id, need_name: 1 })
  expect(group_chat).toMatchObject({ owner: 'chenxiaoyu' })
  expect(group_chat.member_list[0]).toMatchObject({ userid: 'chenxiaoyu', type: 1, join_scene: 1, name: '陈晓雨' })
  const external = group_chat.member_list.find(
    (one: { type: number; userid: string }) => one.type === 2 && one.userid.startsWith('wm'),
  )
  expect(external.unionid).toMatch(/^o/)
  expect((await call(LIST, {})).errcode).toBe(40058)
  expect((await call(GET, { chat_id: 'wrnothing' })).errcode).toBe(40050)
  expect((await call(GET, {})).errcode).toBe(86003)
  await settings({ limits: { overrides: { 'group.visible_members_without_filter': 5 } } })
  expect((await call(LIST, { limit: 100 })).errcode).toBe(81017)
})

test('a customer joins by a code: the event carries the versions, and the group shows him two seconds later', async () => {
  const at = await stage()
  const { call, admin, subscribe, customer, events, sandbox, advance } = at
  await subscribe('nuanyu', ['external_chat'])
  const chat_id = await newGroup(at, '福利群')
  const { config_id } = await call(ADD_WAY, { scene: 2, chat_id_list: [chat_id], state: 'door' })
  const { join_way } = await call('externalcontact/groupchat/get_join_way', { config_id })
  const before = (await call(GET, { chat_id })).group_chat.member_version
  const person = await customer()
  expect(await admin('POST', `/people/${person.id}/scan`, { content: join_way.qr_code })).toMatchObject({
    kind: 'join_way',
    group: { chatId: chat_id, memberCount: 1 },
    alreadyMember: false,
  })
  expect(await admin('POST', `/people/${person.id}/join`, { content: join_way.qr_code })).toMatchObject({
    alreadyMember: false,
  })
  expect(await admin('POST', `/people/${person.id}/join`, { content: join_way.qr_code })).toMatchObject({
    alreadyMember: true,
  })
  expect((await call(GET, { chat_id })).group_chat.member_version).toBe(before)
  await advance(2000)
  const { group_chat } = await call(GET, { chat_id })
  expect(group_chat.member_list[1]).toMatchObject({ userid: person.externalUserId, join_scene: 3, state: 'door' })
  await admin('POST', `/people/${person.id}/leave`, { chatId: chat_id })
  await sandbox.settled()
  expect(events.sort((a, b) => Number(a.kind > b.kind))).toMatchObject([
    { kind: 'group.created', chatId: chat_id },
    {
      kind: 'group.updated',
      updateDetail: 'add_member',
      joinScene: 3,
      memberChangeCount: 1,
      memberChanges: [person.externalUserId],
      lastMemberVersion: before,
      currentMemberVersion: group_chat.member_version,
    },
    { updateDetail: 'del_member', quitScene: 0, lastMemberVersion: group_chat.member_version },
  ])
})

test('a join way takes five groups, cuts a long remark, and belongs to the app that made it', async () => {
  const { call, sandbox } = await stage()
  const ids = sandbox.world.groups.all().map((group) => group.chatId)
  expect((await call(ADD_WAY, { scene: 2, chat_id_list: ids.slice(0, 6) })).errcode).toBe(41091)
  const { config_id } = await call(ADD_WAY, { scene: 2, chat_id_list: ids.slice(0, 5), remark: '汉'.repeat(40) })
  const { join_way } = await call('externalcontact/groupchat/get_join_way', { config_id })
  expect(join_way).toMatchObject({ remark: '汉'.repeat(30), auto_create_room: 1, scene: 2 })
  for (const act of ['get', 'del', 'update']) {
    const body = { config_id, scene: 2, chat_id_list: ids.slice(0, 1) }
    expect((await call(`externalcontact/groupchat/${act}_join_way`, body, 'crm')).errcode).toBe(41044)
  }
  expect((await call('externalcontact/groupchat/update_join_way', { config_id, scene: 2 })).errcode).toBe(40058)
  expect((await call('externalcontact/groupchat/del_join_way', { config_id })).errcode).toBe(0)
})

test('full groups pass newcomers on, and the last is continued by a new one with the next name', async () => {
  const at = await stage()
  const { call, admin, customer, settings } = at
  const chat_id = await newGroup(at, '福利群')
  const way = { scene: 2, chat_id_list: [chat_id], room_base_name: '福利群', room_base_id: 2 }
  const { config_id } = await call(ADD_WAY, way)
  await settings({ limits: { overrides: { 'group.max_members': 2 } } })
  const join = async (person: { id: string }) => admin('POST', `/people/${person.id}/join`, { content: config_id })
  expect((await join(await customer())).chatId).toBe(chat_id)
  const second = await join(await customer())
  expect(second).toMatchObject({ name: '福利群2' })
  expect((await call('externalcontact/groupchat/get_join_way', { config_id })).join_way.chat_id_list).toEqual([
    chat_id,
    second.chatId,
  ])
  await call('externalcontact/groupchat/update_join_way', { ...way, config_id, auto_create_room: 0 })
  expect((await join(await customer())).error.code).toBe('group_full')
})

test("a group's template greets a newcomer by name", async () => {
  const at = await stage()
  const { call, admin, customer, upload } = at
  const chatId = await newGroup(at, '福利群')
  const { media_id } = await upload('media/upload?type=image', PNG)
  const { template_id } = await call(`${TEMPLATE}/add`, {
    text: { content: '欢迎 %NICKNAME% 进群' },
    image: { media_id },
  })
  await admin('POST', '/console', { do: 'group.set_welcome', chatId, templateId: template_id })
  const { config_id } = await call(ADD_WAY, { scene: 2, chat_id_list: [chatId] })
  const person = await customer('小鱼')
  await admin('POST', `/people/${person.id}/join`, { content: config_id })
  const { messages } = await admin('GET', `/oracle/messages?person=${person.id}&source=group_welcome&after=0`)
  expect(messages.map((one: { message: { body: object } }) => one.message.body)).toMatchObject([
    { content: '欢迎 小鱼 进群' },
    { type: 'image' },
  ])
})

test('templates: a hundred in the corp, only the maker edits, of several attachments the first kind wins', async () => {
  const { call, settings } = await stage()
  const link = { title: '特价', url: 'https://shop.example/' }
  expect((await call(`${TEMPLATE}/add`, {})).errcode).toBe(40058)
  const { template_id } = await call(`${TEMPLATE}/add`, { text: { content: 'x' }, link })
  expect(await call(`${TEMPLATE}/get`, { template_id })).toMatchObject({ text: { content: 'x' }, link })
  expect((await call(`${TEMPLATE}/edit`, { template_id, text: { content: 'y' } }, 'crm')).errcode).toBe(41058)
  expect((await call(`${TEMPLATE}/del`, { template_id }, 'crm')).errcode).toBe(41058)
  await settings({ limits: { overrides: { 'group_welcome.max_count': 1 } } })
  expect((await call(`${TEMPLATE}/add`, { text: { content: 'x' } })).errcode).toBe(41055)
  expect((await call(`${TEMPLATE}/del`, { template_id })).errcode).toBe(0)
  expect((await call(`${TEMPLATE}/get`, { template_id })).errcode).toBe(40058)
})

test('what owners do in a group is called back with what changed', async () => {
  const at = await stage()
  const { admin, subscribe, events, customer, sandbox } = at
  await subscribe('nuanyu', ['external_chat'])
  const chatId = await newGroup(at, '福利群')
  const person = await customer()
  await admin('POST', '/console', { do: 'group.rename', chatId, name: '福利一群' })
  await admin('POST', '/console', { do: 'group.notice', chatId, notice: '请改群名片' })
  await admin('POST', '/console', { do: 'group.invite', chatId, person: person.id, invitor: 'chenxiaoyu' })
  await admin('POST', '/console', { do: 'group.remove_member', chatId, person: person.id })
  await admin('POST', '/console', { do: 'group.dismiss', chatId })
  await sandbox.settled()
  const details = events.map((event) => (event.kind === 'group.updated' ? event.updateDetail : event.kind))
  expect(details.sort()).toEqual([
    'add_member',
    'change_name',
    'change_notice',
    'del_member',
    'group.created',
    'group.dismissed',
  ])
})
