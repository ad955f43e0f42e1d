import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC19, the other half: a customer has an exclusive owner, who goes on leave. He is asked for nothing; his customers go to
// whoever else has them as a contact, or are listed; and what was open of his when a leave begins goes to others at once.
const stage = await openStage('leave', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 60, staff: 6, relations: 130 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender', leavesOut: 0, dispatchMs: 0 } },
})
const { db } = stage
const name = '冬季上新'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

test('who is on leave gets no task: his customers go to who else has them, his own when he is the exclusive owner too', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  const relations = () =>
    db
      .selectFrom('relations')
      .innerJoin('staff', 'staff.userid', 'relations.userid')
      .select(['customer_id', 'relations.userid', 'staff.name'])
      .where('relations.status', '=', 'alive')
      .where('staff.follows', '=', true)
      .orderBy('relations.userid')
      .orderBy('customer_id')
      .execute()
  await expect.poll(async () => (await relations()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(100)
  const all = await relations()
  const of = Map.groupBy(all, ({ customer_id }) => customer_id)
  // somebody whom at least two have; his owner is to be the first of them
  const [customer, his] = [...of].find(([, list]) => list.length > 1) ?? []
  const owner = his?.[0]
  if (customer === undefined || owner === undefined) throw new Error('nobody has two members')

  await operator.open(`/customers/list/${customer}`)
  const turns = page.getByRole('list', { name: '由谁发送' })
  await turns.getByRole('listitem', { name: owner.name }).waitFor()
  await page.getByText('还没有会话存档').waitFor()
  await turns.getByRole('listitem', { name: owner.name }).getByRole('button', { name: '设为专属' }).click()
  await turns.getByRole('listitem').first().getByText('专属', { exact: true }).waitFor()
  await page.getByText(`${owner.name} 成为专属员工`).waitFor()
  await judgedEverywhere('owner')

  // owners of many, by list: what would change is told first
  await operator.open('/customers/list', '客户')
  await page.getByRole('button', { name: '批量设置专属' }).click()
  const bulk = page.getByRole('dialog', { name: '批量设置专属员工' })
  await bulk.getByText('一份名单').click()
  await bulk.getByLabel('每行一位').fill(`nobody-knows,${owner.userid}`)
  await bulk.getByRole('button', { name: '看会改什么' }).click()
  await bulk.getByText('没有这位客户').first().waitFor()
  await judgedEverywhere('owners')
  await page.keyboard.press('Escape')

  // his leave
  await operator.open('/organisation/staff', '员工')
  await page.getByRole('button', { name: '休假登记' }).click()
  const leaves = page.getByRole('dialog', { name: '员工休假' })
  await leaves.getByRole('button', { name: '选择员工' }).click()
  const picker = page.getByRole('dialog', { name: '选择员工' })
  await picker.getByLabel('搜索姓名、拼音或账号').fill(owner.userid)
  await picker.getByRole('checkbox', { name: owner.name }).first().check()
  await picker.getByRole('button', { name: '已选 1 人' }).click()
  await leaves.getByLabel('开始').fill('2026-12-02T08:00')
  await leaves.getByLabel('结束').fill('2026-12-05T18:00')
  await leaves.getByLabel('备注（如年假）').fill('年假')
  await leaves.getByRole('button', { name: '登记', exact: true }).click()
  await leaves.getByRole('listitem', { name: owner.name }).getByText('2026-12-02 08:00 至 2026-12-05 18:00').waitFor()
  await judgedEverywhere('leave')
  await page.keyboard.press('Escape')
  await page.getByRole('row').filter({ hasText: owner.name }).getByText('休假中').waitFor()
  await judgedEverywhere('staff')

  // a send to everybody
  const made = await operator.call<{ id: string }>('POST', '/api/campaigns', { name, spec })
  expect(made.status).toBe(201)
  await operator.open(`/engagement/campaigns/${made.body.id}/edit`, name)
  await page.getByRole('button', { name: '预演与提交' }).click()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('好友员工休假中').first().waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const admin = await stage.console('admin')
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  const tasks = () => db.selectFrom('campaign_tasks').select(['number', 'sender', 'state', 'recipients']).execute()
  const asked = async () => (await tasks()).filter(({ state }) => state === 'asked')
  await expect.poll(async () => (await asked()).length, { timeout: 60_000 }).toBeGreaterThan(2)
  const underWay = async () => (await tasks()).filter(({ state }) => ['planned', 'asking', 'unknown'].includes(state))
  await expect.poll(underWay, { timeout: 30_000 }).toEqual([])
  expect((await tasks()).map(({ sender }) => sender)).not.toContain(owner.userid)
  const went = async () => {
    const { id } = await db
      .selectFrom('campaign_runs')
      .select('id')
      .where('rehearsal', '=', false)
      .executeTakeFirstOrThrow()
    return db
      .selectFrom('campaign_recipients')
      .select(['customer_id', 'fate', 'sender'])
      .where('run_id', '=', id)
      .execute()
  }
  const to = (await went()).find((one) => one.customer_id === customer)
  expect(to?.fate).toBe(0)
  expect(his?.map(({ userid }) => userid)).toContain(to?.sender)
  expect(to?.sender).not.toBe(owner.userid)
  // who has nobody but him is listed
  const onlyHis = [...of].filter(([, list]) => list.every(({ userid }) => userid === owner.userid)).map(([id]) => id)
  for (const one of (await went()).filter(({ customer_id }) => onlyHis.includes(customer_id))) expect(one.fate).toBe(6)

  // another one's leave begins while his task is open: no hour is waited for
  const [busy] = (await asked()).toSorted((a, b) => b.recipients - a.recipients)
  if (busy === undefined) throw new Error('nobody was asked')
  const body = {
    leaves: [{ userid: busy.sender, from: '2026-12-02T09:00:00+08:00', until: '2026-12-03T09:00:00+08:00' }],
  }
  expect((await operator.call('POST', '/api/staff-leaves', body)).status).toBe(200)
  await expect
    .poll(async () => (await tasks()).find(({ number }) => number === busy.number), { timeout: 30_000 })
    .toMatchObject({ state: 'failed' })
  await expect.poll(underWay, { timeout: 30_000 }).toEqual([])
  expect((await asked()).map(({ sender }) => sender)).not.toContain(busy.sender)
  const told = () => db.selectFrom('app_messages').select('kind').where('kind', '=', 'campaign.taken_over').execute()
  expect((await told()).length).toBeGreaterThan(0)

  await operator.open(`/engagement/campaigns/${made.body.id}`, name)
  await page.getByRole('tab', { name: '收到与没收到' }).click()
  await page.getByLabel('结果').first().click()
  await page.locator('.ant-select-item-option').filter({ hasText: '找不到发送人' }).click()
  await page.getByText('好友员工休假中').first().waitFor()
  await judgedEverywhere('listed')
}, 300_000)

const spec = {
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  variants: [
    {
      ...{ name: 'A', for: null, share: 100 },
      content: { text: '{品牌}：冬季上新 https://shop.example.com/new\n不想常收到？{少打扰}' },
    },
  ],
  ...{ schedule: { kind: 'now' }, window: null, holdout_permille: 0 },
}
