import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'
import { opengidOf } from './conversion.ts'

const LIST = 'externalcontact/get_strategy_tag_list'
const ADD = 'externalcontact/add_strategy_tag'
const EDIT = 'externalcontact/edit_strategy_tag'
const REMOVE = 'externalcontact/del_strategy_tag'
const MARK = 'externalcontact/mark_tag'

const group = { strategy_id: 1, group_name: '华东活动', tag: [{ name: '试吃' }, { name: '会员日', order: 3 }] }

test('tags of a strategy stand apart from the corp’s, and are seen by the app that made them only', async () => {
  const { call } = await stage()
  const made = (await call(ADD, group)).tag_group
  expect(made).toMatchObject({ strategy_id: 1, group_name: '华东活动' })
  expect((await call(LIST, { strategy_id: 1 })).tag_group).toEqual([made])
  expect((await call(LIST, { strategy_id: 2 })).tag_group).toEqual([])
  expect((await call(LIST, {}, 'crm')).tag_group).toEqual([])
  const corp = await call('externalcontact/get_corp_tag_list')
  expect(JSON.stringify(corp)).not.toContain('华东活动')
  expect((await call('externalcontact/get_corp_tag_list', { group_id: [made.group_id] })).errcode).toBe(40068)
  expect((await call('externalcontact/edit_corp_tag', { id: made.group_id, name: 'x' })).errcode).toBe(40068)
})

test('an unknown strategy, a name that exists and another app’s tags are refused', async () => {
  const { call } = await stage()
  const made = (await call(ADD, group)).tag_group
  expect((await call(ADD, { ...group, strategy_id: 99 })).errcode).toBe(40058)
  expect((await call(LIST, { strategy_id: 99 })).errcode).toBe(40058)
  expect((await call(ADD, group)).errcode).toBe(40071)
  expect((await call(ADD, { ...group, tag: [{ name: 'x' }] }, 'crm')).errcode).toBe(40068)
  expect((await call(EDIT, { id: made.tag[0].id, name: made.tag[1].name })).errcode).toBe(40071)
  expect((await call(EDIT, { id: made.group_id, name: 'x' }, 'crm')).errcode).toBe(60011)
  expect((await call(EDIT, { id: made.group_id, name: '华东' })).errcode).toBe(0)
  expect((await call(REMOVE, { tag_id: made.tag.map((tag: { id: string }) => tag.id) })).errcode).toBe(0)
  expect((await call(LIST)).tag_group).toEqual([])
})

test('a tag of a strategy is put only by its app and only by members in its range', async () => {
  const { call, get, add } = await stage()
  const made = (await call(ADD, group)).tag_group
  const far = (await call(ADD, { ...group, strategy_id: 2 })).tag_group
  const { userid, externalUserId } = await add()
  const mark = (id: string, app?: string) => call(MARK, { userid, external_userid: externalUserId, add_tag: [id] }, app)
  expect((await mark(far.tag[0].id)).errcode).toBe(40068)
  expect((await mark(made.tag[0].id, 'crm')).errcode).toBe(40068)
  expect((await mark(made.tag[0].id)).errcode).toBe(0)
  const { follow_user } = await get('externalcontact/get', { external_userid: externalUserId })
  expect(follow_user[0].tags).toMatchObject([{ tag_id: made.tag[0].id, type: 3 }])
})

test('an opengid leads to the group of an owner in range', async () => {
  const { call, sandbox, settings } = await stage()
  const first = sandbox.world.groups.all()[0]
  const opengid = opengidOf(sandbox.world.seed, first?.chatId ?? '')
  const ask = () => call('externalcontact/opengid_to_chatid', { opengid })
  expect((await ask()).chat_id).toBe(first?.chatId)
  expect((await call('externalcontact/opengid_to_chatid', { opengid: 'oX' })).errcode).toBe(90511)
  await settings({ apps: { nuanyu: { visible: { users: [], departments: [103] } } } })
  expect((await ask()).errcode).toBe(60011)
})

test('unionids are not converted for a corp’s own app: it reads them from the customer', async () => {
  const { call, add, get } = await stage()
  const { person, externalUserId } = await add()
  const asked = { unionid: person.unionId, openid: 'o1' }
  expect((await call('idconvert/unionid_to_external_userid', asked)).errcode).toBe(48002)
  const pending = { external_userid: [externalUserId] }
  expect((await call('idconvert/batch/external_userid_to_pending_id', pending)).errcode).toBe(48002)
  const { external_contact } = await get('externalcontact/get', { external_userid: externalUserId })
  expect(external_contact.unionid).toBe(person.unionId)
})

test('unionids come with a bound developer account only: from a customer, and from a group also of who is nobody’s friend', async () => {
  const { call, add, customer, get, sandbox, settings } = await stage()
  const { externalUserId } = await add()
  const { groups, customers } = sandbox.world
  const [group] = groups.all()
  const stranger = customers.indexOf((await customer()).id)
  if (group === undefined || stranger === undefined) throw new Error('no group or nobody')
  const joined = { joinedAt: 1, scene: 3 as const, invitor: undefined, state: '', nickname: '' }
  groups.join(group, { who: { customer: stranger }, ...joined }, 'v2')
  const unionids = async () => {
    const { external_contact } = await get('externalcontact/get', { external_userid: externalUserId })
    const { group_chat } = await call('externalcontact/groupchat/get', { chat_id: group.chatId })
    const members: { userid: string; unionid?: string }[] = group_chat.member_list
    const shown = members.find(({ userid }) => userid === customers.externalUserId(stranger))
    return [external_contact.unionid, shown?.unionid]
  }
  const [known, nobodys] = await unionids()
  expect(known).toMatch(/^o/)
  expect(nobodys).toBe(customers.unionId(stranger))
  await settings({ corp: { developerAccountBound: false } })
  expect(await unionids()).toEqual([undefined, undefined])
})

test('a member’s log-in in a mini program inside WeCom is one use', async () => {
  const { get, sandbox } = await stage()
  const js_code = sandbox.platform.weixin.logins.issue('shop', { userid: 'chenxiaoyu' })
  const ask = () => get('miniprogram/jscode2session', { js_code, grant_type: 'authorization_code' })
  expect(await ask()).toMatchObject({ userid: 'chenxiaoyu', corpid: sandbox.world.corpId })
  expect((await ask()).errcode).toBe(40029)
})
