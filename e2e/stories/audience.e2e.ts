import { expect, test } from 'vitest'
import { makeChannel } from '../support/channels.ts'
import { openStage } from '../support/stage.ts'

const stage = await openStage('audience')
const { db, platform } = stage

test('an operator builds an audience with the count beside, saves it live, sees who is in it and why, and who joins', async () => {
  const { page, open, call } = await stage.console('operator')
  // whom the brand had before it was connected comes with the first reading, and into audiences after it
  const readOver = () =>
    db
      .selectFrom('customer_syncs')
      .innerJoin('audience_settings', 'audience_settings.corp_id', 'customer_syncs.corp_id')
      .select('customer_syncs.corp_id')
      .whereRef('audience_settings.reconciled_at', '>=', 'customer_syncs.last_done_at')
      .execute()
  await expect.poll(readOver, { interval: 250 }).toHaveLength(1)
  const { alive } = await db
    .selectFrom('customer_cards')
    .select((of) => of.fn.countAll<number>().as('alive'))
    .where('status', '=', 'alive')
    .executeTakeFirstOrThrow()

  await open('/customers/segments', '客户分群')
  await page.getByRole('button', { name: '新建分群' }).first().click()
  await page.getByRole('heading', { level: 1, name: '新建分群' }).waitFor()
  const save = page.getByRole('button', { name: /^保存分群/ })
  expect(await save.isDisabled()).toBe(true)

  await page.getByRole('combobox', { name: '加条件' }).click()
  await page.getByTitle('好友关系', { exact: true }).click()
  const counted = page.getByRole('status').filter({ hasText: '共' })
  await counted.waitFor()
  expect(await counted.textContent()).toContain(String(alive))
  await page.getByText('任一员工：现为好友').waitFor()

  await page.getByLabel('名称').fill('现在的好友')
  await page.getByRole('combobox', { name: '类型', exact: true }).click()
  await page.getByTitle('实时', { exact: true }).click()
  await stage.judged(page, 'builder')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.judged(page, 'builder-tablet')
  await page.setViewportSize({ width: 390, height: 844 })
  await stage.judged(page, 'builder-phone')
  await page.setViewportSize({ width: 1440, height: 900 })
  // what takes long to count is estimated first; each kind of condition has its controls
  for (const kind of ['身份', '公众号与小程序', '商品库存', '固定名单', '客户群'] as const) {
    await page.getByRole('combobox', { name: '加条件' }).click()
    await page.getByTitle(kind, { exact: true }).click()
  }
  await page.getByText('还有 5 个条件没填完，暂未计入').waitFor()
  await stage.judged(page, 'every-editor')
  for (let left = 5; left > 0; left -= 1) await page.getByRole('button', { name: '删除条件' }).last().click()
  await save.click()

  await page.getByRole('heading', { level: 1, name: '现在的好友' }).waitFor()
  await page.getByRole('button', { name: '为什么' }).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('按现在的事实，满足条件').waitFor()
  await drawer.getByText(/任一员工：现为好友：\d\d-\d\d/).waitFor()
  await stage.judged(page, 'why')
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: '人数变化' }).click()
  await page.getByRole('cell', { name: '新建', exact: true }).waitFor()
  await stage.picture(page, 'history')

  const [member] = await db.selectFrom('staff').select('userid').where('follows', '=', true).orderBy('userid').execute()
  if (!member) throw new Error('the brand has nobody who follows customers')
  const channel = await makeChannel(stage, { page, open, call }, { name: '分群故事', staff: [member.userid] })
  const newcomer = await platform.newCustomer('林新月')
  expect((await platform.scanAndAdd(newcomer, channel.content)).outcome).toBe('added')
  const joined = () =>
    db.selectFrom('events').select(['kind', 'customer_id']).where('kind', '=', 'audience.joined').execute()
  await expect.poll(joined, { interval: 200 }).toHaveLength(1)
  await page
    .getByText(String(Number(alive) + 1), { exact: true })
    .first()
    .waitFor()

  const [event] = await joined()
  await open(`/customers/list/${event?.customer_id}`)
  const panel = page.getByRole('region').or(page.locator('section')).filter({ hasText: '所在分群' }).last()
  await panel.getByRole('link', { name: '现在的好友' }).waitFor()
  await panel.getByRole('button', { name: '看原因' }).click()
  await page.getByText(/任一员工：现为好友：\d\d-\d\d/).waitFor()
  await page.getByText('进入分群：现在的好友').waitFor()
  await stage.picture(page, 'customer')

  await open('/customers/segments', '客户分群')
  await page.getByRole('row', { name: /现在的好友/ }).waitFor()
  await stage.judged(page, 'list')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.picture(page, 'list-tablet')
  await page.getByRole('button', { name: '现在的好友' }).click()
  await page.getByRole('heading', { level: 1, name: '现在的好友' }).waitFor()
  await page.getByRole('button', { name: '为什么' }).first().waitFor()
  await stage.judged(page, 'detail-tablet')
})
