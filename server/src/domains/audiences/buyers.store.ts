import { CompiledQuery, sql } from 'kysely'
import type { Database, Executor, Tx } from '../../infra/db/database.ts'
import { locks } from '../../infra/db/locks.ts'
import { buyerMarks } from './buyers.ts'
import { periodDays } from './facts.ts'
import { chunksOf } from './sql.ts'

/** So many persons are folded at a time. */
const most = 100_000

/** The rows of these buyers, anew from their orders. Their digits follow when bits are folded. */
export async function keepBuyersOf(tx: Tx, corpId: number, persons: readonly number[]): Promise<void> {
  await writeRows(tx, corpId, persons)
  // an update, so that it waits for a folding that has taken the same person
  await sql`insert into audience_bought (corp_id, chunk, person_no)
    select ${corpId}, no >> 16, no from unnest(${persons}::int[]) given(no)
    on conflict (corp_id, person_no, chunk) do update set chunk = excluded.chunk`.execute(tx)
}

/** All rows and digits of buyers, anew from all orders. */
export async function keepBuyers(db: Executor, corpId: number): Promise<void> {
  await writeRows(db, corpId)
  await sql`delete from audience_bought where corp_id = ${corpId}`.execute(db)
  await sql`delete from audience_bits where corp_id = ${corpId} and key like 'buyer%'`.execute(db)
  await run(
    db,
    `insert into audience_bits (corp_id, key, chunk, bits)
     select $1, key, chunk, bits from (${digitsOf('select * from audience_buyers where corp_id = $1')}) came`,
    [corpId],
  )
}

async function writeRows(db: Executor, corpId: number, persons?: readonly number[]): Promise<void> {
  const named = persons ? sql`and person_no = any(${persons}::int[])` : sql``
  const latest = sql.join(
    Array.from({ length: 5 }, (_, at) => sql.raw(`(array_agg(day order by day desc))[${at + 1}]`)),
  )
  const since = sql.join(
    Array.from({ length: 13 }, (_, at) =>
      sql.raw(`least(2147483647, coalesce(sum(net) filter (where period >= last - (last - ${at}) % 13), 0))`),
    ),
  )
  await sql`delete from audience_buyers where corp_id = ${corpId} ${named}`.execute(db)
  await sql`insert into audience_buyers (corp_id, chunk, person_no, orders, net, period, d1, d2, d3, d4, d5,
      t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12)
    select ${corpId}, person_no >> 16, person_no, count(*), sum(net), max(period), ${latest}, ${since}
    from (select person_no, day, net, day / ${sql.lit(periodDays)} as period,
        max(day / ${sql.lit(periodDays)}) over (partition by person_no) as last
      from audience_orders where corp_id = ${corpId} ${named}) orders
    group by person_no`.execute(db)
}

/** Puts those who bought since into the digits. Answers how many they were. */
export async function foldBuyers(db: Database, corpId: number): Promise<number> {
  let folded = 0
  for (let taken = most; taken === most; folded += taken) {
    taken = await db.transaction().execute(async (tx) => {
      // the lock of folding; whoever notes an order of one of them waits, or was there before and is left for the next time
      await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
      const { rows } = await sql<{ person_no: number }>`delete from audience_bought t using (
          select person_no, chunk from audience_bought where corp_id = ${corpId} limit ${most} for update skip locked) few
        where t.corp_id = ${corpId} and t.person_no = few.person_no and t.chunk = few.chunk returning t.person_no`.execute(
        tx,
      )
      // a statement of its own: their rows as they are after the delete
      if (rows.length > 0)
        await foldDigits(
          tx,
          corpId,
          rows.map((row) => row.person_no),
        )
      return rows.length
    })
  }
  return folded
}

async function foldDigits(tx: Tx, corpId: number, persons: readonly number[]): Promise<void> {
  const keys = buyerMarks.map(([key]) => key)
  await run(
    tx,
    `with touched as materialized (${chunksOf(
      'select no >> 6 as w, bit_or(1::bigint << (63 - (no & 63))) as word from unnest($2::int[]) given(no) group by 1',
    )}),
    came as materialized (${digitsOf(
      'select b.* from unnest($2::int[]) given(no) join audience_buyers b on b.corp_id = $1 and b.person_no = no',
    )}),
    gone as (
      update audience_bits old set bits = fresh.bits
      from (select kept.key, kept.chunk, (kept.bits & ~touched.bits) | coalesce(came.bits, kept.bits & ~kept.bits) as bits
        from audience_bits kept join touched on touched.chunk = kept.chunk
        left join came on came.key = kept.key and came.chunk = kept.chunk
        where kept.corp_id = $1 and kept.key = any($3::text[])) fresh
      where old.corp_id = $1 and old.key = fresh.key and old.chunk = fresh.chunk and old.bits <> fresh.bits
    )
    insert into audience_bits (corp_id, key, chunk, bits) select $1, key, chunk, bits from came
    where not exists (select from audience_bits old where old.corp_id = $1 and old.key = came.key and old.chunk = came.chunk)`,
    [corpId, persons, keys],
  )
}

/** The marks of the rows of buyers as bits by key and chunk. */
function digitsOf(buyers: string): string {
  const columns = buyerMarks.map(
    ([, holds], at) => `bit_or(1::bigint << (63 - (person_no & 63))) filter (where ${holds}) as b${at}`,
  )
  const each = buyerMarks.map(([key], at) => `('${key}', b${at})`)
  return chunksOf(
    `select key, w, word from (select person_no >> 6 as w, ${columns.join(', ')} from (${buyers}) buyers group by 1) wide,
      lateral (values ${each.join(', ')}) digits(key, word) where word is not null`,
    'key',
  )
}

async function run(db: Executor, text: string, values: readonly unknown[]): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(text, [...values]))
}
