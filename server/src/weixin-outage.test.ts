import { randomBytes } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatWeixinEvent, OpenId, sealWeixinCallback, type WeixinEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { recordTouches } from './domains/reach/index.ts'
import { createWeixinUpkeep, saveAccount } from './domains/weixin/index.ts'
import { startWatch } from './infra/testing-time.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage()
const { db } = stage.database
const { services } = stage
const inbox = stage.path.weixin
const upkeep = createWeixinUpkeep(services, recordTouches)
const appid = 'wx0123456789abcdef'
const newKeys = () => ({ token: randomBytes(8).toString('hex'), aesKey: randomBytes(32).toString('hex').slice(0, 43) })
let corpId = 0
let keys = newKeys()

async function connect(callback: typeof keys): Promise<void> {
  const account = {
    corpId,
    kind: 'official_account' as const,
    appid,
    name: '鲜果连锁',
    secret: 'x'.repeat(32),
    callback,
  }
  await saveAccount(services.db, services.vault, account, stage.clock.now())
}
beforeAll(async () => {
  corpId = (await stage.app('wwours', 'main')).corpId
  await connect(keys)
  await inbox.accounts.refresh()
})
afterEach(async () => {
  stage.proxy.restore()
  await stage.databaseAnswers()
})

const nowS = () => Math.floor(stage.clock.now().getTime() / 1000)
let people = 0
const nextPerson = () => {
  people += 1
  return OpenId.parse(`oPerson${String(people).padStart(21, '0')}`)
}

async function send(openId: OpenId, over: { createTime?: number; keys?: typeof keys } = {}): Promise<Response> {
  const event: WeixinEvent = { kind: 'oa.subscribed', accountId: 'gh_1', openId, createTime: over.createTime ?? nowS() }
  const sealed = sealWeixinCallback({
    ...(over.keys ?? keys),
    ...{ appId: appid, xml: formatWeixinEvent(event), openId, timestamp: nowS(), nonce: 'n1' },
  })
  const address = `${stage.url}/callbacks/weixin/wwours/${appid}?${new URLSearchParams(sealed.query)}`
  return fetch(address, { method: 'POST', body: sealed.body })
}

/** How often each was stored, handled, made a home, and noted in a history. */
async function tracesOf(openids: readonly string[]) {
  const { rows } = await sql<{ stored: number; handled: number; people: number; events: number }>`
    select (select count(*) from weixin_callbacks where openid = any(${[...openids]}))::int as stored,
      (select count(*) from weixin_callbacks where openid = any(${[...openids]}) and handled_at is not null)::int as handled,
      (select count(*) from weixin_people where openid = any(${[...openids]}))::int as people,
      (select count(*) from events e join weixin_people p using (customer_id)
        where p.openid = any(${[...openids]}) and e.kind = 'oa.followed')::int as events`.execute(db)
  return rows[0]
}
const each = (count: number) => ({ stored: count, handled: count, people: count, events: count })

/** Until the database answers again, what was spilled is stored, and it is handled. */
async function drained(): Promise<void> {
  const tended = () =>
    inbox.tend().then(
      () => 'drained',
      () => 'away',
    )
  await expect.poll(tended).toBe('drained')
  await upkeep.pass()
}

describe('callbacks of WeChat accounts', () => {
  it('are acknowledged from the spill file while the database is away, and handled once when it is back', async () => {
    stage.proxy.cut()
    const away = Array.from({ length: 20 }, nextPerson)
    const answers = await Promise.all([...away, ...away.slice(0, 5)].map((who) => send(who)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await answers[0]?.text()).toBe('success')
    expect(await tracesOf(away)).toEqual(each(0))
    await expect(inbox.tend()).rejects.toThrow()
    stage.proxy.restore()
    await drained()
    expect(await tracesOf(away)).toEqual(each(20))
    expect(await readdir(join(stage.dataDir, 'spill-weixin'))).toEqual([])
  })

  it('are answered in time by a database that takes everything and says nothing', async () => {
    const those = Array.from({ length: 5 }, nextPerson)
    stage.proxy.hang()
    const watch = startWatch()
    const answers = await Promise.all(those.map((who) => send(who)))
    expect(answers.map(({ status }) => status)).toEqual(those.map(() => 200))
    expect(watch()).toBeLessThan(4_500)
    stage.proxy.restore()
    await drained()
    expect(await tracesOf(those)).toEqual(each(5))
  })

  it('get no answer when neither database nor disk takes them, so that the platform tells them again', async () => {
    const dir = join(stage.dataDir, 'spill-weixin')
    await rm(dir, { recursive: true, force: true })
    await writeFile(dir, 'no folder')
    stage.proxy.cut()
    const who = nextPerson()
    await expect(send(who)).rejects.toThrow()
    stage.proxy.restore()
    await rm(dir)
    await expect
      .poll(() =>
        send(who).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200)
    await inbox.tend()
    await upkeep.pass()
    expect(await tracesOf([who])).toEqual(each(1))
  })

  it('of a burst share their commits, and a repeat changes nothing', async () => {
    const those = Array.from({ length: 60 }, nextPerson)
    const answers = await Promise.all([...those, ...those].map((who) => send(who)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await upkeep.pass()
    expect(await tracesOf(those)).toEqual(each(60))
  })

  it('that somebody replays long after are refused', async () => {
    const who = nextPerson()
    const answer = await send(who, { createTime: nowS() - 30 * 86_400 })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ details: { code: 'stale' } })
    expect(await tracesOf([who])).toEqual(each(0))
  })

  it('are opened with keys that another process has just changed; the old ones end', async () => {
    const before = keys
    keys = newKeys()
    await connect(keys)
    // a look-up a second: the one before may have been this moment
    await expect.poll(async () => (await send(nextPerson())).status).toBe(200)
    expect((await send(nextPerson(), { keys: before })).status).toBe(400)
  })
})
