import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

const LINK = 'externalcontact/customer_acquisition'
const range = { user_list: ['chenxiaoyu'] }

test('a link reads back, lists and is only seen by the app that made it', async () => {
  const { call } = await stage()
  const { link } = await call(`${LINK}/create_link`, { link_name: '公众号菜单', range })
  expect(link).toMatchObject({ link_name: '公众号菜单', url: `https://work.weixin.qq.com/ca/${link.link_id}` })
  expect(await call(`${LINK}/get`, { link_id: link.link_id })).toMatchObject({
    link,
    range: { user_list: ['chenxiaoyu'], department_list: [] },
  })
  expect((await call(`${LINK}/list_link`, {})).link_id_list).toEqual([link.link_id])
  expect((await call(`${LINK}/list_link`, {}, 'crm')).link_id_list).toEqual([])
  expect((await call(`${LINK}/get`, { link_id: link.link_id }, 'crm')).errcode).toBe(40058)
  expect((await call(`${LINK}/update_link`, { link_id: link.link_id, link_name: '菜单二' })).errcode).toBe(0)
  expect((await call(`${LINK}/delete_link`, { link_id: link.link_id })).errcode).toBe(0)
  expect((await call(`${LINK}/get`, { link_id: link.link_id })).errcode).toBe(40058)
})

test('the channel comes back as state, way 16, and the quota goes down by one', async () => {
  const { call, get, admin, customer, subscribe, events, sandbox } = await stage()
  await subscribe()
  const { link } = await call(`${LINK}/create_link`, { link_name: 'l', range })
  const before = (await get('externalcontact/customer_acquisition_quota')).balance
  const person = await customer()
  const content = `${link.url}?customer_channel=mp-menu`
  expect(await admin('POST', `/people/${person.id}/scan`, { content })).toMatchObject({
    kind: 'link',
    linkId: link.link_id,
  })
  expect(await admin('POST', `/people/${person.id}/add`, { content })).toMatchObject({
    outcome: 'added',
    state: 'mp-menu',
  })
  await sandbox.settled()
  expect(events).toMatchObject([{ kind: 'customer.added', state: 'mp-menu' }])
  const { follow_user } = await get('externalcontact/get', { external_userid: person.externalUserId ?? '' })
  expect(follow_user[0]).toMatchObject({ add_way: 16, state: 'mp-menu' })
  expect(await get('externalcontact/customer_acquisition_quota')).toMatchObject({ balance: before - 1, total: 1 })
  const scheme = `weixin://biz/ww/profile/${encodeURIComponent(content)}`
  expect(await admin('POST', `/people/${person.id}/scan`, { content: scheme })).toMatchObject({ alreadyFriends: true })
})

test('low, exhausted and new quota are called back, and an exhausted link adds nobody', async () => {
  const { call, admin, customer, subscribe, events, sandbox } = await stage()
  await subscribe('nuanyu', ['acquisition'])
  const { link } = await call(`${LINK}/create_link`, { link_name: 'l', range })
  for (const quota of sandbox.world.codes.quotas) quota.balance = 20
  const add = async () => admin('POST', `/people/${(await customer()).id}/add`, { content: link.url })
  await add()
  for (const quota of sandbox.world.codes.quotas) quota.balance = 1
  await add()
  expect((await add()).error.code).toBe('link_exhausted')
  await admin('POST', '/console', { do: 'quota.buy', balance: 50, days: 30 })
  await sandbox.settled()
  expect(events.map((event) => event.kind).sort()).toEqual([
    'link.balance_exhausted',
    'link.balance_increased',
    'link.balance_low',
  ])
  expect((await add()).outcome).toBe('added')
})

test('quota lapses at midnight of its date, warned of 14, 7, 3, 2 and 1 days before', async () => {
  const { call, get, admin, subscribe, events, advance, sandbox } = await stage()
  await subscribe('nuanyu', ['acquisition'])
  await call(`${LINK}/create_link`, { link_name: 'l', range })
  for (const quota of sandbox.world.codes.quotas) quota.balance = 0
  await admin('POST', '/console', { do: 'quota.buy', balance: 50, days: 15 })
  await advance(14 * 86_400_000)
  const warned = events.filter((event) => event.kind === 'link.quota_expire_soon')
  expect(warned).toHaveLength(5)
  expect((await get('externalcontact/customer_acquisition_quota')).balance).toBe(50)
  await advance(86_400_000)
  expect(await get('externalcontact/customer_acquisition_quota')).toMatchObject({
    balance: 0,
    quota_list: [{ balance: 0 }],
  })
})

test('members who cannot be added are skipped; only when nobody is left is it 41054, and the app is told once', async () => {
  const { call, settings, admin, customer, subscribe, events, sandbox } = await stage()
  await subscribe('nuanyu', ['acquisition'])
  const [one, two] = sandbox.world.staff.all().map((member) => member.userid)
  await settings({ members: { [one ?? '']: { realName: false } } })
  const { link } = await call(`${LINK}/create_link`, { link_name: 'l', range: { user_list: [one, two] } })
  expect((await admin('POST', `/people/${(await customer()).id}/scan`, { content: link.url })).member.userid).toBe(two)
  expect((await call(`${LINK}/create_link`, { link_name: 'l', range: { user_list: [one] } })).errcode).toBe(41054)
  await settings({ members: { [two ?? '']: { active: false } } })
  for (let n = 0; n < 3; n++) {
    expect((await admin('POST', `/people/${(await customer()).id}/add`, { content: link.url })).outcome).toBe('refused')
  }
  await sandbox.settled()
  expect(events).toMatchObject([{ kind: 'link.link_unavailable', linkId: link.link_id }])
})

test('a priority is for some industries only; there a friend of the corp stays with his member', async () => {
  const { call, settings, admin, add, sandbox } = await stage()
  const other = sandbox.world.staff.at(3)?.userid ?? ''
  const wanted = { link_name: 'l', range: { user_list: [other] }, priority_option: { priority_type: 1 } }
  expect((await call(`${LINK}/create_link`, wanted)).errcode).toBe(41200)
  await settings({ corp: { linkPriorityAllowed: true } })
  const { link } = await call(`${LINK}/create_link`, wanted)
  const { person } = await add()
  expect((await admin('POST', `/people/${person.id}/scan`, { content: link.url })).member.userid).toBe('chenxiaoyu')
})

test('the first message of a link customer and his 3rd, 5th and 10th are called back', async () => {
  const { call, admin, customer, subscribe, events, sandbox } = await stage()
  await subscribe('nuanyu', ['acquisition'])
  const { link } = await call(`${LINK}/create_link`, { link_name: 'l', range })
  const person = await customer()
  await admin('POST', `/people/${person.id}/add`, { content: link.url })
  for (let n = 0; n < 11; n++)
    await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: `第${n}句` })
  await sandbox.settled()
  const kinds = events.map((event) => event.kind)
  expect(kinds.filter((kind) => kind === 'link.customer_start_chat')).toHaveLength(1)
  expect(kinds.filter((kind) => kind === 'link.message_from_customer')).toHaveLength(3)
  const told = events.find((event) => event.kind === 'link.message_from_customer')
  expect(told).not.toHaveProperty('externalUserId')
})

test('a link deleted in the console is called back to its app, one deleted over the interface is not', async () => {
  const { call, admin, subscribe, events, sandbox } = await stage()
  await subscribe('nuanyu', ['acquisition'])
  await subscribe('crm', ['acquisition'])
  const [one, two] = [
    await call(`${LINK}/create_link`, { link_name: '1', range }),
    await call(`${LINK}/create_link`, { link_name: '2', range }),
  ]
  await admin('POST', '/console', { do: 'link.delete', linkId: one.link.link_id })
  await call(`${LINK}/delete_link`, { link_id: two.link.link_id })
  await sandbox.settled()
  expect(events).toMatchObject([{ kind: 'link.delete_link', linkId: one.link.link_id }])
})
