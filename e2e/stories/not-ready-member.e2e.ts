import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC17, as far as members' readiness goes
const stage = await openStage('not-ready-member')
const { db, platform } = stage
const hour = 3_600_000

test('a member without real-name verification is kept out of the code with the reason and the mend, and joins by himself', async () => {
  await platform.patch('/sandbox/settings', { members: { fengmin: { realName: false } } })
  const { page, open } = await stage.console('operator')
  await open('/acquisition/channels/new', '新建渠道')
  await page.getByLabel('渠道名称').fill('新店开业')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('group', { name: '接待员工' }).getByRole('button').click()
  const dialog = page.getByRole('dialog')
  for (const name of [/陈晓雨/, /冯敏/]) await dialog.getByRole('checkbox', { name }).check()
  await dialog.getByRole('button', { name: /已选 2 人/ }).click()
  for (const _ of ['time', 'finish']) await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '创建渠道' }).click()
  await page.getByRole('img', { name: /新店开业/ }).waitFor()
  const channel = page.url().split('/').at(-1) ?? ''
  expect(await usersOf(channel)).toEqual(['chenxiaoyu'])
  await page.reload()
  await page.getByText('1 人现在不在码上').click()
  await page.getByText(/41054，未登录过企业微信或未完成实名认证/).waitFor()
  await stage.judged(page, 'kept-out')

  await open('/acquisition/channels/capacity', '容量与就绪')
  await page.getByText(/我 > 设置 > 账号与安全 > 实名认证/).waitFor()
  await stage.judged(page, 'what-mends-it')

  await platform.patch('/sandbox/settings', { members: { fengmin: { realName: true } } })
  await platform.advance(2 * hour)
  await expect.poll(() => usersOf(channel)).toEqual(['chenxiaoyu', 'fengmin'])
  await open('/acquisition/channels/capacity', '容量与就绪')
  await page.getByText('没有：活码上的员工现在都能被添加。').waitFor()
  await stage.picture(page, 'joined')
})

async function usersOf(channelId: string): Promise<string[]> {
  const code = await db
    .selectFrom('channel_codes')
    .select('effective_users')
    .where('channel_id', '=', channelId)
    .executeTakeFirstOrThrow()
  return code.effective_users.toSorted()
}
