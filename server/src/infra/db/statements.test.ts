import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { migrationsDir } from './migrate.ts'
import { statementsOf } from './statements.ts'

const { pool } = await testDatabase()

it('a semicolon ends a statement, but not in texts, names, comments and bodies', () => {
  const text = `-- one; two
    select ';', 'it''s; ', "a;b" /* ; */ - 1 / 2;
    create function f() returns text language sql as $$ select 'x'; $$;
    ;
    select $tag$ ; $$ ; $tag$
    -- the end;`
  expect(statementsOf(text)).toEqual([
    expect.stringMatching(/^-- one; two\s+select ';', 'it''s; ', "a;b" \/\* ; \*\/ - 1 \/ 2$/),
    "create function f() returns text language sql as $$ select 'x'; $$",
    expect.stringMatching(/^select \$tag\$ ; \$\$ ; \$tag\$\s+-- the end;$/),
  ])
})

it('every migration does the same statement by statement', async () => {
  const files = (await readdir(migrationsDir)).sort()
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('create schema anew; set local search_path = anew, public')
    for (const file of files)
      for (const statement of statementsOf(await readFile(join(migrationsDir, file), 'utf8')))
        await client.query(statement)
    const { rows } = await client.query(`
      select array_agg(distinct c.relname::text order by c.relname::text) filter (where n.nspname = 'anew') as anew,
        array_agg(distinct c.relname::text order by c.relname::text) filter (where n.nspname = 'public' and c.relname !~ '^migrations') as before
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'i', 'S') and n.nspname in ('anew', 'public')`)
    expect(rows[0]?.anew).toEqual(rows[0]?.before)
  } finally {
    await client.query('rollback')
    client.release()
  }
})
