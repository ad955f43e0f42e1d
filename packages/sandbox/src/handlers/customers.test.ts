import { expect, test } from 'vitest'
import { type Answer, type Stage, stage } from '../testing/stage.ts'
import { HALF, MEMBER_DELETED } from '../world/relations.ts'

const GET = 'externalcontact/get'
const BATCH = 'externalcontact/batch/get_by_user'

async function allPages(call: Stage['call'], userid_list: string[], limit?: number): Promise<Answer[]> {
  const rows: Answer[] = []
  for (let cursor = ''; ; ) {
    const page: Answer = await call(BATCH, { userid_list, cursor, limit })
    expect(page.errcode).toBe(0)
    rows.push(...page.external_contact_list)
    cursor = page.next_cursor
    if (cursor === '') return rows
  }
}

test('pages of several members hold each relation once, whatever the page size, ended and half ones left out', async () => {
  const { call, sandbox } = await stage({ people: 400, staff: 5, relations: 600 })
  const { relations, staff } = sandbox.world
  const users = staff.all().map((member) => member.userid)
  let alive = 0
  for (let row = 0; row < relations.count; row++) if ((relations.flags(row) & (MEMBER_DELETED | HALF)) === 0) alive++
  for (const limit of [7, 50, 100]) {
    const rows = await allPages(call, users, limit)
    const keys = rows.map((row) => `${row.follow_info.userid} ${row.external_contact.external_userid}`)
    expect(keys.length).toBe(alive)
    expect(new Set(keys).size).toBe(alive)
  }
})

test('a page is fifty by default and never more than a hundred', async () => {
  const { call } = await stage({ people: 400, staff: 1, relations: 400 })
  const size = async (limit?: number) =>
    (await call(BATCH, { userid_list: ['chenxiaoyu'], limit })).external_contact_list.length
  expect([await size(), await size(30), await size(5000)]).toEqual([50, 30, 100])
})

test('a batch row says the same as the detail of the same customer', async () => {
  const { call, get } = await stage({ people: 300, staff: 3, relations: 400 })
  const rows = await allPages(call, ['chenxiaoyu'])
  for (const { external_contact, follow_info } of rows.slice(0, 40)) {
    const detail = await get(GET, { external_userid: external_contact.external_userid })
    expect(detail.external_contact).toEqual(external_contact)
    const { tag_id, ...follow } = follow_info
    const same = detail.follow_user.find((one: { userid: string }) => one.userid === 'chenxiaoyu')
    const { tags, ...rest } = same
    expect(rest).toEqual(follow)
    expect(tags.map((tag: { tag_id: string }) => tag.tag_id)).toEqual(tag_id)
  }
})

test('unionid comes only with a bound developer account, and never for WeCom users', async () => {
  const { call, settings } = await stage({ people: 600, staff: 1, relations: 600 })
  const bound = await allPages(call, ['chenxiaoyu'])
  const kinds = new Set(bound.map((row) => row.external_contact.type))
  expect(kinds).toEqual(new Set([1, 2]))
  for (const { external_contact } of bound) expect('unionid' in external_contact).toBe(external_contact.type === 1)
  await settings({ corp: { developerAccountBound: false } })
  for (const { external_contact } of await allPages(call, ['chenxiaoyu']))
    expect(external_contact).not.toHaveProperty('unionid')
})

test('a customer who deleted the member stays in every answer; one the member deleted is 84061', async () => {
  const { add, get, call, admin, subscribe } = await stage()
  await subscribe()
  const { person } = await add()
  const lists = async () =>
    (await get('externalcontact/list', { userid: 'chenxiaoyu' })).external_userid.includes(person.externalUserId)
  await admin('POST', `/people/${person.id}/delete`, { peer: 'chenxiaoyu' })
  expect((await get(GET, { external_userid: person.externalUserId ?? '' })).errcode).toBe(0)
  expect(await lists()).toBe(true)
  const remark = { userid: 'chenxiaoyu', external_userid: person.externalUserId, remark: '走了' }
  expect((await call('externalcontact/remark', remark)).errcode).toBe(0)
  await admin('POST', '/people/chenxiaoyu/delete', { peer: person.id })
  expect((await get(GET, { external_userid: person.externalUserId ?? '' })).errcode).toBe(84061)
  expect(await lists()).toBe(false)
  expect((await call('externalcontact/remark', remark)).errcode).toBe(84061)
})

test('the visible range decides: unseen members are 60011, their customers 40096, lists leave them out', async () => {
  const { settings, get, call, sandbox, add } = await stage({ staff: 12 })
  const { person } = await add()
  const other = sandbox.world.staff.at(5)?.userid ?? ''
  await settings({ apps: { nuanyu: { visible: { users: [other], departments: [] } } } })
  expect((await get('externalcontact/list', { userid: 'chenxiaoyu' })).errcode).toBe(60011)
  expect((await call(BATCH, { userid_list: ['chenxiaoyu'] })).errcode).toBe(60011)
  expect((await get(GET, { external_userid: person.externalUserId ?? '' })).errcode).toBe(40096)
  expect((await get('externalcontact/get_follow_user_list')).follow_user).toEqual([other])
  expect((await get('user/get', { userid: 'chenxiaoyu' })).errcode).toBe(60011)
  expect((await get(GET, { external_userid: person.externalUserId ?? '' }, 'crm')).errcode).toBe(0)
})

test('remarks and descriptions read back, lists overwrite, an empty call is 40058', async () => {
  const { add, call, get } = await stage()
  const { person } = await add()
  const id = { userid: 'ChenXiaoYu', external_userid: person.externalUserId }
  const remark = 'externalcontact/remark'
  expect((await call(remark, id)).errcode).toBe(40058)
  expect((await call(remark, { ...id, remark: '汉'.repeat(21) })).errcode).toBe(40058)
  expect(
    (await call(remark, { ...id, remark: '李姐', description: '住三号楼', remark_mobiles: ['13800000000'] })).errcode,
  ).toBe(0)
  const read = async () => (await get(GET, { external_userid: person.externalUserId ?? '' })).follow_user[0]
  expect(await read()).toMatchObject({
    remark: '李姐',
    description: '住三号楼',
    remark_mobiles: ['13800000000'],
    state: 'poster',
    add_way: 1,
  })
  await call(remark, { ...id, remark_mobiles: [''] })
  expect(await read()).toMatchObject({ remark: '李姐', remark_mobiles: [] })
})

test('a member without customers lists 84061, or nothing when so read', async () => {
  const { admin, get, settings } = await stage()
  await admin('POST', '/people', { role: 'staff', name: '新人', userid: 'xinren' })
  expect((await get('externalcontact/list', { userid: 'xinren' })).errcode).toBe(84061)
  await settings({ readings: { emptyListIs84061: false } })
  expect(await get('externalcontact/list', { userid: 'xinren' })).toMatchObject({ errcode: 0, external_userid: [] })
})
