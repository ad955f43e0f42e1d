import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryBudget } from '../budget/memory.ts'
import { fakeTime } from '../fake-time.ts'
import { memoryTokenStore } from '../tokens/memory.ts'
import { createClient } from './client.ts'
import {
  BudgetExhaustedError,
  CallError,
  CircuitOpenError,
  DeadlineError,
  InvalidRequestError,
  NetworkError,
  UnexpectedAnswerError,
  UnknownOutcomeError,
  WecomError,
} from './errors.ts'
import { type FakePlatform, fakePlatform } from './fake-platform.ts'
import type { CallRecord, ClientOptions } from './types.ts'

const paths = {
  token: '/cgi-bin/gettoken',
  followUsers: '/cgi-bin/externalcontact/get_follow_user_list',
  welcome: '/cgi-bin/externalcontact/send_welcome_msg',
  addWay: '/cgi-bin/externalcontact/add_contact_way',
  mark: '/cgi-bin/externalcontact/mark_tag',
}
const ok = { errcode: 0, errmsg: 'ok' }
const refuse = (errcode: number) => ({ errcode, errmsg: `refused, hint: [1_2_3], more info at e=${errcode}` })
const hello = { welcome_code: 'CODE', text: { content: '你好' } }
const way = { type: 1, scene: 2, user: ['zhangsan'] } as const

async function platformForTest(): Promise<FakePlatform> {
  const platform = await fakePlatform()
  onTestFinished(platform.close)
  return platform
}

function setUp(platform: FakePlatform, over: Partial<ClientOptions> = {}) {
  const time = fakeTime()
  const records: CallRecord[] = []
  const tokens = memoryTokenStore(time.now)
  const options: ClientOptions = {
    baseUrl: platform.url,
    corpId: 'ww1',
    appKey: 'nuanyu',
    secret: 'the-secret',
    tokens,
    budget: memoryBudget(undefined, time),
    clock: time.now,
    sleep: time.sleep,
    onCall: (record) => records.push(record),
    ...over,
  }
  return { client: createClient(options), options, time, records, tokens }
}

/** The error that a call ends with. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => expect.fail(`it succeeded with ${JSON.stringify(value)}`),
    (error) => error,
  )
}

describe('access token', () => {
  test('is fetched once, however many ask at the same time', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    await Promise.all(Array.from({ length: 50 }, () => client.customers.listFollowUsers({})))
    expect(platform.calls(paths.token)).toHaveLength(1)
    expect(platform.calls(paths.followUsers)).toHaveLength(50)
  })

  test('is shared by clients of one app through the store, and fetched anew when it expired', async () => {
    const platform = await platformForTest()
    const { client, options, time } = setUp(platform)
    const other = createClient(options)
    await Promise.all([client.customers.listFollowUsers({}), other.customers.listFollowUsers({})])
    expect(platform.calls(paths.token)).toHaveLength(1)
    time.advance(7200_000)
    await other.customers.listFollowUsers({})
    expect(platform.calls(paths.token)).toHaveLength(2)
  })

  test.each([40014, 42001])('is fetched anew once for all calls that met %i, which are repeated', async (errcode) => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.followUsers, ...Array.from({ length: 10 }, () => refuse(errcode)), ok)
    await Promise.all(Array.from({ length: 10 }, () => client.customers.listFollowUsers({})))
    expect(platform.calls(paths.token)).toHaveLength(2)
    const used = platform.calls(paths.followUsers).map((call) => call.query.get('access_token'))
    expect(used.filter((token) => token === 'token-2')).toHaveLength(10)
  })

  test('that stays refused ends the call after one repeat', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.followUsers, refuse(42001))
    const error = await failure(client.customers.listFollowUsers({}))
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ errcode: 42001 })
    expect(platform.calls(paths.followUsers)).toHaveLength(2)
  })
})

describe('a refused secret', () => {
  test('is tried once by thirty calls, and not again until a person changed something', async () => {
    const platform = await platformForTest()
    const { client, options } = setUp(platform)
    platform.play(paths.token, refuse(40001))
    const errors = await Promise.all(Array.from({ length: 30 }, () => failure(client.customers.listFollowUsers({}))))
    expect(errors.every((error) => error instanceof CircuitOpenError)).toBe(true)
    expect(await failure(client.welcome.send(hello))).toBeInstanceOf(CircuitOpenError)
    expect(platform.calls(paths.token)).toHaveLength(1)
    expect(platform.calls(paths.followUsers)).toHaveLength(0)

    platform.play(paths.token, { ...ok, access_token: 'new', expires_in: 7200 })
    expect(await createClient({ ...options, secret: 'new-secret' }).customers.listFollowUsers({})).toBeDefined()
    expect(await failure(client.welcome.send(hello))).toBeInstanceOf(CircuitOpenError)
    await client.invalidate()
    await client.customers.listFollowUsers({})
  })

  test('closes the app’s calls also when another call than gettoken meets it', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.followUsers, refuse(40001))
    expect(await failure(client.customers.listFollowUsers({}))).toBeInstanceOf(CircuitOpenError)
    expect(await failure(client.customers.listFollowUsers({}))).toBeInstanceOf(CircuitOpenError)
    expect(platform.calls(paths.followUsers)).toHaveLength(1)
  })
})

describe('a busy platform', () => {
  test('is asked again at most three times, each later than the one before', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.addWay, refuse(-1))
    const error = await failure(client.contactWays.add(way))
    expect(error).toMatchObject({ errcode: -1 })
    expect(platform.calls(paths.addWay)).toHaveLength(4)
    expect(time.slept).toEqual([200, 400, 800])
  })

  test('45009 waits out the minute’s block and then goes on', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.addWay, refuse(45009), { ...ok, config_id: 'c1' })
    const before = time.now()
    expect(await client.contactWays.add(way)).toEqual({ config_id: 'c1' })
    expect(time.now() - before).toBeGreaterThanOrEqual(60_000)
    expect(time.now() - before).toBeLessThan(61_000)
  })

  test('45009 again after the minute waits out the hour', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.addWay, refuse(45009), refuse(45009), { ...ok, config_id: 'c1' })
    const before = time.now()
    await client.contactWays.add(way)
    expect(time.now() - before).toBeGreaterThanOrEqual(3_660_000)
  })

  test('45009 with a nearer deadline says when there is room again', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.welcome, refuse(45009))
    const error = await failure(client.welcome.send(hello, { deadline: time.now() + 20_000 }))
    expect(error).toBeInstanceOf(BudgetExhaustedError)
    expect(error).toMatchObject({ availableAt: time.now() + 60_000 })
    expect(platform.calls(paths.welcome)).toHaveLength(1)
  })

  test.each([45033, 45035])('%i backs off, lets fewer run at once, and goes on', async (errcode) => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.mark, refuse(errcode), refuse(errcode), ok)
    await client.tags.mark({ userid: 'zhangsan', external_userid: 'wm1', add_tag: ['et1'] })
    expect(platform.calls(paths.mark)).toHaveLength(3)
    expect(time.slept).toEqual([50, 100])
  })
})

describe('a lost answer', () => {
  test.each(['lose_answer', 'bad_gateway', 'break_off'] as const)(
    'is never repeated where it could do the thing twice (%s)',
    async (play) => {
      const platform = await platformForTest()
      const { client } = setUp(platform)
      platform.play(paths.addWay, play, { ...ok, config_id: 'second' })
      expect(await failure(client.contactWays.add(way))).toBeInstanceOf(UnknownOutcomeError)
      expect(platform.calls(paths.addWay)).toHaveLength(1)
    },
  )

  test('of a welcome is asked for once more, and 41051 then tells that it had been delivered', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.welcome, 'lose_answer', refuse(41051))
    const error = await failure(client.welcome.send(hello))
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ errcode: 41051, afterLostAnswer: true })
    expect(platform.calls(paths.welcome)).toHaveLength(2)
  })

  test('41051 without a lost answer is someone else’s welcome', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.welcome, refuse(41051))
    expect(await failure(client.welcome.send(hello))).toMatchObject({ errcode: 41051, afterLostAnswer: false })
  })

  test('twice leaves the outcome unknown', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.welcome, 'lose_answer')
    expect(await failure(client.welcome.send(hello))).toBeInstanceOf(UnknownOutcomeError)
    expect(platform.calls(paths.welcome)).toHaveLength(2)
  })

  test('and then no time left is unknown too, not a deadline', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    platform.play(paths.welcome, 'lose_answer')
    const error = await failure(client.welcome.send(hello, { deadline: time.now() + 50 }))
    expect(error).toBeInstanceOf(UnknownOutcomeError)
    expect(platform.calls(paths.welcome)).toHaveLength(1)
  })

  test('of a read is asked for again, and ends as a network error', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.followUsers, 'lose_answer', 'bad_gateway', { ...ok, follow_user: ['zhangsan'] })
    expect(await client.customers.listFollowUsers({})).toEqual({ follow_user: ['zhangsan'] })
    platform.play(paths.followUsers, 'lose_answer')
    expect(await failure(client.customers.listFollowUsers({}))).toBeInstanceOf(NetworkError)
  })

  test('comes also from an answer that takes too long', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform, { timeoutMs: 30 })
    platform.play(paths.addWay, 'never_answer')
    expect(await failure(client.contactWays.add(way))).toBeInstanceOf(UnknownOutcomeError)
  })

  test('of a call given up by its caller is unknown as well', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    const stop = new AbortController()
    await client.customers.listFollowUsers({})
    platform.play(paths.addWay, 'never_answer')
    const call = failure(client.contactWays.add(way, { signal: stop.signal }))
    while (platform.calls(paths.addWay).length === 0) await new Promise(setImmediate)
    stop.abort()
    expect(await call).toBeInstanceOf(UnknownOutcomeError)
  })
})

describe('nothing goes out', () => {
  test('when the platform cannot be reached: it is tried three times whatever the call', async () => {
    const platform = await platformForTest()
    const held = async () => ({ token: 'token-0', expiresAt: Number.POSITIVE_INFINITY })
    const { client, records } = setUp(platform, { tokens: { ...memoryTokenStore(), get: held } })
    await platform.close()
    expect(await failure(client.contactWays.add(way))).toBeInstanceOf(NetworkError)
    expect(records.map((record) => record.outcome)).toEqual(['not_sent', 'not_sent', 'not_sent'])
  })

  test('after the deadline', async () => {
    const platform = await platformForTest()
    const { client, time } = setUp(platform)
    const error = await failure(client.welcome.send(hello, { deadline: time.now() - 1 }))
    expect(error instanceof DeadlineError || error instanceof BudgetExhaustedError).toBe(true)
    expect(platform.calls(paths.welcome)).toHaveLength(0)
  })

  test('when the request does not fit its declaration', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    const error = await failure(client.contactWays.add({ ...way, state: 'x'.repeat(31) }))
    expect(error).toBeInstanceOf(InvalidRequestError)
    expect(error).toMatchObject({ errcode: 40058 })
    expect(platform.seen).toHaveLength(0)
  })

  test('when the caller has given up already', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    expect(await failure(client.welcome.send(hello, { signal: AbortSignal.abort() }))).toMatchObject({
      name: 'AbortError',
    })
    expect(platform.calls(paths.welcome)).toHaveLength(0)
  })
})

describe('on the wire', () => {
  test('a GET carries its request in the query, a POST in the body, both the token in the query', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play('/cgi-bin/user/get', { ...ok, userid: 'zhangsan', name: '张三' })
    expect(await client.contacts.getUser({ userid: 'zhangsan' })).toMatchObject({ name: '张三', department: [] })
    await client.welcome.send(hello)
    const [get] = platform.calls('/cgi-bin/user/get')
    expect([get?.method, get?.query.get('userid'), get?.query.get('access_token')]).toEqual([
      'GET',
      'zhangsan',
      'token-1',
    ])
    const [post] = platform.calls(paths.welcome)
    expect(JSON.parse(post?.body ?? '')).toEqual(hello)
    expect(post?.body).not.toContain('token-1')
  })

  test('a file goes as multipart form data with its name and length', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play('/cgi-bin/media/upload', { ...ok, type: 'image', media_id: 'm1', created_at: '1700000000' })
    const file = Buffer.from('some bytes')
    const answer = await client.media.upload({ type: 'image', file, filename: '海报".png' })
    expect(answer).toEqual({ type: 'image', media_id: 'm1', created_at: 1_700_000_000 })
    const [call] = platform.calls('/cgi-bin/media/upload')
    expect(call?.query.get('type')).toBe('image')
    expect(call?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(call?.body).toContain('name="media"; filename="海报_.png"; filelength=10\r\n')
    expect(call?.body).toContain('\r\n\r\nsome bytes\r\n--')
  })

  test('an answer in another shape is told apart from a refusal', async () => {
    const platform = await platformForTest()
    const { client } = setUp(platform)
    platform.play(paths.addWay, { ...ok, qr_code: 'no config_id' })
    expect(await failure(client.contactWays.add(way))).toBeInstanceOf(UnexpectedAnswerError)
  })

  test('a given fetch is used in place of the own transport', async () => {
    const platform = await platformForTest()
    let used = 0
    const { client } = setUp(platform, {
      fetch: (...args) => {
        used += 1
        return fetch(...args)
      },
    })
    await client.customers.listFollowUsers({})
    await client.welcome.send(hello)
    expect(used).toBe(3)
    platform.play(paths.addWay, 'lose_answer')
    expect(await failure(client.contactWays.add(way))).toBeInstanceOf(UnknownOutcomeError)
    await platform.close()
    expect(await failure(client.contactWays.add(way))).toBeInstanceOf(NetworkError)
  })
})

test('neither token nor secret stands in any error or record, even when the platform repeats them', async () => {
  const platform = await platformForTest()
  const { client, records, options } = setUp(platform)
  const said: unknown[] = []
  platform.play(paths.welcome, { errcode: 40058, errmsg: 'invalid access_token=token-1 the-secret' })
  said.push(await failure(client.welcome.send(hello)))
  platform.play(paths.addWay, 'lose_answer')
  said.push(await failure(client.contactWays.add(way)))
  await platform.close()
  said.push(await failure(client.contactWays.add(way)))
  said.push(await failure(createClient({ ...options, secret: 'the-secret-2' }).customers.listFollowUsers({})))
  for (const error of said) expect(error).toBeInstanceOf(CallError)
  const all = inspect([said, records], { depth: 10, showHidden: true })
  expect(all).not.toContain('token-1')
  expect(all).not.toContain('the-secret')
})

test('an error says what the code means and what to do', async () => {
  const platform = await platformForTest()
  const { client } = setUp(platform)
  platform.play(paths.welcome, refuse(41050))
  const error = await failure(client.welcome.send(hello))
  expect(error).toMatchObject({ endpoint: 'welcome.send', meaning: expect.stringContaining('20 s') })
  expect(error).toMatchObject({ remedy: expect.stringContaining('greets by hand') })
})
