import { expect, test } from 'vitest'
import { openKeys } from '../support/keys.ts'
import { openStage } from '../support/stage.ts'

// who has no mouse writes, saves, rehearses and submits a mass send; every stop of the way is seen, in sight and in order
const stage = await openStage('wizard-by-keyboard', { at: '2026-12-02T10:00:00+08:00', people: 60, staff: 8 })
const { db } = stage
const name = '周三水果日'
const text = '【{品牌}】周三水果日，阳光玫瑰买一送一：https://shop.example.com/wed\n不想常收到？{少打扰}'

test('from the list to a send that is saved, rehearsed and submitted, and to its approval, by keys alone', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const keys = openKeys(page)
  const step = (named: string) => page.getByRole('region', { name: named }).and(page.locator(':focus'))
  const next = page.getByRole('button', { name: '下一步' })
  await operator.open('/engagement/campaigns', '客户群发')
  await page.getByText('还没有群发').waitFor()
  // past the menu to what the page is about; from there on no page is begun in the menu again
  await keys.to(page.getByRole('link', { name: '跳到正文' }))
  await keys.press('Enter')
  await keys.to(page.getByRole('button', { name: '新建群发' }).first())
  await keys.press('Enter')
  await page.getByRole('heading', { level: 1, name: '新建群发' }).waitFor()
  await page.locator('main:focus').waitFor()
  await keys.write(page.getByLabel('名称', { exact: true }), name)
  // a choice of few by arrows, of many from a list that closes behind it
  await keys.to(page.getByRole('radio', { name: '营销消息' }))
  await keys.press('ArrowRight')
  expect(await page.getByRole('radio', { name: '服务通知' }).isChecked()).toBe(true)
  await keys.press('ArrowLeft')
  await keys.to(page.getByRole('combobox', { name: '看什么算成功' }))
  await keys.press('Enter', 'ArrowDown', 'Enter')
  await keys.write(page.getByLabel('行为名称'), 'sign_up')
  await keys.to(page.getByRole('combobox', { name: '看什么算成功' }), 'Shift+Tab')
  await keys.press('Enter', 'ArrowUp', 'Enter')
  await keys.write(page.getByLabel('不发也会这样做的比例（%）'), '3')
  await keys.to(page.getByRole('radio', { name: '用已有分群' }))
  await keys.press('ArrowRight')
  await keys.to(page.getByRole('combobox', { name: '加条件' }))
  await keys.press('Enter')
  await page.getByRole('option', { name: '好友关系' }).waitFor({ state: 'attached' })
  for (let tried = 0; tried < 40; tried += 1) {
    const at = await page.locator('.ant-select-item-option-active:visible').textContent()
    if (at === '好友关系') break
    await keys.press('ArrowDown')
  }
  await keys.press('Enter')
  await page.getByText('最多发给').waitFor()
  // what excludes somebody is added, and taken away again: the focus is not lost with it
  await keys.to(page.getByRole('button', { name: '加一条排除' }))
  await keys.press('Enter')
  await keys.to(page.getByRole('button', { name: '去掉第 1 条排除' }), 'Shift+Tab')
  await keys.press('Enter')
  await page.getByText('已保存草稿').waitFor()
  await keys.to(next)
  await stage.judged(page, 'whom')
  await keys.press('Enter')

  // the next step begins at its beginning
  await step('内容').waitFor()
  await keys.write(page.getByLabel('文字', { exact: true }), text)
  await page.getByText('会换成可追踪的短链').waitFor()
  await keys.to(page.getByRole('button', { name: '添加附件' }))
  await keys.press('Enter')
  await page.getByRole('menuitem').first().waitFor()
  await keys.press('Escape')
  await keys.to(next)
  await stage.judged(page, 'content')
  await keys.press('Enter')

  await step('发送与对照').waitFor()
  await keys.to(page.getByRole('radio', { name: '批准后立即' }))
  await keys.press('ArrowRight', 'ArrowLeft')
  await keys.to(page.getByLabel('先试发，删除率正常再发其余'))
  await keys.press('Space')
  await keys.to(next)
  await stage.judged(page, 'sending')
  await keys.press('Enter')

  await step('预演与提交').waitFor()
  await page.getByText('检查都通过了').waitFor()
  await keys.to(page.getByRole('button', { name: '开始预演' }))
  await keys.press('Enter')
  await page.getByText('谁会收到，谁不会，为什么').waitFor({ timeout: 60_000 })
  await keys.to(page.getByRole('button', { name: '提交审批' }))
  await stage.judged(page, 'rehearsed')
  await keys.press('Enter')
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const campaign = () =>
    db
      .selectFrom('campaigns')
      .select(['id', 'state', 'version'])
      .where('template', '=', false)
      .executeTakeFirstOrThrow()
  expect((await campaign()).state).toBe('waiting')
  expect(await db.selectFrom('campaign_runs').select('rehearsal').execute()).toEqual([{ rehearsal: true }])

  const admin = await stage.console('admin')
  const theirs = openKeys(admin.page)
  await admin.open('/approvals', '待办与审批')
  await theirs.to(admin.page.getByRole('button', { name }))
  await theirs.press('Enter')
  await theirs.write(admin.page.getByLabel('意见'), '可以')
  await theirs.to(admin.page.getByRole('button', { name: '同意发送' }))
  await stage.judged(admin.page, 'approval')
  await theirs.press('Enter')
  await expect.poll(async () => (await campaign()).state, { timeout: 30_000 }).toMatch(/approved|live/)
}, 300_000)
