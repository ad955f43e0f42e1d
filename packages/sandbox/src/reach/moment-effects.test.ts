import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { type Answer, PNG, type Stage, stage } from '../testing/stage.ts'
import { page } from './testing.ts'

const AT = 'externalcontact'
const HOUR = 3_600_000
const appeal = { contains: '榴莲', reads: 0.5, clicks: 0.6, buys: 0.5, deletes: 0.3 }
const reach = { appeals: [appeal], moments: { looks: 0.8, likes: 0.5, comments: 0 }, buysPerDay: 0 }

async function brand(options: SandboxOptions = {}): Promise<Stage> {
  const on = await stage({ people: 400, ...options })
  await on.settings({ reach, limits: { overrides: { 'callback.timeout_s': 60 } } })
  return on
}

/** The corp asks for a Moment of everybody's, and one member publishes it. */
async function published(on: Stage, content: object): Promise<string> {
  const sender_list = { user_list: ['chenxiaoyu'] }
  const { jobid } = await on.call(`${AT}/add_moment_task`, { ...content, visible_range: { sender_list } })
  await on.advance(3_000)
  const { moment_id } = (await on.get(`${AT}/get_moment_task_result`, { jobid })).result
  await on.admin('POST', `/people/chenxiaoyu/moments/${moment_id}/publish`)
  return moment_id
}
const truthOf = async ({ admin }: Pick<Stage, 'admin'>, momentId: string) =>
  (await admin('GET', '/oracle/moments')).moments.find((one: Answer) => one.momentId === momentId)
const days = async ({ advance }: Pick<Stage, 'advance'>) => {
  // a little at a time, so that the page is asked by some and not by all at once
  for (let hour = 0; hour < 96; hour += 3) await advance(3 * HOUR)
}

test('a Moment makes people open its link, buy and leave, as many as the oracle says, and nobody else', async () => {
  const on = await brand()
  await on.subscribe()
  const { url, asked } = await page()
  const { media_id } = await on.upload('media/upload_attachment?media_type=image&attachment_type=1', PNG)
  const link = { msgtype: 'link', link: { title: '金枕榴莲', url, media_id } }
  const momentId = await published(on, { text: { content: '到货啦' }, attachments: [link] })
  await days(on)
  const { truth, members } = await truthOf(on, momentId)
  expect(members).toEqual({ asked: 1, published: 1 })
  const { columns, rows } = await on.admin('GET', '/oracle/moment-views')
  const at = (name: string) => columns.indexOf(name)
  const did = (name: string) => rows.filter((row: Answer) => row[at(name)] >= 0)
  expect([truth.reached, truth.drawn.reads]).toEqual([rows.length, did('readsMs').length])
  expect(Math.min(truth.drawn.clicks, truth.drawn.buys, truth.drawn.deletes)).toBeGreaterThan(0)
  expect(asked).toHaveLength(truth.drawn.clicks)
  const removed = on.events.filter((event) => event.kind === 'customer.removed_by_customer')
  expect(removed).toHaveLength(truth.drawn.deletes)
  const { customers } = on.sandbox.world
  const buyers = did('buysMs').filter(
    (row: Answer) => !customers.isWecom(customers.indexOf(row[at('externalUserId')]) ?? 0),
  )
  expect((await on.admin('GET', '/shop/orders')).orders).toHaveLength(buyers.length)
  // only who looks does anything, and only who looks likes
  for (const row of [...did('clicksMs'), ...did('buysMs'), ...did('deletesMs')])
    expect(row[at('readsMs')]).toBeGreaterThan(0)
  const { like_list } = await on.call(`${AT}/get_moment_comments`, { moment_id: momentId, userid: 'chenxiaoyu' })
  const looked = new Set(did('readsMs').map((row: Answer) => row[at('externalUserId')]))
  expect(like_list.length).toBeGreaterThan(0)
  expect(like_list.filter((one: Answer) => !looked.has(one.external_userid))).toEqual([])
})

test('the planted effect is one for each person and Moment, told for those too who did not see it', async () => {
  const on = await brand()
  const momentId = await published(on, { text: { content: '榴莲到货' } })
  const { columns, rows } = await on.admin('GET', '/oracle/moment-views')
  const people = rows.map((row: Answer) => row[columns.indexOf('externalUserId')])
  const effects = await on.admin('POST', '/oracle/effects', { text: '榴莲到货', people, moment: true })
  const planted = rows.map((row: Answer) => row[columns.indexOf('effect')])
  expect(effects.rows.map((row: Answer) => row[2])).toEqual(planted)
  const { truth } = await truthOf(on, momentId)
  expect(truth.expected.buys).toBeCloseTo(
    planted.reduce((sum: number, one: number) => sum + one, 0),
    9,
  )
  expect(truth.expected.reads).toBeCloseTo(0.8 * rows.length, 9)
  expect(new Set(planted).size).toBeGreaterThan(5)
  const message = await on.admin('POST', '/oracle/effects', { text: '榴莲到货', people })
  expect(message.rows.map((row: Answer) => row[2])).not.toEqual(planted)
})

test('words that nothing was planted for move nobody; they are looked at all the same', async () => {
  const on = await brand()
  const momentId = await published(on, { text: { content: '早安' } })
  const { truth } = await truthOf(on, momentId)
  expect(truth.drawn).toMatchObject({ clicks: 0, buys: 0, deletes: 0 })
  expect(truth.drawn.reads).toBeGreaterThan(0)
})

test('after a restart people go on reacting to a Moment as they would have', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const first = await brand({ stateFile })
  const momentId = await published(first, { text: { content: '榴莲到货' } })
  const before = await truthOf(first, momentId)
  await first.sandbox.close()
  const again = await stage({ people: 400, stateFile })
  expect(await truthOf(again, momentId)).toEqual(before)
  await days(again)
  expect((await again.admin('GET', '/shop/orders')).orders.length).toBeGreaterThan(0)
})

test('more Moments than may be in the making at once are refused, and made when there is room again', async () => {
  const on = await brand()
  await on.settings({ readings: { momentJobs: 2 } })
  const ask = async () => (await on.call(`${AT}/add_moment_task`, { text: { content: '早安' } })).errcode
  expect([await ask(), await ask(), await ask()]).toEqual([0, 0, 41078])
  await on.advance(3_000)
  expect(await ask()).toBe(0)
})
