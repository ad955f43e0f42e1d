import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// capability: customer groups by owner and store, with who came and went, as an operator sees them
const stage = await openStage('groups')
const { db, platform } = stage

test('an operator sees whose group it is, who joined and left, and who is in it, while it happens at WeCom', async () => {
  const { page, open } = await stage.console('admin')
  await expect
    .poll(() => db.selectFrom('group_syncs').select('corp_id').where('first_done_at', 'is not', null).execute(), {
      timeout: 60_000,
      interval: 250,
    })
    .toHaveLength(1)
  const friend = await db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select(['customers.name', 'external_userid as id'])
    .where('userid', '=', 'chenxiaoyu')
    .where('status', '=', 'alive')
    .where('customers.name', '~', '^[\u4e00-\u9fa5]{2,4}$')
    .executeTakeFirstOrThrow()
  const stranger = await platform.newCustomer('路过的人')
  const act = <T>(body: object) => platform.post<T>('/sandbox/console', body)
  const { id: chatId } = await act<{ id: string }>({
    ...{ do: 'group.create', owner: 'chenxiaoyu', name: '周三榴莲群', customers: [] },
  })
  for (const person of [friend.id, stranger.id])
    await act({ do: 'group.invite', chatId, person, invitor: 'chenxiaoyu' })
  // the platform shows a group a little later than it calls back
  await platform.advance(60_000)

  await open('/groups/list', '客户群')
  const row = page.getByRole('row').filter({ hasText: '周三榴莲群' })
  const refresh = () => page.getByRole('button', { name: '刷新' }).click()
  await expect
    .poll(
      async () => {
        await refresh()
        return row.getByText('+2').count()
      },
      { interval: 1_000 },
    )
    .toBe(1)
  await row.getByText('陈晓雨').waitFor()
  await stage.judged(page, 'list')

  await row.getByRole('button', { name: '周三榴莲群' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('3 人（客户 2，上限 500）').waitFor()
  await drawer.getByText('陈晓雨 邀请了 2 人').waitFor()
  await drawer.getByRole('link', { name: friend.name ?? '' }).waitFor()
  await drawer.getByText('不是任何员工的好友').waitFor()
  await stage.judged(page, 'group')

  await act({ do: 'group.remove_member', chatId, person: stranger.id })
  await platform.advance(60_000)
  await expect
    .poll(
      async () => {
        await page.reload()
        await drawer.getByText(/人（客户 /).waitFor()
        return drawer.getByText('2 人（客户 1，上限 500）').count()
      },
      { interval: 1_000 },
    )
    .toBe(1)
  await drawer.getByText('近 7 天退群').click()
  await drawer.getByText('被移出').waitFor()
  await stage.judged(page, 'leavers')
  for (const [width, height] of [
    [768, 1024],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height })
    await stage.judged(page, `leavers-${width}`)
  }
  await page.keyboard.press('Escape')
  await stage.judged(page, 'list-390')
  await page.setViewportSize({ width: 1440, height: 900 })

  // by owner, by store, and those that are over
  await page.getByRole('combobox', { name: '群主' }).fill('陈晓')
  await page.getByTitle('陈晓雨').click()
  await row.waitFor()
  // the row of headings is left
  await expect.poll(() => page.getByRole('row').filter({ hasNotText: '陈晓雨' }).count()).toBe(1)
  await act({ do: 'group.dismiss', chatId })
  await platform.advance(60_000)
  await expect
    .poll(
      async () => {
        await refresh()
        return row.count()
      },
      { interval: 500 },
    )
    .toBe(0)
  await page.getByRole('combobox', { name: '状态' }).click()
  await page.getByTitle('已解散', { exact: true }).click()
  await row.getByText('已解散').waitFor()
  await stage.picture(page, 'dismissed')
}, 180_000)

test('a guide sees his own groups only', async () => {
  const { page, open } = await stage.console('guide')
  const { wecom_userid: userid } = await db
    .selectFrom('accounts')
    .select('wecom_userid')
    .where('username', '=', 'guide')
    .executeTakeFirstOrThrow()
  const own = await db
    .selectFrom('groups')
    .select('chat_id')
    .where('owner', '=', userid ?? '')
    .where('dismissed_at', 'is', null)
    .where('read_at', 'is not', null)
    .execute()
  await open('/groups/list', '客户群')
  await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(own.length)
})
