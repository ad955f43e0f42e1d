import { expect, test } from 'vitest'
import { stage } from './stage.ts'

test('a scan leads to one encrypted callback with state and code, and the welcome reaches the customer', async () => {
  const { events, admin, add, call, subscribe } = await stage()
  await subscribe()
  const { person, welcomeCodes, outcome } = await add({ state: 'poster-1' })
  expect(outcome).toBe('added')
  expect(events).toMatchObject([
    {
      kind: 'customer.added',
      userId: 'chenxiaoyu',
      externalUserId: person.externalUserId,
      state: 'poster-1',
      welcomeCode: welcomeCodes[0]?.welcomeCode,
    },
  ])
  const greeting = { welcome_code: welcomeCodes[0]?.welcomeCode, text: { content: '欢迎来到鲜果连锁' } }
  expect(await call('externalcontact/send_welcome_msg', greeting)).toEqual({ errcode: 0, errmsg: 'ok' })
  const { messages } = await admin('GET', `/people/${person.id}/chats/chenxiaoyu/messages`)
  expect(messages.map((message: { body: unknown }) => message.body)).toEqual([
    { type: 'notice', text: '你已添加了陈晓雨，现在可以开始聊天了。' },
    { type: 'text', content: '欢迎来到鲜果连锁' },
  ])
  expect(await admin('GET', '/oracle/summary')).toMatchObject({
    adds: { total: 1, withCode: 1 },
    welcomes: { sent: 1, duplicates: 0, missing: 0, pending: 0 },
    callbacks: { total: 1, acknowledged: 1, attempts: 1 },
  })
})

test('what is behind a code is shown before anything happens, and adding takes the same member', async () => {
  const { admin, call, customer, events, subscribe, sandbox } = await stage()
  await subscribe()
  const staff = (await admin('GET', '/people?role=staff&limit=5')).people.map((one: { userid: string }) => one.userid)
  const made = await call('externalcontact/add_contact_way', { type: 2, scene: 2, user: staff })
  for (let n = 0; n < 6; n++) {
    const person = await customer(`客人${n}`)
    const seen = await admin('POST', `/people/${person.id}/scan`, { content: made.qr_code })
    expect(seen).toMatchObject({ kind: 'contact_way', configId: made.config_id, alreadyFriends: false })
    expect(events.length).toBe(n)
    const added = await admin('POST', `/people/${person.id}/add`, { content: made.qr_code })
    expect(added.userid).toBe(seen.member.userid)
    await sandbox.settled()
    expect(events.length).toBe(n + 1)
  }
})

test('an existing friend who scans again makes no event', async () => {
  const { admin, add, events, subscribe, sandbox } = await stage()
  await subscribe()
  const { person, config } = await add()
  const again = await admin('POST', `/people/${person.id}/add`, { content: config })
  await sandbox.settled()
  expect(again).toMatchObject({ outcome: 'already_friends', welcomeCodes: [] })
  expect(events).toHaveLength(1)
})
