import { createClient } from '@nuanyu/client'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC4: a batch of coupons, half of it sent by guides to those whom a tag fits, the rest pushed by SMS; a tenth held out.
// The guides' people buy more anyway, and nothing works better than anything else: only the raw figures say so.
const stage = await openStage('side-by-side', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 240, staff: 12 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender', leavesOut: 0, dispatchMs: 0 } },
})
const { platform, db } = stage
const name = '老客感恩券'
const batch = 'K'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const hour = 3_600_000

test('the report holds the SMS beside what guides sent: raw, matched and lift, and warns that no lot parted the people', async () => {
  const admin = await stage.console('admin')
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string, at?: string) =>
    stage.judgedAt(page, sizes, what, at === undefined ? undefined : page.getByRole('heading', { name: at }))
  const synced = () => db.selectFrom('customer_syncs').select('corp_id').where('last_done_at', 'is not', null).execute()
  await expect.poll(async () => (await synced()).length, { timeout: 30_000 }).toBe(1)
  const customers = await db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select(({ fn }) => ['customer_id', fn.min('external_userid').as('external_userid')])
    .where('status', '=', 'alive')
    // one home of each person
    .where('merged_into', 'is', null)
    .groupBy('customer_id')
    .orderBy('customer_id')
    .execute()
  expect(customers.length).toBeGreaterThan(100)
  // every second one is loyal; guides have three of four of them, and one of four of the others
  const people = customers.map(({ customer_id: id, external_userid }, place) => {
    const loyal = place % 2 === 0
    const turn = Math.floor(place / 2) % 4
    return { id, loyal, tagged: loyal ? turn < 3 : turn === 0, customer: { external_userid } }
  })
  const tagged = people.filter((one) => one.tagged)
  const pushed = people.filter((one) => !one.tagged)

  // what is known of them before: their orders, and the tag by which the guides choose
  const made = await admin.call<{ secret: string }>('POST', '/api/keys', {
    ...{ name: '券系统', scopes: ['orders.write', 'events.write'] },
  })
  const shop = createClient({ baseUrl: stage.url, key: made.body.secret })
  const began = await platform.nowMs()
  const order = (one: (typeof people)[number], number: string, at: string) => ({
    ...{ source: 'shop', number, updated_at: at, ordered_at: at, paid_at: at, amount: 12_800, customer: one.customer },
    lines: [{ product: 'tea', name: '茶', category: '茶', quantity: 1, price: 12_800 }],
  })
  const before = [20, 40].flatMap((days) =>
    people
      .filter(({ loyal }) => loyal)
      .map((one) => order(one, `B${days}-${one.id}`, new Date(began - days * 24 * hour).toISOString())),
  )
  expect((await shop.orders.send(before)).rejected).toBe(0)
  const fitting = () => db.selectFrom('tags').select('id').where('name', '=', '爱吃榴莲').execute()
  await expect.poll(async () => (await fitting()).length, { timeout: 60_000 }).toBeGreaterThan(0)
  const [tag] = await fitting()
  if (tag === undefined) throw new Error('the brand has the tag')
  const put = await admin.call('POST', '/api/tags/put', {
    ...{ tag_ids: [tag.id], says: true, customers: tagged.map(({ id }) => id) },
  })
  expect(put.status).toBe(202)
  const carries = () => db.selectFrom('person_tags').select('customer_id').where('tag_id', '=', tag.id).execute()
  await expect.poll(async () => (await carries()).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(tagged.length)

  // the operator says in the editor by which events the coupon is followed, and sends to whom the tag fits
  const spec = {
    goal: { metric: 'order', window_hours: 72, baseline: 0.1 },
    whom: { rule: { is: 'tags', mode: 'any', tags: [tag.id] } },
    variants: [
      {
        ...{ name: 'A', for: null, share: 100 },
        content: { text: '{品牌}：老客感恩券一张，三天内到店可用 https://shop.example.com/k\n不想常收到？{少打扰}' },
      },
    ],
    schedule: { kind: 'now' },
    ...{ window: null, canary: null, holdout_permille: 100 },
  }
  const draft = await operator.call<{ id: string }>('POST', '/api/campaigns', { name, spec })
  expect(draft.status).toBe(201)
  await operator.open(`/engagement/campaigns/${draft.body.id}/edit`, name)
  await page.getByRole('button', { name: '发送与对照' }).click()
  await page.getByLabel('这次发的是一批券').check()
  await page.getByLabel('批次属性名').fill('batch')
  await page.getByLabel('批次', { exact: true }).fill(batch)
  await page.getByText('已保存草稿').waitFor()
  await page.getByText('券与其他渠道').scrollIntoViewIfNeeded()
  await judgedEverywhere('coupon')
  await page.getByRole('button', { name: '预演与提交' }).click()
  await page.getByText('检查都通过了').waitFor()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('谁会收到，谁不会，为什么').waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  // every guide confirms, while the SMS goes to the others
  const tasks = () => db.selectFrom('campaign_tasks').select(['sender', 'msgid', 'state']).execute()
  await expect
    .poll(async () => (await tasks()).map(({ state }) => state), { timeout: 60_000 })
    .toSatisfy((states: string[]) => states.length > 0 && states.every((state) => state === 'asked'))
  await confirmed(await tasks())
  const sentMs = await platform.nowMs()
  const told = (one: (typeof people)[number], what: string, ms: number) => ({
    ...{ source: 'coupon', number: `${what}-${one.id}`, name: what, at: new Date(ms).toISOString() },
    ...{ customer: one.customer, properties: { batch } },
  })
  expect((await shop.events.send(pushed.map((one) => told(one, 'sms.sent', sentMs)))).rejected).toBe(0)
  await platform.advance(hour)
  await expect
    .poll(async () => (await tasks()).every(({ state }) => state === 'confirmed'), { timeout: 60_000 })
    .toBe(true)
  const runs = () => db.selectFrom('campaign_runs').select(['id', 'state']).where('rehearsal', '=', false).execute()
  await expect.poll(async () => (await runs())[0]?.state, { timeout: 90_000 }).toBe('ended')

  // loyal people use it one in two, the others one in eight: whatever reached them
  const users = people.filter(({ loyal }, place) => Math.floor(place / 8) % (loyal ? 2 : 8) === 0)
  const usedMs = sentMs + hour
  const events = users.flatMap((one) => [told(one, 'coupon.claimed', usedMs), told(one, 'coupon.redeemed', usedMs)])
  expect((await shop.events.send(events)).rejected).toBe(0)
  const after = users.map((one) => order(one, `A-${one.id}`, new Date(usedMs).toISOString()))
  expect((await shop.orders.send(after)).rejected).toBe(0)
  await platform.advance(4 * 24 * hour)

  // the report: the SMS is named beside the run
  await page.goto(`${stage.url}/engagement/campaigns/${draft.body.id}?tab=report`)
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: '渠道对比' }) })
  await panel.getByText('本次发送').waitFor()
  await panel.getByRole('button', { name: '添加对比渠道' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('渠道名称').fill('短信')
  await form.getByLabel('触达事件名').fill('sms.sent')
  await form.getByLabel('只认这个批次：属性名').fill('batch')
  await form.getByLabel('属性值').fill(batch)
  await form.getByLabel('总成本（元）').fill('8')
  await stage.judged(page, 'form')
  await form.getByRole('button', { name: '添加并重新计算' }).click()
  await panel.getByRole('row', { name: /^短信（外部触达）/ }).waitFor()
  await form.waitFor({ state: 'detached' })

  const run = (await runs())[0]
  if (run === undefined) throw new Error('the campaign went out')
  const { body: report } = await operator.call<Report>('GET', `/api/campaigns/${draft.body.id}/report?run=${run.id}`)
  const [sent, , elsewhere] = report.side_by_side.rows
  const delivered = await db
    .selectFrom('campaign_recipients')
    .select('customer_id')
    .where('run_id', '=', run.id)
    .where('status', '=', 1)
    .execute()
  // who turned out to be somebody known meanwhile counts as that person
  const homes = await db.selectFrom('customers').select(['id', 'merged_into']).execute()
  const roots = new Map(homes.map((home) => [home.id, home.merged_into ?? home.id]))
  const persons = (ids: readonly number[]) => new Set(ids.map((id) => roots.get(id) ?? id))
  const got = persons(delivered.map((one) => one.customer_id))
  const buyers = persons(users.map(({ id }) => id))
  const reached = persons(pushed.map(({ id }) => id))
  // some carried the tag already, and had both: they are on neither side
  const alone = [...reached].filter((id) => !got.has(id))
  expect(sent).toMatchObject({ reached: got.size, redeemed: [...got].filter((id) => buyers.has(id)).length })
  expect(elsewhere).toMatchObject({
    ...{ reached: alone.length, issued: alone.length, cost: 800 },
    redeemed: alone.filter((id) => buyers.has(id)).length,
  })
  const [compared] = report.side_by_side.comparisons
  const redeemed = compared?.measures.find(({ measure }) => measure === 'redeemed')
  expect(compared).toMatchObject({ random: false, both: reached.size - alone.length })
  expect(redeemed?.raw).toMatchObject({ significant: true })
  expect(redeemed?.matched).toMatchObject({ significant: false })
  expect(redeemed?.lift).not.toBeNull()
  expect(report.checked).toEqual([])

  await panel.getByRole('heading', { name: /员工群发 ↔ 短信/ }).waitFor()
  await panel.getByText('不是随机对比：', { exact: false }).first().waitFor()
  for (const what of ['原始差异', '匹配对比', '员工群发的增量（对照组）'])
    await panel.getByRole('columnheader', { name: what }).waitFor()
  await panel.getByRole('button', { name: '匹配对比的口径' }).click()
  await page.getByText('找不到对应的人不参加比较').waitFor()
  await stage.judged(page, 'definition')
  await page.keyboard.press('Escape')
  await panel.scrollIntoViewIfNeeded()
  await judgedEverywhere('report', '员工群发 ↔ 短信')
  await page.getByText('这段时间的订单归给谁').scrollIntoViewIfNeeded()
  await page.getByRole('row', { name: /客服会话.*未接入/ }).waitFor()
  await stage.judged(page, 'sources')
  await page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  await page.reload()
  await page.getByText('Not a random comparison', { exact: false }).first().waitFor()
  await page.getByRole('heading', { name: 'Channels side by side' }).scrollIntoViewIfNeeded()
  await judgedEverywhere('report-english', 'Sent by members ↔')
}, 360_000)

interface Report {
  readonly checked: readonly unknown[]
  readonly side_by_side: {
    readonly rows: readonly { readonly reached: number; readonly redeemed: number }[]
    readonly comparisons: readonly {
      readonly random: boolean
      readonly both: number
      readonly measures: readonly {
        readonly measure: string
        readonly raw: object | null
        readonly matched: object | null
        readonly lift: object | null
      }[]
    }[]
  }
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
