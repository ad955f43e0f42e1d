import { expect, test } from 'vitest'
import { recordFacts } from '../../server/src/domains/tags/index.ts'
import { openStage } from '../support/stage.ts'

// SC26 and capability 86, as an operator and a guide live them
const stage = await openStage('tags')
const { db, platform } = stage

test('a tag group of ours reaches WeCom, goes onto a customer in two clicks, and what their side changes waits as a difference', async () => {
  const operator = await stage.console('operator')
  const { page, open } = operator
  await open('/customers/tags', '标签管理')
  await page.getByText('归企业微信后台或其他应用，只读').first().waitFor()
  await page.getByRole('button', { name: '新建标签组' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('标签组名称').fill('护肤肤质')
  await dialog.getByLabel('标签（一行一个）').fill('油性皮肤\n敏感肌')
  await dialog.getByText('互斥：一位客户最多一个').click()
  await stage.picture(page, 'new-group')
  await dialog.getByRole('button', { name: '新建标签组' }).click()
  await page.getByRole('heading', { name: '护肤肤质' }).waitFor()
  await stage.judged(page, 'catalogue')
  const oily = await tagNamed('油性皮肤')

  const {
    customer_id: id,
    userid,
    external_userid,
  } = await db
    .selectFrom('relations')
    .select(['customer_id', 'userid', 'external_userid'])
    .where('status', '=', 'alive')
    .executeTakeFirstOrThrow()
  await page.goto(`${stage.url}/customers/list/${id}`)
  const add = page.getByRole('button', { name: '打标签' })
  await add.waitFor()
  await add.click()
  await page.getByRole('combobox', { name: '输入标签名称' }).fill('油性')
  await page.getByTitle('油性皮肤').click()
  const chip = page.getByRole('button', { name: /油性皮肤 · 手动/ })
  await chip.waitFor()
  await expect.poll(() => bearers(oily.platform_id ?? '')).toContain(id)
  await chip.click()
  await page
    .getByText(/由 .*·/)
    .first()
    .waitFor()
  await stage.judged(page, 'customer')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.picture(page, 'customer-768')
  await page.setViewportSize({ width: 1440, height: 900 })

  await platform.post('/sandbox/console', { do: 'tag.rename', id: oily.platform_id, name: '油皮' })
  await platform.post('/sandbox/console', {
    ...{ do: 'customer.edit', userid, customer: external_userid, removeTags: [oily.platform_id] },
  })
  await open('/customers/tags/differences', '同步差异')
  await page.getByText('名称不同').waitFor({ timeout: 30_000 })
  await page
    .getByText(/应有，被人在企业微信取下/)
    .first()
    .waitFor({ timeout: 30_000 })
  await stage.judged(page, 'differences')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.picture(page, 'differences-768')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('button', { name: /应用全部/ }).click()
  await page.getByText('两边一致，没有差异').waitFor({ timeout: 30_000 })
  await expect.poll(() => bearers(oily.platform_id ?? '')).toContain(id)
  await page.getByRole('button', { name: /撤销上次应用/ }).waitFor()
  await stage.picture(page, 'settled')

  await open('/customers/tags', '标签管理')
  await page.getByRole('button', { name: '更多 油性皮肤' }).click()
  await page.getByRole('menuitem', { name: '移动' }).click()
  await page.getByText(/条员工与客户的关系要换标签/).waitFor()
  await stage.judged(page, 'move')
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.picture(page, 'catalogue-768')
}, 180_000)

test('SC7: a guide sees what a guess rests on, corrects it by the customer’s word, and it is never guessed again', async () => {
  const { page } = await stage.console('guide')
  const { wecom_userid: userid } = await db
    .selectFrom('accounts')
    .select('wecom_userid')
    .where('username', '=', 'guide')
    .executeTakeFirstOrThrow()
  const { corp_id: corpId, customer_id: customerId } = await db
    .selectFrom('relations')
    .select(['corp_id', 'customer_id'])
    .where('userid', '=', userid ?? '')
    .where('status', '=', 'alive')
    .orderBy('customer_id', 'desc')
    .executeTakeFirstOrThrow()
  const oily = await tagNamed('油性皮肤')
  const guess = async (order: string) => {
    const at = new Date(await platform.nowMs())
    const fact = {
      ...{ customerId, tagId: oily.id, source: 'inferred' as const, reference: 'skin-by-order', says: true, at },
      ...{ confidence: 0.78, expiresAt: new Date(at.getTime() + 180 * 86_400_000), evidence: { order } },
    }
    await db.transaction().execute((tx) => recordFacts(tx, corpId, [fact], new Date()))
    await expect
      .poll(() => db.selectFrom('tag_todos').select('customer_id').where('customer_id', '=', customerId).execute())
      .toHaveLength(0)
  }
  await guess('NY20260711-003')
  await page.goto(`${stage.url}/customers/list/${customerId}`)
  const inferred = page.getByRole('button', { name: /油性皮肤 · 推断/ })
  await inferred.waitFor()
  await inferred.click()
  await page.getByText(/78/).first().waitFor()
  await page.getByText(/NY20260711-003/).waitFor()
  await stage.judged(page, 'sc7-inferred')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: '打标签' }).click()
  await page.getByRole('combobox', { name: '输入标签名称' }).fill('敏感')
  await page.getByTitle('敏感肌').click()
  await page.getByRole('button', { name: /敏感肌 · 手动/ }).waitFor()
  await page.getByText('不成立的').waitFor()
  await stage.judged(page, 'sc7-corrected')

  await platform.advance(30 * 86_400_000)
  await guess('NY20260811-001')
  await page.reload()
  await page.getByRole('button', { name: /敏感肌 · 手动/ }).waitFor()
  const held = await db
    .selectFrom('person_tags')
    .select(['tag_id', 'source'])
    .where('customer_id', '=', customerId)
    .where('tag_id', '=', oily.id)
    .execute()
  expect(held).toEqual([])
}, 120_000)

const tagNamed = (name: string) =>
  db.selectFrom('tags').select(['id', 'platform_id']).where('name', '=', name).executeTakeFirstOrThrow()

/** Customers on whom the platform shows a tag, as we know it. */
async function bearers(platformId: string): Promise<readonly number[]> {
  const rows = await db.selectFrom('relations').select(['customer_id', 'tag_ids']).execute()
  return rows.filter((row) => row.tag_ids.includes(platformId)).map((row) => row.customer_id)
}
