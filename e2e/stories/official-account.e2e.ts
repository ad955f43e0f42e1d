import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { makeChannel } from '../support/channels.ts'
import { openStage } from '../support/stage.ts'

// Section 1 of «One person»: the menu the brand made, messages that people agree to, and a page that knows its visitor
const stage = await openStage('official-account')
const { db, platform } = stage
const phoneSize = { width: 390, height: 844 }

interface Account {
  readonly kind: string
  readonly appId: string
  readonly secret: string
  readonly templates: readonly { readonly id: string; readonly title: string }[]
}
async function accountOf(kind: string): Promise<Account & { token: string }> {
  const { accounts } = await platform.get<{ accounts: Account[] }>('/sandbox/weixin')
  const account = accounts.find((one) => one.kind === kind)
  if (account === undefined) throw new Error(`there is no ${kind}`)
  const asked = { grant_type: 'client_credential', appid: account.appId, secret: account.secret }
  const { access_token } = await platform.post<{ access_token: string }>('/weixin/cgi-bin/stable_token', asked)
  return { ...account, token: access_token }
}

test('the menu the brand made opens below, tells of taps, and leads to the shop', async () => {
  const person = await platform.newCustomer('点菜单的人')
  const { page, glass } = await stage.phone()
  await page.goto(`${platform.url}/?as=${person.id}&chat=app:service`)
  await glass.getByRole('button', { name: '关注公众号' }).click()
  await glass.getByRole('button', { name: '会员服务' }).click()
  await glass.getByRole('menuitem', { name: '会员权益' }).waitFor()
  await stage.judged(page, 'menu-open')
  await glass.getByRole('menuitem', { name: '会员权益' }).click()
  const told = () => db.selectFrom('weixin_callbacks').select('kind').where('kind', 'like', 'oa.menu%').execute()
  await expect.poll(told).toEqual([{ kind: 'oa.menu_clicked' }])
  await page.setViewportSize(phoneSize)
  await glass.getByRole('button', { name: '会员服务' }).click()
  await stage.judged(page, 'menu-open-phone')
  await glass.getByRole('menuitem', { name: '我的订单' }).click()
  await glass.locator('[data-shop]').waitFor()
  await expect.poll(told).toHaveLength(2)
})

test('he agrees to messages in the shop, gets one, turns them off; his page in the console says so', async () => {
  const person = await platform.newCustomer('订阅的人')
  const phone = await stage.phone()
  const { page, glass } = phone
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  await platform.post(`/sandbox/people/${person.id}/oa/follow`, { via: 'search' })
  await page.goto(`${platform.url}/?as=${person.id}&chat=app:service`)
  await glass.getByRole('button', { name: '鲜果商城' }).click()
  const shop = glass.locator('[data-shop]')
  await shop.getByRole('button', { name: /金枕榴莲/ }).click()
  await shop.getByRole('button', { name: '立即购买' }).click()
  await shop.getByRole('button', { name: '接收取货与退款提醒' }).click()
  const sheet = glass.getByRole('dialog')
  await sheet.getByRole('switch', { name: '到货提醒' }).click()
  await stage.judged(page, 'asked')
  await sheet.getByRole('button', { name: '允许' }).click()
  const answers = () => db.selectFrom('weixin_consents').select('kind').orderBy('kind').execute()
  await expect
    .poll(answers, { timeout: 10_000 })
    .toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'rejected' }])

  const { token, templates } = await accountOf('miniprogram')
  const { accounts } = await platform.get<{ accounts: { key: string; openId: string }[] }>(
    `/sandbox/people/${person.id}/weixin`,
  )
  const touser = accounts.find(({ key }) => key === 'shop')?.openId
  const template_id = templates.find(({ title }) => title === '取货提醒')?.id
  const data = { thing1: { value: '金枕榴莲' }, character_string2: { value: 'A102' }, time3: { value: '18:00' } }
  const sent = await platform.post<{ errcode: number }>(
    `/weixin/cgi-bin/message/subscribe/send?access_token=${token}`,
    { touser, template_id, data, page: 'pages/order/order' },
  )
  expect(sent.errcode).toBe(0)

  await shop.getByRole('button', { name: '通知管理' }).click()
  await sheet.getByRole('switch', { name: /退款通知/ }).click()
  await stage.judged(page, 'notifications')
  await expect.poll(answers).toContainEqual({ kind: 'refused' })
  await page.keyboard.press('Escape')

  await page.goto(`${platform.url}/?as=${person.id}&chat=app:shop`)
  await phone.log.getByText('取货提醒').waitFor()
  await stage.judged(page, 'message')
  await phone.log.getByText('查看详情').click()
  await shop.waitFor()

  const identity = () =>
    db.selectFrom('identities').select('customer_id').where('value', '=', person.externalUserId).executeTakeFirst()
  await expect.poll(identity).toBeDefined()
  const admin = await stage.console('admin')
  await admin.page.goto(`${stage.url}/customers/list/${(await identity())?.customer_id}`)
  const region = admin.page.getByRole('region', { name: '鲜果商城' })
  await region.getByText('消息订阅').waitFor()
  await region.getByText('已拒收').waitFor()
  await region.getByText('取货提醒').waitFor()
  await region.scrollIntoViewIfNeeded()
  await stage.judged(admin.page, 'consents')
  await admin.page.setViewportSize({ width: 768, height: 1024 })
  await region.scrollIntoViewIfNeeded()
  await stage.judged(admin.page, 'consents-tablet')
})

test('a page behind the menu knows him silently by the Official Account, and shows his own adviser', async () => {
  const person = await platform.newCustomer('老客户')
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  await platform.post(`/sandbox/people/${person.id}/oa/follow`, { via: 'search' })
  const { accounts } = await platform.get<{ accounts: { key: string; openId: string }[] }>(
    `/sandbox/people/${person.id}/weixin`,
  )
  const openId = accounts.find(({ key }) => key === 'service')?.openId ?? ''
  /** Of how many persons his two identities are; 0 until both are known. */
  const persons = async () => {
    const { rows } = await sql<{ ids: number; persons: number }>`
      select count(*)::int as ids, count(distinct coalesce(c.merged_into, c.id))::int as persons
      from identities i join customers c on c.id = i.customer_id
      where i.value in (${person.externalUserId}, ${openId})`.execute(db)
    return rows[0]?.ids === 2 ? rows[0].persons : 0
  }
  await expect.poll(persons).toBe(1)
  const admin = await stage.console('admin')
  const { appId, token } = await accountOf('official')
  const settings = { url: null, know_customers: true, asked_by: appId }
  expect((await admin.call('PUT', '/api/channels/landing-settings', settings)).status).toBe(200)
  const staff = stage.sandbox.world.staff.all().map(({ userid }) => userid)
  const others = staff.filter((userid) => userid !== 'chenxiaoyu').slice(0, 2)
  const { content } = await makeChannel(stage, admin, { name: '公众号落地页', staff: others, kind: 'landing' })
  const button = [{ type: 'view', name: '专属顾问', url: content }]
  await platform.post(`/weixin/cgi-bin/menu/create?access_token=${token}`, { button })

  const { page, glass } = await stage.phone()
  await page.goto(`${platform.url}/?as=${person.id}&chat=app:service`)
  await glass.getByRole('button', { name: '专属顾问' }).click()
  const frame = glass.frameLocator('iframe')
  await frame.getByText('你的专属顾问').waitFor()
  await frame.getByText('陈晓雨').waitFor()
  await stage.picture(page, 'own-adviser')
})

test('the same in English and on a phone, and what he lets the account send', async () => {
  const person = await platform.newCustomer('Visitor')
  const { page } = await stage.phone()
  await page.goto(`${platform.url}/?as=${person.id}`)
  await page.getByRole('button', { name: 'English' }).click()
  const glass = page.getByRole('region', { name: 'Phone' })
  await platform.post(`/sandbox/people/${person.id}/oa/follow`, { via: 'search' })
  await page.setViewportSize(phoneSize)
  await glass.getByRole('button', { name: 'Contacts' }).click()
  await glass.getByRole('button', { name: /Official Account/ }).click()
  await glass.getByRole('switch', { name: 'Receive messages' }).click()
  await expect
    .poll(() => glass.getByRole('switch', { name: 'Receive messages' }).getAttribute('aria-checked'))
    .toBe('false')
  await stage.judged(page, 'official-page-en')
  await glass.getByRole('button', { name: 'Fruit shop' }).click()
  const shop = glass.locator('[data-shop]')
  await shop.getByRole('button', { name: /金枕榴莲/ }).waitFor()
  await stage.judged(page, 'shop-en')
  await shop.getByRole('button', { name: /金枕榴莲/ }).click()
  await stage.judged(page, 'product-en')
  await shop.getByRole('button', { name: 'Buy now' }).click()
  await shop.getByRole('button', { name: 'Get messages about pick-up and refunds' }).click()
  await stage.judged(page, 'asked-en')
  await glass.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await stage.judged(page, 'orders-en')
})
