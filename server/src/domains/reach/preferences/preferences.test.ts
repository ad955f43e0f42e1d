import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countMembers } from '../../audiences/index.ts'
import { answered, desktop, linkStage } from '../../content/links/link-stage.ts'
import { decideFor } from '../governor/decide-person.ts'
import { personalToken, preferencesAddress } from './preference-token.ts'
import { preferencesRoutes } from './preferences.routes.ts'
import { countWishes } from './preferences.store.ts'
import { wishesRoutes } from './wishes.routes.ts'

const stage = await linkStage({
  api: (services) => [wishesRoutes(services)],
  pages: (services) => [preferencesRoutes(services)],
})
const { db, corpId, services, clock, browser, externalUserid, url } = stage
const { vault } = services

beforeEach(async () => {
  clock.set('2026-11-23T10:00:00+08:00')
  await stage.settings({})
  for (const table of ['touch_wishes', 'personalisation_wishes'] as const) await db.deleteFrom(table).execute()
})

const pathOf = (address: string) => new URL(address).pathname
const own = (customerId = 900) => pathOf(preferencesAddress(url, vault, corpId, { customerId, at: clock.now() }))
const forAll = () => pathOf(preferencesAddress(url, vault, corpId))
const save = (path: string, fields: Record<string, string>, init: RequestInit = {}) =>
  browser().open(path, { method: 'POST', body: new URLSearchParams(fields), ...init })
/** What the governor says of a campaign's message to him now. */
const verdict = async (customerId = 900) =>
  (await decideFor(db, corpId, customerId, { channel: 'customer_send', at: clock.now(), priority: 5, waitUntil: null }))
    .decision
/** How many an audience of those who asked for this has, at once. */
const inAudience = async (wish: 'less' | 'none' | 'impersonal') =>
  (await countMembers(db, corpId, { is: 'wish', wish }, 0)).count
const wishesOf = () => db.selectFrom('touch_wishes').selectAll().orderBy('at').execute()
const checked = (html: string) => [...html.matchAll(/value="(\w+)" checked/g)].map(([, value]) => value)

describe('the page of preferences', () => {
  it('knows whose it is by the sealed address of a message to one person, without a word typed', async () => {
    const page = await browser().open(own(), { agent: desktop })
    expect(page.status).toBe(200)
    expect(page.html).toContain('测试品牌')
    expect(page.html).toContain('消息偏好')
    expect(checked(page.html)).toEqual(['all'])
    expect(page.html).not.toContain('type="text"')
    expect(page.html).toContain('不读取你的昵称、头像和手机号')
    const english = await browser().open(own(), { headers: { 'accept-language': 'en-US' } })
    expect(english.html).toContain('What you receive from us')
  })

  it('knows him by WeChat’s silent log-in where one text went to many, and gives him a page of his own', async () => {
    const visitor = browser()
    const left = await visitor.open(forAll())
    expect(left.status).toBe(302)
    expect(new URL(left.location).searchParams.get('scope')).toBe('snsapi_base')
    const home = await visitor.open(await answered(left.location, externalUserid))
    expect(home.status).toBe(302)
    const page = await visitor.open(home.location)
    expect(checked(page.html)).toEqual(['all'])
    expect((await save(home.location, { wish: 'less' })).status).toBe(303)
    expect(await wishesOf()).toMatchObject([{ customer_id: 900, wish: 'less', through: 'oauth', noted_by: null }])
    // it is for the visit: an hour later the address is nothing that could be kept or passed on
    clock.advance(3_600_001)
    expect((await save(home.location, { wish: 'all' })).status).toBe(404)
    expect(await wishesOf()).toHaveLength(1)
  })

  it('says how to go on to who is not known: outside WeChat, no customer, or back from nowhere', async () => {
    const outside = await browser().open(forAll(), { agent: desktop })
    expect(outside.html).toContain('请在微信里打开')
    const visitor = browser()
    const left = await visitor.open(forAll())
    const nobody = stage.behind.sandbox.world.customers.externalUserId(5)
    const back = await answered(left.location, nobody)
    expect((await visitor.open(back)).html).toContain('还没认出你')
    // the same way back in another browser, or again, proves nothing and is not sent in a ring
    expect((await browser().open(back)).html).toContain('请在微信里打开')
    expect((await visitor.open(back)).html).toContain('请在微信里打开')
  })
})

describe('a wish', () => {
  it('is in force with the next decision, is kept with when and which way, and is shown when he comes again', async () => {
    expect((await verdict()).verdict).toBe('send')
    const saved = await save(own(), { wish: 'none', plain: 'on' })
    expect(saved.status).toBe(303)
    expect(await verdict()).toMatchObject({ verdict: 'drop' })
    expect([await inAudience('none'), await inAudience('impersonal')]).toEqual([1, 1])
    const page = await browser().open(saved.location)
    expect(page.html).toContain('已保存，一分钟内生效')
    expect(checked(page.html)).toEqual(['none', 'on'])
    expect(await wishesOf()).toMatchObject([
      { customer_id: 900, wish: 'none', through: 'link', noted_by: null, at: clock.now() },
    ])
    clock.advance(60_000)
    await save(own(), { wish: 'all', plain: 'on' })
    expect((await verdict()).verdict).toBe('send')
    expect([await inAudience('none'), await inAudience('impersonal')]).toEqual([0, 1])
    expect(await db.selectFrom('personalisation_wishes').selectAll().execute()).toHaveLength(1)
  })

  it('that says what counts already leaves no second trace', async () => {
    await save(own(), { wish: 'less' })
    clock.advance(1_000)
    await save(own(), { wish: 'less' })
    expect(await wishesOf()).toHaveLength(1)
  })

  it('not to be personalised is a wish of its own, over all homes of a person, and is counted of a whole corp', async () => {
    await stage.customer(910)
    await stage.customer(911)
    await db.updateTable('customers').set({ merged_into: 910 }).where('id', '=', 911).execute()
    await save(own(911), { wish: 'all', plain: 'on' })
    expect(await wishesOf()).toEqual([])
    expect(checked((await browser().open(own(910))).html)).toEqual(['all', 'on'])
    expect(await countWishes(db, corpId)).toEqual({ less: 0, none: 0, impersonal: 1 })
    clock.advance(1_000)
    await save(own(910), { wish: 'all' })
    expect(await countWishes(db, corpId)).toEqual({ less: 0, none: 0, impersonal: 0 })
  })
})

describe('nobody else', () => {
  const refused = async (path: string) => {
    const answers = [await browser().open(path), await save(path, { wish: 'none' })]
    expect(answers.map((one) => one.status)).toEqual([404, 404])
    return answers[0]?.html ?? ''
  }

  it('can change a wish by a forged or altered address', async () => {
    const token = own().slice('/p/'.length)
    const altered = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`
    for (const forged of [
      altered,
      token.slice(0, -4),
      'x',
      Buffer.from('["wish",1,900,"link",9999999999]').toString('base64url'),
    ])
      expect(await refused(`/p/${forged}`)).toContain('链接不完整或已过期')
    expect(await wishesOf()).toEqual([])
  })

  it('by one of another corp, where he is nobody’s customer', async () => {
    const { id } = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const until = new Date(clock.now().getTime() + 60_000)
    await refused(`/p/${personalToken({ corpId: id, customerId: 900, through: 'link', until }, vault)}`)
    expect(await wishesOf()).toEqual([])
  })

  it('by one that is too old: in WeChat it leads on to be known anew', async () => {
    const old = own()
    clock.advance(401 * 86_400_000)
    expect((await save(old, { wish: 'none' })).status).toBe(404)
    expect((await browser().open(old, { agent: desktop })).html).toContain('请在微信里打开')
    const visitor = browser()
    const left = await visitor.open(old)
    const home = await visitor.open(await answered(left.location, externalUserid))
    expect(checked((await visitor.open(home.location)).html)).toEqual(['all'])
    expect(await wishesOf()).toEqual([])
  })

  it('by the corp’s own address, which many have', async () => {
    expect((await save(forAll(), { wish: 'none' })).status).toBe(404)
    expect(await wishesOf()).toEqual([])
  })

  it('of a person who was erased, and with no wish that there is not', async () => {
    await stage.customer(920)
    const path = own(920)
    expect((await save(path, { wish: 'everything' })).status).toBe(400)
    await db.updateTable('customers').set({ erased_at: clock.now() }).where('id', '=', 920).execute()
    expect(await refused(path)).toContain('还没认出你')
  })

  it('frames the page, keeps it, or learns its address', async () => {
    const answer = await fetch(new URL(own(), url))
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  })
})

describe('what colleagues see of it', () => {
  const wishes = z.object({
    wish: z.string(),
    personalised: z.boolean(),
    noted: z.array(z.record(z.string(), z.unknown())),
  })

  beforeEach(async () => {
    const relation = { customer_id: 900, corp_id: corpId, userid: 'a', external_userid: externalUserid }
    await db
      .insertInto('relations')
      .values({ ...relation, added_at: clock.now(), first_added_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })

  it('his wishes, who noted them and which way, and one noted for him', async () => {
    await save(own(), { wish: 'less' })
    clock.advance(1_000)
    const operator = await stage.as('operator')
    const path = '/api/customers/900/personalisation'
    const put = await operator.put(path, { personalised: false, reason: '电话里说的' })
    expect(put.as(wishes)).toMatchObject({
      wish: 'less',
      personalised: false,
      noted: [
        { what: 'personalisation', said: 'off', through: 'account', reason: '电话里说的', by: expect.any(String) },
        { what: 'touch', said: 'less', through: 'link', by: null },
      ],
    })
    expect(stage.audited.at(-1)).toMatchObject({ action: 'customer.personalisation', objectId: '900' })
    expect((await operator.get('/api/customers/900/wishes')).as(wishes)).toEqual(put.as(wishes))
  })

  it('the address of the page for everybody, and how many said what there', async () => {
    const operator = await stage.as('operator')
    await save(own(), { wish: 'none', plain: 'on' })
    const answer = await operator.get('/api/governor/preferences-page')
    expect(answer.body).toEqual({
      ...{ address: preferencesAddress(url, vault, corpId) },
      ...{ less: 0, none: 1, impersonal: 1 },
    })
    const guide = await stage.as('guide', { kind: 'self', userid: 'a' })
    expect((await guide.get('/api/governor/preferences-page')).status).toBe(403)
  })

  it('nothing, where he is not theirs to see', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: 'somebody-else' })
    expect((await guide.get('/api/customers/900/wishes')).status).toBe(404)
    const auditor = await stage.as('auditor')
    const put = await auditor.put('/api/customers/900/personalisation', { personalised: false, reason: '测试' })
    expect(put.status).toBe(403)
    // whoever holds his own address is taken for him: who may only read is not given it
    expect((await auditor.get('/api/customers/900/wishes')).body).toMatchObject({ wish: 'all', address: null })
    const administrator = await stage.as('administrator')
    expect((await administrator.get('/api/customers/99999/wishes')).status).toBe(404)
  })
})
