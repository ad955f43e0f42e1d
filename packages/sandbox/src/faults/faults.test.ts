import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

const SEND = 'externalcontact/send_welcome_msg'

test('a lost answer is lost after the effect: the welcome is there and the repetition is 41051', async () => {
  const { subscribe, add, call, fault, admin } = await stage()
  await subscribe()
  await fault({ kind: 'lost_answer', match: { path: 'send_welcome_msg' }, times: 1 })
  const { welcomeCodes, person } = await add()
  const greeting = { welcome_code: welcomeCodes[0]?.welcomeCode, text: { content: '你好' } }
  await expect(call(SEND, greeting)).rejects.toThrow()
  expect((await admin('GET', `/oracle/messages?person=${person.id}&source=welcome`)).messages).toHaveLength(1)
  expect((await call(SEND, greeting)).errcode).toBe(41051)
  const { calls } = await admin('GET', `/oracle/calls?path=send_welcome_msg`)
  expect(calls.map((one: { fault?: string; errcode: number }) => [one.errcode, one.fault])).toEqual([
    [41051, undefined],
    [0, 'f1'],
  ])
})

test('an error code comes without effect, for the nth call only', async () => {
  const { call, fault, sandbox } = await stage()
  await fault({ kind: 'errcode', errcode: -1, match: { path: 'add_contact_way' }, nth: 2 })
  const add = async () =>
    (await call('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['chenxiaoyu'] })).errcode
  expect([await add(), await add(), await add()]).toEqual([0, -1, 0])
  expect(sandbox.world.codes.contactWays.size).toBe(2)
})

test('a revoked token is 40014 once, and a fresh one works', async () => {
  const { get, fault, sandbox } = await stage()
  await get('getcallbackip')
  await fault({ kind: 'token_revoked', match: { appKey: 'nuanyu' }, times: 1 })
  expect((await get('getcallbackip')).errcode).toBe(40014)
  const app = sandbox.platform.apps.get('nuanyu') ?? expect.fail('no app')
  const { token } = sandbox.platform.tokens.issue(app)
  const url = `${sandbox.platform.address.url}/cgi-bin/getcallbackip?access_token=${token}`
  expect(((await (await fetch(url)).json()) as { errcode: number }).errcode).toBe(0)
})

test('a share of calls is drawn from the seed: the same ones every time', async () => {
  const drawn = async () => {
    const { get, fault } = await stage()
    await fault({ kind: 'errcode', errcode: -1, share: 0.4, match: { path: 'getcallbackip' } })
    const codes: number[] = []
    for (let n = 0; n < 30; n++) codes.push((await get('getcallbackip')).errcode)
    return codes
  }
  const [one, two] = [await drawn(), await drawn()]
  expect(one).toEqual(two)
  expect(one.filter((code) => code === -1).length).toBeGreaterThan(4)
})

test('callbacks come late, doubled, out of order, not at all, or again and again', async () => {
  const { subscribe, add, fault, events, admin, advance } = await stage()
  await subscribe()
  await fault({ kind: 'callback_late', delayMs: 60_000, times: 1 })
  const late = await add()
  expect(events).toHaveLength(0)
  await advance(60_000)
  expect(events.splice(0)).toMatchObject([{ externalUserId: late.externalUserId }])

  await fault({ kind: 'callback_double', times: 1 })
  const twice = await add()
  expect(events.splice(0)).toMatchObject([
    { externalUserId: twice.externalUserId },
    { externalUserId: twice.externalUserId },
  ])

  await fault({ kind: 'callback_reorder', times: 1 })
  const [held, next] = [await add(), await add()]
  expect(
    events
      .splice(0)
      .map((event) => 'externalUserId' in event && event.externalUserId)
      .sort(),
  ).toEqual([held.externalUserId, next.externalUserId].sort())

  await fault({ kind: 'callback_lost', times: 1, match: { event: 'change_external_contact' } })
  await add()
  expect(events).toHaveLength(0)

  await fault({ kind: 'callback_repeat', times: 1, match: { event: 'change_external_contact/add_external_contact' } })
  const again = await add()
  expect(events.map((event) => 'externalUserId' in event && event.externalUserId)).toEqual(
    Array(3).fill(again.externalUserId),
  )
  expect((await admin('GET', '/oracle/summary')).callbacks.lost).toBe(1)
})

test('faults can be listed, taken away one by one, and all at once', async () => {
  const { fault, admin } = await stage()
  await fault({ kind: 'delay', delayMs: 5, match: {} })
  const { faults } = await fault({ kind: 'errcode', errcode: -1, match: { path: 'x' } })
  expect(faults.map((one: { id: string }) => one.id)).toEqual(['f1', 'f2'])
  expect((await admin('DELETE', '/faults/f1')).faults).toHaveLength(1)
  expect((await admin('DELETE', '/faults')).faults).toEqual([])
  expect((await admin('DELETE', '/faults/f9')).error.code).toBe('fault_unknown')
})
