import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { type Placement, placements } from './placement.ts'

const { db } = await testDatabase()

const { rows: tables } = await sql<{ name: string }>`
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations' order by 1`.execute(
  db,
)

const { rows: keys } = await sql<{ table: string; index: string; columns: string[] }>`
  select c.relname as table, i.relname as index,
    array(select a.attname::text from unnest(x.indkey::int[]) k join pg_attribute a on a.attrelid = c.oid and a.attnum = k) as columns
  from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and x.indisunique and not c.relispartition and c.relname <> 'migrations'`.execute(db)

function columnOf(placement: Placement | undefined): string | undefined {
  if (placement === undefined) return undefined
  if ('column' in placement) return placement.column
  return 'by' in placement ? placement.by : undefined
}

describe('the placement of tables', () => {
  it('is declared for every table, and for nothing else', () => {
    expect(Object.keys(placements).sort()).toEqual(tables.map((table) => table.name).sort())
  })

  it('has the distribution column in every primary and unique key of a table that is or could be distributed', () => {
    const lacking = keys.filter(({ table, columns }) => {
      const column = columnOf(placements[table])
      return column !== undefined && !columns.includes(column)
    })
    expect(lacking).toEqual([])
  })

  it('is beside a table that is distributed itself', () => {
    const strays = Object.entries(placements).filter(
      ([, placement]) => 'beside' in placement && placements[placement.beside ?? '']?.kind !== 'key',
    )
    expect(strays).toEqual([])
  })

  it('holds the partition column too where a table is partitioned by time', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select c.relname as table, a.attname as column from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]`.execute(db)
    for (const { table, column } of rows) {
      for (const key of keys.filter((one) => one.table === table))
        expect(key.columns, `${table} ${key.index}`).toContain(column)
    }
  })
})
