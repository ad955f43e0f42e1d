import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { manualClock } from '../../../infra/clock.ts'
import { loadConfig } from '../../../infra/config.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { testSandbox } from '../../../infra/platform/testing.ts'
import { connectorRouters } from './connector.routers.ts'
import { connectorFault, connectorVersion, connectorView, mappingTried } from './connectors.schema.ts'
import { factMapping, mapFacts } from './mapped.ts'
import { createConnectorUpkeep } from './pull.jobs.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-connectors-'))
const site = await testSite({
  routes: (services) => connectorRouters(services),
  config: { ...loadConfig({ PORT: '3000' }), dataDir },
})
// the brand's time may be far from the machine's: the sandbox's clock runs ahead
const machine = manualClock('2026-10-01T10:00:00+08:00')
const upkeep = createConnectorUpkeep(site.services, machine)
const administrator = await site.as('administrator')
afterAll(() => rm(dataDir, { recursive: true, force: true }))
const made = z.object({ connector: connectorView, secret: z.string().nullable() })
const find = async (id: string) => {
  const { items } = (await administrator.get('/api/connectors')).as(z.object({ items: z.array(connectorView) }))
  const found = items.find((one) => one.id === id)
  if (found === undefined) throw new Error('the connector is gone')
  return found
}
const orders = () => site.db.selectFrom('orders').select(['number', 'amount', 'status']).orderBy('number').execute()

const mapping = {
  ...{ kind: 'orders', source: 'pos', items: 'data.list', lines: 'goods', money: 'yuan' },
  fields: {
    ...{
      number: 'no',
      updated_at: 'time',
      ordered_at: 'time',
      paid_at: 'time',
      amount: 'pay',
      'customer.member_no': 'vip',
    },
    ...{ 'lines[].product': 'sku', 'lines[].quantity': 'n', 'lines[].price': 'p' },
  },
} as const
const posted = {
  data: {
    list: [
      { no: 'X1', time: 1_793_500_000, pay: '30.50', vip: 77, goods: [{ sku: 9, n: 1, p: '30.5' }] },
      { no: 'X2', time: 1_793_500_000, pay: -1, vip: 78, goods: [{ sku: 9, n: 1, p: 1 }] },
    ],
  },
}

test('a mapping is tried on a sample before anything is kept', async () => {
  const { facts } = (await administrator.post('/api/connectors/try', { mapping, sample: JSON.stringify(posted) })).as(
    mappingTried,
  )
  expect(facts[0]).toMatchObject({
    fact: { number: 'X1', amount: 3_050, customer: { member_no: '77' }, lines: [{ product: '9', price: 3_050 }] },
    reason: null,
  })
  expect(facts[1]).toMatchObject({ field: 'amount', reason: expect.stringContaining('下限') })
  expect(await orders()).toEqual([])
  // what a document calls itself must not reach our own objects
  expect(mapFacts(factMapping.parse({ ...mapping, items: '', fields: { '__proto__.x': 'a' } }), { a: 1 })).toEqual([
    { source: 'pos' },
  ])
})

test('a signed webhook is taken once, an unsigned one never, and faults stand on the page', async () => {
  const { connector, secret } = (
    await administrator.post('/api/connectors', { kind: 'webhook', name: '收银', config: mapping })
  ).as(made)
  const body = JSON.stringify(posted)
  const post = async (key: string, at = new Date()) => {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const signature = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')
    return site.app.request(new URL(connector.address ?? '').pathname, {
      method: 'POST',
      body,
      headers: { 'x-nuanyu-timestamp': timestamp, 'x-nuanyu-signature': signature },
    })
  }
  expect((await post('another secret')).status).toBe(400)
  expect((await post(secret ?? '', new Date(Date.now() - 3_600_000))).status).toBe(400)
  expect(await orders()).toEqual([])
  expect(await (await post(secret ?? '')).json()).toEqual({ accepted: 1, unchanged: 0, rejected: 1 })
  expect(await (await post(secret ?? '')).json()).toEqual({ accepted: 0, unchanged: 1, rejected: 1 })
  expect(await orders()).toEqual([{ number: 'X1', amount: 3_050, status: 'paid' }])
  expect(await find(connector.id)).toMatchObject({ accepted: 1, unchanged: 1, rejected: 2, failure: null })
  const { items } = (await administrator.get(`/api/connectors/${connector.id}/faults`)).as(
    z.object({ items: z.array(connectorFault) }),
  )
  expect(items[0]).toMatchObject({ number: 'X2', field: 'amount' })
  expect(
    (await administrator.post(`/api/connectors/${connector.id}/replay`, { from: '2026-01-01T00:00:00Z' })).status,
  ).toBe(422)
})

test('a body that is too large is refused before it is read whole, whether it tells its length or not', async () => {
  const { connector } = (
    await administrator.post('/api/connectors', { kind: 'webhook', name: '太多', config: mapping })
  ).as(made)
  const path = new URL(connector.address ?? '').pathname
  const large = 'x'.repeat(2 * 1_048_576 + 1)
  const declared = { body: large, headers: { 'content-length': String(large.length) } }
  let read = 0
  const endless = new ReadableStream({
    pull(stream) {
      read += 65_536
      stream.enqueue(new Uint8Array(65_536))
    },
  })
  expect((await site.app.request(path, { method: 'POST', ...declared })).status).toBe(413)
  const untold = new Request(`http://localhost${path}`, { method: 'POST', body: endless, duplex: 'half' })
  expect((await site.app.request(untold)).status).toBe(413)
  expect(read).toBeLessThan(3 * 1_048_576)
})

test('a mapping is changed on the page: version by version, by the one who read the latest, and audited', async () => {
  const { connector } = (
    await administrator.post('/api/connectors', { kind: 'webhook', name: '会员系统', config: mapping })
  ).as(made)
  const change = { name: '会员系统', enabled: true, version: connector.version }
  const config = { ...mapping, fields: { ...mapping.fields, store: 'shop' } }
  const put = (body: object) => administrator.put(`/api/connectors/${connector.id}`, body)
  expect((await put({ ...change, config })).as(connectorView)).toMatchObject({ version: 2, config })
  expect(site.audited.at(-1)).toMatchObject({
    ...{ action: 'connector.update', before: { version: 1, config: mapping }, after: { version: 2, config } },
  })
  // who read the first version does not overwrite the second
  expect((await put({ ...change, config: mapping })).status).toBe(409)
  expect((await put({ ...change, version: 2, config: { kind: 'nothing' } })).status).toBe(400)
  const { items } = (await administrator.get(`/api/connectors/${connector.id}/versions`)).as(
    z.object({ items: z.array(connectorVersion) }),
  )
  expect(items.map(({ version, config: set }) => [version, set])).toEqual([
    [2, config],
    [1, mapping],
  ])
  expect((await (await site.as('operator')).put(`/api/connectors/${connector.id}`, { ...change, config })).status).toBe(
    403,
  )
})

test('a mapping of a folder is tried on rows of a table', async () => {
  const fields = { number: '会员号', updated_at: '时间', level: '等级', 'customer.member_no': '会员号' }
  const given = { mapping: { kind: 'members', source: 'crm', fields }, format: 'csv' }
  const tried = await administrator.post('/api/connectors/try', {
    ...{ ...given, sample: '会员号,时间,等级\nC1,2026-06-02T10:00:00+08:00,金卡\n,2026-06-02,银卡\n' },
  })
  const { facts } = tried.as(mappingTried)
  expect(facts).toMatchObject([
    { fact: { number: 'C1', level: '金卡' }, reason: null },
    { field: 'number', reason: expect.any(String) },
  ])
  expect((await administrator.post('/api/connectors/try', { ...given, sample: '只有表头' })).status).toBe(400)
})

test('files of a folder are read once each, whole, and again on replay', async () => {
  const config = { kind: 'members', source: 'crm', fields: { number: '会员号', updated_at: '时间', level: '等级' } }
  const { connector } = (await administrator.post('/api/connectors', { kind: 'folder', name: '会员文件', config })).as(
    made,
  )
  const folder = connector.folder ?? ''
  await mkdir(folder, { recursive: true })
  const rows = Array.from({ length: 1_500 }, (_, n) => `C${n},2026-06-02T10:00:00+08:00,金卡`)
  await writeFile(join(folder, 'a.csv'), `会员号,时间,等级\n${rows.join('\n')}\n`)
  await utimes(join(folder, 'a.csv'), machine.now(), machine.now())
  await upkeep.pass()
  expect((await find(connector.id)).accepted).toBe(0)
  machine.advance(10_000)
  await upkeep.pass()
  expect(await find(connector.id)).toMatchObject({ accepted: 1_500, rejected: 0, failure: null })
  machine.advance(10_000)
  await upkeep.pass()
  expect((await find(connector.id)).accepted).toBe(1_500)
  await administrator.post(`/api/connectors/${connector.id}/replay`, { from: '2026-01-01T00:00:00Z' })
  await upkeep.pass()
  expect(await find(connector.id)).toMatchObject({ accepted: 1_500, unchanged: 1_500 })
  // the replay is over: what comes late is taken again, however old
  await administrator.post(`/api/connectors/${connector.id}/replay`, { from: '2026-07-01T00:00:00Z' })
  expect(await find(connector.id)).toMatchObject({ replay_from: '2026-07-01T00:00:00.000Z' })
  machine.advance(10_000)
  await upkeep.pass()
  expect(await find(connector.id)).toMatchObject({
    ...{ replay_from: null, replayed_from: '2026-07-01T00:00:00.000Z', replayed_at: machine.now().toISOString() },
  })
  await writeFile(join(folder, 'b.csv'), '会员号,时间,等级\nLATE,2026-05-02T10:00:00+08:00,银卡\n')
  await utimes(join(folder, 'b.csv'), machine.now(), machine.now())
  machine.advance(10_000)
  await upkeep.pass()
  expect((await find(connector.id)).accepted).toBe(1_501)
})

test('the sandbox shop is read by its cursor; a shop that is away is said so and tried again', async () => {
  const sandbox = testSandbox({ people: 3, staff: 2, clock: { startMs: site.clock.now().getTime() } })
  const { url } = await sandbox.listen({ port: 0 })
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    (
      await fetch(`${url}/sandbox${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    ).json()
  const people = z.object({ people: z.array(z.object({ id: z.string() })) }).parse(await admin('GET', '/people'))
  const before = (await orders()).length
  const paid = await admin('POST', `/people/${people.people.at(-1)?.id}/shop/pay`, {
    items: [{ productId: 'P0001', quantity: 1 }],
  })
  expect(paid).toMatchObject({ status: 'paid' })
  const { connector } = (
    await administrator.post('/api/connectors', {
      kind: 'sandbox-shop',
      name: '商城',
      config: { url, appid: 'wxshop' },
    })
  ).as(made)
  const person = `/people/${people.people.at(-1)?.id}/shop`
  await admin('POST', `${person}/view`, { productId: 'P0002' })
  const { products: goods } = z.object({ products: z.array(z.unknown()) }).parse(await admin('GET', '/shop/products'))
  await upkeep.pass()
  // its goods, the order and what he looked at
  expect(await find(connector.id)).toMatchObject({ accepted: goods.length + 2, rejected: 0, failure: null })
  expect((await orders()).length).toBe(before + 1)
  const looked = await site.db.selectFrom('behaviours').select('name').execute()
  expect(looked).toEqual([{ name: 'view_product' }])
  const stock = () => site.db.selectFrom('products').select('stock').where('number', '=', 'P0002').execute()
  await admin('PATCH', '/shop/products/P0002', { stock: 0 })
  machine.advance(30_000)
  await upkeep.pass()
  expect(await stock()).toEqual([{ stock: 0 }])
  // nothing new: nothing is told again
  const told = await find(connector.id)
  machine.advance(30_000)
  await upkeep.pass()
  expect(await find(connector.id)).toMatchObject({ accepted: told.accepted, unchanged: told.unchanged })
  await sandbox.close()
  machine.advance(30_000)
  await upkeep.pass()
  expect((await find(connector.id)).failure).toContain('连接不上')
})

test('who may not is refused', async () => {
  expect((await (await site.as('guide')).get('/api/connectors')).status).toBe(403)
  for (const role of ['operator', 'auditor'] as const)
    expect(
      (await (await site.as(role)).post('/api/connectors', { kind: 'webhook', name: 'x', config: mapping })).status,
    ).toBe(403)
})
