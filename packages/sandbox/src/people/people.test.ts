import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

test('a half add is called back with the code; until the member accepts, tag, remark and detail are 84061', async () => {
  const { subscribe, add, call, get, admin, events, sandbox } = await stage()
  await subscribe()
  const { outcome, person, welcomeCodes } = await add({ half: true, state: 'half-1' })
  expect(outcome).toBe('half')
  expect(events).toMatchObject([
    { kind: 'customer.half_added', state: 'half-1', welcomeCode: welcomeCodes[0]?.welcomeCode },
  ])
  const external_userid = person.externalUserId ?? ''
  const add_tag = [sandbox.world.seededTags[0]]
  expect((await get('externalcontact/get', { external_userid })).errcode).toBe(84061)
  expect((await call('externalcontact/mark_tag', { userid: 'chenxiaoyu', external_userid, add_tag })).errcode).toBe(
    84061,
  )
  expect((await call('externalcontact/remark', { userid: 'chenxiaoyu', external_userid, remark: 'x' })).errcode).toBe(
    84061,
  )
  expect(await admin('POST', '/people/chenxiaoyu/accept', { peer: person.id })).toEqual({ ok: true })
  await sandbox.settled()
  expect(events[1]).toMatchObject({ kind: 'customer.added', state: 'half-1' })
  expect(events[1]).not.toHaveProperty('welcomeCode')
  expect((await get('externalcontact/get', { external_userid })).errcode).toBe(0)
  expect((await admin('POST', '/people/chenxiaoyu/accept', { peer: person.id })).error.code).toBe('nothing_to_accept')
})

test("a member's reply confirms a half add, and members confirm by themselves after the set time", async () => {
  const { subscribe, add, admin, events, settings, advance, sandbox } = await stage()
  await subscribe()
  const first = await add({ half: true })
  await admin('POST', '/people/chenxiaoyu/messages', { peer: first.person.id, text: '您好' })
  await sandbox.settled()
  expect(events.map((event) => event.kind)).toEqual(['customer.half_added', 'customer.added'])
  await settings({ adds: { halfShare: 1, acceptAfterMs: 60_000 } })
  await add()
  expect(events.at(-1)?.kind).toBe('customer.half_added')
  await advance(60_000)
  expect(events.at(-1)?.kind).toBe('customer.added')
})

test('a code with verification makes a request; nothing is called back until the member accepts', async () => {
  const { subscribe, add, admin, events, get, sandbox } = await stage()
  await subscribe()
  const { outcome, person } = await add({ way: { skip_verify: false }, state: 'vip' })
  expect(outcome).toBe('requested')
  expect(events).toEqual([])
  expect((await get('externalcontact/get', { external_userid: person.externalUserId ?? '' })).errcode).toBe(84061)
  expect((await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '在吗' })).error.code).toBe(
    'not_friends',
  )
  await admin('POST', '/people/chenxiaoyu/accept', { peer: person.id })
  await sandbox.settled()
  expect(events).toMatchObject([{ kind: 'customer.added', state: 'vip' }])
  expect(events[0]).toHaveProperty('welcomeCode')
})

test('either side may end it: the events differ, writing is refused, and a new add is a new beginning', async () => {
  const { subscribe, add, admin, events, sandbox } = await stage()
  await subscribe()
  const { person, config } = await add()
  await admin('POST', `/people/${person.id}/delete`, { peer: 'chenxiaoyu' })
  const blocked = await admin('POST', '/people/chenxiaoyu/messages', { peer: person.id, text: '还在吗' })
  expect(blocked.delivered).toBe(false)
  expect((await admin('POST', `/people/${person.id}/add`, { content: config })).outcome).toBe('added')
  await admin('POST', '/people/chenxiaoyu/delete', { peer: person.externalUserId })
  const refused = await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '你好' })
  expect(refused.delivered).toBe(false)
  await sandbox.settled()
  expect(events.map((event) => event.kind).sort()).toEqual([
    'customer.added',
    'customer.added',
    'customer.removed_by_customer',
    'customer.removed_by_member',
  ])
  const { messages } = await admin('GET', `/people/${person.id}/chats/chenxiaoyu/messages`)
  expect(messages.map((one: { body: { content?: string } }) => one.body.content)).not.toContain('还在吗')
})

test('a member at his cap takes nobody more: 40099; expanded he does; the corp cap is 610023', async () => {
  const { add, settings, sandbox } = await stage()
  const held = sandbox.world.relations.heldByStaff(0)
  await settings({ limits: { overrides: { 'customer.per_member': held + 1 } } })
  expect((await add()).outcome).toBe('added')
  expect(await add()).toMatchObject({ outcome: 'refused', reason: { code: 40099 } })
  await settings({ members: { chenxiaoyu: { expanded: true } } })
  expect((await add()).outcome).toBe('added')
  await settings({ corp: { relationCap: sandbox.world.relations.held } })
  expect(await add()).toMatchObject({ outcome: 'refused', reason: { code: 610023 } })
})

test('of several members behind a code one who is full is passed by', async () => {
  const { call, admin, customer, settings, sandbox } = await stage()
  const [one, two] = sandbox.world.staff.all().map((member) => member.userid)
  const { config_id } = await call('externalcontact/add_contact_way', { type: 2, scene: 2, user: [one, two] })
  await settings({ members: { [one ?? '']: { realName: false } } })
  for (let n = 0; n < 6; n++) {
    const person = await customer()
    expect((await admin('POST', `/people/${person.id}/add`, { content: config_id })).userid).toBe(two)
  }
})

test('what a member writes in his client is called back', async () => {
  const { subscribe, add, admin, get, events, sandbox } = await stage()
  await subscribe()
  const { person } = await add()
  const addTags = [sandbox.world.seededTags[0]]
  await admin('POST', '/console', {
    do: 'customer.edit',
    userid: 'chenxiaoyu',
    customer: person.id,
    remark: '三号楼',
    addTags,
  })
  await sandbox.settled()
  expect(events[1]).toMatchObject({
    kind: 'customer.edited',
    userId: 'chenxiaoyu',
    externalUserId: person.externalUserId,
  })
  const { follow_user } = await get('externalcontact/get', { external_userid: person.externalUserId ?? '' })
  expect(follow_user[0]).toMatchObject({ remark: '三号楼', tags: [{ tag_id: addTags[0] }] })
})

test('tags changed by hand are called back; deleting a group says nothing of its tags', async () => {
  const { subscribe, admin, events, sandbox } = await stage()
  await subscribe('nuanyu', ['external_tag'])
  const { id } = await admin('POST', '/console', { do: 'tag_group.create', name: '节日', tags: ['中秋', '端午'] })
  await admin('POST', '/console', { do: 'tag.rename', id, name: '节日礼盒' })
  await admin('POST', '/console', { do: 'tag.delete', id })
  await admin('POST', '/console', { do: 'tag.shuffle', groupIds: [sandbox.world.tags.groups()[1]?.id] })
  await sandbox.settled()
  expect(events.map((event) => `${event.kind} ${'tagType' in event ? event.tagType : ''}`).sort()).toEqual([
    'tag.created tag',
    'tag.created tag',
    'tag.created tag_group',
    'tag.deleted tag_group',
    'tag.shuffled ',
    'tag.updated tag_group',
  ])
})

test('people are found by name, userid and every kind of id, and lists page to the end', async () => {
  const { admin, customer, sandbox } = await stage()
  const person = await customer('独一无二')
  for (const q of ['独一无二', person.id, person.externalUserId, person.unionId]) {
    const { people } = await admin('GET', `/people?role=customer&q=${encodeURIComponent(q ?? '')}`)
    expect(people.map((one: { id: string }) => one.id)).toEqual([person.id])
  }
  expect((await admin('GET', '/people?q=chenxiao')).people[0].name).toBe('陈晓雨')
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const page = await admin('GET', `/people?limit=17&cursor=${cursor}`)
    seen.push(...page.people.map((one: { id: string }) => one.id))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(new Set(seen).size).toBe(sandbox.world.staff.count + sandbox.world.customers.count)
  expect((await admin('GET', '/people/nobody')).error.code).toBe('person_unknown')
})

test('chats show the newest first with what is unread, and reading clears it', async () => {
  const { add, admin } = await stage()
  const { person } = await add()
  await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '第一句' })
  await admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '第二句' })
  const chat = async () =>
    (await admin('GET', '/people/chenxiaoyu/chats')).chats.find((one: { peer: string }) => one.peer === person.id)
  expect(await chat()).toMatchObject({
    kind: 'single',
    unread: 3,
    last: { body: { content: '第二句' } },
    status: 'friends',
  })
  await admin('POST', '/people/chenxiaoyu/read', { peer: person.id })
  expect(await chat()).toMatchObject({ unread: 0 })
  const page = await admin('GET', `/people/${person.id}/chats/chenxiaoyu/messages?limit=2`)
  expect(page.messages.map((one: { body: { content: string } }) => one.body.content)).toEqual(['第一句', '第二句'])
  const older = await admin('GET', `/people/${person.id}/chats/chenxiaoyu/messages?limit=2&cursor=${page.nextCursor}`)
  expect(older.messages.map((one: { body: { type: string } }) => one.body.type)).toEqual(['notice'])
})
