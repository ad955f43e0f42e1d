import { expect, test } from 'vitest'
import { contentOf, type MadeChannel, makeChannel, makeWelcome } from '../support/channels.ts'
import type { ConsoleSide } from '../support/console.ts'
import type { Customer } from '../support/platform.ts'
import { openStage } from '../support/stage.ts'

// SC9: many channels at once, each with its own words, and one welcome of the platform's own that blocks ours
const stage = await openStage('four-channels')
const { db, platform } = stage

const plans = [
  { name: '静安店台卡', staff: ['chenxiaoyu'], day: '欢迎来静安店，台卡立减 5 元', night: '静安店已打烊，明早见' },
  { name: '包裹卡', staff: ['chenxiaoyu'], day: '包裹收到了吗？晒单送券', night: '包裹问题明早 8 点回复你' },
  { name: '老带新', staff: ['chenxiaoyu'], day: '朋友推荐来的，见面礼一份', night: '见面礼明早送到' },
  { name: '校园店', staff: ['chenxiaoyu'], kind: 'landing', day: '校园店欢迎你', night: '校园店夜里不营业' },
] as const
const hour = 3_600_000
// with the two on the phone, 401 scans
const scansOfEach = 57

/** Who must have read what. */
const expected = new Map<string, string>()

test('four channels, two times of day and one stop: everyone reads exactly the words of his channel, once', async () => {
  const operator = await stage.console('operator')
  const made: MadeChannel[] = []
  for (const plan of plans) {
    const channel = await makeChannel(stage, operator, plan)
    await makeWelcome(operator, channel.id, { name: `${plan.name}欢迎语`, day: plan.day, night: plan.night })
    made.push(channel)
  }
  await operator.open('/acquisition/welcomes', '好友欢迎语')
  await operator.page.getByText('校园店欢迎语').waitFor()
  await stage.judged(operator.page, 'welcomes')

  await scanAll(made, 'day')
  const phone = await stage.phone()
  await onThePhone(phone, made[0], '白天的客人', plans[0].day)
  await stage.picture(phone.page, 'by-day')

  await platform.advance(13 * hour) // 23:00
  await stopChannel(operator, plans[3].name)
  await scanAll(made.slice(0, 3), 'night')
  await onThePhone(phone, made[1], '夜里的客人', plans[1].night)
  await stage.picture(phone.page, 'by-night')

  const late = await platform.newCustomer('晚到的学生')
  await phone.scan(late, made[3]?.content ?? '')
  await phone.page.frameLocator('iframe').getByText('停用').waitFor()
  await stage.picture(phone.page, 'stopped') // axe does not come back from a page within the page

  await everyoneHasReadHisOwn()
  expect(await platform.reached(late.id)).toEqual([])
  const inBoth = 2 * scansOfEach
  await expect
    .poll(() => countedByName(operator), { timeout: 20_000 })
    .toEqual({ 静安店台卡: inBoth + 1, 包裹卡: inBoth + 1, 老带新: inBoth, 校园店: scansOfEach })
  await operator.open('/acquisition/channels', '渠道活码')
  await operator.page.getByText('包裹卡').waitFor()
  await stage.judged(operator.page, 'channels')
})

test('a welcome set in the platform’s own console is noticed within 10 minutes, in red, with what it cost', async () => {
  const operator = await stage.console('operator')
  const [channel] = await db.selectFrom('channels').select('id').where('name', '=', '包裹卡').execute()
  const content = await contentOf(operator, channel?.id ?? '')
  await platform.patch('/sandbox/settings', { members: { chenxiaoyu: { consoleWelcome: '你好，欢迎光临' } } })
  const missed: Customer[] = []
  for (const name of ['错过一', '错过二', '错过三', '错过四']) {
    const customer = await platform.newCustomer(name)
    await platform.scanAndAdd(customer, content)
    missed.push(customer)
  }
  for (const { id } of missed) await expect.poll(() => platform.reached(id, 'console_welcome')).toHaveLength(1)
  const noted = () =>
    db.selectFrom('alarms').select(['severity', 'title']).where('kind', '=', 'welcome.no_code').execute()
  await expect
    .poll(() => db.selectFrom('welcome_sends').select('userid').where('outcome', '=', 'no_code').execute())
    .toHaveLength(4)
  await platform.advance(10 * 60_000)
  await expect.poll(noted).toMatchObject([{ severity: 'red' }])

  const { page, open } = operator
  await open('/', '今日工作台')
  const todo = page.getByRole('listitem').filter({ hasText: '欢迎语失效' })
  await todo.waitFor()
  await stage.judged(page, 'alarm')
  await todo.getByRole('link').click()
  await page
    .getByText(/陈晓雨 4\//)
    .first()
    .waitFor()
  await page
    .getByText(/加客户 > 欢迎语/)
    .first()
    .waitFor()
  await stage.judged(page, 'where-to-switch-it-off')
})

/**
 * By the sandbox's own interface, all at once and mixed, as on a busy day. Time stands until everyone was greeted: whether a
 * crowded machine greets hundreds within the 20 seconds of a welcome code is not this story's question.
 */
async function scanAll(channels: readonly MadeChannel[], time: 'day' | 'night'): Promise<void> {
  await platform.post('/sandbox/clock', { paused: true })
  const scans = channels.flatMap((channel, at) =>
    Array.from({ length: scansOfEach }, (_, i) => ({ channel, plan: plans[at], name: `${time}${at}-${i}` })),
  )
  await Promise.all(
    scans.map(async ({ channel, plan, name }) => {
      const customer = await platform.newCustomer(name)
      const { outcome } = await platform.scanAndAdd(customer, await codeOf(channel))
      expect(outcome).toBe('added')
      expected.set(customer.id, plan?.[time] ?? '')
    }),
  )
  await everyoneHasReadHisOwn()
  await platform.post('/sandbox/clock', { paused: false })
}

/** A landing page shows the code of one member, made when the page is first opened. */
async function codeOf({ id, content }: MadeChannel): Promise<string> {
  if (!content.startsWith(stage.url)) return content
  let shown: string | null | undefined
  await expect
    .poll(async () => {
      await fetch(content)
      const codes = stage.db.selectFrom('channel_codes').select('content').where('channel_id', '=', id)
      shown = (await codes.where('userid', '<>', '').executeTakeFirst())?.content
      return shown
    })
    .toBeTruthy()
  return shown ?? ''
}

async function onThePhone(
  phone: Awaited<ReturnType<typeof stage.phone>>,
  channel: MadeChannel | undefined,
  name: string,
  words: string,
): Promise<Customer> {
  const customer = await platform.newCustomer(name)
  await phone.scan(customer, channel?.content ?? '')
  await phone.add()
  await phone.log.getByText(words).waitFor()
  expected.set(customer.id, words)
  return customer
}

async function stopChannel({ page, open }: ConsoleSide, name: string): Promise<void> {
  await open('/acquisition/channels', '渠道活码')
  await page.getByRole('button', { name: `「${name}」的更多操作` }).click()
  await page.getByRole('menuitem', { name: '停用' }).click()
  await page.getByText(`已停用「${name}」`).waitFor()
}

/** What the console says that each channel brought today. */
async function countedByName({ call }: ConsoleSide): Promise<Record<string, number>> {
  const { body } = await call<{ items: { name: string; adds_today: number }[] }>('GET', '/api/channels')
  const ours = body.items.filter(({ name }) => plans.some((plan) => plan.name === name))
  return Object.fromEntries(ours.map(({ name, adds_today }) => [name, adds_today]))
}

/** The platform's side is the judge: what reached whom. */
async function everyoneHasReadHisOwn(): Promise<void> {
  await expect.poll(async () => (await welcomes()).size).toBe(expected.size)
  const read = await welcomes()
  for (const [customer, words] of expected) expect(read.get(customer), customer).toEqual([words])
  const { welcomes: counted } = await platform.get<{ welcomes: { duplicates: number; missing: number } }>(
    '/sandbox/oracle/summary',
  )
  expect(counted).toMatchObject({ duplicates: 0, missing: 0 })
}

async function welcomes(): Promise<Map<string, string[]>> {
  const { messages } = await platform.get<{
    messages: { person: string; message: { body: { content?: string }; from: string | null } }[]
  }>('/sandbox/oracle/messages?source=welcome&after=0&limit=5000')
  const read = new Map<string, string[]>()
  for (const { person, message } of messages) {
    if (!expected.has(person)) continue // the member’s own side of the chat
    read.set(person, [...(read.get(person) ?? []), message.body.content ?? ''])
  }
  return read
}
