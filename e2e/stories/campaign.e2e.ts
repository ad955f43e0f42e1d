import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// workflow W5 and SC18 as far as people see them: a mass send from its goal to what stands on a customer's phone
const stage = await openStage('campaign', { at: '2026-12-02T10:00:00+08:00', people: 60, staff: 8 })
const { platform, db } = stage
const name = '周三水果日'
const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const

interface Task {
  readonly msgid: string
  readonly state: string
}

test('an operator writes a send, another person agrees, members confirm, customers read it, and the figures follow', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  await operator.open('/engagement/campaigns', '客户群发')
  await page.getByText('还没有群发').waitFor()
  await stage.judged(page, 'empty')
  await page.getByRole('button', { name: '新建群发' }).first().click()

  await page.getByRole('heading', { level: 1, name: '新建群发' }).waitFor()

  // goal and audience: what is typed is kept as a draft without a button
  await page.getByLabel('名称', { exact: true }).fill(name)
  await page.getByLabel('不发也会这样做的比例（%）').fill('3')
  await page.getByText('为这次另写条件').click()
  await page.getByRole('combobox', { name: '加条件' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: '好友关系' }).click()
  await page.getByText('最多发给').waitFor()
  await page.getByText('已保存草稿').waitFor()
  await judgedEverywhere('whom')
  await page.getByRole('button', { name: '下一步' }).click()

  // a marketing message without a way to refuse is told of at once
  const text = page.getByLabel('文字', { exact: true })
  await text.fill('【{品牌}】周三水果日，阳光玫瑰买一送一：https://shop.example.com/wed')
  await page.getByText('营销消息要给出拒收的办法').waitFor()
  await stage.judged(page, 'no-refusal')
  await text.fill('【{品牌}】周三水果日，阳光玫瑰买一送一：https://shop.example.com/wed\n不想常收到？{少打扰}')
  await page.getByText('营销消息要给出拒收的办法').waitFor({ state: 'detached' })
  await page.getByText('会换成可追踪的短链').waitFor()
  await judgedEverywhere('content')
  await page.getByRole('button', { name: '下一步' }).click()

  await page.getByText(/把握/).first().waitFor()
  await judgedEverywhere('sending')
  await page.getByLabel('先试发，删除率正常再发其余').uncheck()
  await page.getByRole('button', { name: '下一步' }).click()

  await page.getByText('检查都通过了').waitFor()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('谁会收到，谁不会，为什么').waitFor({ timeout: 60_000 })
  await judgedEverywhere('rehearsal')
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByText('审批人会在「待办与审批」里看到它。').waitFor()

  // who wrote it cannot agree to it by any way; another person does
  const campaign = await db
    .selectFrom('campaigns')
    .select(['id', 'version'])
    .where('template', '=', false)
    .executeTakeFirstOrThrow()
  const own = await operator.call('POST', `/api/campaigns/${campaign.id}/approve`, { version: campaign.version })
  expect(own.status).toBe(403)
  const admin = await stage.console('admin')
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByLabel('意见').fill('内容可以')
  await stage.judged(admin.page, 'approval')
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  await page.getByRole('tab', { name: '执行' }).click()
  await page.getByText('待确认').first().waitFor({ timeout: 60_000 })
  const asked = () =>
    db
      .selectFrom('campaign_tasks')
      .select(['sender', 'recipients', 'state', 'msgid'])
      .where('msgid', 'is not', null)
      .execute()
  const underWay = () =>
    db.selectFrom('campaign_tasks').select('number').where('state', 'in', ['planned', 'asking', 'unknown']).execute()
  await expect.poll(underWay, { timeout: 60_000 }).toEqual([])
  await judgedEverywhere('asked')

  // every member confirms on his phone
  for (const { sender, msgid } of await asked()) {
    const open = await expect
      .poll(
        async () => {
          const { tasks } = await platform.get<{ tasks: Task[] }>(`/sandbox/people/${sender}/tasks`)
          return tasks.find((one) => one.msgid === msgid)?.state
        },
        { timeout: 30_000 },
      )
      .toMatch(/open|sent/)
      .then(() => platform.get<{ tasks: Task[] }>(`/sandbox/people/${sender}/tasks`))
    if (open.tasks.find((one) => one.msgid === msgid)?.state === 'open')
      await platform.post(`/sandbox/people/${sender}/tasks/${msgid}/confirm`)
  }
  const [recipient] = await db
    .selectFrom('campaign_recipients')
    .select(['customer_id', 'sender', 'external_userid'])
    .where('fate', '=', 0)
    .orderBy('customer_id')
    .execute()
  if (recipient?.sender == null || recipient.external_userid === null) throw new Error('nobody is to get it')
  const people = await platform.get<{ people: { id: string; externalUserId?: string }[] }>(
    '/sandbox/people?role=customer&limit=200',
  )
  const customer = people.people.find((one) => one.externalUserId === recipient.external_userid)
  if (customer === undefined) throw new Error('the recipient is nobody of the sandbox')
  const phone = await stage.phone()
  await phone.openChat({ id: customer.id, name: '', externalUserId: recipient.external_userid }, recipient.sender)
  await phone.log.getByText('阳光玫瑰买一送一').waitFor()
  await stage.picture(phone.page, 'phone')

  // what the platform tells is read, and the page follows by itself
  await platform.advance(45 * 60_000)
  await page.getByText('已结束').first().waitFor({ timeout: 90_000 })
  await judgedEverywhere('ended')
  const sent = await db
    .selectFrom('campaign_recipients')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 1)
    .executeTakeFirstOrThrow()
  expect(Number(sent.n)).toBeGreaterThan(0)

  await page.getByRole('tab', { name: '收到与没收到' }).click()
  await page.getByText('已送达').first().waitFor()
  await judgedEverywhere('people')
  await page.getByRole('tab', { name: '复盘' }).click()
  await page.getByText('漏斗').waitFor()
  await judgedEverywhere('report')
}, 600_000)
