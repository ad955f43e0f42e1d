import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// section 4, Moments: from an audience and its cost to who saw, liked and commented, and what it changed
const stage = await openStage('moments', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 60, staff: 8 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, moments: { looks: 0, likes: 0, comments: 0 } } },
})
const { platform, db } = stage
const name = '周末试吃会'
const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const

interface Feed {
  readonly moments: readonly { readonly momentId: string; readonly state: string; readonly likes: readonly unknown[] }[]
}

test('an operator makes a Moment for an audience and sees its cost; members publish, a customer likes and comments, the review says who saw it', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  await operator.open('/engagement/moments', '朋友圈')
  await page.getByText('还没有朋友圈').waitFor()
  await judgedEverywhere('empty')
  await page.getByRole('button', { name: '新建朋友圈' }).first().click()
  await page.getByRole('heading', { level: 1, name: '新建朋友圈' }).waitFor()

  // by corp tags: nobody is tagged, and it says at once what cannot be done
  await page.getByLabel('名称', { exact: true }).fill(name)
  await page.getByText('企业标签', { exact: true }).first().click()
  await page.getByText('做不到：排除、频控、对照组').waitFor()
  await page.getByRole('combobox', { name: '带哪些企业标签的客户能看见' }).click()
  await page.locator('.ant-select-item-option').first().click()
  await page.keyboard.press('Escape')
  await stage.judged(page, 'by-tags')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('按企业标签发表，没有这些').waitFor()
  await stage.judged(page, 'sending-by-tags')
  await page.getByRole('button', { name: '上一步' }).click()
  await page.getByRole('button', { name: '上一步' }).click()

  // an audience: its cost and time, and our own quota, before anything is asked
  await page.getByText('分群（贴临时标签）').click()
  await page.getByLabel('不发也会这样做的比例（%）').fill('3')
  await page.getByText('为这次另写条件').click()
  await page.getByRole('combobox', { name: '加条件' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: '好友关系' }).click()
  await page.getByText('最多给多少人看').waitFor()
  await page.getByText('贴标签的代价').waitFor()
  await page.getByText('大约需要').waitFor()
  await page.getByText('4 条（我们自己的设置）').waitFor()
  await page.getByText('已保存草稿').waitFor()
  await judgedEverywhere('whom')
  await page.getByRole('button', { name: '下一步' }).click()

  // what it shows: a text that can be refused, and pictures
  const text = page.getByLabel('文字', { exact: true })
  await text.fill('【{品牌}】周末试吃会，猫山王开果：https://shop.example.com/taste\n不想常看到？{少打扰}')
  await page.getByText('会换成可追踪的短链').waitFor()
  await page.getByText('图片', { exact: true }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles([1, 2, 3].map((n) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: colour(n) })))
  const preview = page.getByRole('region', { name: '朋友圈预览' })
  await preview.getByRole('img', { name: '第 3 张图片' }).waitFor()
  await judgedEverywhere('content')
  await page.getByRole('button', { name: '下一步' }).click()

  await page.getByLabel('先给一部分人看，删除率正常再给其余').uncheck()
  await stage.judged(page, 'sending')
  await page.getByRole('button', { name: '下一步' }).click()

  await page.getByText('检查都通过了').waitFor()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('谁能看到，谁看不到，为什么').waitFor({ timeout: 60_000 })
  await page.getByText('分成几条').waitFor()
  await judgedEverywhere('rehearsal')
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()

  const admin = await stage.console('admin')
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByLabel('意见').fill('可以')
  await stage.judged(admin.page, 'approval')
  await admin.page.getByRole('button', { name: '同意发表' }).click()

  // tags first, then members are asked
  await page.getByRole('tab', { name: '执行' }).click()
  await page.getByText('平台上的朋友圈').waitFor({ timeout: 60_000 })
  await page.getByText('已请员工发表').first().waitFor({ timeout: 90_000 })
  await stage.judged(page, 'asked')

  const tasks = () =>
    db.selectFrom('campaign_tasks').select(['sender', 'state']).where('moment', 'is not', null).execute()
  await expect.poll(async () => (await tasks()).every((one) => one.state === 'asked'), { timeout: 60_000 }).toBe(true)
  const [first, ...others] = (await tasks()).map((one) => one.sender)
  if (first === undefined) throw new Error('nobody is asked to publish')

  // one publishes on the phone, the others elsewhere
  const phone = await stage.phone()
  await phone.page.goto(`${platform.url}/?as=${first}&moments`)
  await phone.glass.getByText('周末试吃会').waitFor({ timeout: 30_000 })
  await stage.judged(phone.page, 'phone-task')
  await phone.glass.getByRole('button', { name: '发表', exact: true }).click()
  await phone.glass.getByText(/^已发表，\d+ 位客户能看到$/).waitFor()
  for (const sender of others) {
    const { moments } = await platform.get<Feed>(`/sandbox/people/${sender}/moments`)
    for (const { momentId, state } of moments)
      if (state === 'open') await platform.post(`/sandbox/people/${sender}/moments/${momentId}/publish`)
  }

  // a customer sees it among her Moments, likes it and writes under it
  const recipient = await db
    .selectFrom('campaign_recipients')
    .select(['external_userid', 'customer_id'])
    .where('fate', '=', 0)
    .where('sender', '=', first)
    .orderBy('customer_id')
    .executeTakeFirstOrThrow()
  const { people } = await platform.get<{ people: { id: string; externalUserId?: string }[] }>(
    '/sandbox/people?role=customer&limit=200',
  )
  const customer = people.find((one) => one.externalUserId === recipient.external_userid)
  if (customer === undefined) throw new Error('the recipient is nobody of the sandbox')
  await phone.page.goto(`${platform.url}/?as=${customer.id}&moments`)
  const more = phone.glass.getByRole('button', { name: '赞或评论' }).first()
  await more.click()
  await phone.glass.getByRole('button', { name: '赞', exact: true }).click()
  await phone.glass.getByRole('list', { name: '赞过的人' }).waitFor()
  await more.click()
  await phone.glass.getByRole('button', { name: '评论', exact: true }).click()
  await phone.glass.getByRole('textbox', { name: '写评论' }).fill('给我留一个座位')
  await phone.page.keyboard.press('Enter')
  await phone.glass.getByText(': 给我留一个座位').waitFor()
  await stage.judged(phone.page, 'phone-seen')

  // what the platform tells is read: who published, who sees it, who liked and commented
  const read = async () => {
    await platform.advance(20 * 60_000)
    const row = await db
      .selectFrom('campaign_tasks')
      .select((eb) => [eb.fn.sum<number>('likes').as('likes'), eb.fn.sum<number>('comments').as('comments')])
      .where('moment', 'is not', null)
      .executeTakeFirstOrThrow()
    return [Number(row.likes), Number(row.comments)]
  }
  await expect.poll(read, { timeout: 120_000, interval: 1_000 }).toEqual([1, 1])
  const seen = await db
    .selectFrom('campaign_recipients')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 1)
    .executeTakeFirstOrThrow()
  expect(Number(seen.n)).toBeGreaterThan(0)
  await page.getByText('8 / 8 位员工已发表').waitFor({ timeout: 60_000 })
  await judgedEverywhere('published')

  await page.getByRole('tab', { name: '看到与没看到' }).click()
  await page.getByText('能看到', { exact: true }).first().waitFor()
  await stage.judged(page, 'people')
  await page.getByRole('tab', { name: '复盘' }).click()
  await page.getByText('漏斗').waitFor()
  await page.getByText('可见人数').first().waitFor()
  await page.getByText('点赞', { exact: true }).first().waitFor()
  await page.getByText('增量').first().waitFor()
  await judgedEverywhere('report')

  // nothing of it stays on customers: its own tag is gone from everybody
  const left = async () => {
    await platform.advance(20 * 60_000)
    return db.selectFrom('campaign_moments').select('number').where('unmarked_at', 'is', null).execute()
  }
  await expect.poll(left, { timeout: 120_000, interval: 1_000 }).toEqual([])
}, 600_000)

/** A picture of a few pixels in a colour of its own, 1080 × 1080 by its header. */
function colour(n: number): Buffer {
  return Buffer.from(
    [
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    ][n - 1] ?? '',
    'base64',
  )
}
