import { expect, test } from 'vitest'
import { sellSomething } from '../shots.commerce.ts'
import { openStage } from '../support/stage.ts'

// capabilities 90–94: fields of a brand's own, stages with their figures, and what buyers are worth
const stage = await openStage('fields-life-cycle')
const { db, platform } = stage

test('an operator defines a field of each kind, fills them in on a customer’s page, and a wrong value is refused', async () => {
  const { page, open } = await stage.console('operator')
  await open('/customers/fields', '自定义字段')
  for (const [name, kind] of [
    ['过敏说明', '文字'],
    ['家庭人数', '数字'],
    ['生日', '日期'],
    ['肤质', '单选'],
    ['喜欢的水果', '多选'],
  ] as const) {
    await page.getByRole('button', { name: '新建字段' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('名称').fill(name)
    await form.getByLabel('类型（创建后不能改）').click()
    await page.locator('.ant-select-item-option').filter({ hasText: kind }).click()
    if (kind === '数字') {
      await form.getByLabel('最小值').fill('1')
      await form.getByLabel('最大值').fill('20')
    }
    if (kind === '单选' || kind === '多选') {
      const choices = form.getByLabel('选项')
      for (const choice of kind === '单选' ? ['油性', '干性'] : ['榴莲', '车厘子', '草莓']) {
        await choices.fill(choice)
        await choices.press('Enter')
      }
    }
    if (kind === '单选') await stage.judged(page, 'new-field')
    await form.getByRole('button', { name: '保存' }).click()
    await page.getByRole('cell', { name, exact: true }).waitFor()
  }
  await stage.judged(page, 'fields')

  const { customer_id: id } = await db
    .selectFrom('customer_cards')
    .select('customer_id')
    .where('status', '=', 'alive')
    .orderBy('customer_id')
    .executeTakeFirstOrThrow()
  await page.goto(`${stage.url}/customers/list/${id}`)
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: '自定义字段' }) })
  await panel.getByRole('button', { name: '编辑' }).click()
  await panel.getByLabel('过敏说明').fill('花生')
  await panel.getByLabel('家庭人数').fill('200')
  await panel.getByLabel('肤质').click()
  await page.getByTitle('油性', { exact: true }).click()
  await panel.getByLabel('喜欢的水果').click()
  await page.getByTitle('榴莲', { exact: true }).click()
  await page.getByTitle('草莓', { exact: true }).click()
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: '保存' }).click()
  await panel.getByRole('alert').waitFor()
  await stage.judged(page, 'refused')
  await panel.getByLabel('家庭人数').fill('4')
  await panel.getByRole('button', { name: '保存' }).click()
  await panel.getByText('榴莲、草莓').waitFor()
  await panel.getByText('花生').waitFor()
  await stage.judged(page, 'filled')
}, 180_000)

test('an operator gives the life-cycle a stage with entry and exit, sees whom it moves first, and how people get on', async () => {
  const { page, open } = await stage.console('operator')
  await expect
    .poll(() => db.selectFrom('life_cycles').select('version').where('started_at', 'is not', null).execute(), {
      timeout: 60_000,
      interval: 250,
    })
    .not.toHaveLength(0)
  await sellSomething(stage.url, platform.url)
  await open('/customers/life-cycle', '生命周期')
  const stageCount = async (name: string) => {
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
    return Number(((await card.textContent())?.match(/\d[\d,]*/)?.[0] ?? '0').replaceAll(',', ''))
  }
  // events of orders turn stages by themselves, within seconds
  await expect.poll(() => stageCount('复购')).toBeGreaterThan(0)
  await stage.judged(page, 'life-cycle')

  await page.getByRole('button', { name: '编辑阶段' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: '加一个阶段' }).click()
  const added = drawer.locator('section').last()
  await added.getByLabel('阶段名称').fill('大客户')
  await added.getByLabel('至少').first().fill('2')
  await added.getByRole('button', { name: '加退出规则' }).click()
  await added.getByLabel('至少').last().fill('99')
  await drawer.getByLabel('这次改了什么（可不填）').fill('加大客户阶段')
  await drawer.getByRole('button', { name: '看会影响多少人' }).click()
  await drawer.getByRole('status').waitFor()
  await stage.judged(page, 'preview')
  await drawer.getByRole('button', { name: /^保存/ }).click()
  await page.getByText('加大客户阶段').first().waitFor({ timeout: 20_000 })
  await expect.poll(() => stageCount('大客户')).toBeGreaterThan(0)
  await page.getByText('第 2 版').first().waitFor()
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.picture(page, 'life-cycle-768')
  await page.setViewportSize({ width: 1440, height: 900 })

  // a version that moves everybody starts nothing a second time
  const told = await db.selectFrom('events').select('payload').where('kind', '=', 'stage.entered').execute()
  const byVersion = told.filter((event) => JSON.stringify(event.payload).includes('"recomputed":true'))
  expect(byVersion.length).toBeGreaterThan(0)
}, 180_000)

test('buyers have scores and a tier, and a tier of the brand’s own counts who is in it', async () => {
  const { page, open } = await stage.console('operator')
  await open('/customers/rfm', 'RFM 价值分层')
  await page.getByRole('button', { name: '重新计算' }).click()
  await page.getByText(/共 \d+ 位买家/).waitFor({ timeout: 30_000 })
  await stage.judged(page, 'rfm')
  await page.getByRole('button', { name: '编辑层级' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('层级名称').first().fill('贵宾')
  await stage.judged(page, 'tiers')
  await drawer.getByRole('button', { name: '保存并重新计算所有买家' }).click()
  const tier = page.getByRole('row').filter({ hasText: '贵宾' })
  await tier.waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: '看表格' }).click()
  const [first] = await page.locator('table .ant-btn-link').all()
  await first?.click()
  await page.getByRole('dialog').getByRole('row').nth(1).waitFor()
  await stage.judged(page, 'buyers')
}, 120_000)
