import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// issue of one person, section 5: how an audience moved, who came and went, what it shares, and an alarm when it jumps
const stage = await openStage('audience-history')
const { db } = stage

test('two computations are compared by name, a jump is an alarm, and an overlap is counted; in both languages, down to a phone', async () => {
  const admin = await stage.console('admin')
  const { page, open, call } = admin
  const readOver = () =>
    db
      .selectFrom('customer_syncs')
      .innerJoin('audience_settings', 'audience_settings.corp_id', 'customer_syncs.corp_id')
      .select('customer_syncs.corp_id')
      .whereRef('audience_settings.reconciled_at', '>=', 'customer_syncs.last_done_at')
      .execute()
  await expect.poll(readOver, { interval: 250 }).toHaveLength(1)
  const group = await call<{ id: string }>('POST', '/api/tag-groups', { name: '活动', kind: 'own', tags: ['报名'] })
  expect(group.status, JSON.stringify(group.body)).toBe(201)
  const { id: tag } = await db.selectFrom('tags').select('id').where('name', '=', '报名').executeTakeFirstOrThrow()
  const customers = await db
    .selectFrom('customer_cards')
    .select('customer_id')
    .where('status', '=', 'alive')
    .orderBy('customer_id')
    .limit(5)
    .execute()
  const put = async (rows: readonly { customer_id: number }[], says: boolean) => {
    for (const { customer_id } of rows)
      expect((await call('POST', `/api/customers/${customer_id}/tags`, { tag_id: tag, says })).status).toBe(200)
  }
  await put(customers.slice(0, 2), true)
  const rule = { is: 'tags', mode: 'any', tags: [tag] }
  const make = async (body: object) => {
    const made = await call<{ id: string; size: number }>('POST', '/api/audiences', body)
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    return made.body
  }
  const signed = await make({ name: '已报名', kind: 'refreshed', rule, drift_percent: 20 })
  expect(signed.size).toBe(2)
  await make({ name: '全部好友', kind: 'refreshed', rule: { is: 'relation', by: 'anyone', any: [], state: 'alive' } })
  await put(customers.slice(2), true)
  await put(customers.slice(0, 1), false)

  await open(`/customers/segments/${signed.id}`, '已报名')
  await page.getByRole('button', { name: '重新计算' }).click()
  await page.getByRole('tab', { name: '人数变化' }).click()
  await page.getByRole('cell', { name: '手动', exact: true }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: '与上一次比较' }).first().click()
  await page.getByText('进入 3 人，例如').waitFor()
  await page.getByText('离开 1 人，例如').waitFor()
  await stage.judged(page, 'difference')

  // from two to four is more than the twenty per cent that are set
  await expect
    .poll(() => db.selectFrom('alarms').select('kind').where('kind', '=', 'audience.drift').execute())
    .toHaveLength(1)
  await open('/customers/segments', '客户分群')
  await page
    .getByRole('row', { name: /已报名/ })
    .getByText(/100/)
    .first()
    .waitFor()
  await stage.judged(page, 'drift')

  await open(`/customers/segments/${signed.id}?tab=overlap`, '已报名')
  await page.getByRole('combobox', { name: '选最多五个分群比较' }).click()
  await page.getByTitle('全部好友', { exact: true }).click()
  await page.keyboard.press('Escape')
  await page
    .getByRole('cell', { name: '100.0 %' })
    .or(page.getByRole('cell', { name: /^100/ }))
    .first()
    .waitFor()
  await stage.judged(page, 'overlap')

  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.judged(page, 'overlap-tablet')
  await page.setViewportSize({ width: 390, height: 844 })
  await stage.judged(page, 'overlap-phone')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByText('EN', { exact: true }).first().click()
  await page.getByRole('tab', { name: 'Size', exact: true }).click()
  await page.getByRole('cell', { name: 'by hand', exact: true }).waitFor()
  await stage.judged(page, 'history-english')
  await page.goto(`${stage.url}/customers/segments/${signed.id}/edit`)
  await page.getByRole('heading', { level: 1, name: 'Edit audience' }).waitFor()
  await page.getByText('In words').waitFor()
  await stage.judged(page, 'builder-english')
}, 240_000)
