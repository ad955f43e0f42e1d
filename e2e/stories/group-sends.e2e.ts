import { createClient } from '@nuanyu/client'
import type { APIRequestContext } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage, wechat } from '../support/stage.ts'

// SC5: a coupon into two hundred groups, each with a link of its own; their owners tap once a group, and the page said so
const count = 200
const stage = await openStage('group-sends', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 60, staff: 10 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, dispatchMs: 0 } },
})
const { db, platform } = stage
const name = '早安咖啡券'
const target = 'https://shop.example.com/coffee'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const hour = 3_600_000

interface Person {
  readonly id: string
  readonly externalUserId: string
  readonly unionId: string
}

test('an operator sends a coupon to two hundred groups, owners tap as often as the page counted, and who was asleep buys again', async () => {
  const operator = await stage.console('operator')
  const { page } = operator
  const judgedEverywhere = (what: string) => stage.judgedAt(page, sizes, what)
  const { owners, people } = await theGroups()
  const admin = await stage.console('admin')
  // WeChat is asked who opens a link: otherwise nobody knows who was asleep
  const links = await admin.call<{ know_customers: boolean }>('GET', '/api/links/settings')
  const told = await admin.call('PUT', '/api/links/settings', { ...links.body, know_customers: true })
  expect(told.status).toBe(200)

  await operator.open('/engagement/group-sends', '客户群群发')
  await page.getByText('还没有客户群群发').waitFor()
  await stage.judged(page, 'empty')
  await page.getByRole('button', { name: '新建客户群群发' }).first().click()
  await page.getByRole('heading', { level: 1, name: '新建客户群群发' }).waitFor()
  await page.getByLabel('名称', { exact: true }).fill(name)
  await page.getByLabel('群名包含').fill('社区福利群')
  const counts = page.locator('aside dl')
  const counted = (label: string) => counts.locator('div').filter({ hasText: label }).locator('dd').textContent()
  await expect.poll(() => counted('会发到'), { timeout: 20_000 }).toBe(String(count))
  expect(await counted('群主一共要点几次')).toBe(String(owners.length))
  await judgedEverywhere('groups')
  // or those of a list, found by name
  await page.getByText('指定客户群', { exact: true }).click()
  await page.getByRole('searchbox', { name: '群名、群主' }).fill('社区福利群 7')
  await page.getByRole('checkbox', { name: '选择「社区福利群 7」', exact: true }).check()
  await expect.poll(() => counted('会发到')).toBe('1')
  await judgedEverywhere('list')
  await page.getByText('按条件', { exact: true }).click()
  await page.getByLabel('群名包含').fill('社区福利群')
  await page.getByRole('button', { name: '下一步' }).click()

  await page
    .getByLabel('文字', { exact: true })
    .fill(`【{品牌}】早安！第二杯半价，点我领券：${target}\n不想常收到？{少打扰}`)
  await page.getByText('会换成可追踪的短链').waitFor()
  await page.getByLabel('手机预览').getByText('社区福利群 (86)').waitFor()
  await judgedEverywhere('content')
  await page.getByRole('button', { name: '下一步' }).click()

  // what a link of its own for each group costs is said before it is chosen, and owner by owner
  const said = `${owners.length} 位群主、${count} 个群：每位群主确认一次共点 ${owners.length} 次；每个群确认一次共点 ${count} 次。`
  await page.getByText(said).waitFor()
  await page.getByText('每个群确认一次，一群一链接').click()
  await expect.poll(() => counted('群主一共要点几次')).toBe(String(count))
  const shownTaps = new Map<string, number>()
  for (const row of await page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .all()) {
    const [each] = (await row.getByRole('cell').nth(2).allTextContents()) ?? []
    shownTaps.set((await row.getByRole('rowheader').textContent()) ?? '', Number(each))
  }
  expect([...shownTaps.values()].reduce((sum, taps) => sum + taps, 0)).toBe(count)
  await judgedEverywhere('taps')
  await page.getByRole('button', { name: '下一步' }).click()

  await page.getByText('检查都通过了').or(page.getByText('可以提交，但请留意')).first().waitFor()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('哪些群会收到，哪些不会，为什么').waitFor({ timeout: 60_000 })
  await judgedEverywhere('rehearsal')
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await admin.open('/approvals', '待办与审批')
  await admin.page.getByRole('button', { name }).click()
  await admin.page.getByRole('button', { name: '同意发送' }).click()

  await page.getByRole('tab', { name: '执行' }).click()
  const tasks = () =>
    db.selectFrom('campaign_tasks').select(['number', 'sender', 'state', 'msgid', 'run_id']).orderBy('number').execute()
  const states = async () => [...new Set((await tasks()).map(({ state }) => state))]
  await expect.poll(states, { timeout: 90_000 }).toEqual(['asked'])
  const asked = await tasks()
  expect(asked).toHaveLength(count)
  await page.getByText('待确认').first().waitFor()
  await judgedEverywhere('asked')

  // every owner confirms on his phone, once a group
  let taps = 0
  for (const [owner, his] of Map.groupBy(asked, ({ sender }) => sender)) {
    const open = async () => {
      const { tasks: there } = await platform.get<{ tasks: { msgid: string; state: string }[] }>(
        `/sandbox/people/${owner}/tasks`,
      )
      return there.filter(({ state }) => state === 'open').map(({ msgid }) => msgid)
    }
    await expect.poll(async () => (await open()).length, { timeout: 30_000 }).toBe(his.length)
    for (const msgid of await open()) {
      await platform.post(`/sandbox/people/${owner}/tasks/${msgid}/confirm`)
      taps += 1
    }
  }
  const { broadcasts } = await platform.get<{ broadcasts: { text: string; members: { sent: number } }[] }>(
    '/sandbox/oracle/broadcasts?limit=10000',
  )
  const ours = broadcasts.filter((one) => one.text.includes('早安！'))
  expect(ours.reduce((sum, { members }) => sum + members.sent, 0)).toBe(taps)
  expect(taps).toBe([...shownTaps.values()].reduce((sum, one) => sum + one, 0))
  // no two groups were given the same link
  expect(new Set(ours.map((one) => one.text)).size).toBe(count)

  const sent = async () =>
    (await db.selectFrom('campaign_groups').select('chat_id').where('status', '=', 1).execute()).length
  await expect
    .poll(
      async () => {
        if ((await sent()) < count) await platform.advance(10 * 60_000)
        return sent()
      },
      { timeout: 120_000, interval: 1_000 },
    )
    .toBe(count)
  const { rows } = await platform.get<{ rows: (string | number)[][] }>('/sandbox/oracle/group-deliveries?limit=100000')
  expect(rows).toHaveLength(count)

  // three of the groups' customers open the link; one who had not bought for a week does, one had three days ago
  const run = asked[0]?.run_id ?? 0
  const shop = await theShop(admin)
  const [asleep, awake, quiet] = people
  if (asleep === undefined || awake === undefined || quiet === undefined) throw new Error('three people were made')
  const now = await platform.nowMs()
  await shop([{ person: awake, number: 'B1', at: now - 72 * hour }])
  const first = await addressOf(operator.call, run, 1)
  for (const person of people)
    await opened((await stage.window({ userAgent: wechat })).context().request, first, person)
  const later = (await platform.nowMs()) + 60_000
  await shop([
    { person: asleep, number: 'A1', at: later },
    { person: awake, number: 'B2', at: later },
  ])
  await platform.advance(10 * 60_000)

  await page.getByRole('tab', { name: '复盘' }).click()
  const card = (title: string) => page.getByRole('article').filter({ hasText: title }).first()
  await card('点击').getByText('认出 3 人').waitFor({ timeout: 60_000 })
  await card('唤醒单量').getByText('1', { exact: true }).waitFor({ timeout: 60_000 })
  await card('唤醒人数').getByText('1', { exact: true }).waitFor()
  await card('群主点了几次').getByText(`${count} / ${count}`).waitFor()
  await judgedEverywhere('report')
  await card('唤醒单量').getByRole('button').click()
  await page.getByText('7 天内没有付款订单').first().waitFor()
  await stage.picture(page, 'definition')
  await page.keyboard.press('Escape')
  await page.getByText('按时段（近 7 天）').waitFor()

  await page.getByRole('tab', { name: '收到与没收到的群' }).click()
  await page.getByRole('row').filter({ hasText: '社区福利群' }).first().waitFor()
  await judgedEverywhere('by-group')

  // a group had its send of the day: another is told so in words
  await operator.open('/engagement/group-sends/new', '新建客户群群发')
  await page.getByLabel('名称', { exact: true }).fill('下午茶')
  await page.getByLabel('群名包含').fill('社区福利群')
  await expect.poll(() => counted('会发到'), { timeout: 20_000 }).toBe('0')
  await page.getByText('今天已经收到过群发').first().waitFor()
  await stage.judged(page, 'had-today')

  // or waits for the day on which it has room, where the send says so
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('文字', { exact: true }).fill(`【{品牌}】下午茶半价：${target}\n不想常收到？{少打扰}`)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('combobox', { name: '群到了上限时' }).click()
  await page.getByTitle('等到可以发的那天再发').last().click()
  await expect.poll(() => counted('等到可以发时再发'), { timeout: 20_000 }).toBe(String(count))
  await judgedEverywhere('waits')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '开始预演' }).click()
  await page.getByText('哪些群会收到，哪些不会，为什么').waitFor({ timeout: 60_000 })
  await page.getByRole('row').filter({ hasText: '等到可以发时再发' }).getByText('200', { exact: true }).waitFor()
  await judgedEverywhere('waits-rehearsal')
  const waits = await db.selectFrom('campaigns').select('id').where('name', '=', '下午茶').executeTakeFirstOrThrow()
  await operator.open(`/engagement/group-sends/${waits.id}?tab=people`, '下午茶')
  await page.getByRole('row').filter({ hasText: '等到可以发时再发' }).first().waitFor()
  await judgedEverywhere('waits-by-group')

  // what each group has left stands on its own page
  await admin.open('/groups/list', '客户群')
  await admin.page
    .getByRole('button', { name: /社区福利群/ })
    .first()
    .click()
  await admin.page.getByRole('dialog').getByText('平台群发额度').waitFor()
  await admin.page.getByRole('dialog').getByText('本月还可收到 30 条群发').waitFor()
  await stage.judged(admin.page, 'quota')

  await page.evaluate(() => localStorage.setItem('nuanyu.language', 'en'))
  const { id } = await db.selectFrom('campaigns').select('id').where('name', '=', name).executeTakeFirstOrThrow()
  await operator.open(`/engagement/group-sends/${id}?tab=report`, name)
  await page.getByText('Woken orders').first().waitFor()
  await judgedEverywhere('report-en')
  await operator.open(`/engagement/group-sends/${waits.id}?tab=people`, '下午茶')
  await page.getByRole('row').filter({ hasText: 'Waits for room' }).first().waitFor()
  await judgedEverywhere('waits-by-group-en')
}, 600_000)

/** Two hundred groups of five owners, in the first of which are three customers who know a member. */
async function theGroups(): Promise<{ owners: readonly string[]; people: readonly Person[] }> {
  const staff = () =>
    db
      .selectFrom('staff')
      .select('userid')
      .where('follows', '=', true)
      .where('gone_at', 'is', null)
      .orderBy('userid')
      .limit(5)
      .execute()
  await expect.poll(async () => (await staff()).length, { timeout: 60_000 }).toBe(5)
  const owners = (await staff()).map((one) => one.userid)
  const people: Person[] = []
  for (const called of ['王小雨', '李木子', '周念']) {
    const person = await platform.post<Person>('/sandbox/people', { role: 'customer', name: called })
    await platform.post(`/sandbox/people/${person.id}/add`, { userid: owners[0] })
    people.push(person)
  }
  for (let number = 0; number < count; number += 1)
    await platform.post('/sandbox/console', {
      ...{ do: 'group.create', owner: owners[number % owners.length], name: `社区福利群 ${number}` },
      customers: number === 0 ? people.map((one) => one.id) : [],
    })
  const known = () =>
    db
      .selectFrom('identities')
      .select('customer_id')
      .where(
        'value',
        'in',
        people.map((one) => one.externalUserId),
      )
      .execute()
  await expect.poll(async () => (await known()).length, { timeout: 60_000 }).toBe(people.length)
  const read = () =>
    db
      .selectFrom('groups')
      .select('chat_id')
      .where('name', 'like', '社区福利群%')
      .where('read_at', 'is not', null)
      .execute()
  await expect
    .poll(
      async () => {
        if ((await read()).length < count) await platform.advance(5_000)
        return (await read()).length
      },
      { timeout: 120_000, interval: 1_000 },
    )
    .toBe(count)
  return { owners, people }
}

type Call = Awaited<ReturnType<typeof stage.console>>['call']

/** The shop's system tells what it sold. */
async function theShop(admin: { readonly call: Call }) {
  const key = await admin.call<{ secret: string }>('POST', '/api/keys', { name: '商城', scopes: ['orders.write'] })
  const shop = createClient({ baseUrl: stage.url, key: key.body.secret })
  return async (orders: readonly { readonly person: Person; readonly number: string; readonly at: number }[]) => {
    const answer = await shop.orders.send(
      orders.map(({ person, number, at }) => {
        const time = new Date(at).toISOString()
        return {
          ...{ source: 'shop', number, updated_at: time, ordered_at: time, paid_at: time, amount: 1_990 },
          customer: { unionid: person.unionId },
          lines: [{ product: 'latte', name: '拿铁', category: '咖啡', quantity: 1, price: 1_990 }],
        }
      }),
    )
    expect(answer.rejected).toBe(0)
  }
}

async function addressOf(call: Call, run: number, task: number): Promise<string> {
  const { body } = await call<{ items: { address: string; task: number }[] }>(
    'GET',
    `/api/links/${run}/tasks?limit=200`,
  )
  return body.items.find((one) => one.task === task)?.address ?? ''
}

/** He opens it in WeChat, which says who he is; the shop is not asked for its page. */
async function opened(phone: APIRequestContext, address: string, person: Person): Promise<void> {
  let next = address
  for (let hop = 0; hop < 6 && !next.startsWith(target); hop += 1) {
    const answer = await phone.get(next, { maxRedirects: 0 })
    const [location = ''] = (answer.headers()['location'] ?? '').split('#')
    expect(location, `${next} answered ${answer.status()}`).not.toBe('')
    next = new URL(location, next).href
    if (next.includes('/oauth2/authorize')) next = `${next}&visitor=${person.externalUserId}`
  }
  expect(next.startsWith(target)).toBe(true)
}
