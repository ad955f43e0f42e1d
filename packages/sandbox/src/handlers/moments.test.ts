import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { type Answer, PNG, type Stage, stage } from '../testing/stage.ts'

const AT = 'externalcontact'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const text = { content: '今日到货：泰国金枕' }

async function prompt(options: SandboxOptions = {}): Promise<Stage> {
  const on = await stage(options)
  await on.settings({ memberDefaults: { confirms: 'prompt' } })
  return on
}

/** Asks for a Moment and waits until it is made. */
async function ask({ call, get, advance }: Pick<Stage, 'call' | 'get' | 'advance'>, body: object): Promise<Answer> {
  const { jobid } = await call(`${AT}/add_moment_task`, { text, ...body })
  await advance(3_000)
  return (await get(`${AT}/get_moment_task_result`, { jobid })).result
}

const senders = (...user_list: string[]) => ({ visible_range: { sender_list: { user_list } } })

test('a Moment is made by a job, published by the member in her own time, and then seen by her customers', async () => {
  const { call, get, advance, admin, sandbox } = await prompt()
  const { jobid } = await call(`${AT}/add_moment_task`, { text, ...senders('chenxiaoyu', 'nobody') })
  expect(await get(`${AT}/get_moment_task_result`, { jobid })).toMatchObject({ status: 1, type: 'add_moment_task' })
  await advance(1_000)
  expect(await get(`${AT}/get_moment_task_result`, { jobid })).toMatchObject({ status: 2 })
  await advance(2_000)
  const { status, result } = await get(`${AT}/get_moment_task_result`, { jobid })
  expect([status, result.invalid_sender_list]).toEqual([3, { user_list: ['nobody'], department_list: [] }])
  const { moment_id } = result
  const of = { moment_id, userid: 'chenxiaoyu' }
  expect((await call(`${AT}/get_moment_task`, { moment_id })).task_list).toEqual([
    { userid: 'chenxiaoyu', publish_status: 0 },
  ])
  expect((await call(`${AT}/get_moment_customer_list`, of)).errcode).toBe(41062)
  await advance(HOUR)
  expect((await call(`${AT}/get_moment_task`, { moment_id })).task_list[0].publish_status).toBe(1)
  const chosen = (await call(`${AT}/get_moment_customer_list`, of)).customer_list
  const { external_userid: hers } = await get(`${AT}/list`, { userid: 'chenxiaoyu' })
  expect(chosen.map((one: Answer) => one.external_userid).sort()).toEqual(hers.sort())
  const seen = (await call(`${AT}/get_moment_send_result`, of)).customer_list
  expect(seen.length).toBeGreaterThan(0)
  const [viewer] = seen
  const { moments } = await admin('GET', `/people/${viewer.external_userid}/moments`)
  expect(moments).toMatchObject([{ momentId: moment_id, userid: 'chenxiaoyu', text: text.content, state: 'published' }])
  await advance(DAY)
  expect((await get(`${AT}/get_moment_task_result`, { jobid })).errcode).toBe(40058)
  expect(sandbox.platform.reach.moments.all).toHaveLength(1)
})

test('who deleted the member is chosen but does not see it; likes and comments are told once they were made', async () => {
  const { call, get, advance, admin, settings } = await prompt()
  await settings({ reach: { moments: { looks: 1, likes: 1, comments: 1 } } })
  const { external_userid: hers } = await get(`${AT}/list`, { userid: 'chenxiaoyu' })
  await admin('POST', `/people/${hers[0]}/delete`, { peer: 'chenxiaoyu' })
  const { moment_id } = await ask({ call, get, advance }, senders('chenxiaoyu'))
  expect((await admin('POST', `/people/chenxiaoyu/moments/${moment_id}/publish`)).chosen).toBe(hers.length)
  const of = { moment_id, userid: 'chenxiaoyu' }
  const seen = (await call(`${AT}/get_moment_send_result`, of)).customer_list.map((one: Answer) => one.external_userid)
  expect(seen).not.toContain(hers[0])
  expect(await call(`${AT}/get_moment_comments`, of)).toMatchObject({ comment_list: [], like_list: [] })
  await advance(2 * DAY)
  const { comment_list, like_list } = await call(`${AT}/get_moment_comments`, of)
  expect(like_list.map((one: Answer) => one.external_userid)).toEqual(seen)
  expect(comment_list).toHaveLength(seen.length)
  expect((await admin('POST', `/people/chenxiaoyu/moments/${moment_id}/publish`)).error.code).toBe('published')
})

test('a played customer likes what he sees, takes it back and comments; the member reads it, the platform tells who and when', async () => {
  const { call, get, advance, admin, settings } = await prompt()
  await settings({ reach: { moments: { looks: 0, likes: 0, comments: 0 } } })
  const { moment_id } = await ask({ call, get, advance }, senders('chenxiaoyu'))
  await admin('POST', `/people/chenxiaoyu/moments/${moment_id}/publish`)
  const of = { moment_id, userid: 'chenxiaoyu' }
  const [viewer, other] = (await call(`${AT}/get_moment_send_result`, of)).customer_list
  const act = (who: Answer, what: string, body: object) =>
    admin('POST', `/people/${who.external_userid}/moments/${moment_id}/${what}`, { userid: 'chenxiaoyu', ...body })
  const liking = async () =>
    (await call(`${AT}/get_moment_comments`, of)).like_list.map((one: Answer) => one.external_userid)
  expect(await act(viewer, 'like', {})).toEqual({ ok: true })
  await act(other, 'like', {})
  expect(await liking()).toEqual([viewer.external_userid, other.external_userid])
  await act(other, 'like', { liked: false })
  expect(await liking()).toEqual([viewer.external_userid])
  await act(viewer, 'comment', { text: '看着真新鲜' })
  const { comment_list } = await call(`${AT}/get_moment_comments`, of)
  expect(comment_list).toEqual([{ external_userid: viewer.external_userid, create_time: expect.any(Number) }])
  const under = async (who: string) => {
    const { moments } = await admin('GET', `/people/${who}/moments`)
    const { likes, comments } = moments.find((one: Answer) => one.momentId === moment_id)
    return [likes.length, comments.map((one: Answer) => one.text)]
  }
  expect(await under('chenxiaoyu')).toEqual([1, ['看着真新鲜']])
  expect(await under(viewer.external_userid)).toEqual([1, ['看着真新鲜']])
  expect(await under(other.external_userid)).toEqual([0, []])
  const stranger = await admin('POST', `/people/chenxiaoyu/moments/${moment_id}/like`, { userid: 'chenxiaoyu' })
  expect(stranger.error.code).toBe('not_customer')
  expect((await act(viewer, 'like', { userid: 'linan' })).error.code).toBe('moment_unknown')
})

test('tags choose who sees it and who is asked to publish; strategy and unknown tags are named, nobody is an error', async () => {
  const { call, get, advance, sandbox } = await prompt()
  const [gold] = sandbox.world.seededTags
  const tagged = (tag_list: unknown[], more = {}) => ({
    visible_range: { external_contact_list: { tag_list }, ...more },
  })
  const result = await ask({ call, get, advance }, tagged([gold, 'etNothing']))
  expect(result.invalid_external_contact_list.tag_list).toEqual(['etNothing'])
  const { task_list } = await call(`${AT}/get_moment_task`, { moment_id: result.moment_id, limit: 1000 })
  await advance(2 * DAY)
  for (const { userid } of task_list) {
    const of = { moment_id: result.moment_id, userid }
    const [first] = (await call(`${AT}/get_moment_customer_list`, of)).customer_list
    const { follow_user } = await get(`${AT}/get`, { external_userid: first.external_userid })
    const card = follow_user.find((one: Answer) => one.userid === userid)
    expect(card.tags.map((tag: Answer) => tag.tag_id)).toContain(gold)
  }
  const [asked] = task_list
  const only = { sender_list: { user_list: [asked.userid] } }
  const both = await ask({ call, get, advance }, tagged([gold], only))
  expect((await call(`${AT}/get_moment_task`, { moment_id: both.moment_id })).task_list).toMatchObject([
    { userid: asked.userid },
  ])
  const none = await ask({ call, get, advance }, tagged(['etNothing']))
  expect(none.errcode).toBe(41048)
  expect(none).not.toHaveProperty('moment_id')
})

test('a member’s own is no task of the corp; others’ are refused; cancel stops what is not out yet', async () => {
  const { call, get, advance, admin } = await prompt()
  const own = await admin('POST', '/people/chenxiaoyu/moments', { text: '早安' })
  const { moment_id } = await ask({ call, get, advance }, senders('chenxiaoyu'))
  const nowS = Math.floor((await admin('GET', '/clock')).nowMs / 1000)
  const span = { start_time: nowS - 3600, end_time: nowS + 3600 }
  const listed = async (over: object) =>
    (await call(`${AT}/get_moment_list`, { ...span, ...over })).moment_list.map((one: Answer) => one.moment_id)
  expect(await listed({})).toEqual([moment_id, own.momentId])
  expect(await listed({ filter_type: 1, creator: 'chenxiaoyu' })).toEqual([own.momentId])
  expect(await listed({ filter_type: 0 })).toEqual([moment_id])
  expect((await call(`${AT}/get_moment_list`, { ...span, end_time: nowS + 31 * 86_400 })).errcode).toBe(40058)
  const page = await call(`${AT}/get_moment_list`, { ...span, limit: 1 })
  expect(await listed({ limit: 1, cursor: page.next_cursor })).toEqual([own.momentId])
  expect(page.moment_list[0]).toMatchObject({ create_type: 0, visible_type: 1, text })
  const cancel = async (id: string, app?: string) =>
    (await call(`${AT}/cancel_moment_task`, { moment_id: id }, app)).errcode
  expect(await cancel(own.momentId)).toBe(41067)
  expect((await call(`${AT}/get_moment_task`, { moment_id: own.momentId })).errcode).toBe(41067)
  expect(await cancel(moment_id, 'crm')).toBe(41060)
  expect(await cancel('momNothing')).toBe(41060)
  expect(await cancel(moment_id)).toBe(0)
  await advance(2 * DAY)
  expect((await call(`${AT}/get_moment_task`, { moment_id })).task_list[0].publish_status).toBe(0)
  const of = { moment_id, userid: 'chenxiaoyu' }
  expect((await call(`${AT}/get_moment_send_result`, of)).errcode).toBe(41062)
  expect((await admin('POST', `/people/chenxiaoyu/moments/${moment_id}/publish`)).error.code).toBe('cancelled')
})

test('a member shows his own Moment to some of his customers; what he takes away is listed no more', async () => {
  const { call, get, admin } = await prompt()
  const { external_userid: hers } = await get(`${AT}/list`, { userid: 'chenxiaoyu' })
  const { people } = await admin('GET', '/people?role=staff&limit=5')
  const other = people.find((one: Answer) => one.id !== 'chenxiaoyu').id
  const own = await admin('POST', '/people/chenxiaoyu/moments', { text: '只给你们看', customers: hers.slice(0, 2) })
  const nowS = Math.floor((await admin('GET', '/clock')).nowMs / 1000)
  const list = async () =>
    (await call(`${AT}/get_moment_list`, { start_time: nowS - 60, end_time: nowS + 60, filter_type: 1 })).moment_list
  expect(await list()).toMatchObject([
    { moment_id: own.momentId, creator: 'chenxiaoyu', create_type: 1, visible_type: 0 },
  ])
  const of = { moment_id: own.momentId, userid: 'chenxiaoyu' }
  const named = (answer: Answer) => answer.customer_list.map((one: Answer) => one.external_userid).sort()
  expect(named(await call(`${AT}/get_moment_customer_list`, of))).toEqual(hers.slice(0, 2).sort())
  expect(named(await call(`${AT}/get_moment_send_result`, of))).toEqual(hers.slice(0, 2).sort())
  expect((await call(`${AT}/get_moment_send_result`, { ...of, userid: other })).errcode).toBe(41061)
  expect((await admin('DELETE', `/people/${other}/moments/${own.momentId}`)).error.code).toBe('moment_unknown')
  await admin('DELETE', `/people/chenxiaoyu/moments/${own.momentId}`)
  expect(await list()).toEqual([])
  expect((await call(`${AT}/get_moment_send_result`, of)).errcode).toBe(41060)
  expect((await admin('GET', `/people/${hers[0]}/moments`)).moments).toEqual([])
  const staff = await admin('POST', '/people/chenxiaoyu/moments', { text: '早安', customers: [other] })
  expect(staff.error.code).toBe('not_customer')
})

test('what does not fit is refused: kinds mixed, media of another kind, too long, too often', async () => {
  const { call, upload } = await prompt()
  const code = async (body: object) => (await call(`${AT}/add_moment_task`, body)).errcode
  const temporary = (await upload('media/upload?type=image', PNG)).media_id
  const { media_id } = await upload('media/upload_attachment?media_type=image&attachment_type=1', PNG)
  const album = (await upload('media/upload_attachment?media_type=image&attachment_type=2', PNG)).media_id
  const image = (id: string) => ({ msgtype: 'image', image: { media_id: id } })
  const link = { msgtype: 'link', link: { title: '到货', url: 'https://a.cn', media_id } }
  expect(await code({})).toBe(41089)
  expect(await code({ attachments: [image(temporary)] })).toBe(40007)
  expect(await code({ attachments: [image(album)] })).toBe(40007)
  expect(await code({ attachments: [image(media_id), link] })).toBe(40058)
  expect(await code({ attachments: [link, link] })).toBe(40058)
  expect(await code({ attachments: Array.from({ length: 10 }, () => image(media_id)) })).toBe(40058)
  expect(await code({ text: { content: '好'.repeat(1334) } })).toBe(40058)
  expect(await code({ text: { content: 'a'.repeat(2001) } })).toBe(40058)
  expect(await code({ attachments: Array.from({ length: 9 }, () => image(media_id)) })).toBe(0)
  expect(await code({ attachments: [link] })).toBe(0)
  for (let n = 2; n < 10; n++) expect(await code({ text })).toBe(0)
  expect(await code({ text })).toBe(45009)
})

/** A PNG by its header only: that is what sizes are read from. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(PNG)
  const view = new DataView(body.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  return body
}

/** A JPEG of one application segment and the start of its frame. */
function jpeg(width: number, height: number): Uint8Array<ArrayBuffer> {
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc0, 0, 11, 8, ...size, 1, 1, 1, 0])
}

/** An MP4 that holds nothing but how long it lasts. */
function mp4(milliseconds: number): Uint8Array<ArrayBuffer> {
  const body = Buffer.alloc(64)
  body.write('ftypisom', 4, 'latin1')
  body.write('mvhd', 24, 'latin1')
  body.writeUInt32BE(1000, 40)
  body.writeUInt32BE(milliseconds, 44)
  return new Uint8Array(body)
}

test('media for Moments are bounded in sides and length, and each place takes its own kinds', async () => {
  const { upload } = await prompt()
  const code = async (type: string, place: number, file: Uint8Array<ArrayBuffer>) =>
    (await upload(`media/upload_attachment?media_type=${type}&attachment_type=${place}`, file)).errcode
  expect(await code('image', 1, png(1080, 10_800))).toBe(0)
  expect(await code('image', 1, png(10_801, 100))).toBe(41081)
  expect(await code('image', 1, png(1081, 1081))).toBe(41081)
  expect(await code('image', 2, png(4000, 4000))).toBe(0)
  expect(await code('image', 1, jpeg(1080, 1080))).toBe(0)
  expect(await code('image', 1, jpeg(2000, 2000))).toBe(41081)
  expect(await code('video', 1, mp4(30_000))).toBe(0)
  expect(await code('video', 1, mp4(30_001))).toBe(41082)
  expect(await code('video', 1, new Uint8Array(Buffer.from('\0\0\0\0ftypisom....')))).toBe(41090)
  expect(await code('video', 2, mp4(1_000))).toBe(41072)
  expect(await code('file', 1, mp4(1_000))).toBe(41072)
  const large = new Uint8Array(10 * 1024 * 1024 + 1)
  large.set(PNG)
  expect(await code('image', 1, large)).toBe(41080)
})

test('where it is switched on, a customer is shown only so many Moments', async () => {
  const { admin, settings } = await prompt()
  await settings({ limits: { overrides: { 'moment.display_limit_on': true, 'moment.personal_shown_per_day': 1 } } })
  const own = async () => (await admin('POST', '/people/chenxiaoyu/moments', { text: '早安' })).seen
  expect(await own()).toBeGreaterThan(0)
  expect(await own()).toBe(0)
})

test('after a restart a Moment is still asked for, and published', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'sandbox.json')
  const first = await prompt({ stateFile })
  const own = await first.admin('POST', '/people/chenxiaoyu/moments', { text: '早安' })
  const { moment_id } = await ask(first, senders('chenxiaoyu'))
  const [viewer] = (await first.call(`${AT}/get_moment_send_result`, { moment_id: own.momentId, userid: 'chenxiaoyu' }))
    .customer_list
  const toHer = { userid: 'chenxiaoyu', text: '早呀' }
  await first.admin('POST', `/people/${viewer.external_userid}/moments/${own.momentId}/comment`, toHer)
  await first.sandbox.close()
  const { call, advance, admin } = await stage({ stateFile })
  const { moments } = await admin('GET', `/people/${viewer.external_userid}/moments`)
  expect(moments[0].comments.map((one: Answer) => one.text)).toContain('早呀')
  await advance(DAY)
  expect((await call(`${AT}/get_moment_task`, { moment_id })).task_list[0].publish_status).toBe(1)
  const of = { moment_id: own.momentId, userid: 'chenxiaoyu' }
  expect((await call(`${AT}/get_moment_send_result`, of)).customer_list).toHaveLength(own.seen)
})
