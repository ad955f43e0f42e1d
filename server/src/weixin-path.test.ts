import { OpenId, type WeixinEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectDemoWeixin } from './demo/weixin.ts'
import { erasePerson } from './domains/compliance/index.ts'
import { weixinClients } from './domains/weixin/account-clients.ts'
import { saveAccount } from './domains/weixin/index.ts'
import { readFollowers } from './domains/weixin/sync.job.ts'
import { weixinStage } from './weixin-stage.ts'

const {
  stage,
  db,
  services,
  corp,
  sandboxUrl,
  here,
  upkeep,
  visitors,
  admin,
  newcomer,
  sceneCode,
  accountOf,
  settled,
  homeOf,
  openidOf,
  send,
} = await weixinStage()

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
