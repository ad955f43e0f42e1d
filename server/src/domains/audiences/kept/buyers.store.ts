import { sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { periodDays } from '../rules/facts.ts'
import { type BuyerRow, digitsOfBuyers, keptNumbers, personsMask } from './buyers.ts'

/** The rows of these buyers, anew from their orders. Their digits follow when bits are folded. */
export async function keepBuyersOf(tx: Tx, corpId: number, persons: readonly number[]): Promise<void> {
  await writeRows(tx, corpId, persons)
  // an update, so that it waits for a folding that has taken the same person
  await sql`insert into audience_bought (corp_id, chunk, person_no)
    select ${corpId}, no >> 16, no from unnest(${persons}::int[]) given(no)
    on conflict (corp_id, person_no, chunk) do update set chunk = excluded.chunk`.execute(tx)
}

/** All rows and digits of buyers, anew from all orders. */
export async function keepBuyers(db: Database, corpId: number): Promise<void> {
  await writeRows(db, corpId)
  const { rows } = await sql<{ last: number | null }>`
    select max(person_no) >> 16 as last from audience_buyers where corp_id = ${corpId}`.execute(db)
  const chunks = Array.from({ length: (rows[0]?.last ?? -1) + 1 }, (_, chunk) => chunk)
  const work = async () => {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      const bought = await boughtOf(db, corpId, chunk)
      await sql`delete from audience_bits where corp_id = ${corpId} and chunk = ${chunk}
        and key = any(${[...digitsOfBuyers([]).keys()]}::text[])`.execute(db)
      await writeDigits(db, corpId, chunk, bought, bought)
    }
  }
  await Promise.all([work(), work()])
  await sql`delete from audience_bought where corp_id = ${corpId}`.execute(db)
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

/**
 * Puts those who bought since into the digits, a chunk at a time; fewer than `least` wait until they are more. Answers how
 * many they were.
 */
export async function foldBuyers(db: Database, corpId: number, least: number): Promise<number> {
  const { rows } = await sql<{ chunk: number; bought: number }>`select chunk, count(*)::int as bought
    from audience_bought where corp_id = ${corpId} group by chunk order by chunk`.execute(db)
  if (rows.reduce((sum, { bought }) => sum + bought, 0) < least) return 0
  let folded = 0
  for (const { chunk } of rows)
    folded += await db.transaction().execute(async (tx) => {
      // the lock of folding; whoever notes an order of one of them waits, or was there before and is left for the next time
      await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
      const { rows: taken } = await sql<{ person_no: number }>`delete from audience_bought t using (
          select person_no from audience_bought where corp_id = ${corpId} and chunk = ${chunk} for update skip locked) few
        where t.corp_id = ${corpId} and t.chunk = ${chunk} and t.person_no = few.person_no returning t.person_no`.execute(
        tx,
      )
      if (taken.length === 0) return 0
      // a statement of its own: their rows as they are after the delete
      const bought = await boughtOf(
        tx,
        corpId,
        chunk,
        taken.map((row) => row.person_no),
      )
      await writeDigits(tx, corpId, chunk, taken, bought)
      return taken.length
    })
  return folded
}

/** More than these of a chunk are sorted out of all its rows. */
const few = 5_000

async function boughtOf(
  on: Executor,
  corpId: number,
  chunk: number,
  persons?: readonly number[],
): Promise<readonly BuyerRow[]> {
  const columns = sql.join(keptNumbers.map(({ column }) => sql.ref(column)))
  const named = persons && persons.length <= few ? sql`and person_no = any(${[...persons]}::int[])` : sql``
  const { rows } = await sql<BuyerRow>`select person_no, ${columns} from audience_buyers
    where corp_id = ${corpId} and person_no between ${chunk * 65_536} and ${chunk * 65_536 + 65_535} ${named}`.execute(
    on,
  )
  const wanted = new Set(persons)
  return persons && persons.length > few ? rows.filter(({ person_no }) => wanted.has(person_no)) : rows
}

/** The digits of `persons`, of whom `bought` have a row. */
async function writeDigits(
  on: Executor,
  corpId: number,
  chunk: number,
  persons: readonly { readonly person_no: number }[],
  bought: readonly BuyerRow[],
): Promise<void> {
  const digits = [...digitsOfBuyers(bought)]
  const touched = hex(personsMask(persons))
  await sql`with given as materialized (
      select key, coalesce(bits, touched & ~touched) as came, touched
      from unnest(${digits.map(([key]) => key)}::text[], ${digits.map(([, mask]) => (mask ? hex(mask) : null))}::varbit[]) given(key, bits),
        (select ${touched}::varbit as touched offset 0) whom
    ), changed as (
      update audience_bits old set bits = (old.bits & ~touched) | came from given
      where old.corp_id = ${corpId} and old.chunk = ${chunk} and old.key = given.key and (old.bits & touched) <> came
    )
    insert into audience_bits (corp_id, key, chunk, bits)
    select ${corpId}, key, ${chunk}, came from given where bit_count(came) > 0 and not exists (
      select from audience_bits old where old.corp_id = ${corpId} and old.chunk = ${chunk} and old.key = given.key)`.execute(
    on,
  )
}

/** As PostgreSQL reads bits. */
const hex = (mask: Uint8Array) => `x${Buffer.from(mask.buffer, mask.byteOffset, mask.byteLength).toString('hex')}`
