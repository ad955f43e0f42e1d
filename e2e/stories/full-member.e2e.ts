import { expect, test } from 'vitest'
import { makeChannel } from '../support/channels.ts'
import { openStage } from '../support/stage.ts'

// SC16: a member near the 5,000 customers of the platform; this seed gives chenxiaoyu 4,398 and limin 4,002
const stage = await openStage('full-member', { staff: 2, people: 5_000, relations: 8_400 })
const { db, platform } = stage

test('a campaign on a nearly full member is refused, at 4,900 the code sheds load, and an expansion mends both', async () => {
  const operator = await stage.console('operator')
  const { page, open } = operator
  // members' customers are counted once a minute
  await expect.poll(() => customersOf('chenxiaoyu'), { timeout: 120_000 }).toBeGreaterThan(4_300)
  const both = await makeChannel(stage, operator, { name: '门店台卡', staff: ['chenxiaoyu', 'limin'] })

  await open('/acquisition/channels/new', '新建渠道')
  await page.getByLabel('渠道名称').fill('双十二投放')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('group', { name: '接待员工' }).getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /陈晓雨/ }).check()
  await dialog.getByRole('button', { name: /已选 1 人/ }).click()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('预计每天添加').fill('300')
  const refusal = page.getByText(/陈晓雨现有客户 4,\d{3}\/5,000，按每天 300 人，预计 [12] 天后到上限/).first()
  await refusal.waitFor()
  await stage.judged(page, 'planner-refuses')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '创建渠道' }).click()
  await refusal.waitFor()
  expect(await channelNamed('双十二投放')).toBe(0)

  const missing = 4_900 - (await customersOf('chenxiaoyu'))
  await addAll('chenxiaoyu', missing)
  await expect.poll(() => customersOf('chenxiaoyu')).toBeGreaterThanOrEqual(4_900)
  await expect.poll(() => usersOf(both.id)).toEqual(['limin'])
  for (const name of ['甲', '乙', '丙']) {
    const { peer } = await platform.scanAndAdd(await platform.newCustomer(name), both.content)
    expect(peer).toBe('limin')
  }
  const admin = await stage.console('admin')
  await admin.open('/acquisition/channels/capacity', '容量与就绪')
  await admin.page.getByText('已移出活码').waitFor()
  await stage.judged(admin.page, 'shed')

  await platform.patch('/sandbox/settings', { members: { chenxiaoyu: { expanded: true } } })
  await admin.page
    .getByRole('row', { name: /陈晓雨/ })
    .getByRole('button', { name: '设置上限' })
    .click()
  await admin.page.getByRole('spinbutton').fill('20000')
  await admin.page
    .getByRole('dialog')
    .getByRole('button', { name: /确定|OK/ })
    .click()
  await admin.page.getByText(/4,9\d{2} \/ 20,000/).waitFor()
  await stage.picture(admin.page, 'expanded')
  await expect.poll(() => usersOf(both.id)).toEqual(['chenxiaoyu', 'limin'])

  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '创建渠道' }).click()
  await page.getByRole('heading', { level: 1, name: '双十二投放' }).waitFor()
  await stage.picture(page, 'planner-goes-on')
}, 180_000)

/** As we count them. */
async function customersOf(userid: string): Promise<number> {
  const row = await db.selectFrom('staff_loads').select('customers').where('userid', '=', userid).executeTakeFirst()
  return row?.customers ?? 0
}

async function channelNamed(name: string): Promise<number> {
  return (await db.selectFrom('channels').select('id').where('name', '=', name).execute()).length
}

/** Whom the platform knows behind the code. */
async function usersOf(channelId: string): Promise<string[]> {
  const code = await db
    .selectFrom('channel_codes')
    .select('effective_users')
    .where('channel_id', '=', channelId)
    .executeTakeFirstOrThrow()
  return code.effective_users.toSorted()
}

/** New customers add the member from her card, fifty at a time. */
async function addAll(userid: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, count - done) }, async (_, i) => {
        const { id } = await platform.newCustomer(`冲量${done + i}`)
        await platform.post(`/sandbox/people/${id}/add`, { userid })
      }),
    )
  }
}
