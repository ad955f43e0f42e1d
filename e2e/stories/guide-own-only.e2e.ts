import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('guide-own-only')
const { db } = stage

test('a guide finds his own customers in lists, search and pages, and of all others nothing', async () => {
  const { page, open, call } = await stage.console('guide')
  const { wecom_userid: own } = await db
    .selectFrom('accounts')
    .select('wecom_userid')
    .where('username', '=', 'guide')
    .executeTakeFirstOrThrow()
  const mine = await customersOf('=', own ?? '')
  const others = (await customersOf('<>', own ?? '')).filter(({ id }) => !mine.some((one) => one.id === id))
  const [stranger] = others
  if (stranger === undefined) throw new Error('the brand has nobody but the guide’s customers')

  const name = mine[0]?.name ?? ''

  await open('/customers/list', '客户列表')
  const row = page.getByRole('row').getByRole('button', { name, exact: true })
  await row.waitFor()
  await stage.judged(page, 'own-customers')
  expect((await listed('')).toSorted(byNumber)).toEqual(mine.map(({ id }) => id).toSorted(byNumber))

  const strip = await call<{ customers: number; runs: unknown[] }>('GET', '/api/customer-sync')
  expect(strip.body).toMatchObject({ customers: mine.length, runs: [] })

  await row.click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await stage.judged(page, 'own-customer')

  await page.goto(`${stage.url}/customers/list/${stranger.id}`)
  await page
    .getByText(/没有找到|找不到|不存在/)
    .first()
    .waitFor()
  await stage.judged(page, 'another-customer')
  for (const part of ['', '/timeline'])
    expect((await call('GET', `/api/customers/${stranger.id}${part}`)).status).toBe(404)
  for (const query of [`?q=${encodeURIComponent(stranger.name)}`, `?staff=${stranger.userid}`])
    expect(await listed(query)).not.toContain(stranger.id)

  for (const path of ['/api/channels', '/api/staff', '/api/stores', '/api/callbacks', '/api/accounts', '/api/audit'])
    expect((await call('GET', path)).status, path).toBe(403)
  await page.goto(`${stage.url}/acquisition/channels`)
  await page.getByText('你的角色看不到这个页面').first().waitFor()
  await stage.judged(page, 'not-allowed')
  expect(await page.getByRole('navigation').getByRole('link', { name: '渠道活码' }).count()).toBe(0)

  async function listed(query: string): Promise<number[]> {
    const { status, body } = await call<{ items: { id: number }[] }>('GET', `/api/customers${query}`)
    expect(status).toBe(200)
    return body.items.map(({ id }) => id)
  }
})

async function customersOf(compare: '=' | '<>', userid: string) {
  const rows = await db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select(['customers.id', 'customers.name', 'relations.userid'])
    .where('relations.userid', compare, userid)
    .execute()
  return rows.map(({ id, name, ...rest }) => ({ ...rest, id: Number(id), name: name ?? '' }))
}

const byNumber = (a: number, b: number) => a - b
