import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { foldChanges, members } from './domains/audiences/counts/counts.store.ts'
import { marksOfNumber } from './domains/audiences/rules/facts.ts'

import { ordersToClaim } from './domains/commerce/claims.store.ts'
import { openDatabase } from './infra/db/database.ts'
import { migrate, migrationsDir } from './infra/db/migrate.ts'
import { testDatabase } from './infra/postgres/testing.ts'

// what migrations that bring older data along must bring: each meets rows as the program before it wrote them
const home = await testDatabase()
const name = `backfilled_${process.pid}`
await home.pool.query(`create database ${name} template template0`)
const url = new URL(home.url)
url.pathname = `/${name}`
const { db, pool, close } = openDatabase(url.href, { max: 4 })
afterAll(async () => {
  await close()
  await home.pool.query(`drop database ${name} with (force)`)
})

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

const at = '2026-06-01T10:00:00+08:00'
const corpId = 1
const field = '00000000-0000-7000-8000-0000000000f1'
const secret = '00000000-0000-7000-8000-0000000000f2'
const day = 86_400_000

/** Customers 1 to 6; 6 was joined to 5, and what is said of either is said of the person. */
async function people(): Promise<void> {
  await pool.query(
    `insert into customers (id, corp_id, created_at, merged_into)
     select n, $1, $2, case when n = 6 then 5 end from generate_series(1, 6) n`,
    [corpId, at],
  )
}

it('0027 keeps every order where it is, found by its month, its person and its number', async () => {
  await migrateTo('0026')
  await people()
  await pool.query(
    `insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, lines, version_at, learnt_at)
     select n % 6 + 1, n, $1, 'shop', 'SH-' || (1000 + n), 'paid', 100 * n, 0, $2::timestamptz - n * interval '20 days',
       $2::timestamptz - n * interval '20 days', jsonb_build_array(jsonb_build_object('name', '榴莲', 'amount', n)), $2, $2
     from generate_series(1, 40) n`,
    [corpId, at],
  )
  const rows = async () =>
    (await pool.query<{ row: object }>('select to_jsonb(o) as row from orders o order by id')).rows.map(
      ({ row }) => row,
    )
  const before = await rows()
  await migrateTo('0027')
  expect(await rows()).toEqual(before)
  const { rows: places } = await pool.query(`select distinct tableoid::regclass::text as place from orders`)
  expect(places).toEqual([{ place: 'orders_default' }])
  const again = `insert into orders select * from orders_default where id = 7`
  await expect(pool.query(again)).rejects.toThrow('duplicate key')
})

const values: readonly (readonly [customer: number, value: number])[] = [
  ...([
    [1, 12.34],
    [2, 7],
    [3, -0.5],
    [4, 99.99],
    [5, 1.01],
  ] as const),
]

it('0030 brings the hundredths of every number to audiences: of a person the latest word, of nothing personal', async () => {
  await migrateTo('0029')
  for (const [id, personal] of [
    [field, false],
    [secret, true],
  ] as const)
    await pool.query(
      `insert into custom_fields (id, corp_id, name, kind, personal, position, created_at) values ($1, $2, $3, 'number', $4, 1, $5)`,
      [id, corpId, id, personal, at],
    )
  const say = (customer: number, value: number | null, later = 0) =>
    pool.query(
      `insert into customer_fields (customer_id, field_id, corp_id, value, source, updated_at) values ($1, $2, $3, $4, 'manual', $5)`,
      [customer, field, corpId, JSON.stringify(value), new Date(Date.parse(at) + later * day)],
    )
  for (const [customer, value] of values) await say(customer, value)
  // the other home of 5 was told something else later
  await say(6, 2.75, 1)
  await pool.query(
    `insert into audience_people (customer_id, corp_id, person_no) select n, $1, n + 65530 from generate_series(1, 5) n`,
    [corpId],
  )
  await pool.query('insert into audience_corps (corp_id, next_no) values ($1, 65536)', [corpId])
  const truth = new Map([...values, [5, 2.75] as const])
  // the whole parts as that program told them
  const told = (mark: string) => !mark.startsWith('broken:') && !mark.startsWith('part:')
  for (const [customer, value] of truth)
    for (const mark of ['person', ...marksOfNumber(field, value).filter(told)])
      await pool.query(`insert into audience_changes values ($1, $2, $3, $4, true)`, [
        ...[corpId, mark, (customer + 65_530) >> 16, customer + 65_530],
      ])
  await migrate(pool)
  const { rows } = await pool.query<{ no: number; key: string }>(
    `select person_no as no, key from audience_changes where present and (key like 'broken:%' or key like 'part:%') order by 1, 2`,
  )
  const marks = [...truth].flatMap(([customer, value]) =>
    marksOfNumber(field, value)
      .filter((mark) => !told(mark))
      .map((key) => ({ no: customer + 65_530, key })),
  )
  const order = (a: { no: number; key: string }, b: { no: number; key: string }) =>
    a.no - b.no || (a.key < b.key ? -1 : 1)
  expect([...rows].sort(order)).toEqual(marks.sort(order))
  const holding = async (from: number, to: number) =>
    (await members(db, corpId, { is: 'number', field, from, to }, 20_000)).toSorted((a, b) => a - b)
  for (const folded of [false, true]) {
    if (folded) await foldChanges(db, corpId)
    for (const [customer, value] of truth) expect(await holding(value, value)).toEqual([customer])
    expect(await holding(12.33, 12.34)).toEqual([1])
    expect(await holding(12.35, 12.99)).toEqual([])
    expect(await holding(-0.5, 2.75)).toEqual([3, 5])
  }
})

it('0041 lets the orders of then be claimed by the end of their number', async () => {
  const since = new Date(Date.parse(at) - 30 * day)
  expect((await ordersToClaim(db, corpId, '1001', since)).map(({ number }) => number)).toEqual(['SH-1001'])
  expect(await ordersToClaim(db, corpId, '1030', since)).toEqual([])
})
