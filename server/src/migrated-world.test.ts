import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limitProfile } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createHttp, createPath } from './app.ts'
import { createAudienceUpkeep, defineAudiences } from './domains/audiences/index.ts'
import { order } from './domains/commerce/testing.ts'
import { createLifeCycleUpkeep, defineLifeCycle } from './domains/customers/index.ts'
import { createTagUpkeep } from './domains/tags/index.ts'
import { openDatabase } from './infra/db/database.ts'
import { migrate, migrationsDir } from './infra/db/migrate.ts'
import type { Due } from './infra/due/due.ts'
import { createVisitors, testSite } from './infra/http/testing.ts'
import type { OperationRun, Operations } from './infra/operations/operations.ts'
import type { Platform } from './infra/platform/platform.ts'
import { testDatabase } from './infra/postgres/testing.ts'
import { createVault } from './infra/secrets/vault.ts'

/**
 * A small brand as the program wrote it whose last migration was 0013: synced, greeted, with codes, a customer who left
 * and came back, half an add, one who was erased, a group, accounts and an audit chain. Every later migration meets it.
 */
const worldFile = new URL('./infra/db/fixtures/world-0013.json', import.meta.url)
const lastOfThen = '0013'
/** What those who made it had as NUANYU_KEY and as the administrator's password. */
const keyOfThen = '0013'.padEnd(64, '0')
const passwordOfThen = 'nuanyu-demo'
/** Columns that have another name now. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  groups: { stale_version: 'told_version' },
}

type Row = Readonly<Record<string, unknown>>
const world = z
  .record(z.string(), z.array(z.record(z.string(), z.unknown())))
  .parse(JSON.parse(await readFile(worldFile, 'utf8')))

const home = await testDatabase()
const name = `migrated_${process.pid}`
// not from the template, which has all migrations: this one starts where that program stood
await home.pool.query(`create database ${name} template template0`)
const url = new URL(home.url)
url.pathname = `/${name}`
const database = { ...openDatabase(url.href, { max: 6 }), url: url.href }
afterAll(async () => {
  await database.close()
  await home.pool.query(`drop database ${name} with (force)`)
})
const { pool } = database

async function migrateTo(last: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'nuanyu-migrations-'))
  try {
    for (const file of await readdir(migrationsDir))
      if (file.slice(0, 4) <= last) await cp(join(migrationsDir, file), join(dir, file))
    await migrate(pool, dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** Tables that others point at go first. */
const first = ['corps', 'apps', 'accounts', 'channels', 'welcomes']
async function fill(): Promise<void> {
  for (const table of [...first, ...Object.keys(world).filter((one) => !first.includes(one))]) {
    const columns = await columnsOf(table)
    const rows = JSON.stringify(world[table])
    await pool.query(
      `insert into ${table} (${columns}) overriding system value
       select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
      [rows],
    )
  }
  const { rows } = await pool.query<{ move: string }>(
    `select format('select setval(%L, (select coalesce(max(%I), 0) + 1 from %I))',
                   pg_get_serial_sequence(table_name, column_name), column_name, table_name) as move
     from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`,
  )
  for (const { move } of rows) await pool.query(move)
}

async function columnsOf(table: string): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(column_name) as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  )
  return rows.map((row) => row.name).join(', ')
}

async function rowsOf(table: string): Promise<readonly Row[]> {
  const { rows } = await pool.query<{ row: Row }>(`select to_jsonb(t) as row from ${table} t`)
  return rows.map(({ row }) => row)
}

/** A row of now as one of then would read: the columns of then, by their names of then. */
function asThen(table: string, row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => rewritten(row[renamed[table]?.[column] ?? column])))
}

/** 0046 says of every link of a welcome that it has no picture where it has none. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(
    ([name, of]) => !('kind' in value && value.kind === 'link' && name === 'picurl' && of === ''),
  )
  return Object.fromEntries(fields.map(([name, of]) => [name, rewritten(of)]))
}

await migrateTo(lastOfThen)
await fill()
const before = new Map(
  await Promise.all(Object.keys(world).map(async (table) => [table, await rowsOf(table)] as const)),
)
await migrate(pool)
const after = new Map(await Promise.all(Object.keys(world).map(async (table) => [table, await rowsOf(table)] as const)))

const tasks = new Map<string, (run: OperationRun<never>) => Promise<unknown>>()
const begun: { kind: string; corpId: number; input: unknown }[] = []
const corpId = 1
const site = await testSite({
  routes: () => [],
  database,
  config: { key: keyOfThen },
  services: {
    vault: createVault(keyOfThen),
    // nobody answers at the platform's address of then
    platform: { forCorp: async () => undefined, limits: async () => limitProfile() } as unknown as Platform,
    operations: {
      define: (kind: string, task: never) => void tasks.set(kind, task),
      begin: async (request: (typeof begun)[number]) => {
        begun.push(request)
        return uuid()
      },
    } as unknown as Operations,
    due: { define: () => undefined, schedule: async () => undefined } as unknown as Due,
  },
})
const { services } = site
const path = createPath(services)
const app = createHttp(
  services,
  path,
  { version: '0', databaseKind: 'embedded', migration: 'none', sandbox: false, ready: () => true },
  undefined,
)
afterAll(() => path.intake.stop())
const administrator = await createVisitors(app, services).as(corpId)('administrator')

/** What a server does in its first minutes after the update. */
async function settle(): Promise<void> {
  defineAudiences(services)
  defineLifeCycle(services)
  const upkeeps = [createTagUpkeep(services), createAudienceUpkeep(services), createLifeCycleUpkeep(services)]
  for (let rounds = 0; rounds < 4; rounds += 1) {
    for (const upkeep of upkeeps) await upkeep.pass()
    for (const { kind, corpId: corp, input } of begun.splice(0).filter((one) => one.corpId === corpId)) {
      const run = { id: uuid(), corpId: corp, input, checkpoint: null, progress: async () => undefined }
      await tasks.get(kind)?.(run as unknown as OperationRun<never>)
    }
    begun.push({ kind: 'life_cycle.refresh', corpId, input: { cause: 'time' } })
  }
}

describe('migrating a brand’s data of 0013', () => {
  it.each(Object.keys(world))('loses and changes no row of %s', (table) => {
    const columns = Object.keys(before.get(table)?.[0] ?? {})
    const then = (before.get(table) ?? []).map((row) => JSON.stringify(columns.map((column) => row[column])))
    const now = (after.get(table) ?? []).map((row) => asThen(table, row, columns))
    expect(then.length).toBeGreaterThan(0)
    expect(now).toEqual(expect.arrayContaining(then))
  })

  it('leaves no table of then out', async () => {
    const { rows } = await pool.query<{ relname: string }>(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
    )
    const known = new Set(rows.map((row) => row.relname))
    expect(Object.keys(world).filter((table) => !known.has(table))).toEqual([])
  })
})

describe('what is read of it now', () => {
  beforeAll(settle)
  const people = z.object({
    items: z.array(z.object({ id: z.number(), name: z.string(), status: z.string(), tags: z.array(z.unknown()) })),
  })

  it('lists everybody who was listed, as he stood, and nobody who was erased', async () => {
    const { items } = (await administrator.get('/api/customers?limit=50')).as(people)
    const cards = world['customer_cards'] ?? []
    expect(items.map((item) => [item.id, item.status]).sort()).toEqual(
      cards.map((card) => [card['customer_id'], card['status']]).sort(),
    )
    expect(items.map((item) => item.id)).not.toContain(5)
  })

  it.each([1, 2, 3, 4, 6, 7, 8])('shows every part of the page of customer %i', async (id) => {
    const parts = ['', '/timeline', '/identities', '/tags', '/fields', '/groups', '/orders', '/life-cycle', '/value']
    for (const part of [...parts, '/audiences']) {
      const reply = await administrator.get(`/api/customers/${id}${part}`)
      expect([part, reply.status]).toEqual([part, 200])
    }
  })

  it('keeps the history: who added, left and came back, and which welcome he got', async () => {
    const shape = z.object({ items: z.array(z.object({ kind: z.string() })) })
    const { items } = (await administrator.get('/api/customers/7/timeline')).as(shape)
    const kinds = items.map((item) => item.kind).filter((kind) => kind.startsWith('relation.'))
    expect(kinds).toEqual(['relation.added', 'relation.ended', 'relation.added'])
    expect(items.map((item) => item.kind)).toContain('welcome.sent')
  })

  it('has every tag of a relation on its person, and a rule finds exactly those who carry it', async () => {
    const shape = z.object({ items: z.array(z.object({ tag_id: z.string(), source: z.string() })) })
    const carried = new Map<string, number[]>()
    const shown = new Set((world['customer_cards'] ?? []).map((card) => card['customer_id']))
    const alive = (world['relations'] ?? []).filter((row) => row['status'] === 'alive' && shown.has(row['customer_id']))
    for (const [id, relations] of Map.groupBy(alive, (row) => z.number().parse(row['customer_id']))) {
      const wanted = new Set(relations.flatMap((row) => z.array(z.string()).parse(row['tag_ids'])))
      const { items } = (await administrator.get(`/api/customers/${id}/tags`)).as(shape)
      expect(new Set(items.map((item) => item.tag_id))).toEqual(wanted)
      expect(items.every((item) => item.source === 'wecom')).toBe(true)
      for (const tag of wanted) carried.set(tag, [...(carried.get(tag) ?? []), id])
    }
    expect(carried.size).toBeGreaterThan(4)
    for (const [tag, ids] of carried) {
      const reply = await administrator.post('/api/audiences/preview', {
        rule: { is: 'tags', mode: 'any', tags: [tag] },
      })
      expect([tag, reply.body]).toMatchObject([tag, { count: ids.length }])
    }
  })

  it('gives everybody a stage of the life-cycle', async () => {
    const shape = z.object({ persons: z.number(), stages: z.array(z.object({ persons: z.number() })) })
    const { persons, stages } = (await administrator.get('/api/life-cycle/figures')).as(shape)
    expect(stages.reduce((sum, stage) => sum + stage.persons, 0)).toBe(persons)
    expect(persons).toBe((world['customer_cards'] ?? []).length)
  })

  it('gives an order that names a customer of then to his page', async () => {
    const [identity] = (world['identities'] ?? []).filter((row) => row['customer_id'] === 7)
    const key = z.object({ secret: z.string() })
    const keyOfShop = { name: '商城', scopes: ['orders.write'], per_minute: 600 }
    const { secret } = (await administrator.post('/api/keys', keyOfShop)).as(key)
    const told = await app.request('/v1/orders', {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        orders: [order('M1', { external_userid: String(identity?.['value']), unionid: 'oUnionOfSeven' })],
      }),
    })
    expect(await told.json()).toMatchObject({ accepted: 1 })
    const orders = await administrator.get('/api/customers/7/orders')
    expect(orders.body).toMatchObject({ items: [{ number: 'M1' }] })
  })

  it('has its groups, codes, welcomes, stores, members and saved views', async () => {
    const list = z.object({ items: z.array(z.unknown()) })
    const tables = { groups: 'groups', channels: 'channels', welcomes: 'welcomes', stores: 'stores', staff: 'staff' }
    for (const [address, table] of Object.entries(tables)) {
      const { items } = (await administrator.get(`/api/${address}?limit=50`)).as(list)
      expect([address, items.length]).toEqual([address, world[table]?.length])
    }
  })

  it('lets the administrator of then in with his password, with his saved view, and the audit chain holds', async () => {
    const origin = services.config.publicUrl
    const login = await app.request('/api/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ username: 'admin', password: passwordOfThen }),
    })
    expect(login.status).toBe(200)
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const views = await app.request('/api/customer-views', { headers: { cookie } })
    expect(await views.json()).toMatchObject({ items: [{ name: '本月新客', filters: { status: 'alive' } }] })
    expect((await administrator.get('/api/audit/verify')).body).toMatchObject({ ok: true })
  })
})
