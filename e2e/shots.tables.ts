import { type Office, openOffice } from './shots.office.ts'

/** As long as the platform lets a tag and the console a table's row be: what a page must bear without breaking. */
export const longTag = '双十一预售且三十天内看过榴莲直播间的上海浦东新区老顾客们呀哦'

const patienceMs = 60_000

/**
 * The office's own work beside the phone's: a tag as long as may be, one table imported with faults and one that waits
 * for its mapping, an export to download, one that waits for a second person, and a webhook.
 */
export async function workInTheOffice(consoleUrl: string): Promise<void> {
  const admin = await openOffice(consoleUrl)
  await admin('POST', '/api/tag-groups', { name: '活动人群', kind: 'own', tags: [longTag, '复购', 'VIP'] })
  await tagSomebody(admin)
  await importTables(admin)
  await admin('POST', '/api/connectors', { kind: 'webhook', name: '收银系统', config: tillMapping })
  await ready(admin, await admin<{ id: string }>('POST', '/api/exports', { kind: 'products', format: 'xlsx' }))
  await admin('PUT', '/api/audience-settings', { export_most: 10, drift_percent: 30 })
  const operator = await openOffice(consoleUrl, 'operator')
  for (const format of ['xlsx', 'csv'])
    await operator('POST', '/api/exports', { kind: 'customers', format, reason: '会员日短信名单，只发给同意接收的人' })
}

const tillMapping = {
  ...{ kind: 'orders', source: 'pos', items: 'data.list', lines: 'goods', money: 'yuan' },
  fields: { number: 'no', updated_at: 'at', ordered_at: 'at', amount: 'pay', 'customer.member_no': 'vip' },
}

async function tagSomebody(admin: Office): Promise<void> {
  const { groups } = await admin<{ groups: { tags: { id: string; name: string }[] }[] }>('GET', '/api/tags')
  const own = groups.flatMap(({ tags }) => tags).filter(({ name }) => name === longTag || name === '复购')
  const { items } = await admin<{ items: { id: number }[] }>('GET', '/api/customers?limit=5')
  await admin('POST', '/api/tags/put', {
    ...{ tag_ids: own.map(({ id }) => id), says: true },
    customers: items.map(({ id }) => id),
  })
}

async function importTables(admin: Office): Promise<void> {
  const rows = Array.from({ length: 400 }, (_, n) => `M${String(10_000 + n)},客户${n},138${String(10_000_000 + n)}`)
  const members = `会员卡号,客户姓名,联系电话,备注\n${rows.join('\n')}\nM90001,错号,1380,=1+1\n,无名,,\n`
  const { id } = await sendTable(
    admin,
    'customers',
    '会员中心导出 2026 年 11 月（含历史会员与已合并门店的老卡）.csv',
    members,
  )
  await admin('POST', `/api/imports/${id}/try`)
  await reach(admin, id, 'checked')
  await admin('POST', `/api/imports/${id}/run`)
  await reach(admin, id, 'done')
  await sendTable(admin, 'orders', '线下订单.csv', '单号,下单时间,金额,会员\nA1,2026-11-20 10:00,30.5,M10001\n')
}

async function sendTable(admin: Office, kind: string, name: string, text: string): Promise<{ id: string }> {
  const bytes = Buffer.from(`\uFEFF${text}`)
  const made = await admin<{ id: string }>('POST', '/api/imports', { kind, file_name: name, size: bytes.length })
  await admin('PUT', `/api/imports/${made.id}/file?offset=0`, bytes)
  return admin('POST', `/api/imports/${made.id}/look`)
}

const reach = (admin: Office, id: string, state: string) => until(admin, `/api/imports/${id}`, state)
const ready = (admin: Office, { id }: { id: string }) => until(admin, `/api/exports/${id}`, 'ready')

async function until(admin: Office, path: string, wanted: string): Promise<void> {
  const end = Date.now() + patienceMs
  let last = ''
  while (Date.now() < end) {
    last = (await admin<{ state: string }>('GET', path)).state
    if (last === wanted) return
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new Error(`${path} is ${last}, not ${wanted}`)
}
