import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'

async function playDay(seed: string) {
  const at = await stage({ seed, people: 100, staff: 10 })
  // a whole day is told in a moment: on a busy machine five seconds would pass, and what was told be told again
  await at.settings({ limits: { overrides: { 'callback.timeout_s': 60 } } })
  await at.subscribe()
  const [one, two] = at.sandbox.world.staff.all().map((member) => member.userid)
  const { qr_code } = await at.call('externalcontact/add_contact_way', {
    type: 2,
    scene: 2,
    user: [one, two],
    state: 'door',
  })
  const chat_id_list = [at.sandbox.world.groups.all()[0]?.chatId]
  await at.call('externalcontact/groupchat/add_join_way', { scene: 2, chat_id_list })
  await at.admin('POST', '/scenarios/demo-day/start', { contents: [qr_code] })
  await at.advance(86_400_000)
  return at
}

test('a day of the demo brand is the same for the same seed: adds, questions, joins and leavings', async () => {
  const [one, two] = [await playDay('a'), await playDay('a')]
  const told = ({ events }: typeof one) =>
    events
      .map((event) => `${event.createTime} ${event.kind} ${'externalUserId' in event ? event.externalUserId : ''}`)
      .sort()
  expect(told(one)).toEqual(told(two))
  const kinds = new Set(one.events.map((event) => event.kind))
  expect(kinds).toEqual(
    new Set(['customer.added', 'customer.removed_by_customer', 'customer.removed_by_member', 'group.updated']),
  )
  const { scenarios } = await one.admin('GET', '/scenarios')
  const day = scenarios.find((scenario: { name: string }) => scenario.name === 'demo-day')
  expect(day).toMatchObject({ running: false, progress: 1 })
  expect(day.adds).toBeGreaterThan(340)
  expect(day.adds).toBeLessThan(362)
  expect(day.actions).toBeGreaterThan(200)
})

test('peak-1111 makes 8,000 adds a minute and overload 12,000, evenly, by all codes there are', async () => {
  for (const [name, perMinute] of [
    ['peak-1111', 8000],
    ['overload', 12_000],
  ] as const) {
    const { sandbox, admin, call, advance } = await stage({ staff: 40 })
    const users = sandbox.world.staff.all().map((member) => member.userid)
    for (const state of ['a', 'b'])
      await call('externalcontact/add_contact_way', { type: 2, scene: 2, user: users, state })
    await admin('POST', `/scenarios/${name}/start`, { durationS: 30 })
    await advance(15_000)
    const half = (await admin('GET', '/oracle/summary')).adds.total
    await advance(15_000)
    const whole = (await admin('GET', '/oracle/summary')).adds.total
    expect(Math.abs(half - perMinute / 4)).toBeLessThan(perMinute / 200)
    expect(Math.abs(whole - perMinute / 2)).toBeLessThan(perMinute / 200)
  }
})

test('a scenario runs once at a time, can be stopped, and needs to exist', async () => {
  const { admin, advance } = await stage()
  await admin('POST', '/scenarios/demo-day/start', { durationS: 3600, addsPerMinute: 10 })
  expect((await admin('POST', '/scenarios/demo-day/start', {})).error.code).toBe('scenario_runs')
  await advance(600_000)
  const { scenarios } = await admin('POST', '/scenarios/demo-day/stop')
  expect(scenarios[0]).toMatchObject({ running: false })
  const { total } = (await admin('GET', '/oracle/summary')).adds
  await advance(3_600_000)
  expect((await admin('GET', '/oracle/summary')).adds.total).toBe(total)
  expect((await admin('POST', '/scenarios/quiet-day/start')).error.code).toBe('scenario_unknown')
})
