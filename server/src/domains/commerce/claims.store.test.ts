import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { isCitus } from '../../infra/db/shards.ts'
import { testDatabase } from '../../infra/postgres/testing.ts'
import { ordersToClaim } from './claims.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T10:00:00+08:00')

it('orders to claim are found by the end of their number, without reading those of the whole brand', async () => {
  await sql`
    insert into customers (id, corp_id, created_at) select n, 1, ${at} from generate_series(1, 5000) n`.execute(db)
  await sql`
    insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, lines, version_at, learnt_at)
    select n, n, 1, 'shop', 'SH-' || lpad((n * 7919 % 100003)::text, 7, '0'), 'paid', 990, 0,
      ${at}::timestamptz - (n % 27) * interval '1 day', '[]', ${at}, ${at} from generate_series(1, 5000) n`.execute(db)
  await sql`analyze orders`.execute(db)
  await sql`analyze customers`.execute(db)
  const since = new Date(at.getTime() - 30 * 86_400_000)
  const read = await db.transaction().execute(async (tx) => {
    const found = await ordersToClaim(tx, 1, '07919', since)
    const { rows } = await sql<{ scans: number; tails: number }>`
      select sum(pg_stat_get_xact_numscans(t.relid)) filter (where i.indexrelid is null)::int as scans,
        sum(pg_stat_get_xact_numscans(i.indexrelid)) filter (where pg_get_indexdef(i.indexrelid) like '%right%')::int as tails
      from pg_partition_tree('orders') t
      left join lateral (select null::oid as indexrelid union all select indexrelid from pg_index where indrelid = t.relid) i on true`.execute(
      tx,
    )
    return { numbers: found.map(({ number }) => number), ...rows[0] }
  })
  expect(read.numbers).toEqual(['SH-0007919'])
  // spread over machines it is read there: what is counted here says nothing
  if (await isCitus(db)) return
  expect(read.scans).toBe(0)
  expect(read.tails).toBeGreaterThan(0)
})
