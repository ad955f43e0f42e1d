import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC19 in small: only the members of an account set send; one of them leaves while his task is open, and his customers go
// to members of the set who have them too, or are listed. Nobody confirms by habit, so that he surely had not.
const stage = await openStage('account-set', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 90, staff: 10, relations: 200 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender', leavesOut: 0, dispatchMs: 0 } },
})
const { platform, db } = stage
const name = '新人组开门红'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

test('a send goes through one account set; who leaves hands his customers to who has them too, and the others are listed', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  // the four members with the most customers, once the relations have been read
  const read = () =>
    db
      .selectFrom('relations')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirst()
  await expect.poll(async () => Number((await read())?.n), { timeout: 30_000 }).toBeGreaterThanOrEqual(200)
  const busy = await db
    .selectFrom('relations')
    .innerJoin('staff', 'staff.userid', 'relations.userid')
    .select(['relations.userid', 'staff.name', (eb) => eb.fn.countAll<number>().as('n')])
    .where('relations.status', '=', 'alive')
    .where('staff.follows', '=', true)
    .groupBy(['relations.userid', 'staff.name'])
    .orderBy('n', 'desc')
    .orderBy('relations.userid')
    .limit(4)
    .execute()
  await operator.open('/engagement/sender-sets', '账号组')
  await page.getByRole('button', { name: '新建账号组' }).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('名称').fill('新人组')
  await drawer.getByRole('button', { name: '成员' }).click()
  const picker = page.getByRole('dialog', { name: '成员' })
  for (const member of busy) {
    await picker.getByLabel('搜索姓名、拼音或账号').fill(member.userid)
    await picker.getByRole('checkbox', { name: member.name }).first().check()
  }
  await picker.getByRole('button', { name: '已选 4 人' }).click()
  await judgedEverywhere('set')
  await drawer.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('row').filter({ hasText: '新人组' }).getByText('4 人').waitFor()
  await judgedEverywhere('sets')

  // the send goes through it
  const { id: set } = await db.selectFrom('sender_sets').select('id').executeTakeFirstOrThrow()
  const made = await operator.call<{ id: string }>('POST', '/api/campaigns', { name, spec: specOf(set) })
  expect(made.status).toBe(201)
  await operator.open(`/engagement/campaigns/${made.body.id}/edit`, name)
  await page.getByRole('button', { name: '发送与对照' }).click()
  await page.getByText('新人组', { exact: true }).waitFor()
  await page.getByRole('button', { name: '预演与提交' }).click()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('好友员工不在选定的发送账号组里').first().waitFor({ timeout: 60_000 })
  await judgedEverywhere('rehearsal')
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const admin = await stage.console('admin')
  const openAsked = async () => {
    await admin.open('/approvals', '待办与审批')
    await admin.page.getByRole('button', { name }).click()
  }
  // the set has one more member since: who is asked sees it before he decides, and can only return it
  const change = (userids: readonly string[]) =>
    operator.call('PUT', `/api/sender-sets/${set}`, { name: '新人组', userids })
  const four = busy.map(({ userid }) => userid)
  const { userid: fifth } = await db
    .selectFrom('staff')
    .select('userid')
    .where('userid', 'not in', four)
    .executeTakeFirstOrThrow()
  expect((await change([...four, fifth])).status).toBe(200)
  expect((await change(four)).status).toBe(200)
  await openAsked()
  await admin.page.getByText('它引用的账号组的成员被修改').waitFor()
  expect(await admin.page.getByRole('button', { name: '同意发送' }).isDisabled()).toBe(true)
  await stage.judgedAt(admin.page, sizes, 'changed')
  await admin.page.getByLabel('意见').fill('请重新预演')
  await admin.page.getByRole('button', { name: '退回修改' }).click()
  await admin.page.getByText('已退回').first().waitFor()
  await operator.open(`/engagement/campaigns/${made.body.id}/edit`, name)
  await page.getByRole('button', { name: '预演与提交' }).click()
  // with the rehearsal of before it is not taken
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByText('预演之后它引用的账号组的成员被修改').waitFor()
  const rehearsals = () =>
    db.selectFrom('campaign_runs').select('state').where('rehearsal', '=', true).orderBy('id').execute()
  await page.getByRole('button', { name: '重新预演' }).click()
  await expect
    .poll(async () => (await rehearsals()).map(({ state }) => state), { timeout: 60_000 })
    .toEqual(['cancelled', 'planned'])
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await openAsked()
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  await page.getByRole('tab', { name: '执行' }).click()
  const tasks = () =>
    db
      .selectFrom('campaign_tasks')
      .select(['number', 'sender', 'recipients', 'state', 'why', 'msgid'])
      .orderBy('number')
      .execute()
  const asked = async () => (await tasks()).filter(({ state }) => state === 'asked')
  await expect.poll(async () => (await asked()).length, { timeout: 60_000 }).toBe(4)
  const before = await asked()
  const [leaver] = before.toSorted((a, b) => b.recipients - a.recipients)
  if (leaver?.msgid == null) throw new Error('nobody was asked')
  const his = await recipients(leaver.number)
  await judgedEverywhere('asked')

  // he leaves; the others send what was theirs, and what he left to them
  await platform.post('/sandbox/console', { do: 'member.remove', userid: leaver.sender })
  const gone = () => db.selectFrom('staff').select('gone_at').where('userid', '=', leaver.sender).executeTakeFirst()
  await expect.poll(async () => (await gone())?.gone_at ?? null, { timeout: 30_000 }).not.toBeNull()
  await platform.advance(61 * 60_000)
  await expect
    .poll(async () => (await tasks()).find(({ number }) => number === leaver.number), { timeout: 30_000 })
    .toMatchObject({ state: 'failed' })
  const underWay = async () => (await tasks()).filter(({ state }) => ['planned', 'asking', 'unknown'].includes(state))
  await expect.poll(underWay, { timeout: 30_000 }).toEqual([])
  for (const task of await asked()) await confirm(task)
  await platform.advance(20 * 60_000)
  const [run] = await db.selectFrom('campaign_runs').select('id').where('rehearsal', '=', false).execute()
  const state = () =>
    db
      .selectFrom('campaign_runs')
      .select('state')
      .where('id', '=', run?.id ?? 0)
      .executeTakeFirst()
  await expect.poll(state, { timeout: 60_000 }).toEqual({ state: 'ended' })
  await page.getByText('已结束').first().waitFor()
  await page
    .getByText(/由任务 \d+ 接手|员工/)
    .first()
    .waitFor()
  await judgedEverywhere('ended')

  // every one of his is with a member of the set who has the relation, or listed with its reason
  const [after, relations] = [await peopleOf(his), await relationsOf(his)]
  const members = new Set(busy.map(({ userid }) => userid).filter((userid) => userid !== leaver.sender))
  for (const one of after) {
    const others = relations.filter((r) => r.person === one.customer_id && members.has(r.userid))
    if (one.fate === 0) expect(others.map(({ userid }) => userid)).toContain(one.sender)
    else expect(others.filter(({ status }) => status === 'alive')).toEqual([])
  }
  const [given, listed] = [after.filter(({ fate }) => fate === 0), after.filter(({ fate }) => fate !== 0)]
  expect([given.length, listed.length]).not.toContain(0)

  // nobody but these members sent anything, and to nobody twice
  const { rows } = await platform.get<{ rows: (string | number)[][] }>('/sandbox/oracle/deliveries?limit=10000')
  const confirmed = new Set((await tasks()).filter((one) => one.state === 'confirmed').map(({ msgid }) => msgid))
  expect(rows.length).toBeGreaterThan(0)
  for (const [, msgid, sender] of rows) {
    expect(confirmed).toContain(msgid)
    expect(members).toContain(sender)
  }
  expect(new Set(rows.map(([, , , customer]) => customer)).size).toBe(rows.length)

  await page.getByRole('tab', { name: '收到与没收到' }).click()
  await page.getByLabel('结果').first().click()
  await page.locator('.ant-select-item-option').filter({ hasText: '找不到发送人' }).click()
  await page.getByText('好友员工不在选定的发送账号组里').first().waitFor()
  await page.getByText('好友员工已离职、停用或没有客户联系权限').first().waitFor()
  await judgedEverywhere('listed')
}, 240_000)

const specOf = (set: string) => ({
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  variants: [
    {
      ...{ name: 'A', for: null, share: 100 },
      content: { text: '{品牌}：新店开门红 https://shop.example.com/new\n不想常收到？{少打扰}' },
    },
  ],
  ...{ schedule: { kind: 'now' }, window: null, holdout_permille: 0, senders: { set, most: null } },
})

async function recipients(task: number): Promise<readonly number[]> {
  const rows = await db.selectFrom('campaign_recipients').select('customer_id').where('task', '=', task).execute()
  return rows.map((row) => row.customer_id)
}

const peopleOf = (customers: readonly number[]) =>
  db
    .selectFrom('campaign_recipients')
    .innerJoin('campaign_runs', 'campaign_runs.id', 'campaign_recipients.run_id')
    .select(['customer_id', 'fate', 'sender'])
    .where('campaign_runs.rehearsal', '=', false)
    .where('customer_id', 'in', customers)
    .execute()

/** Persons may have been brought together: a relation stands with the customer it was learnt of. */
const relationsOf = (customers: readonly number[]) =>
  db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select(['relations.userid', 'relations.status', sql<number>`coalesce(merged_into, id)`.as('person')])
    .where(sql`coalesce(merged_into, id)`, 'in', customers)
    .execute()

/** A member presses send on his phone, as soon as the platform has handed his task out. */
async function confirm({ sender, msgid }: { readonly sender: string; readonly msgid: string | null }): Promise<void> {
  const state = async () =>
    (await platform.get<{ tasks: { msgid: string; state: string }[] }>(`/sandbox/people/${sender}/tasks`)).tasks.find(
      (one) => one.msgid === msgid,
    )?.state
  await expect.poll(state, { timeout: 30_000 }).toBe('open')
  await platform.post(`/sandbox/people/${sender}/tasks/${msgid}/confirm`)
}
