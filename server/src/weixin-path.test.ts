import { randomBytes } from 'node:crypto'
import { formatWeixinEvent, OpenId, sealWeixinCallback, type WeixinEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectDemoShop } from './demo/shop-connector.ts'
import { connectDemoWeixin, putInSandbox } from './demo/weixin.ts'
import { channelInput } from './domains/acquisition/channels/channel-stage.ts'
import { erasePerson } from './domains/compliance/index.ts'
import { createCustomerUpkeep } from './domains/customers/index.ts'
import { weixinClients } from './domains/weixin/account-clients.ts'
import { createWeixinUpkeep, saveAccount } from './domains/weixin/index.ts'
import { readFollowers } from './domains/weixin/sync.job.ts'
import { untilFollowed } from './infra/events/testing.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const { services } = stage
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
const sandboxUrl = stage.sandboxUrl ?? ''
const here = { ...services, config: { ...services.config, publicUrl: stage.url } }
await connectDemoWeixin(here, sandboxUrl, corp.id, corp.corpid)
await connectDemoShop(here, sandboxUrl, corp.id)
const upkeep = createWeixinUpkeep(services)
const customers = createCustomerUpkeep(services)
const visitors = createVisitors(stage.http, services)

const made = z.object({ id: z.string(), externalUserId: z.string(), unionId: z.string() })
const shown = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      following: z.boolean(),
      qr_scene: z.string().nullable(),
      scanned_scene: z.string().nullable(),
      wrote_at: z.string().nullable(),
      visits: z.int(),
    }),
  ),
})
const orders = z.object({ items: z.array(z.object({ number: z.string(), status: z.string() })) })
type Made = z.output<typeof made>

async function admin(path: string, body: unknown = {}): Promise<unknown> {
  const answer = await fetch(`${sandboxUrl}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const newcomer = async (name: string) => made.parse(await admin('/people', { role: 'customer', name }))
async function sceneCode(scene: string): Promise<string> {
  const account = await accountOf('official_account')
  const token = z.object({ access_token: z.string() }).parse(
    await (
      await fetch(`${sandboxUrl}/weixin/cgi-bin/stable_token`, {
        method: 'POST',
        body: JSON.stringify({ grant_type: 'client_credential', appid: account.appid, secret: account.secret }),
      })
    ).json(),
  ).access_token
  const answer = await fetch(`${sandboxUrl}/weixin/cgi-bin/qrcode/create?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify({ action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: scene } } }),
  })
  return z.object({ url: z.string() }).parse(await answer.json()).url
}
async function accountOf(kind: string) {
  const row = await db
    .selectFrom('weixin_accounts')
    .selectAll()
    .where('kind', '=', kind)
    .where('corp_id', '=', corp.id)
    .executeTakeFirstOrThrow()
  const open = (sealed: Buffer | null) => (sealed === null ? '' : services.vault.open(sealed))
  return {
    ...{ id: row.id, appid: row.appid, secret: open(row.secret_sealed) },
    ...{ token: open(row.token_sealed), aesKey: open(row.aes_key_sealed) },
  }
}

/** Everything that was told is handled, and everybody is known. */
async function settled(): Promise<void> {
  await stage.settled()
  await upkeep.pass()
  await untilFollowed(db, 'customers.freshness', () => customers.pass())
  await customers.pass()
}
async function homeOf(kind: string, value: string): Promise<number> {
  const { rows } = await sql<{ root: number }>`
    select coalesce(c.merged_into, c.id) as root from identities i join customers c on c.id = i.customer_id
    where i.corp_id = ${corp.id} and i.kind like ${kind} and i.value = ${value}`.execute(db)
  return rows[0]?.root ?? 0
}
const openidOf = async (person: Made, key: string) => {
  const answer = await (await fetch(`${sandboxUrl}/sandbox/people/${person.id}/weixin`)).json()
  const { accounts } = z.object({ accounts: z.array(z.object({ key: z.string(), openId: z.string() })) }).parse(answer)
  return accounts.find((one) => one.key === key)?.openId ?? ''
}

async function send(event: WeixinEvent, over: { token?: string; aesKey?: string; appid?: string } = {}) {
  const account = await accountOf('official_account')
  const keys = { token: over.token ?? account.token, aesKey: over.aesKey ?? account.aesKey, appId: account.appid }
  const timestamp = Math.floor(stage.clock.now().getTime() / 1000)
  const sealed = sealWeixinCallback({
    ...keys,
    ...{ xml: formatWeixinEvent(event), openId: event.openId, timestamp, nonce: 'n1' },
  })
  const address = `${stage.url}/callbacks/weixin/${corp.corpid}/${over.appid ?? account.appid}`
  return fetch(`${address}?${new URLSearchParams(sealed.query)}`, { method: 'POST', body: sealed.body })
}

const steps = ['follow', 'visit', 'buy', 'add'] as const
type Step = (typeof steps)[number]
const orderings: readonly (readonly Step[])[] = [
  ['follow', 'visit', 'buy', 'add'],
  ['add', 'buy', 'visit', 'follow'],
  ['buy', 'add', 'follow', 'visit'],
]

describe('one person in three apps', () => {
  it.each(orderings)('%s, %s, %s, %s: one profile with all of it', async (...order) => {
    const person = await newcomer(`三处同一人${order.join('')}`)
    const code = await sceneCode('store-100')
    const does: Record<Step, () => Promise<unknown>> = {
      follow: async () => {
        await admin(`/people/${person.id}/oa/scan`, { content: code })
        await admin(`/people/${person.id}/oa/write`, { text: '有榴莲吗' })
      },
      visit: () => admin(`/people/${person.id}/miniprogram/open`),
      buy: async () => {
        await admin(`/people/${person.id}/shop/view`, { productId: 'P0001' })
        await admin(`/people/${person.id}/shop/pay`, { items: [{ productId: 'P0001', quantity: 2 }] })
      },
      add: () => admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' }),
    }
    for (const step of order) {
      await does[step]()
      await settled()
    }
    const root = await homeOf('external_userid', person.externalUserId)
    expect(root).toBeGreaterThan(0)
    expect(await homeOf('unionid', person.unionId)).toBe(root)
    expect(await homeOf('openid:%', await openidOf(person, 'service'))).toBe(root)
    expect(await homeOf('openid:%', await openidOf(person, 'shop'))).toBe(root)
    const chen = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'chenxiaoyu' })
    const { items } = (await chen.get(`/api/customers/${root}/weixin`)).as(shown)
    expect(items).toEqual([
      expect.objectContaining({ kind: 'official_account', following: true, qr_scene: 'store-100' }),
      expect.objectContaining({ kind: 'mini_program', following: false, visits: 1 }),
    ])
    expect(items[0]?.wrote_at).not.toBeNull()
    expect((await chen.get(`/api/customers/${root}/orders`)).as(orders).items).toEqual([
      expect.objectContaining({ status: 'paid' }),
    ])
    const merges = await db.selectFrom('person_merges').select('id').where('root_id', '=', root).execute()
    expect(merges.length).toBeGreaterThan(0)
    const other = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'somebodyelse' })
    expect((await other.get(`/api/customers/${root}/weixin`)).status).toBe(404)
  })
})

describe('callbacks of an account', () => {
  const openId = OpenId.parse(`o${'x'.repeat(27)}`)
  const at = Math.floor(stage.clock.now().getTime() / 1000)
  const base = { accountId: 'gh_0123456789ab', openId }
  const standing = async () => {
    const { rows } = await sql<{ following: boolean; scanned: string | null }>`
      select followed_at > coalesce(ended_at, '-infinity') as following, scanned_scene as scanned
      from weixin_people where openid = ${openId}`.execute(db)
    return rows
  }

  it('told twice and in any order they end in the same, once in the history', async () => {
    const events: WeixinEvent[] = [
      { ...base, kind: 'oa.scanned', createTime: at + 40, eventKey: 'late', ticket: 't' },
      { ...base, kind: 'oa.subscribed', createTime: at + 30 },
      { ...base, kind: 'oa.unsubscribed', createTime: at + 20 },
      { ...base, kind: 'oa.subscribed', createTime: at + 10, eventKey: 'qrscene_early', ticket: 't' },
      { ...base, kind: 'oa.scanned', createTime: at + 15, eventKey: 'early', ticket: 't' },
    ]
    for (const event of [...events, ...events]) {
      expect((await send(event)).status).toBe(200)
      await upkeep.pass()
    }
    expect(await standing()).toEqual([{ following: true, scanned: 'late' }])
    const home = await homeOf('openid:%', openId)
    const { rows } = await sql<{ kind: string }>`
      select kind from events where customer_id = ${home} and kind like 'oa.%' order by occurred_at`.execute(db)
    expect(rows.map(({ kind }) => kind)).toEqual([
      ...['oa.followed', 'oa.scanned', 'oa.unfollowed', 'oa.followed', 'oa.scanned'],
    ])
  })

  it('an openid that the platform does not know holds nobody up', async () => {
    const person = await newcomer('真人')
    await admin(`/people/${person.id}/oa/follow`, { via: 'search' })
    await settled()
    const union = await homeOf('unionid', person.unionId)
    expect(union).toBeGreaterThan(0)
    expect(await homeOf('openid:%', await openidOf(person, 'service'))).toBe(union)
    await admin(`/people/${person.id}/oa/unfollow`)
    await settled()
    const { rows } = await sql<{ ended: boolean }>`
      select ended_at is not null and ended_at >= followed_at as ended from weixin_people
      where openid = ${await openidOf(person, 'service')}`.execute(db)
    expect(rows).toEqual([{ ended: true }])
  })

  it('a wrong signature, another account’s key or an address of nobody is refused and leaves nothing', async () => {
    const event: WeixinEvent = { ...base, kind: 'oa.menu_clicked', createTime: at + 99, eventKey: 'X' }
    const count = async () => (await db.selectFrom('weixin_callbacks').select('id').execute()).length
    const before = await count()
    expect((await send(event, { token: 'wrong' })).status).toBe(400)
    const mini = await accountOf('mini_program')
    expect((await send(event, { token: mini.token, aesKey: mini.aesKey })).status).toBe(400)
    expect((await send(event, { appid: 'wx0000000000000000' })).status).toBe(404)
    expect((await fetch(`${stage.url}/callbacks/weixin/${corp.corpid}/${mini.appid}`, { method: 'PUT' })).status).toBe(
      405,
    )
    expect(await count()).toBe(before)
  })

  it('one that cannot be handled holds up no other', async () => {
    const late: WeixinEvent = { ...base, kind: 'oa.scanned', createTime: 999_999_999_999, eventKey: 'y', ticket: 't' }
    expect((await send(late)).status).toBe(200)
    expect((await send({ ...base, kind: 'oa.unsubscribed', createTime: at + 500 })).status).toBe(200)
    await upkeep.pass()
    expect(await standing()).toEqual([{ following: false, scanned: 'late' }])
    const waiting = await db.selectFrom('weixin_callbacks').select('id').where('handled_at', 'is', null).execute()
    expect(waiting).toEqual([])
  })

  it('an event that we do not know is kept as it came', async () => {
    const raw =
      `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${openId}]]></FromUserName>` +
      `<CreateTime>${at}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[LOCATION]]></Event></xml>`
    const event: WeixinEvent = { kind: 'unknown', ...base, createTime: at, msgType: 'event', event: 'LOCATION', raw }
    expect((await send(event)).status).toBe(200)
    await upkeep.pass()
    const kept = await db.selectFrom('weixin_callbacks').selectAll().where('kind', '=', 'unknown').execute()
    expect(kept).toEqual([expect.objectContaining({ body: raw })])
    expect(kept[0]?.handled_at).not.toBeNull()
  })
})

describe('reading who follows', () => {
  const run = (checkpoint: unknown, accountId: string, seen: unknown[], stopAfter = Number.POSITIVE_INFINITY) => ({
    ...{ id: 'op', corpId: corp.id, input: { accountId }, checkpoint },
    async progress(report: { done: number; checkpoint?: unknown }) {
      seen.push(report.checkpoint)
      if (seen.length >= stopAfter) throw new Error('the process dies here')
    },
  })

  it('the first reading knows everybody with his unionid, goes on where it stopped, and finds who left unheard', async () => {
    const { id } = await accountOf('official_account')
    const left = await newcomer('悄悄离开')
    await admin(`/people/${left.id}/oa/follow`, { via: 'search' })
    await settled()
    const openid = await openidOf(left, 'service')
    await fetch(`${sandboxUrl}/sandbox/weixin/service/callback`, { method: 'DELETE' })
    await admin(`/people/${left.id}/oa/unfollow`)
    for (let n = 0; n < 120; n += 1) {
      const one = await newcomer(`粉丝${n}`)
      await admin(`/people/${one.id}/oa/follow`, { via: 'search' })
    }
    await connectDemoWeixin(here, sandboxUrl, corp.id, corp.corpid)
    stage.sandbox?.clock.advance(10_000)
    const clients = weixinClients(services)
    const seen: unknown[] = []
    await expect(readFollowers(services, clients, run(undefined, id, seen, 1))).rejects.toThrow('dies here')
    const again: unknown[] = []
    const result = await readFollowers(services, clients, run(seen[0], id, again))
    expect(again.length).toBeLessThan(3)
    expect(result.unlisted).toBe(1)
    await upkeep.pass()
    const { rows } = await sql<{ openid: string; following: boolean; known: boolean }>`
      select p.openid, p.followed_at > coalesce(p.ended_at, '-infinity') as following,
        exists (select from identity_links l where l.customer_id = p.customer_id) as known
      from weixin_people p where p.account_id = ${id} and p.followed_at is not null`.execute(db)
    expect(rows.find((row) => row.openid === openid)).toMatchObject({ following: false })
    const following = rows.filter((row) => row.following && !row.openid.includes('xxx'))
    expect(following).toHaveLength(result.followers)
    expect(following.every((row) => row.known)).toBe(true)
  })
})

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
    await send()
    await settled()
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
      for (let tries = 0; page.html.includes('http-equiv="refresh"') && tries < 20; tries += 1)
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

describe('the shop', () => {
  it('is heard only with its signature', async () => {
    const { id } = await db.selectFrom('connectors').select('id').executeTakeFirstOrThrow()
    const answer = await fetch(`${stage.url}/callbacks/connectors/${id}`, {
      method: 'POST',
      headers: {
        'x-shop-timestamp': String(Math.floor(stage.clock.now().getTime() / 1000)),
        'x-shop-signature': 'no',
      },
      body: '{}',
    })
    expect(answer.status).toBe(400)
  })

  it('a refund and what he looked at come to the same person', async () => {
    const person = await newcomer('买家')
    const paid = z
      .object({ id: z.string() })
      .parse(await admin(`/people/${person.id}/shop/pay`, { items: [{ productId: 'P0002', quantity: 1 }] }))
    await admin(`/people/${person.id}/shop/refund`, { orderId: paid.id, amountFen: 100, reason: '坏果' })
    await settled()
    const rows = await db.selectFrom('orders').selectAll().where('number', '=', paid.id).execute()
    expect(rows).toEqual([expect.objectContaining({ status: 'part_refunded', refunded: 100 })])
  })
})

it('who is erased leaves no openid in what accounts were told', async () => {
  const person = await newcomer('要求删除的人')
  await admin(`/people/${person.id}/oa/follow`, { via: 'search' })
  await admin(`/people/${person.id}/oa/write`, { text: '请删除我' })
  await settled()
  const openid = await openidOf(person, 'service')
  const audit = {
    ...{ corpId: corp.id, actor: undefined, action: 'customer.erase' as const, outcome: 'done' as const },
    ...{ ip: '', userAgent: '', requestId: 'test' },
  }
  const customerId = await homeOf('openid:%', openid)
  expect(await erasePerson(services, { corpId: corp.id, customerId, audit })).toMatchObject({ kind: 'erased' })
  for (const table of ['weixin_people', 'weixin_callbacks'] as const)
    expect(await db.selectFrom(table).select('openid').where('openid', '=', openid).execute()).toEqual([])
  expect(await homeOf('openid:%', openid)).toBe(0)
})

describe('connecting', () => {
  const accounts = z.object({
    items: z.array(
      z.object({ id: z.string(), kind: z.string(), appid: z.string(), verified_at: z.string().nullable() }),
    ),
  })

  it('a test resolves an identity; a wrong secret is not kept; a guide may do nothing of it', async () => {
    const administrator = await visitors.as(corp.id)('administrator')
    const { items } = (await administrator.get('/api/weixin/accounts')).as(accounts)
    expect(items.map(({ kind }) => kind)).toEqual(['official_account', 'mini_program'])
    expect(items.every((one) => one.verified_at !== null)).toBe(true)
    for (const { id } of items)
      expect((await administrator.post(`/api/weixin/accounts/${id}/test`)).body).toMatchObject({ ok: true })
    const { appid, secret } = await accountOf('official_account')
    const connect = (given: string) =>
      administrator.post('/api/weixin/accounts', { kind: 'official_account', appid, name: '鲜果连锁', secret: given })
    expect((await connect('a-wrong-secret-of-mine')).status).toBe(502)
    expect((await connect(secret)).status).toBe(201)
    const keys = await administrator.post(`/api/weixin/accounts/${items[0]?.id}/callback`)
    expect(keys.status).toBe(201)
    const guide = await visitors.as(corp.id)('guide', { kind: 'self', userid: 'chenxiaoyu' })
    for (const path of ['', `/${items[0]?.id}/callback`, `/${items[0]?.id}/test`, `/${items[0]?.id}/sync`])
      expect((await guide.post(`/api/weixin/accounts${path}`, {})).status).toBe(403)
    const other = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '另一家', created_at: stage.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const stranger = await visitors.as(other.id)('administrator')
    expect((await stranger.post(`/api/weixin/accounts/${items[0]?.id}/test`)).status).toBe(404)
    await saveAccount(
      db,
      services.vault,
      {
        ...{
          corpId: other.id,
          kind: 'official_account',
          appid: 'wxother0000000000',
          name: '另一个',
          secret: 'x'.repeat(32),
        },
      },
      stage.clock.now(),
    )
    expect((await administrator.get('/api/weixin/accounts')).as(accounts).items).toHaveLength(2)
  })
})
