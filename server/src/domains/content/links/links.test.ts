import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { linkAddress } from './link-settings.ts'
import { answered, desktop, linkStage, wechat } from './link-stage.ts'
import { linkOf, tokenOf } from './link-token.ts'
import { mintLinks, siteOfCorp, tokenOwner } from './links.store.ts'
import { openedByRun } from './opens.store.ts'

const stage = await linkStage()
const { db, corpId, services, settings, browser, externalUserid } = stage
const { vault, config } = services
const target = 'https://shop.example/cherries?id=1#top'

beforeEach(() => settings({}))

const opensOf = (run: number) => openedByRun(db, run)

describe('links of tasks', () => {
  it('are made for thousands of tasks at once, each with a token of its own, and the same when asked again', async () => {
    const { run, tokens, wanted } = await stage.run(8_000)
    expect(new Set(tokens).size).toBe(8_000)
    const again = await db.transaction().execute((tx) => mintLinks(tx, vault, corpId, wanted.slice(4_000, 4_002)))
    expect(again).toEqual(tokens.slice(4_000, 4_002))
    expect(await tokenOwner(db, vault, corpId, tokens[17] ?? '')).toEqual({ target, run, task: 17, place: 0 })
    expect(await tokenOwner(db, vault, corpId + 1, tokens[17] ?? '')).toBeUndefined()
  })
})

describe('an opening', () => {
  it('leads on to the untouched target and is counted, the first time and at hand', async () => {
    const { run, tokens } = await stage.run(2)
    const path = `/l/${tokens[0]}`
    for (let time = 0; time < 3; time += 1)
      expect(await browser().open(path)).toMatchObject({ status: 302, location: target })
    expect(await opensOf(run)).toEqual({ persons: 0, known: 0, unknown: 3 })
  })

  it('of an altered or invented token is refused without a look in the database', async () => {
    const [token = ''] = (await stage.run(1)).tokens
    const look = vi.spyOn(stage.inbox.links, 'find')
    const altered = tokenOf((linkOf(token, vault) ?? 0) + 1, { blindIndex: () => Buffer.alloc(16) })
    for (const wrong of [altered, `${token.slice(0, 19)}${token.endsWith('A') ? 'B' : 'A'}`, 'x', token.slice(1)]) {
      const answer = await browser().open(`/l/${wrong}`)
      expect(answer.status).toBe(404)
      expect(answer.html).toContain('链接不完整')
    }
    expect(look).not.toHaveBeenCalled()
    look.mockRestore()
  })

  it('that cannot be looked up is told to be tried again, in words for a customer', async () => {
    const [token = ''] = (await stage.run(1)).tokens
    const find = vi.spyOn(stage.inbox.links, 'find').mockRejectedValue(new Error('the database is away'))
    const answer = await browser().open(`/l/${token}`)
    expect(answer.status).toBe(503)
    expect(answer.html).toContain('请过一会儿再点一次')
    find.mockRestore()
    expect((await browser().open(`/l/${token}`)).location).toBe(target)
  })

  it('by a machine is answered and not counted', async () => {
    const { run, tokens } = await stage.run(1)
    const path = `/l/${tokens[0]}`
    expect(await browser().open(path, { method: 'HEAD' })).toMatchObject({ status: 302, location: target })
    expect(await browser().open(path, { agent: 'Sogou web spider/4.0' })).toMatchObject({ status: 302 })
    expect(await browser().open(path, { headers: { purpose: 'prefetch' } })).toMatchObject({ status: 302 })
    expect(await opensOf(run)).toEqual({ persons: 0, known: 0, unknown: 0 })
  })

  it('of a stopped link is told so, in the visitor’s language, until the link leads on again', async () => {
    const { run, tokens } = await stage.run(2)
    const path = `/l/${tokens[1]}`
    const operator = await stage.as('operator')
    expect((await operator.post(`/api/links/${run}/stop`, { stopped: true })).body).toEqual({ links: 2 })
    const zh = await browser().open(path)
    expect(zh.status).toBe(410)
    expect(zh.html).toContain('这个链接已失效')
    expect((await browser().open(path, { headers: { 'accept-language': 'en-GB' } })).html).toContain('no longer valid')
    expect(stage.audited.at(-1)).toMatchObject({ action: 'links.stop', count: 2 })
    expect(await opensOf(run)).toMatchObject({ unknown: 0 })
  })
})

describe('who opens a link', () => {
  it('is learnt silently in WeChat, once a visitor, where the corp wants to know', async () => {
    await settings({ link_know_customers: true })
    const { run, tokens } = await stage.run(2)
    const visitor = browser()
    const left = await visitor.open(`/l/${tokens[0]}`)
    expect(new URL(left.location).searchParams.get('scope')).toBe('snsapi_base')
    // the opening is safe already, should he never come back
    expect(await opensOf(run)).toEqual({ persons: 0, known: 0, unknown: 1 })
    expect(await visitor.open(await answered(left.location, externalUserid))).toMatchObject({ location: target })
    expect(await opensOf(run)).toEqual({ persons: 1, known: 1, unknown: 0 })
    // asked once: the next link leads on at once, and is his too
    expect(await visitor.open(`/l/${tokens[1]}`)).toMatchObject({ location: target })
    expect(await opensOf(run)).toEqual({ persons: 1, known: 2, unknown: 0 })
    const rows = await db.selectFrom('link_opens').select('customer_id').where('run_id', '=', run).execute()
    expect(new Set(rows.map((row) => row.customer_id))).toEqual(new Set([900]))
  })

  it('is asked of nobody outside WeChat, and of nobody where the corp does not want to know', async () => {
    const { tokens } = await stage.run(1)
    expect(await browser().open(`/l/${tokens[0]}`)).toMatchObject({ location: target })
    await settings({ link_know_customers: true })
    expect(await browser().open(`/l/${tokens[0]}`, { agent: desktop })).toMatchObject({ location: target })
  })

  it('stays unknown when WeChat says nothing of use: he is led on and counted once', async () => {
    await settings({ link_know_customers: true })
    const { run, tokens } = await stage.run(1)
    const visitor = browser()
    const left = await visitor.open(`/l/${tokens[0]}`)
    const back = new URL(await answered(left.location, externalUserid))
    back.searchParams.set('code', 'invented')
    expect(await visitor.open(`${back.pathname}${back.search}`)).toMatchObject({ location: target })
    expect(await opensOf(run)).toEqual({ persons: 0, known: 0, unknown: 1 })
    expect(await visitor.open(`/l/${tokens[0]}`)).toMatchObject({ location: target })
  })

  it('is not taken from another browser’s way back, nor from a cookie that we did not write', async () => {
    await settings({ link_know_customers: true })
    const { run, tokens } = await stage.run(1)
    const left = await browser().open(`/l/${tokens[0]}`)
    const stranger = browser()
    expect(await stranger.open(await answered(left.location, externalUserid))).toMatchObject({ location: target })
    stranger.jar.set(`nuanyu_who_${corpId}`, Buffer.from('["visitor",1,900,9999999999999]').toString('base64url'))
    await stranger.open(`/l/${tokens[0]}`, { agent: desktop })
    expect(await opensOf(run)).toMatchObject({ persons: 0, known: 0 })
  })

  it('counts as one person over his homes', async () => {
    await settings({ link_know_customers: true })
    const { run, tokens } = await stage.run(1)
    const other = stage.behind.sandbox.world.customers.externalUserId(1)
    await stage.customer(901, other)
    for (const external of [externalUserid, other]) {
      const visitor = browser()
      const left = await visitor.open(`/l/${tokens[0]}`)
      await visitor.open(await answered(left.location, external))
    }
    expect(await opensOf(run)).toEqual({ persons: 2, known: 2, unknown: 0 })
    await db.updateTable('customers').set({ merged_into: 900 }).where('id', '=', 901).execute()
    expect(await opensOf(run)).toEqual({ persons: 1, known: 2, unknown: 0 })
  })
})

describe('the domain of links', () => {
  const view = z.object({ urls: z.array(z.string()), site: z.string() })

  it('is replaced at once, for links that are yet to be sent and for those that went out', async () => {
    const administrator = await stage.as('administrator')
    const urls = ['https://a.example', 'https://b.example/']
    const put = await administrator.put('/api/links/settings', { urls, know_customers: false, parameter: null })
    expect(put.as(view)).toMatchObject({ urls: ['https://a.example', 'https://b.example'], site: 'https://a.example' })
    const operator = await stage.as('operator')
    const after = await operator.post('/api/links/replace-domain', { blocked: 'https://a.example' })
    expect(after.as(view)).toMatchObject({
      urls: ['https://b.example', 'https://a.example'],
      site: 'https://b.example',
    })
    expect(await siteOfCorp(db, config, corpId)).toBe('https://b.example')
    // somebody who still saw the old page does not turn it back
    expect((await operator.post('/api/links/replace-domain', { blocked: 'https://a.example' })).status).toBe(409)
    // whichever domain brings a visitor, the token is good
    const [token = ''] = (await stage.run(1)).tokens
    const byOld = new URL(linkAddress('https://a.example', token)).pathname
    expect(await browser().open(byOld)).toMatchObject({ status: 302, location: target })
  })

  it('has nothing to be replaced by where no other is named', async () => {
    const operator = await stage.as('operator')
    expect((await operator.post('/api/links/replace-domain', { blocked: stage.url })).status).toBe(422)
  })

  it('falls back to the landing pages’, then to the server’s', async () => {
    await db
      .updateTable('corps')
      .set({ settings: JSON.stringify({ landing_url: 'https://l.example/' }) })
      .execute()
    expect(await siteOfCorp(db, config, corpId)).toBe('https://l.example')
    await db.updateTable('corps').set({ settings: '{}' }).execute()
    expect(await siteOfCorp(db, config, corpId)).toBe(config.publicUrl)
  })

  it('adds the token to the target where a parameter is named for it', async () => {
    await settings({ link_parameter: 'ny' })
    const [token = ''] = (await stage.run(1)).tokens
    const expected = `https://shop.example/cherries?id=1&ny=${token}#top`
    expect(await browser().open(`/l/${token}`, { agent: wechat })).toMatchObject({ location: expected })
  })
})

describe('短链与点击', () => {
  const items = z.object({ items: z.array(z.record(z.string(), z.unknown())), next_cursor: z.string().nullable() })

  it('lists runs, their addresses, hours and tasks, page by page', async () => {
    await settings({ link_know_customers: true })
    const { run, tokens, campaign } = await stage.run(3)
    await browser().open(`/l/${tokens[2]}`, { agent: desktop })
    const operator = await stage.as('operator')
    const list = (await operator.get(`/api/links?campaign=${campaign}`)).as(items)
    expect(list.items).toMatchObject([
      { run, campaign: { id: campaign, name: '樱桃上新' }, links: 3, tasks: 3, stopped: false, persons: 0, unknown: 1 },
    ])
    const pasted = encodeURIComponent(`${stage.url}/l/${tokens[1]}`)
    expect((await operator.get(`/api/links?link=${pasted}`)).as(items).items).toMatchObject([{ run }])
    expect((await operator.get('/api/links?link=nothing')).as(items).items).toEqual([])
    const first = (await operator.get('/api/links?limit=1')).as(items)
    const second = (await operator.get(`/api/links?limit=1&cursor=${first.next_cursor}`)).as(items)
    expect(first.items[0]?.['run']).toBe(run)
    expect(Number(second.items[0]?.['run'])).toBeLessThan(run)
    expect((await operator.get(`/api/links/${run}`)).body).toMatchObject({
      ...{ stopped: false, persons: 0, known: 0, unknown: 1 },
      places: [{ place: 0, target, links: 3, known: 0, unknown: 1 }],
      hours: [{ at: '2026-11-11T02:00:00.000Z', known: 0, unknown: 1 }],
    })
    const tasks = (await operator.get(`/api/links/${run}/tasks?limit=2`)).as(items)
    expect(tasks.items).toMatchObject([
      { task: 0, unknown: 0 },
      { task: 1, address: `${stage.url}/l/${tokens[1]}` },
    ])
    const rest = (await operator.get(`/api/links/${run}/tasks?limit=2&cursor=${tasks.next_cursor}`)).as(items)
    expect(rest).toMatchObject({ items: [{ task: 2, unknown: 1 }], next_cursor: null })
    expect((await operator.get('/api/links/2000000000')).status).toBe(404)
  })

  it('tells an address that names its sender once, whoever sends it', async () => {
    const { run } = await stage.run(0)
    const senders = ['li', 'wang.m', 'zhao@x']
    for (const [number, sender] of senders.entries())
      await db
        .insertInto('campaign_tasks')
        .values({ run_id: run, number, corp_id: corpId, variant: 0, sender, recipients: 1 })
        .execute()
    const wanted = senders.flatMap((sender, task) => [
      { target: `https://shop.example/list?s=${encodeURIComponent(sender)}&x=1`, run, task, place: 0 },
      { target, run, task, place: 1 },
    ])
    const tokens = await db.transaction().execute((tx) => mintLinks(tx, vault, corpId, wanted))
    await browser().open(`/l/${tokens[2]}`, { agent: desktop })
    expect((await (await stage.as('operator')).get(`/api/links/${run}`)).body).toMatchObject({
      places: [
        { place: 0, target: 'https://shop.example/list?s={员工ID}&x=1', links: 3, unknown: 1 },
        { place: 1, target, links: 3, unknown: 0 },
      ],
    })
  })

  it('lists the links of a Moment too, which are no member’s task', async () => {
    const { run } = await stage.run(0)
    const wanted = [-2, -1].map((task) => ({ target, run, task, place: 0 }))
    const tokens = await db.transaction().execute((tx) => mintLinks(tx, vault, corpId, wanted))
    const operator = await stage.as('operator')
    const first = (await operator.get(`/api/links/${run}/tasks?limit=1`)).as(items)
    expect(first.items).toMatchObject([{ task: -2, sender: null, address: `${stage.url}/l/${tokens[0]}` }])
    const rest = (await operator.get(`/api/links/${run}/tasks?limit=1&cursor=${first.next_cursor}`)).as(items)
    expect(rest).toMatchObject({ items: [{ task: -1 }], next_cursor: null })
  })

  it('is for those who may see campaigns, and of the own corp only', async () => {
    const { run } = await stage.run(1)
    const guide = await stage.as('guide', { kind: 'self', userid: 'a' })
    for (const path of ['/api/links', `/api/links/${run}`, `/api/links/${run}/tasks`, '/api/links/settings'])
      expect((await guide.get(path)).status, path).toBe(403)
    const auditor = await stage.as('auditor')
    expect((await auditor.get('/api/links')).status).toBe(200)
    expect((await auditor.post(`/api/links/${run}/stop`, { stopped: true })).status).toBe(403)
    const { id } = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: services.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const stranger = await stage.as('operator', { kind: 'corp' }, id)
    expect((await stranger.get('/api/links')).as(items).items).toEqual([])
    expect((await stranger.post(`/api/links/${run}/stop`, { stopped: true })).status).toBe(404)
    expect((await stranger.get(`/api/links/${run}`)).status).toBe(404)
  })
})
