import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyScopes } from '../../infra/auth/caller.ts'
import { at, commerceSite, order } from './testing.ts'

const site = await commerceSite()
const { db, corpId, tell, call, list, secret } = site

beforeAll(async () => {
  await sql`
    insert into stores (id, corp_id, code, name, created_at)
    values ('00000000-0000-7000-8000-000000000001', ${corpId}, 'S1', '徐汇店', now())`.execute(db)
  await sql`
    insert into staff (corp_id, userid, name, first_seen_at, seen_at) values (${corpId}, 'chen', '陈晓雨', now(), now())`.execute(
    db,
  )
})

const buyer = { unionid: 'oBuyer' }
const good = (number: string, more: object = {}) => order(number, buyer, { store: 'S1', staff: 'chen', ...more })

describe('a row that cannot be', () => {
  const { customer: _, ...anonymous } = good('B')
  it.each<[string, unknown, string, string]>([
    ['is no object', 'order', '', '类型不对'],
    ['lacks its number', { ...good('B'), number: undefined }, 'number', '缺少'],
    ['has a number as its number', { ...good('B'), number: 12 }, 'number', '类型不对'],
    ['has text as its money', good('B', { amount: '20.00' }), 'amount', '类型不对'],
    ['has half a fen', good('B', { amount: 10.5 }), 'amount', '类型不对'],
    ['has negative money', good('B', { amount: -1 }), 'amount', '低于下限 0'],
    ['has more money than there is', good('B', { amount: 1e13 }), 'amount', '超过上限'],
    [
      'has a negative quantity',
      good('B', { lines: [{ product: 'p', quantity: -1, price: 1 }] }),
      'lines.0.quantity',
      '低于',
    ],
    ['has no lines', good('B', { lines: [] }), 'lines', '低于'],
    ['has a time without its zone', good('B', { ordered_at: '2026-11-01 10:00:00' }), 'ordered_at', '格式不对'],
    ['was changed in the far future', good('B', { updated_at: '2099-01-01T00:00:00Z' }), 'updated_at', '将来'],
    ['has a field that there is none of', good('B', { price: 1 }), 'price', '没有这个字段'],
    ['names nobody', { ...anonymous, customer: {} }, 'customer', '没有写明'],
    [
      'names an undeclared kind',
      { ...good('B'), customer: { others: [{ kind: 'qq', value: '1' }] } },
      'customer.others',
      'qq',
    ],
    ['names an unknown store', good('B', { store: 'S404' }), 'store', 'S404'],
    ['names an unknown member', good('B', { staff: 'nobody' }), 'staff', 'nobody'],
    [
      'gives back more than it cost',
      good('B', { refunds: [{ number: 'R', amount: 3_000, at: at(2) }] }),
      'refunds',
      '超过',
    ],
    [
      'gives back what was not paid',
      good('B', { paid_at: null, refunds: [{ number: 'R', amount: 1, at: at(2) }] }),
      'refunds',
      '没有支付',
    ],
    ['holds a zero character', good('B', { channel: 'a\u0000b' }), 'channel', '格式不对'],
    ['holds half a character', good('B', { channel: '\ud83d' }), 'channel', '格式不对'],
  ])('%s: is rejected with field, reason and what to do, and holds up no other', async (what, row, field, reason) => {
    const number = `Good ${what}`.slice(0, 64)
    const answer = await tell('orders', [row, good(number)])
    expect(answer).toMatchObject({ accepted: 1, rejected: 1 })
    expect(answer.results[0]).toMatchObject({ status: 'rejected', field, hint: expect.any(String) })
    expect(answer.results[0]?.reason).toContain(reason)
    expect(answer.results[1]).toEqual({ source: 'shop', number, status: 'accepted' })
  })

  it('is told in English to whoever asks so', async () => {
    const response = await call('/v1/orders', { orders: [good('B', { store: 'S404' })] }, secret, {
      'accept-language': 'en',
    })
    expect(await response.json()).toMatchObject({
      results: [{ field: 'store', reason: 'There is no store with the code “S404”.' }],
    })
  })
})

describe('a request that cannot be', () => {
  const refused = async (body: unknown) => {
    const response = await call('/v1/orders', body)
    return [response.status, await response.json()]
  }
  it('is refused as a whole, with nothing written', async () => {
    const before = await db
      .selectFrom('orders')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirst()
    const many = Array.from({ length: 1_001 }, (_, n) => good(`Many${n}`))
    expect(await refused({ orders: many })).toMatchObject([400, { code: 'invalid_request' }])
    expect(await refused({ orders: [] })).toMatchObject([400, { code: 'invalid_request' }])
    expect(await refused({ orders: {} })).toMatchObject([400, { code: 'invalid_request' }])
    expect(await refused({ order: [good('X')] })).toMatchObject([400, { code: 'invalid_request' }])
    expect(await refused('{"orders":')).toMatchObject([400, { code: 'invalid_request' }])
    const huge = JSON.stringify({ orders: [good('Huge', { channel: 'x'.repeat(10 * 1024 * 1024) })] })
    expect(await refused(huge)).toMatchObject([413, { code: 'too_large' }])
    expect(
      await db
        .selectFrom('orders')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirst(),
    ).toEqual(before)
  })

  it('to an address that there is none of is told so as JSON', async () => {
    const response = await call('/v1/coupons', { coupons: [] })
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'not_found' }])
  })
})

describe('products', () => {
  const tea = {
    source: 'shop',
    number: 'tea',
    name: '茶',
    updated_at: at(1),
    stock: 3,
    stocks: [{ store: 'S1', stock: 3 }],
  }
  it('follow their latest version, with their stock by store', async () => {
    expect(await tell('products', [tea])).toMatchObject({ accepted: 1 })
    const later = { ...tea, updated_at: at(2), stock: 0, stocks: [] }
    expect(await tell('products', [later, tea])).toMatchObject({
      results: [{ status: 'accepted' }, { status: 'unchanged' }],
    })
    const [found] = await list('products', 'number=tea')
    expect(found).toMatchObject({ name: '茶', stock: 0 })
    expect((await sql`select from product_stocks`.execute(db)).rows).toEqual([])
  })
  it('of a store that there is none of, or twice, are rejected', async () => {
    const unknown = { ...tea, number: 'a', stocks: [{ store: 'S9', stock: 1 }] }
    const twice = {
      ...tea,
      number: 'b',
      stocks: [
        { store: 'S1', stock: 1 },
        { store: 'S1', stock: 2 },
      ],
    }
    expect(await tell('products', [unknown, twice])).toMatchObject({
      results: [
        { status: 'rejected', field: 'stocks' },
        { status: 'rejected', field: 'stocks' },
      ],
    })
  })
})

describe('members', () => {
  it('are one person with the orders of their number; name and phone stand sealed', async () => {
    await tell('orders', [order('M-1', { member_no: 'M100' })])
    const member = {
      ...{ source: 'crm', number: 'M100', updated_at: at(1), level: '金卡', points: 120, name: '林小满' },
      customer: { unionid: 'oMember', phone: '+86 138-1234-5678' },
    }
    expect(await tell('members', [member])).toMatchObject({ accepted: 1 })
    expect(await tell('members', [member])).toMatchObject({ unchanged: 1 })
    const listed = await list('members', 'number=M100')
    expect(listed).toMatchObject([{ level: '金卡', points: 120 }])
    expect(JSON.stringify(listed)).not.toContain('138')
    const { rows } = await sql<{ line: string }>`select m::text as line from members m`.execute(db)
    expect(rows.map(({ line }) => line).join()).not.toMatch(/林小满|13812345678/)
    const [placed] = await list('orders', 'number=M-1')
    expect(placed?.customer_id).toBe(listed[0]?.customer_id)
    // the same number however it is written is the same person
    await tell('orders', [order('M-2', { phone: '13812345678' })])
    const [other] = await list('orders', 'number=M-2')
    expect(other?.customer_id).toBe(listed[0]?.customer_id)
  })
})

describe('events', () => {
  const viewed = (number: string, more: object = {}) => ({
    ...{ source: 'mini', number, name: 'view_product', at: at(0), customer: buyer, properties: { product: 'tea' } },
    ...more,
  })
  it('count once however often they are sent, also within one batch and at the same moment', async () => {
    expect(await tell('events', [viewed('E1'), viewed('E1'), viewed('E2')])).toMatchObject({
      results: [{ status: 'accepted' }, { status: 'unchanged' }, { status: 'accepted' }],
    })
    const again = await Promise.all([tell('events', [viewed('E1'), viewed('E3')]), tell('events', [viewed('E3')])])
    expect(again.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1)
    const { rows } = await sql`
      select b.name, b.properties, a.times from behaviours b
      join audience_people p on p.customer_id = b.customer_id
      join audience_behaved a on a.person_no = p.person_no and a.name = b.name`.execute(db)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toEqual({ name: 'view_product', properties: { product: 'tea' }, times: 3 })
  })
  it('answer each request with its own rows when several are written together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => tell('events', [viewed(`G${n}`), viewed('G-same'), { bad: true }])),
    )
    for (const [n, { results }] of answers.entries())
      expect(results.map(({ number, status }) => [number, status])).toMatchObject([
        [`G${n}`, 'accepted'],
        ['G-same', expect.stringMatching(/accepted|unchanged/)],
        [null, 'rejected'],
      ])
    expect(answers.filter(({ results }) => results[1]?.status === 'accepted')).toHaveLength(1)
  })
  it('of the far future, or with nested properties, are rejected', async () => {
    const ahead = viewed('F1', { at: '2099-01-01T00:00:00Z' })
    const nested = viewed('F2', { properties: { cart: { sum: 1 } } })
    expect(await tell('events', [ahead, nested])).toMatchObject({
      results: [
        { status: 'rejected', field: 'at' },
        { status: 'rejected', field: 'properties.cart' },
      ],
    })
  })
})

it('every route of other systems stands in the document with its scope and shapes, and answers 401 and 403 in its way', async () => {
  const document = site.app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'test', version: '0' } })
  const routes = Object.entries(document.paths ?? {})
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, item]) =>
      (['get', 'post'] as const).flatMap((method) => {
        const operation = item?.[method]
        return operation === undefined ? [] : [{ path, method, operation }]
      }),
    )
  expect(routes.map(({ path, method }) => `${method} ${path}`).sort()).toEqual([
    'get /v1/members',
    'get /v1/orders',
    'get /v1/products',
    'post /v1/chats',
    'post /v1/events',
    'post /v1/leaves',
    'post /v1/members',
    'post /v1/orders',
    'post /v1/owners',
    'post /v1/products',
  ])
  expect(Object.keys(document.components?.schemas ?? {})).toEqual(
    expect.arrayContaining(['OrderInput', 'ProductInput', 'MemberInput', 'EventInput', 'BatchAnswer', 'V1Order']),
  )
  for (const { path, method, operation } of routes) {
    const scope: unknown = operation['x-scope']
    expect(keyScopes).toContain(scope)
    const others = keyScopes.filter((one) => one !== scope)
    const { secret: lacking } = await site.makeKey(others)
    const body = method === 'post' ? {} : undefined
    for (const key of [undefined, 'nyk_wrongwrongwrongwrongwrongwrong'])
      expect((await call(path, body, key ?? '')).status).toBe(401)
    const refused = await call(path, body, lacking)
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'forbidden', details: { scope } }])
    expect((await call(path, body)).status).toBe(method === 'post' ? 400 : 200)
  }
})
