import { createClient, type OrderInput } from '@nuanyu/client'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('persons')
const { db, platform } = stage

/** A paid order of the mini program's shop. */
function order(number: string, customer: OrderInput['customer'], at: string): OrderInput {
  return {
    ...{ source: 'shop', number, updated_at: at, ordered_at: at, paid_at: at, amount: 9_900, customer },
    lines: [{ product: 'durian', name: '猫山王榴莲 1kg', category: '水果', quantity: 1, price: 9_900 }],
  }
}

// SC13: whoever scans the card in his parcel is matched by unionid, else by the end of the number on its slip
test('orders of people whom nobody knew find their customers: by unionid at once, else by the number on the slip', async () => {
  const { page, open, call } = await stage.console('admin')
  const key = await call<{ secret: string }>('POST', '/api/keys', { name: '小程序商城', scopes: ['orders.write'] })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  const at = new Date(await platform.nowMs()).toISOString()
  const matched = await platform.newCustomer('有号的人')
  const told = await platform.newCustomer('报尾号的人')
  const { unionId } = await platform.get<{ unionId: string }>(`/sandbox/people/${matched.id}`)
  const sent = await shop.orders.send([
    order('SH-1201-7001', { unionid: unionId }, at),
    order('SH-1201-4821', { openid: { appid: 'wxOtherShop', openid: 'oNobodyKnows' }, member_no: 'VIP-4821' }, at),
  ])
  expect(sent.rejected).toBe(0)

  // both are known, with a page, before any member has them
  await open('/customers/list?status=none', '客户列表')
  const row = page.getByRole('row').filter({ hasText: 'VIP-4821' })
  await row.waitFor()
  await stage.judged(page, 'nobodys')
  await page.getByRole('textbox', { name: /会员号/ }).fill('VIP-4821')
  await expect.poll(() => page.getByRole('row').filter({ hasText: '会员号' }).count()).toBe(1)
  await row.getByRole('button').first().click()
  await page.getByText('还没有添加任何员工').waitFor()
  await page.getByText('猫山王榴莲').first().waitFor()
  await stage.judged(page, 'page-of-nobodys')

  // the demo brand's guide has his account when the staff have been read
  const guides = () => db.selectFrom('accounts').select('wecom_userid').where('username', '=', 'guide').execute()
  await expect.poll(guides).toHaveLength(1)
  const userid = (await guides())[0]?.wecom_userid
  for (const person of [matched, told]) await platform.post(`/sandbox/people/${person.id}/add`, { userid })
  const [own, other] = [await customerId(matched.externalUserId), await customerId(told.externalUserId)]

  await page.goto(`${stage.url}/customers/list/${own}`)
  await page.getByText('猫山王榴莲').first().waitFor()

  const guide = await stage.console('guide')
  await guide.page.goto(`${stage.url}/customers/list/${other}`)
  await guide.page.getByRole('button', { name: '按尾号认领' }).click()
  const dialog = guide.page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('4821')
  await dialog.getByRole('radio').click()
  await stage.judged(guide.page, 'claim')
  await dialog.getByRole('button', { name: '是这位客户的' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await guide.page.getByText('猫山王榴莲').first().waitFor()
  await stage.judged(guide.page, 'claimed')
  const { rows } = await sql<{ number: string; root: number }>`
    select o.number, coalesce(c.merged_into, c.id) as root from orders o join customers c on c.id = o.customer_id
    order by o.number`.execute(db)
  expect(rows).toEqual([
    { number: 'SH-1201-4821', root: other },
    { number: 'SH-1201-7001', root: own },
  ])

  // the number on the card is now his, and can be taken off him again
  await page.goto(`${stage.url}/customers/list/${other}`)
  await page.getByRole('button', { name: '身份合并' }).click()
  await page.getByText('另一个身份并入这位客户').waitFor()
  await page.getByRole('button', { name: '拆出' }).first().waitFor()
  await stage.judged(page, 'one-person')
})

test('who deletes a member is on the page of lost customers within seconds, with what happened before', async () => {
  const { page, open } = await stage.console('admin')
  const leaver = await platform.newCustomer('要走的人')
  await platform.post(`/sandbox/people/${leaver.id}/add`, { userid: 'chenxiaoyu' })
  await customerId(leaver.externalUserId)
  await platform.advance(3 * 86_400_000)
  await platform.post(`/sandbox/people/${leaver.id}/delete`, { peer: 'chenxiaoyu' })
  await expect
    .poll(() => db.selectFrom('relations').select('userid').where('ended_by', '=', 'customer').execute(), {
      timeout: 10_000,
    })
    .not.toEqual([])
  await open('/customers/lost', '流失客户')
  const row = page.getByRole('row').filter({ hasText: '要走的人' })
  await row.getByText('客户删除员工').waitFor()
  await row.getByRole('cell', { name: '3 天', exact: true }).waitFor()
  await row
    .getByText(/成为好友/)
    .first()
    .waitFor()
  await stage.judged(page, 'lost')
  await page.setViewportSize({ width: 768, height: 1024 })
  await stage.judged(page, 'lost-tablet')
  await page.setViewportSize({ width: 1440, height: 900 })
  await row.getByRole('button').first().click()
  await page.getByRole('heading', { level: 1, name: '要走的人' }).waitFor()
})

test('a brand declares the number of its tills as a kind of identity, and what it proves', async () => {
  const { page, open } = await stage.console('admin')
  await open('/customers/duplicates?tab=kinds', '重复与合并')
  await page.getByRole('button', { name: '声明身份种类' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('收银会员号')
  await dialog.getByLabel('代码').fill('till_no')
  await stage.judged(page, 'kind')
  await dialog.getByRole('button', { name: /保\s*存/ }).click()
  await page.getByRole('cell', { name: '收银会员号' }).waitFor()
  await stage.judged(page, 'kinds')
  const declared = await db.selectFrom('identity_kinds').select(['kind', 'strong', 'exclusive']).execute()
  expect(declared).toEqual([{ kind: 'till_no', strong: true, exclusive: false }])
})

async function customerId(externalUserId: string): Promise<number> {
  const find = async () => {
    const { rows } = await sql<{ id: number }>`
      select coalesce(c.merged_into, c.id) as id from identities i join customers c on c.id = i.customer_id
      join relations r on r.external_userid = i.value and r.detail_at is not null
      where i.kind = 'external_userid' and i.value = ${externalUserId}`.execute(db)
    return rows[0]?.id
  }
  await expect.poll(find).toBeDefined()
  return (await find()) ?? 0
}
