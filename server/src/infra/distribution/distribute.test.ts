import { describe, expect, it } from 'vitest'
import { placements } from '../db/placement.ts'
import { isCitus } from '../db/shards.ts'
import { testDatabase } from '../postgres/testing.ts'
import { DistributionError, distribute, refusalOf, statusOf } from './distribute.ts'

const { db, pool } = await testDatabase()
const apart = await testDatabase()
const citus = await isCitus(db)
const quiet = () => undefined

describe('distributing', () => {
  const fit = { citus: '13.2-1', available: true, onCoordinator: true, workers: 2, servers: 0 }

  it('is refused with what to do where Citus is missing, too old, without workers, elsewhere, or while servers run', () => {
    expect(refusalOf(fit)).toBeUndefined()
    expect(refusalOf({ ...fit, citus: undefined, available: false })).toContain('install Citus 12 or newer')
    expect(refusalOf({ ...fit, citus: undefined })).toContain('create extension citus')
    expect(refusalOf({ ...fit, citus: '11.3-1' })).toContain('too old')
    expect(refusalOf({ ...fit, onCoordinator: false })).toContain('citus_set_coordinator_host')
    expect(refusalOf({ ...fit, workers: 0 })).toContain('citus_add_node')
    expect(refusalOf({ ...fit, servers: 2 })).toContain('2 server process(es)')
  })

  it.skipIf(citus)('leaves a server without Citus as it is', async () => {
    await expect(distribute(pool, quiet)).rejects.toThrow(DistributionError)
  })

  it.runIf(citus)('of what is distributed does nothing, and brings back what was taken away', async () => {
    expect(await distribute(pool, quiet)).toBe(0)
    await pool.query(`insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, lines, version_at, learnt_at)
      select n, n, 1, 's', n::text, 'paid', 1, 0, now(), '[]', now(), now() from generate_series(1, 50) n`)
    await pool.query(`select undistribute_table('orders')`)
    await pool.query(`select create_reference_table('value_tiers')`)
    const drifted = (await statusOf(pool)).tables.filter((table) => table.drift)
    expect(drifted.map(({ table, laid }) => [table, laid.where])).toEqual([
      ['orders', 'local'],
      ['value_tiers', 'reference'],
    ])
    const said: string[] = []
    expect(await distribute(pool, (line) => said.push(line))).toBe(2)
    expect(said).toEqual(
      expect.arrayContaining([
        'value_tiers: taken back from where it lay, on the coordinator (local)',
        'orders: distributed by customer_id beside events',
      ]),
    )
    const { tables } = await statusOf(pool)
    expect(tables.filter((table) => table.drift)).toEqual([])
    // counted where they lie now, so that plans are made for them
    expect(tables.find(({ table }) => table === 'orders')?.rows).toBe(50)
    const { rows } = await pool.query('select count(*) as n from orders')
    expect(rows[0]?.n).toBe(50)
  })

  it.runIf(citus)('says so of a table that Citus does not take back, and leaves it as it was', async () => {
    await apart.pool.query(`select create_reference_table('connector_faults')`)
    await expect(distribute(apart.pool, quiet)).rejects.toThrow(/connector_faults: .*identity column[\s\S]*as it was/)
    expect((await statusOf(apart.pool)).tables.filter((table) => table.drift).map((one) => one.table)).toEqual([
      'connector_faults',
    ])
  })
})

describe('the status', () => {
  it('names every table with its declaration, its place, rows and size', async () => {
    await pool.query(
      `insert into due (corp_id, at, kind, key) select 1, now(), 'test', n::text from generate_series(1, 100) n`,
    )
    await pool.query('analyze due')
    const { tables, machine } = await statusOf(pool)
    expect(tables.map((table) => table.table).sort()).toEqual(Object.keys(placements).sort())
    expect(tables.find((table) => table.table === 'due')).toMatchObject({ declared: { kind: 'local' }, rows: 100 })
    expect(tables.find((table) => table.table === 'events')?.bytes).toBeGreaterThan(0)
    expect(tables.filter((table) => table.drift)).toEqual([])
    expect(tables.some((table) => table.shards > 0)).toBe(machine.citus !== undefined)
  })
})
