import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC25: who follows the Official Account, buys in the mini program and adds a guide is one person on one page
const stage = await openStage('one-person')
const { db, platform } = stage
/** From the add's detail to one person; the open page looks every 2 s of the 5 that it has, and then reads all of him anew. */
const joinedMs = 3_000

const person = await platform.newCustomer('同一个人')

test('he follows the Official Account and buys in the mini program: one person of both before any member knows him', async () => {
  const phone = await stage.phone()
  const { page, glass } = phone
  await page.goto(`${platform.url}/?as=${person.id}`)

  await glass.getByRole('button', { name: '通讯录' }).click()
  await glass.getByRole('button', { name: /鲜果连锁.*公众号/ }).click()
  await stage.judged(page, 'official-account')
  await glass.getByRole('button', { name: '关注公众号' }).click()
  await glass.getByRole('button', { name: '切到键盘' }).click()
  await glass.getByRole('textbox', { name: '输入消息' }).fill('今天有榴莲吗')
  await glass.getByRole('button', { name: '发送' }).click()
  await phone.log.getByText('今天有榴莲吗').waitFor()
  await glass.getByRole('button', { name: '切到菜单' }).click()
  await stage.judged(page, 'official-chat')

  await glass.getByRole('button', { name: '鲜果商城' }).click()
  const shop = glass.locator('[data-shop]')
  await shop.getByRole('button', { name: /金枕榴莲/ }).waitFor()
  await stage.judged(page, 'shop')
  await shop.getByRole('button', { name: /金枕榴莲/ }).click()
  await stage.judged(page, 'product')
  await shop.getByRole('button', { name: '加入购物车' }).click()
  await shop.getByRole('button', { name: '返回列表' }).click()
  await shop.getByRole('button', { name: /购物车/ }).click()
  await stage.judged(page, 'cart')
  await shop.getByRole('button', { name: /微信支付/ }).click()
  await shop.getByText(/订单号/).waitFor()
  await stage.judged(page, 'orders')
  await shop.getByRole('button', { name: '关闭小程序' }).click()

  // the brand knows him before any member does, as one person of three ids and nobody's customer
  await expect.poll(() => homes()).toBe(1)
})

test('he adds a member: one profile with all three, why they are one, and parting them again', async () => {
  await platform.post(`/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  const id = await customerId(person.externalUserId)
  const admin = await stage.console('admin')
  await admin.page.goto(`${stage.url}/customers/list/${id}`)
  const account = admin.page.getByRole('region', { name: '鲜果连锁' })
  await account.getByText('关注中').waitFor()
  await account.getByText('最近来信').waitFor()
  await admin.page.getByRole('region', { name: '鲜果商城' }).getByText('访问次数').waitFor()
  await admin.page.getByRole('button', { name: /金枕榴莲/ }).waitFor()
  // by the product's own stamps: a browser on a crowded machine may paint late
  expect(await joinedAfterMs(person.externalUserId)).toBeLessThan(joinedMs)
  await admin.page.getByText(/关注了公众号/).waitFor()
  await admin.page.getByText(/下单支付/).waitFor()
  await stage.judged(admin.page, 'one-profile')

  // why they are one, and parting them again
  const undo = admin.page.getByRole('button', { name: '拆开' }).first()
  await undo.waitFor()
  await undo.click()
  const dialog = admin.page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('演示：这其实是两个人')
  await dialog.getByRole('button', { name: '拆开' }).last().click()
  await admin.page.getByText(/一个身份从这位客户拆出/).waitFor()
  await stage.judged(admin.page, 'parted')
})

test('codes of the Official Account and the mini program lead there when they are scanned', async () => {
  const person = await platform.newCustomer('扫码的人')
  const phone = await stage.phone()
  const { accounts } = await platform.get<{ accounts: { kind: string; appId: string; secret: string }[] }>(
    '/sandbox/weixin',
  )
  const tokenOf = async (kind: string) => {
    const account = accounts.find((one) => one.kind === kind)
    const asked = { grant_type: 'client_credential', appid: account?.appId, secret: account?.secret }
    const { access_token } = await platform.post<{ access_token: string }>('/weixin/cgi-bin/stable_token', asked)
    return access_token
  }
  const code = await platform.post<{ url: string }>(
    `/weixin/cgi-bin/qrcode/create?access_token=${await tokenOf('official')}`,
    { action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'store-100' } } },
  )
  await phone.scan(person, code.url)
  await phone.glass.getByRole('button', { name: '关注公众号' }).click()
  await phone.glass.getByRole('button', { name: '鲜果商城' }).waitFor()
  const follows = () => db.selectFrom('weixin_people').select('scene').where('qr_scene', '=', 'store-100').execute()
  await expect.poll(follows).toHaveLength(1)

  const link = await platform.post<{ url_link: string }>(
    `/weixin/wxa/generate_urllink?access_token=${await tokenOf('miniprogram')}`,
    {},
  )
  await phone.scan(person, link.url_link)
  await phone.glass.getByRole('button', { name: /丹东草莓/ }).waitFor()
})

async function customerId(externalUserId: string): Promise<number> {
  const find = async () => {
    const { rows } = await sql<{ id: number }>`
      select coalesce(c.merged_into, c.id) as id from identities i join customers c on c.id = i.customer_id
      where i.kind = 'external_userid' and i.value = ${externalUserId}`.execute(db)
    return rows[0]?.id
  }
  await expect.poll(find).toBeDefined()
  return (await find()) ?? 0
}

async function joinedAfterMs(externalUserId: string): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select extract(epoch from e.learnt_at - r.detail_at)::float8 * 1000 as ms
    from relations r join events e on e.kind = 'person.merged' and e.payload->'homes' @> to_jsonb(r.customer_id)
    where r.external_userid = ${externalUserId} order by e.id limit 1`.execute(db)
  return rows[0]?.ms ?? Number.POSITIVE_INFINITY
}

async function homes(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct coalesce(c.merged_into, c.id))::int as n from weixin_people p
    join customers c on c.id = p.customer_id
    where p.wrote_at is not null or p.visits > 0`.execute(db)
  return rows[0]?.n ?? 0
}
