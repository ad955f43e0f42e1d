import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// the rooms in which sends are looked at together: 预演中心 before they go, 对照组与实验 beside those that went, 运营日历 over all
const stage = await openStage('planning-rooms', { at: '2026-12-02T10:00:00+08:00', people: 240, staff: 8 })
const { db, platform } = stage
const [wednesday, birthday] = ['周三水果日', '会员日提醒']
const [early, welfare] = ['早市拼团', '福利券']
const today = '2026-12-02'
const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const
/** Places of what may be decided of somebody (recipient.ts). */
const fates = { sent_to: 0, holdout: 4, global_holdout: 5, no_sender: 6 }

interface Saved {
  readonly id: string
  readonly version: number
}
interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

test('an operator sees what sends would do, whom chance left out of them, and which of a day meet the same people', async () => {
  const operator = await stage.console('operator')
  const admin = await stage.console('admin')
  const { page, call, open } = operator
  const judgedEverywhere = (what: string, at?: Locator) => stage.judgedAt(page, sizes, what, at)
  const make = async (name: string, spec: object) => {
    const made = await call<Saved>('POST', '/api/campaigns', { name, spec })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    return made.body.id
  }
  const runsOf = (id: string, rehearsal: boolean) =>
    db
      .selectFrom('campaign_runs')
      .select(['id', 'state'])
      .where('campaign_id', '=', id)
      .where('rehearsal', '=', rehearsal)
      .orderBy('id', 'desc')
      .execute()
  const rehearsed = async (id: string) => {
    expect((await call('POST', `/api/campaigns/${id}/rehearse`)).status).toBe(202)
    await expect.poll(async () => (await runsOf(id, true))[0]?.state).toBe('planned')
  }
  const fatesOf = (run: number | undefined) =>
    db
      .selectFrom('campaign_recipients')
      .select(['fate', 'hits', 'sender'])
      .where('run_id', '=', run ?? 0)
      .execute()
  /** What a list says of the send of this name, by the heads of its columns. */
  const told = async (name: string) => {
    const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })
    await row.waitFor()
    const heads = await page.getByRole('columnheader').allTextContents()
    const cells = await row.getByRole('cell').allTextContents()
    return Object.fromEntries(heads.map((head, at) => [head, cells[at]?.trim()]))
  }

  await open('/engagement/dry-run', '预演中心')
  await page.getByText('还没有预演').waitFor()
  await stage.judged(page, 'no-rehearsals')
  await open('/engagement/experiments', '对照组与实验')
  await page.getByText('本季度第一次营销群发开始后').waitFor()
  await page.getByText('还没有实验').waitFor()
  await stage.judged(page, 'no-experiments')

  // two sends of one day to customers of members of whom they share one
  const world = await theWorld(call)
  const first = await make(wednesday, spec(world.first, { schedule: { kind: 'now' }, holdout_permille: 300 }))
  const second = await make(
    birthday,
    spec(world.second, { schedule: { kind: 'at', at: `${today}T16:00:00+08:00` }, holdout_permille: 0 }),
  )
  await rehearsed(first)
  await rehearsed(second)
  const text = '会员日明天见'
  const changed = await call('PUT', `/api/campaigns/${second}`, {
    after: 1,
    name: birthday,
    spec: spec(world.second, { text }),
  })
  expect(changed.status, JSON.stringify(changed.body)).toBe(200)

  // the rehearsals: what is shown of each is what was written down of everybody
  await open('/engagement/dry-run', '预演中心')
  const [dry] = await runsOf(first, true)
  const decided = await fatesOf(dry?.id)
  const sent = decided.filter(({ fate }) => fate === fates.sent_to)
  const { body: answer } = await call<{ plan: { forecast: { delivered: Estimate } } }>(
    ...(['GET', `/api/campaigns/${first}/runs/${dry?.id}/plan`] as const),
  )
  const { delivered } = answer.plan.forecast
  expect(decided).toHaveLength(world.first.persons)
  expect(sent.length).toBeGreaterThan(0)
  expect(await told(wednesday)).toMatchObject({
    ...{ 类型: '客户群发（按人）', 预演的版本: 'v1', 人群: String(world.first.persons), 会发给: String(sent.length) },
    员工: String(new Set(sent.map(({ sender }) => sender)).size),
    预计送达: `${delivered.value}（${delivered.low} 至 ${delivered.high}）`,
  })
  expect(await told(birthday)).toMatchObject({ 预演的版本: 'v1已有第 2 版', 人群: String(world.second.persons) })
  await judgedEverywhere('rehearsals')
  await page.getByRole('button', { name: wednesday, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: wednesday }).waitFor()
  const who = page.getByRole('table').filter({ hasText: '谁会收到，谁不会，为什么' })
  const persons = (fate: number) => decided.filter((one) => one.fate === fate).length
  await who.waitFor()
  // what nobody met has no line
  const met = async (what: string) => {
    const line = who.getByRole('row', { name: new RegExp(`^${what}`) })
    return (await line.count()) === 0 ? '0' : line.getByRole('cell').nth(1).textContent()
  }
  expect(await met('全局对照组')).toBe(String(persons(fates.global_holdout)))
  expect(await met('本次对照组')).toBe(String(persons(fates.holdout)))
  await judgedEverywhere('rehearsal', who)

  // it goes out: chance left some out of it, and the experiment names them
  expect((await call('POST', `/api/campaigns/${first}/submit`, { version: 1 })).status).toBe(200)
  expect((await admin.call('POST', `/api/campaigns/${first}/approve`, { version: 1, words: '可以' })).status).toBe(200)
  const report = async () => {
    const [run] = await runsOf(first, false)
    const rows = db
      .selectFrom('campaign_reports')
      .select('as_of')
      .where('run_id', '=', run?.id ?? 0)
    return (await rows.execute()).length
  }
  await expect.poll(report).toBe(1)
  const [run] = await runsOf(first, false)
  const gone = await fatesOf(run?.id)
  const counted = (fate: number) =>
    gone.filter((one) => one.fate === fate && one.hits === 0 && one.sender !== null).length
  const { body: known } = await call<{ items: { run: number; lift: Estimate | null }[] }>('GET', '/api/experiments')
  expect(known.items.map((one) => one.run)).toEqual([run?.id])
  const lift = known.items[0]?.lift
  if (lift == null) throw new Error('nobody was held out')
  const points = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value * 100).toFixed(2)}`
  expect(counted(fates.holdout)).toBeGreaterThan(0)
  // what all marketing brought together is worked out with it, by who is held out of everything
  type Whole = { quarter: string; programme: { held: { persons: number } } | null }
  const whole = async () => (await call<Whole>('GET', '/api/experiments/programme')).body
  await expect.poll(async () => (await whole()).programme).not.toBeNull()
  await open('/engagement/experiments', '对照组与实验')
  await page.getByRole('heading', { name: `${(await whole()).quarter} 全部营销合起来带来了什么` }).waitFor()
  await page.getByText(`全局对照组 ${(await whole()).programme?.held.persons} 人`).waitFor()
  expect(await told(wednesday)).toMatchObject({
    ...{ 目标: '3 天内下单', 计划发送: String(counted(fates.sent_to) + counted(fates.no_sender)) },
    ...{ 对照组: String(counted(fates.holdout)), 随机变体: '–', 把握: '不显著' },
    '提升（百分点）': `${points(lift.value)}（${points(lift.low)} 至 ${points(lift.high)}）`,
  })
  const { body: settings } = await call<{ global_holdout_permille: number }>('GET', '/api/reach/settings')
  await page.getByText(`${(settings.global_holdout_permille / 10).toFixed(1)} % 的客户`).waitFor()
  await judgedEverywhere('experiments')
  await page.getByRole('button', { name: wednesday, exact: true }).click()
  await page.getByRole('tab', { name: '复盘', selected: true }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/engagement/campaigns/${first}`)

  // and two sends to groups some of which are both's
  const groupSend = (name: string, priority: number) =>
    make(name, {
      ...spec(world.first, { schedule: { kind: 'at', at: '2026-12-04T10:00:00+08:00' } }),
      ...{ kind: 'group_send', whom: null, groups: { name: name.slice(0, 2) }, holdout_permille: 0 },
      governed: { when_capped: 'drop', wait_hours: 0, priority },
    })
  await groupSend(early, 7)
  await groupSend(welfare, 5)
  await open('/calendar', '运营日历')
  const conflicts = page.getByRole('alert')
  await conflicts.getByText('2 处撞车').waitFor()
  expect(await conflicts.getByRole('listitem').allTextContents()).toEqual([
    `${today} 「${wednesday}」和「${birthday}」有 ${world.shared} 位相同的客户`,
    `2026-12-04 「${early}」和「${welfare}」有 ${world.sharedGroups} 个相同的客户群，优先级高的「${early}」先占用这些群当天的次数`,
  ])
  const day = (which: string) => page.getByRole('listitem', { name: new RegExp(`^${which}，`) })
  expect(await day(today).getByRole('link').allTextContents()).toEqual([
    expect.stringMatching(new RegExp(`^10:\\d\\d 发送中 ${wednesday}$`)),
    `16:00 草稿 ${birthday}`,
  ])
  await day(today).getByLabel('1 处撞车').waitFor()
  expect(await day('2026-12-03').getByRole('link').count()).toBe(0)
  await judgedEverywhere('calendar')
  // a month later nothing is planned, and nothing can meet
  await page.getByRole('button', { name: '往后' }).click()
  await page.getByText('这段时间没有安排').waitFor()
  expect(await conflicts.count()).toBe(0)
  await page.getByRole('button', { name: '今天' }).click()
  await page.getByText('周', { exact: true }).click()
  await page.getByText('2026-11-30 至 2026-12-06').waitFor()
  await stage.judged(page, 'week')
  await day('2026-12-04').getByRole('link', { name: welfare }).waitFor()
  await day(today).getByRole('link', { name: birthday }).click()
  await page.getByRole('heading', { level: 1, name: birthday }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/engagement/campaigns/${second}`)
  await page.getByText('这是第 1 版的预演，之后又有改动').waitFor()

  await page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  await open('/engagement/dry-run', 'Dry runs')
  expect(await told(wednesday)).toMatchObject({ Audience: String(world.first.persons) })
  await judgedEverywhere('rehearsals-en')
  await open('/engagement/experiments', 'Holdouts & experiments')
  expect(await told(wednesday)).toMatchObject({ Holdout: String(counted(fates.holdout)), Sure: 'Not significant' })
  await page.getByRole('heading', { name: 'Global holdout' }).waitFor()
  await judgedEverywhere('experiments-en')
  await open('/calendar', 'Calendar')
  await conflicts.getByText(`“${wednesday}” and “${birthday}” share ${world.shared} customers`).waitFor()
  await judgedEverywhere('calendar-en')
}, 300_000)

interface Named {
  readonly staff: readonly string[]
  readonly persons: number
}

function spec({ staff }: Named, { text = '阳光玫瑰买一送一', ...more }: Readonly<Record<string, unknown>> = {}) {
  return {
    goal: { metric: 'order', window_hours: 72, baseline: 0.03 },
    whom: { rule: whom(staff) },
    variants: [
      {
        name: 'A',
        content: { text: `【{品牌}】${text}\n不想常收到？{少打扰}`, attachments: [] },
        for: null,
        share: 100,
      },
    ],
    schedule: { kind: 'at', at: `${today}T16:00:00+08:00` },
    window: null,
    ...more,
  }
}

const whom = (staff: readonly string[]) => ({ is: 'relation', by: 'staff', any: staff, state: 'alive' })

/** Whom two sends are for, members' customers, with how many of them are both's; and groups with names in common. */
async function theWorld(call: Awaited<ReturnType<typeof stage.console>>['call']) {
  const synced = () => db.selectFrom('customer_syncs').select('corp_id').where('last_done_at', 'is not', null).execute()
  await expect.poll(async () => (await synced()).length).toBe(1)
  const relations = await db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select(['customer_id', 'userid'])
    .where('status', '=', 'alive')
    .where('merged_into', 'is', null)
    .orderBy('userid')
    .execute()
  const customersOf = (staff: readonly string[]) =>
    new Set(relations.filter(({ userid }) => staff.includes(userid)).map((one) => one.customer_id))
  const [a, b, c] = [...new Set(relations.map(({ userid }) => userid))]
  if (a === undefined || b === undefined || c === undefined) throw new Error('three members have customers')
  const named = async (staff: readonly string[]): Promise<Named> => {
    const persons = customersOf(staff).size
    // audiences hear of people a little later than they are read
    const count = async () =>
      (await call<{ count: number }>('POST', '/api/audiences/preview', { rule: whom(staff), leaves: false })).body.count
    await expect.poll(count, { interval: 250 }).toBe(persons)
    return { staff, persons }
  }
  const [first, second] = [await named([a, b]), await named([b, c])]
  const ofSecond = customersOf(second.staff)
  const shared = [...customersOf(first.staff)].filter((one) => ofSecond.has(one)).length
  expect(shared).toBeGreaterThan(0)
  expect(shared).toBeLessThan(Math.min(first.persons, second.persons))
  const names = ['早市福利群 1', '早市福利群 2', '早市熟客群', '福利试吃群']
  for (const name of names)
    await platform.post('/sandbox/console', { do: 'group.create', owner: a, name, customers: [] })
  const read = () => db.selectFrom('groups').select(['name']).where('read_at', 'is not', null).execute()
  const known = async () => (await read()).filter(({ name }) => names.includes(name ?? '')).length
  await expect
    .poll(
      async () => {
        if ((await known()) < names.length) await platform.advance(5_000)
        return known()
      },
      { interval: 500 },
    )
    .toBe(names.length)
  const sharedGroups = (await read()).filter(({ name }) => name?.includes('早市') && name.includes('福利')).length
  return { first, second, shared, sharedGroups }
}
