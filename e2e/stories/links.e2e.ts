import { expect, test } from 'vitest'
import { openStage, wechat } from '../support/stage.ts'

// the links of a mass send: who opened which, by hour and task; their stop; and another domain at once when one is blocked
const stage = await openStage('links', { at: '2026-12-02T10:00:00+08:00' })
const { db } = stage
const campaign = '01900000-0000-7000-8000-000000000001'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

/** A run of three tasks with two links each, as its plan and launch leave them. */
async function aRun(): Promise<number> {
  const { id: corp_id } = await db.selectFrom('corps').select('id').executeTakeFirstOrThrow()
  const at = new Date('2026-12-02T09:00:00+08:00')
  await db
    .insertInto('campaigns')
    .values({ id: campaign, corp_id, name: '车厘子上新', created_at: at, changed_at: at })
    .execute()
  const { id: run_id } = await db
    .insertInto('campaign_runs')
    .values({ corp_id, campaign_id: campaign, version: 1, planned_for: at, created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const tasks = [1, 2, 3]
  const base = { run_id, corp_id }
  await db
    .insertInto('campaign_tasks')
    .values(tasks.map((number) => ({ ...base, number, variant: 0, sender: 'chenxiaoyu', recipients: 10 })))
    .execute()
  const targets = ['https://shop.example/cherries', 'https://shop.example/members?from=wecom']
  await db
    .insertInto('links')
    .values(tasks.flatMap((task) => targets.map((target, place) => ({ ...base, task, place, target }))))
    .execute()
  return run_id
}

test('an operator sees who opened what, stops links, and replaces a blocked domain with one click', async () => {
  const { page, open, call } = await stage.console('admin')
  await open('/engagement/links', '短链与点击')
  await page.getByText('还没有发出过短链').waitFor()
  await stage.judged(page, 'empty')
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)

  const run = await aRun()
  type Tasks = { items: { address: string; task: number; unknown: number }[] }
  const tasks = async () => (await call<Tasks>('GET', `/api/links/${run}/tasks`)).body.items
  const visitor = (await stage.window({ userAgent: wechat })).context().request
  for (const { address, task } of await tasks())
    for (let time = 0; time < task; time += 1)
      expect((await visitor.get(address, { maxRedirects: 0 })).status()).toBe(302)
  expect((await tasks()).map((one) => one.unknown)).toEqual([1, 1, 2, 2, 3, 3])

  await open('/engagement/links', '短链与点击')
  await judgedEverywhere('runs')
  await page.getByRole('button', { name: '车厘子上新' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('https://shop.example/cherries').waitFor()
  await drawer.getByText('陈晓雨').first().waitFor()
  await judgedEverywhere('run')
  await drawer.getByRole('button', { name: '停用这 6 个短链' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '停用这 6 个短链' }).click()
  await drawer.getByRole('button', { name: '恢复这 6 个短链' }).waitFor()
  const [first] = await tasks()
  const stopped = async () => (await visitor.get(first?.address ?? '', { maxRedirects: 0 })).status()
  await expect.poll(stopped, { timeout: 20_000 }).toBe(410)
  const told = await stage.window()
  await told.setViewportSize(sizes[1])
  await told.goto(first?.address ?? '')
  await told.getByRole('heading', { name: '这个链接已失效' }).waitFor()
  await stage.judged(told, 'over-390')

  await open('/engagement/links', '短链与点击')
  await page.getByRole('button', { name: '短链设置' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('短链域名').fill('go.example.com')
  await form.getByText('域名要像 https://go.example.com 这样').waitFor()
  await form.getByLabel('短链域名').fill(`${stage.url}\nhttps://spare.example.com`)
  await stage.judged(page, 'settings')
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '域名被封，换下一个' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '域名被封，换下一个' }).click()
  await page.getByText('https://spare.example.com').first().waitFor()
  expect((await tasks())[0]?.address).toMatch(/^https:\/\/spare[.]example[.]com\/l\//)
})
