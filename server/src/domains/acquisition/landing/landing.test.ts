import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { resolveChannel } from '../channels/channel.store.ts'
import { channelInput, channelStage } from '../channels/channel-stage.ts'
import { decodePicture } from '../codes/code-picture.ts'

const stage = await channelStage()
const { db, app, clock, client, corpId } = stage
const [a = '', b = '', c = ''] = await stage.staff(6)
const operator = await stage.as('operator')

beforeEach(async () => {
  clock.set('2026-11-23T10:00:00+08:00')
  await db.deleteFrom('channel_assignments').execute()
  await db.deleteFrom('channel_days').execute()
  await db.updateTable('corps').set({ settings: '{}' }).execute()
})

const detail = z.object({ id: z.string(), state: z.string(), page_url: z.string() })

async function landing(over: Record<string, unknown> = {}, members = [a, b]) {
  const input = channelInput(members, { kind: 'landing', strategy: 'round_robin', fallback: 'closed', ...over })
  const { id, state, page_url: url } = (await operator.post('/api/channels', input)).as(detail)
  return { id, state, path: new URL(url).pathname }
}

/** A browser: keeps its cookie. */
function browser(headers: Record<string, string> = {}) {
  let cookie = ''
  return {
    async open(path: string) {
      const response = await app.request(path, { headers: { ...headers, ...(cookie === '' ? {} : { cookie }) } })
      cookie = (response.headers.get('set-cookie') ?? cookie).split(';')[0] ?? ''
      const html = response.status === 302 ? '' : await response.text()
      const picture = /src="data:image\/png;base64,([^"]+)"/.exec(html)?.[1]
      const content = picture === undefined ? undefined : await decodePicture(Buffer.from(picture, 'base64'))
      return { status: response.status, html, content, location: response.headers.get('location') }
    },
  }
}
/** Who is behind a content, as the platform says. */
async function behind(content: string | undefined): Promise<string> {
  const { people } = z
    .object({ people: z.array(z.object({ id: z.string() })) })
    .parse(await stage.admin('GET', '/sandbox/people?role=customer&limit=1'))
  const seen = z
    .object({ member: z.object({ userid: z.string() }) })
    .parse(await stage.admin('POST', `/sandbox/people/${people[0]?.id}/scan`, { content }))
  return seen.member.userid
}

describe('the landing page', () => {
  it('shows one member’s own code, with a state that leads back to the channel', async () => {
    const { id, state, path } = await landing()
    const { content, status } = await browser().open(path)
    expect(status).toBe(200)
    expect([a, b]).toContain(await behind(content))
    const code = await db.selectFrom('channel_codes').selectAll().where('channel_id', '=', id).executeTakeFirstOrThrow()
    expect(code.state).toBe(`${state}.1`)
    const way = (await client.contactWays.get({ config_id: code.config_id ?? '' })).contact_way
    expect(way).toMatchObject({ type: 2, scene: 2, state: code.state })
    expect(await resolveChannel(db, corpId, way.state)).toMatchObject({ id })
  })

  it('counts scans, and shows the same visitor the same member', async () => {
    const { id, path } = await landing()
    const one = browser()
    const first = await behind((await one.open(path)).content)
    expect(await behind((await browser().open(path)).content)).not.toBe(first)
    expect(await behind((await one.open(path)).content)).toBe(first)
    expect((await one.open(`${path}?again=1`)).status).toBe(200)
    const day = await db
      .selectFrom('channel_days')
      .select('scans')
      .where('channel_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(day.scans).toBe(3)
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({ scans_today: 3 })
  })

  it('never shows anybody beyond his daily limit, with fifty visitors at once', async () => {
    const limited = [a, b].map((ref) => ({ kind: 'staff', ref, daily_limit: 3 }))
    const { id, path } = await landing({ members: limited, closed_text: '今天约满了，明天见' })
    await browser().open(path)
    await browser().open(path)
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser().open(path)))
    const shown = await db.selectFrom('channel_assignments').select('userid').where('channel_id', '=', id).execute()
    expect(shown).toHaveLength(6)
    expect(shown.filter((row) => row.userid === a)).toHaveLength(3)
    expect(answers.filter((answer) => answer.html.includes('今天约满了，明天见'))).toHaveLength(46)
  })

  it('gives a place back that was not used in ten minutes', async () => {
    const { path } = await landing({ members: [{ kind: 'staff', ref: a, daily_limit: 1 }] })
    expect((await browser().open(path)).content).toBeDefined()
    expect((await browser().open(path)).content).toBeUndefined()
    clock.advance(10 * 60_000 + 1)
    expect((await browser().open(path)).content).toBeDefined()
  })

  it('shows nobody who is off duty: it says that it is closed', async () => {
    const { path } = await landing({ shifts: [{ weekdays: [0], from: '09:00', until: '18:00' }] })
    expect((await browser().open(path)).content).toBeDefined()
    clock.set('2026-11-23T18:00:00+08:00')
    const closed = await browser().open(path)
    expect(closed).toMatchObject({ status: 200, content: undefined })
    expect(closed.html).toContain('现在是休息时间')
  })

  it('asks the next member when the first turns out not to be addable', async () => {
    await stage.settings({ members: { [c]: { realName: false } } })
    const { path } = await landing({ strategy: 'sequential' }, [c, a])
    expect(await behind((await browser().open(path)).content)).toBe(a)
    await stage.settings({ members: { [c]: null } })
    await db.updateTable('staff').set({ addable: 'unknown' }).execute()
  })

  it('a stopped channel and an unknown address say so without a word about us', async () => {
    const { id, path } = await landing()
    await operator.post(`/api/channels/${id}/stop`)
    expect((await browser().open(path)).html).toContain('已停用')
    expect((await browser().open('/c/unknown1')).status).toBe(404)
  })

  it('shows a known customer his owner, whatever the strategy says', async () => {
    const known = stage.sandbox.world.customers.externalUserId(0)
    await db
      .updateTable('corps')
      .set({ corpid: stage.sandbox.world.corpId, settings: JSON.stringify({ landing_know_customers: true }) })
      .execute()
    await db.insertInto('customers').values({ id: 900, corp_id: corpId, created_at: clock.now() }).execute()
    await db
      .insertInto('identities')
      .values({ corp_id: corpId, kind: 'external_userid', value: known, customer_id: 900, seen_at: clock.now() })
      .execute()
    await db
      .insertInto('relations')
      .values({
        customer_id: 900,
        corp_id: corpId,
        userid: c,
        external_userid: known,
        added_at: clock.now(),
        first_added_at: clock.now(),
      })
      .execute()
    const { path } = await landing()
    const wechat = browser({ 'user-agent': 'Mozilla/5.0 MicroMessenger/8.0' })
    const { status, location } = await wechat.open(path)
    expect(status).toBe(302)
    const back = new URL(location ?? '')
    expect(back.pathname).toBe('/connect/oauth2/authorize')
    const answer = await fetch(`${stage.url}${back.pathname}${back.search}&visitor=${known}`, { redirect: 'manual' })
    const returned = new URL(answer.headers.get('location') ?? '')
    const page = await wechat.open(`${returned.pathname}${returned.search}`)
    expect(await behind(page.content)).toBe(c)
    expect(page.html).toContain('你的专属顾问')
    // asked once only
    expect((await wechat.open(path)).status).toBe(200)
    // another browser's way back proves nothing
    const stranger = browser({ 'user-agent': 'MicroMessenger' })
    await stranger.open(path)
    expect(await behind((await stranger.open(`${returned.pathname}${returned.search}`)).content)).not.toBe(c)
  })
})
