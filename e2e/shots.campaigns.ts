import { type Office, openOffice } from './shots.office.ts'
import type { ShotPage } from './shots.pages.ts'

const patienceMs = 90_000
const whom = { rule: { is: 'relation', by: 'anyone', any: [], state: 'alive' } }
const window = { from: 0, until: 1_439 }

const specOf = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
  goal: { metric: 'order', window_hours: 168, baseline: 0.03 },
  whom,
  ...{ schedule: { kind: 'now' }, window },
  variants: [
    { name: 'A', content: { text: `【{品牌}】${text}\n不想常收到？{少打扰}`, attachments: [] }, for: null, share: 100 },
  ],
  ...more,
})

interface Made {
  readonly id: string
  readonly version: number
}

/** A draft, one that waits for approval, one to customers and one to groups that half of their members confirmed. */
export async function sendSomething(consoleUrl: string, sandboxUrl: string): Promise<void> {
  const operator = await openOffice(consoleUrl, 'operator')
  const admin = await openOffice(consoleUrl, 'admin')
  const staff = await operator<{ items: { userid: string }[] }>('GET', '/api/staff?limit=8')
  await operator('POST', '/api/sender-sets', { name: '新人组 40 号', userids: staff.items.map((one) => one.userid) })
  const at = new Date(Date.now() + 3 * 86_400_000).toISOString()
  await write(
    operator,
    '双十一老客回馈：三十至九十天没有回来的顾客，七天内回购',
    specOf('老朋友，好久不见：https://shop.example.com/back'),
  )
  const asked = await write(
    operator,
    '周五新品试吃',
    specOf('新到的云南蓝莓，周五到店试吃。', { schedule: { kind: 'at', at } }),
  )
  await rehearse(operator, asked)
  await operator('POST', `/api/campaigns/${asked.id}/submit`, { version: asked.version })
  const gone = await write(
    operator,
    '周三水果日',
    specOf('阳光玫瑰买一送一：https://shop.example.com/wed', {
      holdout_permille: 200,
      exclusions: [{ name: '还没有下过单的', whom: { rule: { not: { is: 'orders', measure: 'count', from: 1 } } } }],
    }),
  )
  await rehearse(operator, gone)
  await operator('POST', `/api/campaigns/${gone.id}/submit`, { version: gone.version })
  await admin('POST', `/api/campaigns/${gone.id}/approve`, { version: gone.version, words: '可以' })
  await confirmHalf(operator, sandboxUrl, gone)
  const coffee = await write(
    operator,
    '早安咖啡券',
    specOf('第二杯半价：https://shop.example.com/coffee', {
      ...{ kind: 'group_send', whom: null, groups: { name: '福利群' } },
      canary: null,
      holdout_permille: 0,
    }),
  )
  await rehearse(operator, coffee)
  await operator('POST', `/api/campaigns/${coffee.id}/submit`, { version: coffee.version })
  await admin('POST', `/api/campaigns/${coffee.id}/approve`, { version: coffee.version, words: '可以' })
  await confirmHalf(operator, sandboxUrl, coffee)
}

export async function write(operator: Office, name: string, spec: unknown): Promise<Made> {
  return operator<Made>('POST', '/api/campaigns', { name, spec })
}

export async function rehearse(operator: Office, { id }: Made): Promise<void> {
  const { run_id } = await operator<{ run_id: number }>('POST', `/api/campaigns/${id}/rehearse`)
  await until(async () => {
    const { state } = await operator<{ state: string }>('GET', `/api/campaigns/${id}/runs/${run_id}/plan`)
    return state === 'planned'
  })
}

/** Every second member confirms what stands in his assistant. */
async function confirmHalf(operator: Office, sandboxUrl: string, { id }: Made): Promise<void> {
  let run = 0
  await until(async () => {
    const { runs } = await operator<{ runs: { id: number; rehearsal: boolean; state: string }[] }>(
      'GET',
      `/api/campaigns/${id}`,
    )
    const open = runs.find((one) => !one.rehearsal && one.state === 'running')
    run = open?.id ?? 0
    return run > 0
  })
  const tasks = async (state: string) =>
    (
      await operator<{ items: { sender: string }[] }>(
        'GET',
        `/api/campaigns/${id}/runs/${run}/tasks?limit=200&state=${state}`,
      )
    ).items
  await until(async () => (await tasks('asked')).length > 0 && (await tasks('planned')).length === 0)
  for (const [at, { sender }] of (await tasks('asked')).entries()) {
    if (at % 2 === 1) continue
    const path = `${sandboxUrl}/sandbox/people/${sender}/tasks`
    const standing = (await (await fetch(path)).json()) as { tasks: { msgid: string; state: string }[] }
    for (const task of standing.tasks.filter((one) => one.state === 'open'))
      await fetch(`${path}/${task.msgid}/confirm`, { method: 'POST' })
  }
  await until(async () => {
    await fetch(`${sandboxUrl}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceMs: 10 * 60_000 }),
    })
    return (await tasks('confirmed')).length > 0
  })
}

export async function until(reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await reached())) {
    if (Date.now() > end) throw new Error('the mass sends of the pictured scene did not come so far')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** From a list of sends of a kind to the one of this name. */
export const row =
  (name: string, kind = 'campaigns'): NonNullable<ShotPage['behind']> =>
  async (page) => {
    await page.locator('tbody tr.ant-table-row').filter({ hasText: name }).locator('button').first().click()
    await page.waitForURL(new RegExp(`${kind}/[\\da-f-]{36}`))
  }

export const campaignShots: readonly ShotPage[] = [
  { name: 'campaigns', path: '/engagement/campaigns', api: '/api/campaigns' },
  {
    name: 'campaign-new',
    path: '/engagement/campaigns/new',
    more: {
      rule: async (page) => page.locator('.ant-segmented-item').nth(3).click(),
      missing: async (page) => {
        await page.locator('.ant-steps-item').nth(3).click()
        await page.locator('[role=alert], .ant-alert').first().waitFor()
      },
      content: async (page) => page.locator('.ant-steps-item').nth(1).click(),
      sending: async (page) => page.locator('.ant-steps-item').nth(2).click(),
    },
  },
  {
    name: 'campaign-draft',
    path: '/engagement/campaigns',
    behind: row('双十一老客回馈'),
    more: { edit: async (page) => page.goto(`${page.url()}/edit`).then(() => undefined) },
  },
  { name: 'campaign-waiting', path: '/engagement/campaigns', behind: row('周五新品试吃') },
  {
    name: 'campaign',
    path: '/engagement/campaigns',
    behind: row('周三水果日'),
    more: {
      run: async (page) => page.locator('[role=tab]').nth(1).click(),
      people: async (page) => page.locator('[role=tab]').nth(2).click(),
      report: async (page) => {
        await page.locator('[role=tab]').nth(3).click()
        await page.locator('article').first().waitFor()
      },
      definition: async (page) => {
        await page.locator('[role=tab]').nth(3).click()
        await page.locator('article button').first().click()
      },
      stop: async (page) => {
        await page.locator('[role=tab]').nth(1).click()
        await page.locator('button.ant-btn-dangerous').first().click()
        await page.locator('[role=dialog]').waitFor()
      },
    },
  },
  { name: 'group-sends', path: '/engagement/group-sends', api: '/api/campaigns' },
  {
    name: 'group-send-new',
    path: '/engagement/group-sends/new',
    more: {
      list: async (page) => {
        await page.locator('fieldset .ant-segmented-item').last().click()
        await page.locator('tbody tr.ant-table-row').first().waitFor()
      },
      content: async (page) => page.locator('.ant-steps-item').nth(1).click(),
      taps: async (page) => {
        await page.locator('.ant-steps-item').nth(2).click()
        await page.locator('caption').first().waitFor()
      },
      times: async (page) => {
        await page.locator('.ant-steps-item').nth(2).click()
        await page.locator('.ant-segmented-item').nth(2).click()
        await page.locator('.ant-picker').first().waitFor()
      },
    },
  },
  {
    name: 'group-send',
    path: '/engagement/group-sends',
    behind: row('早安咖啡券', 'group-sends'),
    more: {
      run: async (page) => page.locator('[role=tab]').nth(1).click(),
      groups: async (page) => page.locator('[role=tab]').nth(2).click(),
      report: async (page) => {
        await page.locator('[role=tab]').nth(3).click()
        await page.locator('article').first().waitFor()
      },
    },
  },
  {
    name: 'approvals',
    path: '/approvals',
    api: '/api/campaign-approvals',
    more: { decide: async (page) => page.locator('tbody tr.ant-table-row button').first().click() },
  },
  {
    name: 'calendar',
    path: '/calendar',
    api: '/api/campaigns/calendar',
    empty: { zone: 'Asia/Shanghai', entries: [], conflicts: [], uncounted: 0, next_cursor: null },
    more: { week: async (page) => page.locator('.ant-segmented-item').nth(1).click() },
  },
  {
    name: 'sender-sets',
    path: '/engagement/sender-sets',
    api: '/api/sender-sets',
    empty: { items: [] },
    more: {
      edit: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog]').waitFor()
      },
    },
  },
  { name: 'dry-run', path: '/engagement/dry-run', api: '/api/campaign-rehearsals' },
  { name: 'experiments', path: '/engagement/experiments', api: '/api/experiments' },
  {
    name: 'links',
    path: '/engagement/links',
    api: '/api/links',
    more: {
      run: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog] table').first().waitFor()
      },
      settings: async (page) => {
        await page.goto(`${page.url()}?settings=1`)
        await page.locator('[role=dialog] input').first().waitFor()
      },
    },
  },
]
