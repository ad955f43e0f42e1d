import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { putInSandbox } from './demo/weixin.ts'
import { channelInput } from './domains/acquisition/channels/channel-stage.ts'
import { mintLinks } from './domains/content/links/links.store.ts'
import { openedByRun } from './domains/content/links/opens.store.ts'
import { weixinClients } from './domains/weixin/account-clients.ts'
import { type Made, weixinStage } from './weixin-stage.ts'

const { stage, db, services, corp, sandboxUrl, visitors, admin, newcomer, accountOf, settled, homeOf, openidOf } =
  await weixinStage()

describe('the mini program', () => {
  const login = (body: unknown) =>
    fetch(`${stage.url}/v1/mini-program/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('a code that was used or invented logs nobody in', async () => {
    const { appid } = await accountOf('mini_program')
    const person = await newcomer('访客')
    await fetch(`${sandboxUrl}/sandbox/weixin/shop/backend`, { method: 'DELETE' })
    const { code } = z.object({ code: z.string() }).parse(await admin(`/people/${person.id}/miniprogram/open`))
    expect((await login({ appid, code: `${code}x` })).status).toBe(400)
    const answer = await login({ appid, code, page: 'pages/index' })
    expect(answer.status).toBe(200)
    expect((await login({ appid, code })).status).toBe(400)
    expect((await login({ appid: 'wx0000000000000000', code })).status).toBe(404)
    const { token } = z.object({ token: z.string() }).parse(await answer.json())
    const tell = (authorization: string) =>
      fetch(`${stage.url}/v1/mini-program/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ events: [{ number: 'E1', name: 'view_page', at: stage.clock.now().toISOString() }] }),
      })
    expect(await (await tell(`Bearer ${token}`)).json()).toEqual({ accepted: 1, unchanged: 0, rejected: 0 })
    expect(await (await tell(`Bearer ${token}`)).json()).toEqual({ accepted: 0, unchanged: 1, rejected: 0 })
    expect((await tell(`Bearer ${randomBytes(40).toString('base64url')}`)).status).toBe(401)
  })

  it('tells which tracked link led there: the person who opened it is known by his log-in, once however often it is told', async () => {
    const { appid } = await accountOf('mini_program')
    const person = await newcomer('点卡片的人')
    const { code } = z.object({ code: z.string() }).parse(await admin(`/people/${person.id}/miniprogram/open`))
    const { token } = z.object({ token: z.string() }).parse(await (await login({ appid, code })).json())
    const wanted = { target: `miniprogram:${appid}/pages/index`, run: 7, task: 3, place: 0 }
    const [link = ''] = await db.transaction().execute((tx) => mintLinks(tx, services.vault, corp.id, [wanted]))
    const now = stage.clock.now().getTime()
    const open = (given: string, atMs: number) =>
      fetch(`${stage.url}/v1/mini-program/opens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ link: given, at: new Date(atMs).toISOString() }),
      })
    for (const given of [link, link, `https://go.example.com/l/${link}`])
      expect(await (await open(given, now)).json()).toEqual({ known: true })
    expect(await openedByRun(db, 7)).toEqual({ persons: 1, known: 1, unknown: 0 })
    expect((await open(link, now - 60_000)).status).toBe(200)
    expect(await openedByRun(db, 7)).toEqual({ persons: 1, known: 2, unknown: 0 })
    const { customer_id } = await db.selectFrom('link_opens').select('customer_id').executeTakeFirstOrThrow()
    const home = await db
      .selectFrom('identities')
      .select('customer_id')
      .where('kind', '=', 'unionid')
      .where('value', '=', person.unionId)
      .executeTakeFirst()
    expect(customer_id).toBe(home?.customer_id)
    // forged, of another corp, from the future, or long ago
    const [others = ''] = await db.transaction().execute(async (tx) => {
      const { id } = await tx
        .insertInto('corps')
        .values({ corpid: 'wwother', name: '别家', created_at: stage.clock.now() })
        .returning('id')
        .executeTakeFirstOrThrow()
      return mintLinks(tx, services.vault, id, [{ ...wanted, run: 8 }])
    })
    expect((await open(others, now)).status).toBe(404)
    expect((await open(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`, now)).status).toBe(404)
    expect((await open(link, now + 3_600_000)).status).toBe(400)
    expect((await open(link, now - 8 * 86_400_000)).status).toBe(400)
  })
})

describe('messages that people agree to', () => {
  const consents = z.object({
    consents: z.array(
      z.object({
        template_id: z.string(),
        title: z.string().nullable(),
        accepted: z.int(),
        rejected: z.int(),
        sent: z.int(),
        failed: z.int(),
        left: z.int(),
        refused_at: z.string().nullable(),
      }),
    ),
  })
  const templateOf = async (title: string) => {
    const { accounts } = z
      .object({ accounts: z.array(z.object({ templates: z.array(z.object({ id: z.string(), title: z.string() })) })) })
      .parse(await (await fetch(`${sandboxUrl}/sandbox/weixin`)).json())
    return accounts.flatMap(({ templates }) => templates).find((one) => one.title === title)?.id ?? ''
  }

  it('his answers, what he turns off and what became of each message stand on his page, whatever order they came in', async () => {
    const person = await newcomer('订阅的人')
    await putInSandbox(sandboxUrl, '/weixin/shop/backend', { url: `${stage.url}/v1/mini-program/login` })
    await admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' })
    const id = await templateOf('取货提醒')
    const asked = (accept: boolean) =>
      admin(`/people/${person.id}/miniprogram/subscribe`, { templates: [{ id, accept }] })
    const account = await accountOf('mini_program')
    const [row] = await db.selectFrom('weixin_accounts').selectAll().where('id', '=', account.id).execute()
    if (row === undefined) throw new Error('no mini program')
    const mini = { ...account, corpId: corp.id, kind: 'mini_program' as const, name: row.name }
    const client = await weixinClients(services).of(mini)
    const data = { thing1: { value: '芒果' }, character_string2: { value: 'A1' }, time3: { value: '10:00' } }
    const send = async () =>
      client.subscribeMessages.send({ touser: await openidOf(person, 'shop'), template_id: id, data })
    await asked(true)
    stage.sandbox?.clock.advance(1_000)
    await asked(true)
    stage.sandbox?.clock.advance(1_000)
    await asked(false)
    const touches = async () =>
      (await db.selectFrom('touches').select('kind').where('channel', '=', 'subscribe_message').execute()).length
    const before = await touches()
    await send()
    await settled()
    expect(await touches()).toBe(before + 1)
    const root = await homeOf('external_userid', person.externalUserId)
    const chen = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'chenxiaoyu' })
    const page = async () => (await chen.get(`/api/customers/${await personOf(person)}/weixin`)).as(consents).consents
    expect(root).toBeGreaterThan(0)
    expect(await page()).toEqual([
      { template_id: id, title: '取货提醒', accepted: 2, rejected: 1, sent: 1, failed: 0, left: 1, refused_at: null },
    ])
    stage.sandbox?.clock.advance(1_000)
    await admin(`/people/${person.id}/weixin/template`, { account: 'shop', template: id, receive: false })
    await settled()
    expect(await page()).toMatchObject([{ accepted: 2, left: 0, refused_at: expect.any(String) }])
    await expect(send()).rejects.toMatchObject({ errcode: 43101 })
    await admin(`/people/${person.id}/weixin/template`, { account: 'shop', template: id, receive: true })
    stage.sandbox?.clock.advance(1_000)
    await asked(true)
    await settled()
    expect(await page()).toMatchObject([{ accepted: 3, left: 1 }])
  })

  /** The person of his openid in the shop, joined with his relation by the visit's unionid. */
  async function personOf(person: Made): Promise<number> {
    await admin(`/people/${person.id}/miniprogram/open`)
    await settled()
    const root = await homeOf('external_userid', person.externalUserId)
    expect(await homeOf('openid:%', await openidOf(person, 'shop'))).toBe(root)
    return root
  }
})

describe('unionids as a corp’s own app gets them', () => {
  it('without a bound developer account nothing joins him; once it is bound, the next detail does; no id is converted', async () => {
    const bind = (developerAccountBound: boolean) =>
      fetch(`${sandboxUrl}/sandbox/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ corp: { developerAccountBound } }),
      })
    const person = await newcomer('未绑定开发者账号')
    await bind(false)
    await admin(`/people/${person.id}/oa/follow`, { via: 'search' })
    await admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' })
    await settled()
    const openid = await openidOf(person, 'service')
    const known = await homeOf('external_userid', person.externalUserId)
    expect(known).toBeGreaterThan(0)
    expect(await homeOf('openid:%', openid)).not.toBe(known)
    // the follower's own unionid is told all the same: the account is bound to the open-platform account
    expect(await homeOf('unionid', person.unionId)).toBe(await homeOf('openid:%', openid))
    await bind(true)
    const other = stage.sandbox?.world.staff.all().find(({ userid }) => userid !== 'chenxiaoyu')?.userid
    await admin(`/people/${person.id}/add`, { userid: other })
    await settled()
    expect(await homeOf('openid:%', openid)).toBe(await homeOf('external_userid', person.externalUserId))
    for (const path of ['unionid_to_external_userid', 'external_userid_to_pending_id']) {
      const answer = await (await fetch(`${sandboxUrl}/sandbox/oracle/calls?path=${path}`)).json()
      expect(z.object({ calls: z.array(z.unknown()) }).parse(answer).calls).toEqual([])
    }
  })
})

describe('a page of the brand inside WeChat', () => {
  const opened = z.object({ status: z.int(), html: z.string(), url: z.string() })

  it('knows a follower silently by the Official Account and shows him his own adviser', async () => {
    const person = await newcomer('老客户')
    await admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' })
    await admin(`/people/${person.id}/oa/follow`, { via: 'search' })
    await settled()
    const administrator = await visitors.as(corp.id)('administrator')
    const { appid } = await accountOf('official_account')
    const settings = { url: stage.url, know_customers: true, asked_by: appid }
    expect((await administrator.put('/api/channels/landing-settings', settings)).status).toBe(200)
    expect((await administrator.get('/api/channels/landing-settings')).body).toEqual(settings)
    const wrong = { ...settings, asked_by: (await accountOf('mini_program')).appid }
    expect((await administrator.put('/api/channels/landing-settings', wrong)).status).toBe(404)
    const staff = (stage.sandbox?.world.staff.all() ?? []).slice(0, 4).map(({ userid, name }) => ({ userid, name }))
    const seen_at = stage.clock.now()
    await db
      .insertInto('staff')
      .values(
        [...staff, { userid: 'chenxiaoyu', name: '陈晓雨' }].map((one) => ({
          ...{ corp_id: corp.id, status: 1, follows: true, first_seen_at: seen_at, seen_at },
          ...one,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const members = staff.map(({ userid }) => userid).filter((one) => one !== 'chenxiaoyu')
    const { page_url } = (
      await administrator.post(
        '/api/channels',
        channelInput(members, { kind: 'landing', strategy: 'round_robin', fallback: 'closed' }),
      )
    ).as(z.object({ page_url: z.string() }))
    const calls = async () =>
      z
        .object({ calls: z.array(z.object({ path: z.string() })) })
        .parse(await (await fetch(`${sandboxUrl}/sandbox/oracle/calls?path=sns/oauth2/access_token`)).json()).calls
        .length
    const before = await calls()
    /** As his browser does: the page looks again by itself while a code is being made. */
    const look = async (who: Made, url: string) => {
      let page = opened.parse(await admin(`/people/${who.id}/open`, { url }))
      while (page.html.includes('http-equiv="refresh"'))
        page = opened.parse(await admin(`/people/${who.id}/open`, { url: `${url}?again=1` }))
      return page
    }
    const page = await look(person, page_url)
    expect(page.status).toBe(200)
    expect(page.html).toContain('你的专属顾问')
    expect(page.html).toContain('陈晓雨')
    expect(await calls()).toBe(before + 1)
    // somebody who is nobody's customer gets one of the channel
    const stranger = await look(await newcomer('生人'), page_url)
    expect(stranger.html).not.toContain('你的专属顾问')
    // and a virtual person of a snapshot is nobody
    await fetch(`${sandboxUrl}/sandbox/settings`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ weixin: { snapshotPages: true } }),
    })
    const again = (
      await administrator.post(
        '/api/channels',
        channelInput(members, { kind: 'landing', strategy: 'round_robin', fallback: 'closed' }),
      )
    ).as(z.object({ page_url: z.string() }))
    const snapshot = await look(person, again.page_url)
    expect(snapshot.html).not.toContain('你的专属顾问')
  })
})
