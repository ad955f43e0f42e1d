import { expect, test } from 'vitest'
import { type Answer, stage } from '../testing/stage.ts'

const ADD = 'externalcontact/add_contact_way'
const GET = 'externalcontact/get_contact_way'
const UPDATE = 'externalcontact/update_contact_way'
const single = { type: 1, scene: 2, user: ['chenxiaoyu'] }

test('a contact way reads back as it was made, with the address of a picture that scans', async () => {
  const { call, admin, customer } = await stage()
  const made = await call(ADD, { ...single, state: 's1', remark: '海报', skip_verify: false })
  const { contact_way } = await call(GET, { config_id: made.config_id })
  expect(contact_way).toMatchObject({
    ...single,
    state: 's1',
    remark: '海报',
    skip_verify: false,
    qr_code: made.qr_code,
  })
  const picture = await fetch(made.qr_code)
  expect(picture.headers.get('content-type')).toBe('image/png')
  const svg = await (await fetch(made.qr_code.replace('.png', '.svg'))).text()
  expect(svg).toContain('<svg')
  const person = await customer()
  for (const content of [made.qr_code, made.config_id]) {
    expect((await admin('POST', `/people/${person.id}/scan`, { content })).configId).toBe(made.config_id)
  }
})

test('a mini program way has no picture', async () => {
  const { call } = await stage()
  expect(await call(ADD, { ...single, scene: 1, style: 2 })).not.toHaveProperty('qr_code')
})

test('each wrong field has its own code', async () => {
  const { call, settings } = await stage()
  const code = async (way: object) => (await call(ADD, way)).errcode
  expect(await code({ scene: 2, user: ['chenxiaoyu'] })).toBe(41037)
  expect(await code({ type: 1, user: ['chenxiaoyu'] })).toBe(41038)
  expect(await code({ ...single, type: 3 })).toBe(41039)
  expect(await code({ ...single, scene: 3 })).toBe(41040)
  expect(await code({ ...single, scene: 1, style: 9 })).toBe(41042)
  expect(await code({ ...single, user: [] })).toBe(40058)
  expect(await code({ ...single, user: ['chenxiaoyu', 'linzihan'] })).toBe(40058)
  expect(await code({ ...single, state: 'x'.repeat(31) })).toBe(40058)
  expect(await code({ ...single, remark: '汉'.repeat(31) })).toBe(40058)
  expect(await code({ ...single, user: ['nobody'] })).toBe(60111)
  expect(await code({ type: 2, scene: 2, party: [999_999] })).toBe(60003)
  expect(await code({ type: 2, scene: 2 })).toBe(40058)
  await settings({ members: { chenxiaoyu: { followUser: false } } })
  expect(await code(single)).toBe(84074)
})

test('more than a hundred members, departments expanded, are 41041', async () => {
  const { call, settings } = await stage({ staff: 130 })
  expect((await call(ADD, { type: 2, scene: 2, party: [1] })).errcode).toBe(41041)
  await settings({ limits: { overrides: { 'contact_way.max_users': 130 } } })
  expect((await call(ADD, { type: 2, scene: 2, party: [1] })).errcode).toBe(0)
})

test('a member who cannot be added fails the whole call by 41054, and is not named', async () => {
  const { call, settings, sandbox } = await stage()
  const users = sandbox.world.staff
    .all()
    .slice(0, 5)
    .map((member) => member.userid)
  await settings({ members: { [users[3] ?? '']: { realName: false } } })
  const answer = await call(ADD, { type: 2, scene: 2, user: users })
  expect(answer.errcode).toBe(41054)
  expect(answer.errmsg).not.toContain(users[3])
})

test('type and scene stay for ever; lists overwrite; what is left out stays', async () => {
  const { call, sandbox } = await stage()
  const [one, two, three] = sandbox.world.staff.all().map((member) => member.userid)
  const { config_id } = await call(ADD, { type: 2, scene: 2, user: [one, two], state: 'first' })
  expect((await call(UPDATE, { config_id, type: 1, scene: 1, user: [three], remark: 'neu' })).errcode).toBe(0)
  const { contact_way } = await call(GET, { config_id })
  expect(contact_way).toMatchObject({ type: 2, scene: 2, user: [three], state: 'first', remark: 'neu' })
})

test("another app's way is as if it did not exist", async () => {
  const { call } = await stage()
  const { config_id } = await call(ADD, single)
  expect((await call(GET, { config_id }, 'crm')).errcode).toBe(41044)
  expect((await call(UPDATE, { config_id }, 'crm')).errcode).toBe(41044)
  expect((await call('externalcontact/del_contact_way', { config_id }, 'crm')).errcode).toBe(41044)
  expect((await call('externalcontact/list_contact_way', {}, 'crm')).contact_way).toEqual([])
  expect((await call('externalcontact/del_contact_way', { config_id })).errcode).toBe(0)
  expect((await call('externalcontact/del_contact_way', { config_id })).errcode).toBe(41044)
})

test('the list pages through all of them once and leaves temporary ones out', async () => {
  const { call } = await stage()
  const made: string[] = []
  for (let n = 0; n < 7; n++) made.push((await call(ADD, single)).config_id)
  await call(ADD, { ...single, is_temp: true })
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const page: Answer = await call('externalcontact/list_contact_way', { limit: 3, cursor })
    seen.push(...page.contact_way.map((way: { config_id: string }) => way.config_id))
    cursor = page.next_cursor
    if (cursor === '') break
  }
  expect(seen).toEqual(made)
  expect((await call('externalcontact/list_contact_way', { cursor: 'made up' })).errcode).toBe(50100)
})

test('the corp holds so many ways, shared with join ways, and a deleted one makes room', async () => {
  const { call, settings, sandbox } = await stage()
  await settings({ limits: { overrides: { 'contact_way.max_count': sandbox.world.codes.joinWays.size + 2 } } })
  const { config_id } = await call(ADD, single)
  const chat_id_list = [sandbox.world.groups.all()[0]?.chatId]
  expect((await call('externalcontact/groupchat/add_join_way', { scene: 2, chat_id_list })).errcode).toBe(0)
  expect((await call(ADD, single)).errcode).toBe(41045)
  await call('externalcontact/del_contact_way', { config_id })
  expect((await call(ADD, single)).errcode).toBe(0)
})

test('a temporary way dies with its first friend', async () => {
  const { call, admin, customer } = await stage()
  const { config_id } = await call(ADD, { ...single, is_temp: true })
  const [first, second] = [await customer(), await customer()]
  expect((await admin('POST', `/people/${first.id}/add`, { content: config_id })).outcome).toBe('added')
  expect((await admin('POST', `/people/${second.id}/add`, { content: config_id })).error.code).toBe('code_expired')
})

test('what an app does over the interface calls nobody back', async () => {
  const { call, subscribe, events, sandbox, add } = await stage()
  await subscribe('nuanyu')
  await subscribe('crm')
  await add()
  const before = events.length
  const { externalUserId } = await add()
  const made = await call('externalcontact/add_corp_tag', { group_name: '活动', tag: [{ name: '双11' }] })
  const add_tag = [made.tag_group.tag[0].id]
  await call('externalcontact/mark_tag', { userid: 'chenxiaoyu', external_userid: externalUserId, add_tag })
  await call('externalcontact/remark', { userid: 'chenxiaoyu', external_userid: externalUserId, remark: '老顾客' })
  await call('externalcontact/del_corp_tag', { group_id: [made.tag_group.group_id] })
  await sandbox.settled()
  expect(events.length).toBe(before + 2)
})
