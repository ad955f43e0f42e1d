import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

const LIST = 'externalcontact/get_corp_tag_list'
const ADD = 'externalcontact/add_corp_tag'
const EDIT = 'externalcontact/edit_corp_tag'
const REMOVE = 'externalcontact/del_corp_tag'
const MARK = 'externalcontact/mark_tag'

test('a second call with the same group name adds to that group; a doubled name becomes one tag', async () => {
  const { call } = await stage()
  const first = await call(ADD, { group_name: '活动', tag: [{ name: '双11' }, { name: '双11' }] })
  expect(first.tag_group.tag).toHaveLength(1)
  const second = await call(ADD, { group_name: '活动', tag: [{ name: '双12', order: 5 }] })
  expect(second.tag_group.group_id).toBe(first.tag_group.group_id)
  const { tag_group } = await call(LIST, { group_id: [first.tag_group.group_id] })
  expect(tag_group[0].tag.map((tag: { name: string }) => tag.name)).toEqual(['双12', '双11'])
  expect((await call(ADD, { group_name: '活动', tag: [{ name: '双12' }] })).errcode).toBe(40071)
})

test('only the app that made a tag changes it; those of the console belong to no app', async () => {
  const { call, sandbox } = await stage()
  const [console, , , crms] = sandbox.world.tags.groups()
  for (const group of [console, crms]) {
    expect((await call(EDIT, { id: group?.id, name: 'x' })).errcode).toBe(60011)
    expect((await call(REMOVE, { group_id: [group?.id] })).errcode).toBe(60011)
    expect((await call(REMOVE, { tag_id: [group?.tags[0]?.id] })).errcode).toBe(60011)
    expect((await call(ADD, { group_id: group?.id, tag: [{ name: 'x' }] })).errcode).toBe(40068)
  }
  expect((await call(EDIT, { id: crms?.id, name: '门店来源' }, 'crm')).errcode).toBe(0)
})

test('the last tag takes its group with it; deleted ones show only when asked for by id', async () => {
  const { call } = await stage()
  const { tag_group } = await call(ADD, { group_name: '临时', tag: [{ name: '一' }] })
  const tag_id = [tag_group.tag[0].id]
  expect((await call(REMOVE, { tag_id })).errcode).toBe(0)
  expect((await call(LIST, {})).tag_group.map((group: { group_name: string }) => group.group_name)).not.toContain(
    '临时',
  )
  expect((await call(LIST, { tag_id })).tag_group[0]).toMatchObject({ deleted: true, tag: [{ deleted: true }] })
  expect((await call(REMOVE, { tag_id })).errcode).toBe(40068)
  expect((await call(EDIT, { id: tag_id[0], name: 'x' })).errcode).toBe(40068)
})

test('names are unique: groups in the corp, tags in their group', async () => {
  const { call } = await stage()
  const { tag_group } = await call(ADD, { group_name: '甲', tag: [{ name: '一' }, { name: '二' }] })
  expect((await call(EDIT, { id: tag_group.group_id, name: '客户等级' })).errcode).toBe(40071)
  expect((await call(EDIT, { id: tag_group.tag[0].id, name: '二' })).errcode).toBe(40071)
  expect((await call(EDIT, { id: tag_group.tag[0].id, name: '三', order: 9 })).errcode).toBe(0)
})

test('marking reads back, unknown tags are 40068, too many 40144, a stranger 84061, no id of ours 40096', async () => {
  const { call, get, add, settings, sandbox } = await stage()
  const { externalUserId } = await add()
  const [one, two, three] = sandbox.world.seededTags
  const mark = async (fields: object) =>
    (await call(MARK, { userid: 'chenxiaoyu', external_userid: externalUserId, ...fields })).errcode
  expect(await mark({ add_tag: [one, two] })).toBe(0)
  expect(await mark({ remove_tag: [one] })).toBe(0)
  const { follow_user } = await get('externalcontact/get', { external_userid: externalUserId })
  expect(follow_user[0].tags.map((tag: { tag_id: string }) => tag.tag_id)).toEqual([two])
  expect(await mark({ add_tag: ['etnothing'] })).toBe(40068)
  expect(await mark({})).toBe(40058)
  await settings({ limits: { overrides: { 'tag.per_customer': 1 } } })
  expect(await mark({ add_tag: [three] })).toBe(40144)
  expect(await mark({ add_tag: [one], userid: sandbox.world.staff.at(7)?.userid })).toBe(84061)
  expect(await mark({ add_tag: [one], external_userid: 'wmnobody' })).toBe(40096)
})

test('the corp holds so many tags', async () => {
  const { call, settings, sandbox } = await stage()
  await settings({ limits: { overrides: { 'tag.max_count': sandbox.world.tags.count + 1 } } })
  expect((await call(ADD, { group_name: '满', tag: [{ name: '一' }, { name: '二' }] })).errcode).toBe(40126)
  expect((await call(ADD, { group_name: '满', tag: [{ name: '一' }] })).errcode).toBe(0)
})

test('a deleted tag falls off the customers who carried it', async () => {
  const { call, get, add } = await stage()
  const { externalUserId } = await add()
  const { tag_group } = await call(ADD, { group_name: '甲', tag: [{ name: '一' }, { name: '二' }] })
  const ids = tag_group.tag.map((tag: { id: string }) => tag.id)
  await call(MARK, { userid: 'chenxiaoyu', external_userid: externalUserId, add_tag: ids })
  await call(REMOVE, { tag_id: [ids[0]] })
  const { follow_user } = await get('externalcontact/get', { external_userid: externalUserId })
  expect(follow_user[0].tags.map((tag: { tag_name: string }) => tag.tag_name)).toEqual(['二'])
})
