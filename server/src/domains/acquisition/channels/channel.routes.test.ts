import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { declaredRoutes, testSite } from '../../../infra/http/testing.ts'
import { channelRouters } from './channel.routers.ts'
import { channelInput } from './channel-stage.ts'

const site = await testSite({ routes: channelRouters })
const { db, corpId, clock } = site
const stores = { north: uuid(), south: uuid() }
await db
  .insertInto('stores')
  .values(
    Object.entries(stores).map(([code, id]) => ({ id, corp_id: corpId, code, name: code, created_at: clock.now() })),
  )
  .execute()
await db
  .insertInto('staff')
  .values(
    ['chen', 'lin', 'wu'].map((userid) => ({
      corp_id: corpId,
      userid,
      name: `员工${userid}`,
      status: 1,
      follows: true,
      store_id: userid === 'chen' ? stores.north : stores.south,
      first_seen_at: clock.now(),
      seen_at: clock.now(),
    })),
  )
  .execute()
const operator = await site.as('operator')

async function create(members: string[], over: Record<string, unknown> = {}): Promise<string> {
  const reply = await operator.post('/api/channels', channelInput(members, over))
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return (reply.body as { id: string }).id
}

describe('who may do what with channels', () => {
  it('nobody without the permission reaches any route, and the refusal names it', async () => {
    const guide = await site.as('guide', { kind: 'self', userid: 'chen' })
    const auditor = await site.as('auditor')
    for (const { method, sample, gate } of declaredRoutes(site.app)) {
      const visitor = gate === 'channels.read' ? guide : auditor
      const call = { GET: visitor.get, POST: visitor.post, PUT: visitor.put, DELETE: visitor.delete }[method]
      const reply = await call?.(sample)
      expect([method, sample, reply?.status]).toEqual([method, sample, 403])
      expect(reply?.body).toMatchObject({ code: 'forbidden', details: { permission: gate } })
    }
  })

  it('a store manager sees the channels of his store and his people, and no others', async () => {
    const mine = await create(['chen'])
    const ofStore = await create(['wu'], { store_id: stores.north })
    const other = await create(['lin'])
    const manager = await site.as('store_manager', { kind: 'store', storeIds: [stores.north] })
    const list = await manager.get('/api/channels')
    const ids = (list.body as { items: { id: string }[] }).items.map((item) => item.id)
    expect(ids).toContain(mine)
    expect(ids).toContain(ofStore)
    expect(ids).not.toContain(other)
    expect((await manager.get(`/api/channels/${other}`)).status).toBe(404)
    expect((await manager.get(`/api/channels/${other}/qr`)).status).toBe(404)
    expect((await manager.get(`/api/channels/${mine}`)).status).toBe(200)
  })

  it('an operator of one store puts only his people behind a code', async () => {
    const local = await site.as('operator', { kind: 'store', storeIds: [stores.north] })
    expect((await local.post('/api/channels', channelInput(['lin']))).body).toMatchObject({ code: 'forbidden' })
    expect((await local.post('/api/channels', channelInput(['chen']))).status).toBe(201)
  })
})

describe('the list', () => {
  it('pages by key without losing or repeating one, and finds by name, group and state', async () => {
    const made = []
    for (let i = 0; i < 5; i++) made.push(await create(['chen'], { name: `翻页 ${i}`, group: '翻页组' }))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const reply = await operator.get(
        `/api/channels?limit=2&group=${encodeURIComponent('翻页组')}${cursor ? `&cursor=${cursor}` : ''}`,
      )
      const page = reply.body as { items: { id: string }[]; next_cursor: string | null }
      seen.push(...page.items.map((item) => item.id))
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(seen.sort()).toEqual(made.sort())
    const found = await operator.get(`/api/channels?q=${encodeURIComponent('翻页 3')}`)
    expect(found.body).toMatchObject({ items: [{ name: '翻页 3', on_duty: 0, ready: false }], groups: ['翻页组'] })
    expect((await operator.get('/api/channels?q=%25')).body).toMatchObject({ items: [] })
  })
})

describe('writing', () => {
  it('keeps what was sent and gives it back for editing', async () => {
    const id = await create(['chen', 'lin'], {
      name: '双十一 🎉',
      shifts: [{ weekdays: [0, 6], from: '09:00', until: '24:00', members: ['staff:lin'] }],
      periods: [{ name: '盘点', from: '2026-12-01T00:00:00+08:00', until: '2026-12-02T00:00:00+08:00' }],
      spares: [{ kind: 'store', ref: stores.south }],
    })
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({
      revision: 1,
      names: { 'staff:chen': '员工chen', [`store:${stores.south}`]: 'south' },
      input: {
        name: '双十一 🎉',
        shifts: [{ weekdays: [0, 6], from: '09:00', until: '24:00', members: ['staff:lin'] }],
        periods: [{ name: '盘点', from: '2026-11-30T16:00:00.000Z' }],
        spares: [{ kind: 'store', ref: stores.south, weight: 1, daily_limit: null }],
      },
    })
  })

  it('refuses the second of two edits that began from the same revision', async () => {
    const id = await create(['chen'])
    const input = channelInput(['lin'])
    expect((await operator.put(`/api/channels/${id}`, { revision: 1, input })).status).toBe(200)
    expect((await operator.put(`/api/channels/${id}`, { revision: 1, input })).body).toMatchObject({ code: 'conflict' })
  })

  it('a name of 200 emoji is refused with the reason, and nothing is made', async () => {
    const before = await db.selectFrom('channels').select(db.fn.countAll().as('n')).executeTakeFirstOrThrow()
    const reply = await operator.post('/api/channels', channelInput(['chen'], { name: '🍊'.repeat(200) }))
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ details: { fields: [{ field: 'name', problem: 'needs 1 to 60 characters' }] } })
    expect(await db.selectFrom('channels').select(db.fn.countAll().as('n')).executeTakeFirstOrThrow()).toEqual(before)
    expect((await operator.post('/api/channels', channelInput(['chen'], { name: '🍊'.repeat(60) }))).status).toBe(201)
  })

  it('the checks while typing say what would be refused, in the reader’s language', async () => {
    const reply = await operator.post('/api/channels/check', {
      ...channelInput(['chen']),
      name: '',
      kind: 'landing',
      strategy: 'weighted',
    })
    expect(reply.body).toMatchObject({
      errors: [{ field: 'fallback', said: expect.stringContaining('不当班') }],
      desk: { tier: 'duty', users: [{ userid: 'chen', name: '员工chen' }] },
    })
  })

  it('a campaign that would fill a member is refused, and admitted once his number is expanded', async () => {
    await db
      .insertInto('staff_loads')
      .values({ corp_id: corpId, userid: 'chen', customers: 4400, counted_at: clock.now() })
      .execute()
    const campaign = channelInput(['chen'], {
      expected_per_day: 300,
      valid_until: new Date(clock.now().getTime() + 3 * 86_400_000).toISOString(),
    })
    const refused = await operator.post('/api/channels', campaign)
    expect(refused.body).toMatchObject({
      code: 'rule',
      message: expect.stringContaining('预计 2 天后到上限'),
      hint: expect.stringContaining('扩容'),
    })
    await db.updateTable('staff').set({ customer_cap: 20_000 }).where('userid', '=', 'chen').execute()
    expect((await operator.post('/api/channels', campaign)).status).toBe(201)
  })

  it('stop, start and delete are recorded with who did it', async () => {
    const id = await create(['chen'])
    expect((await operator.post(`/api/channels/${id}/stop`)).body).toMatchObject({ status: 'stopped' })
    expect((await operator.post(`/api/channels/${id}/start`)).body).toMatchObject({ status: 'active' })
    expect((await operator.delete(`/api/channels/${id}`)).status).toBe(204)
    const actions = site.audited.filter((entry) => entry.objectId === id).map((entry) => entry.action)
    expect(actions).toEqual(['channel.create', 'channel.stop', 'channel.start', 'channel.delete'])
  })
})
