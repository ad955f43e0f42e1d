import { rehearse, row, until, write } from './shots.campaigns.ts'
import { openOffice } from './shots.office.ts'
import type { ShotPage } from './shots.pages.ts'

const text = (said: string) => `【{品牌}】${said}\n不想常看到？{少打扰}`
const variant = (name: string, said: string, share: number) => ({
  ...{ name, for: null, share },
  content: { text: text(said), attachments: [] },
})
const specOf = (more: Readonly<Record<string, unknown>>) => ({
  ...{ kind: 'moment', moment: { tags: [] }, schedule: { kind: 'now' }, window: { from: 0, until: 1_439 } },
  goal: { metric: 'order', window_hours: 168, baseline: 0.03 },
  whom: { rule: { is: 'relation', by: 'anyone', any: [], state: 'alive' } },
  variants: [variant('A', '周末试吃会，猫山王开果：https://shop.example.com/taste', 100)],
  ...more,
})

/** A draft by corp tags, and one in two variants that half of its members have published. */
export async function showMoments(consoleUrl: string, sandboxUrl: string): Promise<void> {
  const operator = await openOffice(consoleUrl, 'operator')
  const admin = await openOffice(consoleUrl, 'admin')
  const tags = await operator<{ items: { id: string }[] }>('GET', '/api/audience-values?kind=corp_tag')
  const byTags = { moment: { tags: tags.items.slice(0, 2).map(({ id }) => id) }, whom: null, holdout_permille: 0 }
  await write(operator, '新客见面礼：按企业标签', specOf(byTags))
  const seen = await write(
    operator,
    '周末试吃会',
    specOf({
      holdout_permille: 100,
      variants: [
        variant('试吃', '周末试吃会，猫山王开果：https://shop.example.com/taste', 50),
        variant('买赠', '周末买赠，阳光玫瑰买一送一：https://shop.example.com/gift', 50),
      ],
    }),
  )
  await rehearse(operator, seen)
  await operator('POST', `/api/campaigns/${seen.id}/submit`, { version: seen.version })
  await admin('POST', `/api/campaigns/${seen.id}/approve`, { version: seen.version, words: '可以' })
  await publishHalf(operator, sandboxUrl, seen.id)
}

async function publishHalf(operator: Awaited<ReturnType<typeof openOffice>>, sandboxUrl: string, id: string) {
  const runs = async () =>
    (await operator<{ runs: { id: number; rehearsal: boolean }[] }>('GET', `/api/campaigns/${id}`)).runs
  await until(async () => (await runs()).some((one) => !one.rehearsal))
  const run = (await runs()).find((one) => !one.rehearsal)?.id ?? 0
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
    const path = `${sandboxUrl}/sandbox/people/${sender}/moments`
    const { moments } = (await (await fetch(path)).json()) as { moments: { momentId: string; state: string }[] }
    for (const one of moments.filter(({ state }) => state === 'open'))
      await fetch(`${path}/${one.momentId}/publish`, { method: 'POST' })
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

export const momentShots: readonly ShotPage[] = [
  { name: 'moments', path: '/engagement/moments', api: '/api/campaigns' },
  {
    name: 'moment-new',
    path: '/engagement/moments/new',
    more: {
      tags: async (page) => page.locator('.ant-segmented-item').nth(3).click(),
      missing: async (page) => {
        await page.locator('.ant-steps-item').nth(3).click()
        await page.locator('[role=alert], .ant-alert').first().waitFor()
      },
      content: async (page) => page.locator('.ant-steps-item').nth(1).click(),
      link: async (page) => {
        await page.locator('.ant-steps-item').nth(1).click()
        await page.locator('.ant-segmented-item').last().click()
      },
      sending: async (page) => page.locator('.ant-steps-item').nth(2).click(),
    },
  },
  {
    name: 'moment-tags',
    path: '/engagement/moments',
    behind: row('新客见面礼', 'moments'),
    more: { edit: async (page) => page.goto(`${page.url()}/edit`).then(() => undefined) },
  },
  {
    name: 'moment',
    path: '/engagement/moments',
    behind: row('周末试吃会', 'moments'),
    more: {
      run: async (page) => page.locator('[role=tab]').nth(1).click(),
      people: async (page) => page.locator('[role=tab]').nth(2).click(),
      report: async (page) => {
        await page.locator('[role=tab]').nth(3).click()
        await page.locator('article').first().waitFor()
      },
      stop: async (page) => {
        await page.locator('[role=tab]').nth(1).click()
        await page.locator('button.ant-btn-dangerous').first().click()
        await page.locator('[role=dialog]').waitFor()
      },
    },
  },
]
