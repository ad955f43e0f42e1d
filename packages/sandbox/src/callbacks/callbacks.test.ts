import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

const results = async (
  admin: (
    method: string,
    path: string,
  ) => Promise<{ callbacks: { attempt: number; result: string; fault?: string }[] }>,
) => {
  const { callbacks } = await admin('GET', '/oracle/callbacks?after=0')
  return callbacks.map((one) => `${one.attempt} ${one.result}`)
}

test('an address is saved only after it answered the verification', async () => {
  const { admin, subscribe, sandbox } = await stage()
  const config = { url: 'http://127.0.0.1:1/', token: 'abc', aesKey: 'a'.repeat(43) }
  const refused = await admin('PUT', `/corps/${sandbox.world.corpId}/apps/nuanyu/callback`, config)
  expect(refused.error).toMatchObject({ code: '40057' })
  expect((await admin('GET', '/corps')).corps[0].apps[0]).not.toHaveProperty('callback')
  await subscribe()
  expect((await admin('GET', '/corps')).corps[0].apps[0].callback.url).toContain('app=nuanyu')
})

test('a cut connection is repeated at once, three attempts in all, then the callback is lost', async () => {
  const { subscribe, add, misbehave, events, admin } = await stage()
  await subscribe()
  misbehave.push('cut', 'cut')
  await add()
  expect(events).toHaveLength(1)
  misbehave.push('cut', 'cut', 'cut')
  await add()
  expect(events).toHaveLength(1)
  expect(await results(admin)).toEqual([
    '1 network',
    '2 network',
    '3 acknowledged',
    '1 network',
    '2 network',
    '3 network',
  ])
  expect((await admin('GET', '/oracle/summary')).callbacks).toMatchObject({
    total: 2,
    acknowledged: 1,
    lost: 1,
    attempts: 6,
    inFlight: 0,
  })
})

test('silence is a time-out and repeated', async () => {
  const { subscribe, add, misbehave, events, settings, admin } = await stage()
  await subscribe()
  await settings({ limits: { overrides: { 'callback.timeout_s': 0.05 } } })
  misbehave.push('hang')
  await add()
  expect(events).toHaveLength(1)
  expect(await results(admin)).toEqual(['1 timeout', '2 acknowledged'])
})

test('any other status is not repeated, unless the platform is read that way', async () => {
  const { subscribe, add, misbehave, settings, admin } = await stage()
  await subscribe()
  misbehave.push(500)
  await add()
  expect(await results(admin)).toEqual(['1 refused'])
  await settings({ limits: { overrides: { 'callback.repeat_on_status': true, 'callback.attempts': 4 } } })
  misbehave.push(500, 503, 404)
  await add()
  expect(await results(admin)).toEqual(['1 refused', '1 refused', '2 refused', '3 refused', '4 acknowledged'])
})

test('repeats wait out the spacing on the clock of the sandbox', async () => {
  const { subscribe, misbehave, events, settings, admin, call, customer, sandbox } = await stage()
  await subscribe()
  await settings({ limits: { overrides: { 'callback.repeat_spacing_s': 30 } } })
  const { config_id } = await call('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['chenxiaoyu'] })
  const person = await customer()
  misbehave.push('cut')
  await admin('POST', `/people/${person.id}/add`, { content: config_id })
  await expect.poll(() => results(admin)).toEqual(['1 network'])
  await admin('POST', '/clock', { advanceMs: 29_999 })
  expect(events).toHaveLength(0)
  await admin('POST', '/clock', { advanceMs: 1 })
  await sandbox.settled()
  expect(events).toHaveLength(1)
})

test('who is told: callable apps whose visible range covers the member, for the families they ticked', async () => {
  const { subscribe, add, settings, sandbox, events } = await stage()
  await subscribe('nuanyu')
  await subscribe('crm')
  await subscribe('contacts')
  const codes = async () => (await add()).welcomeCodes.map((one) => one.appKey)
  expect(await codes()).toEqual(['nuanyu', 'crm'])
  await settings({ apps: { crm: { callable: false } } })
  expect(await codes()).toEqual(['nuanyu'])
  await settings({
    apps: { crm: { callable: true, visible: { users: [sandbox.world.staff.at(4)?.userid ?? ''], departments: [] } } },
  })
  expect(await codes()).toEqual(['nuanyu'])
  await settings({ apps: { crm: { visible: { users: ['chenxiaoyu'], departments: [] } } } })
  await subscribe('nuanyu', ['external_chat'])
  expect(await codes()).toEqual(['crm'])
  expect(events.filter((event) => event.kind === 'customer.added').length).toBe(5)
})

test('contacts-sync is told of members, own apps of who enters and leaves their range', async () => {
  const { subscribe, admin, settings, events, sandbox } = await stage()
  await subscribe('nuanyu')
  await subscribe('contacts')
  await admin('POST', '/people', { role: 'staff', name: '新人', userid: 'xinren', departments: [100] })
  await sandbox.settled()
  const kinds = () =>
    events
      .splice(0)
      .map((event) => `${event.kind} ${'userId' in event ? event.userId : ''}`)
      .sort()
  expect(kinds()).toEqual(['app.subscribed xinren', 'contact.user_created xinren'])
  await admin('POST', '/console', { do: 'member.move', userid: 'xinren', departments: [101] })
  await sandbox.settled()
  expect(kinds()).toEqual(['contact.user_updated xinren'])
  await settings({ apps: { nuanyu: { visible: { users: ['chenxiaoyu', 'xinren'], departments: [] } } } })
  await sandbox.settled()
  expect(kinds().every((kind) => kind.startsWith('app.unsubscribed'))).toBe(true)
  await admin('POST', '/console', { do: 'member.remove', userid: 'xinren' })
  await sandbox.settled()
  expect(kinds()).toEqual(['app.unsubscribed xinren', 'contact.user_deleted xinren'])
})

test('serial order sends one after another, as things happened', async () => {
  const { subscribe, settings, call, admin, customer, events, sandbox } = await stage()
  await subscribe()
  await settings({ callbacks: { order: 'serial' } })
  const { config_id } = await call('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['chenxiaoyu'] })
  const people = await Promise.all(Array.from({ length: 20 }, (_, n) => customer(`客人${n}`)))
  const told: string[] = []
  for (const person of people) {
    told.push(person.externalUserId ?? '')
    await admin('POST', `/people/${person.id}/add`, { content: config_id })
  }
  await sandbox.settled()
  expect(events.map((event) => ('externalUserId' in event ? event.externalUserId : ''))).toEqual(told)
})
