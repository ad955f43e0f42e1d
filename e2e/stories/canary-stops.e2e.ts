import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC18 in small: a crude send, of whose first part most people delete the member. Nobody confirms by habit, so that the
// story says who has and who has not when it stops.
const crude = { contains: '清仓', reads: 1, clicks: 0, buys: 0, deletes: 0.8 }
const stage = await openStage('canary-stops', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 160, staff: 12 },
  settings: {
    reach: {
      habits: { prompt: 0, late: 0 },
      lastChatRule: 'withoutSender',
      leavesOut: 0,
      dispatchMs: 0,
      appeals: [crude],
    },
  },
})
const { platform, db } = stage
const name = '库存清仓'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const spec = {
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  variants: [
    {
      ...{ name: 'A', for: null, share: 100 },
      content: { text: '{品牌}：清仓！清仓！全场一折 https://shop.example.com/out\n不想常收到？{少打扰}' },
    },
  ],
  schedule: { kind: 'now' },
  window: null,
  holdout_permille: 200,
  canary: { permille: 300, hours: 8, most_deletes_permille: 50 },
}

test('a crude send stops by its canary: the page says who had confirmed, what was taken back, and how those held out fared', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  const made = await operator.call<{ id: string }>('POST', '/api/campaigns', { name, spec })
  expect(made.status).toBe(201)
  await operator.open(`/engagement/campaigns/${made.body.id}/edit`, name)
  await page.getByRole('button', { name: '预演与提交' }).click()
  await page.getByText('检查都通过了').waitFor()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('谁会收到，谁不会，为什么').waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const admin = await stage.console('admin')
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  await page.getByRole('tab', { name: '执行' }).click()
  await page.getByText('还在观察').waitFor({ timeout: 60_000 })
  const tasks = () =>
    db
      .selectFrom('campaign_tasks')
      .select(['number', 'sender', 'recipients', 'state', 'canary', 'msgid'])
      .orderBy('number')
      .execute()
  const asked = async () => (await tasks()).filter(({ state }) => state === 'asked')
  const canary = (await tasks()).filter((task) => task.canary)
  await expect.poll(async () => (await asked()).map(({ number }) => number)).toEqual(canary.map(({ number }) => number))
  expect((await tasks()).some((task) => !task.canary && task.state === 'planned')).toBe(true)
  await judgedEverywhere('watched')

  // all of the first part but one member confirm
  const [forgotten, ...prompt] = (await asked()).toReversed()
  if (forgotten === undefined || prompt.length === 0) throw new Error('the first part has less than two members')
  await confirmed(prompt)

  // people read, and delete; time passes until it is stopped, before the time of the canary is over
  const runs = () => db.selectFrom('campaign_runs').select(['state', 'why']).where('rehearsal', '=', false).execute()
  const began = await platform.nowMs()
  await expect
    .poll(
      async () => {
        const [run] = await runs()
        if (run?.state === 'canary' && (await platform.nowMs()) - began < 6 * 3_600_000)
          await platform.advance(10 * 60_000)
        return run
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual({ state: 'stopped', why: 'canary_deletes' })
  const states = async () => [...new Set((await tasks()).map(({ state }) => state))].sort()
  await expect.poll(states, { timeout: 30_000 }).toEqual(['cancelled', 'confirmed'])
  await page.getByText('已自动停止').first().waitFor()
  await page.getByText('删除太多，已停止其余').waitFor()
  await page.getByText(`停止前员工已确认 ${prompt.length} 个任务`).waitFor()
  await page.getByText(`已从企业微信撤回 1 个任务（${forgotten.recipients} 人）`).waitFor()
  await page.getByText(`${(await tasks()).length - canary.length} 个任务`).waitFor()
  await judgedEverywhere('stopped')

  // at the platform: what was not confirmed is cancelled, and nobody beyond those confirmed was ever reached
  const { broadcasts } = await platform.get<{ broadcasts: Broadcast[] }>('/sandbox/oracle/broadcasts?limit=1000')
  const ours = broadcasts.filter(({ text }) => text.includes('清仓'))
  const msgids = new Set(prompt.map(({ msgid }) => msgid))
  expect(ours).toHaveLength(canary.length)
  for (const { msgid, cancelled } of ours) expect(cancelled).toBe(!msgids.has(msgid))
  await platform.advance(24 * 3_600_000)
  const { rows } = await platform.get<{ rows: (string | number)[][] }>('/sandbox/oracle/deliveries?limit=10000')
  const arrived = rows.filter(([, msgid]) => ours.some((one) => one.msgid === msgid))
  expect(arrived.every(([, msgid]) => msgids.has(String(msgid)))).toBe(true)
  const told = await db.selectFrom('campaign_recipients').select('external_userid').where('status', '=', 1).execute()
  expect(arrived.map(([, , , customer]) => customer).sort()).toEqual(told.map((one) => one.external_userid).sort())

  await page.getByRole('button', { name: '与对照组比较' }).click()
  await page.getByText('漏斗').waitFor()
  await page.getByText('对照组').first().waitFor()
  await judgedEverywhere('report')
}, 180_000)

interface Broadcast {
  readonly msgid: string
  readonly text: string
  readonly cancelled: boolean
}

/** These members press send on their phones, as soon as the platform has handed their task out. */
async function confirmed(tasks: readonly { readonly sender: string; readonly msgid: string | null }[]): Promise<void> {
  for (const { sender, msgid } of tasks) {
    const state = async () =>
      (await platform.get<{ tasks: { msgid: string; state: string }[] }>(`/sandbox/people/${sender}/tasks`)).tasks.find(
        (one) => one.msgid === msgid,
      )?.state
    await expect.poll(state, { timeout: 30_000 }).toBe('open')
    await platform.post(`/sandbox/people/${sender}/tasks/${msgid}/confirm`)
  }
}
