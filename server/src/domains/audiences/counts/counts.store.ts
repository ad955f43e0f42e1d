import { CompiledQuery, sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { foldBehaved } from '../kept/behaviours.store.ts'
import { foldBuyers } from '../kept/buyers.store.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { ruleClass } from '../rules/rule.ts'
import { type Estimate, estimateFrom, partSize, partsToSample, type SampledPart } from './estimate.ts'
import { absentMarks } from './marks.store.ts'
import { chunksOf, countSql, membersSql, type Span, type Statement, sampleSql } from './sql.ts'

async function read<Row>(db: Executor, { text, values }: Statement): Promise<readonly Row[]> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))
  return rows
}

export interface Counted {
  readonly count: number
  readonly of: number
}

/** A rule that no kept numbers answer is counted in two halves at once, with the memory to group half of all persons. */
export async function countMembers(db: Executor, corpId: number, rule: Rule, today: number): Promise<Counted> {
  const absent = await absentMarks(db, corpId, rule, today)
  const chunks = ruleClass(rule) === 'free' && !isOpen(db) ? Math.ceil((await numbersGiven(db, corpId)) / 65_536) : 0
  if (isOpen(db) || chunks < 2) {
    const [row] = await read<Counted>(db, countSql(rule, corpId, today, { absent }))
    return row ?? { count: 0, of: 0 }
  }
  const half = Math.ceil(chunks / 2)
  // numbers given meanwhile belong to the last chunks
  const spans: readonly Span[] = [
    { from: 0, to: half },
    { from: half, to: 32_767 },
  ]
  const halves = await Promise.all(
    spans.map((span) =>
      db.transaction().execute(async (tx) => {
        await sql`set local work_mem = '64MB'`.execute(tx)
        return read<Counted>(tx, countSql(rule, corpId, today, { absent, span }))
      }),
    ),
  )
  const rows = halves.flat()
  const sum = (of: (row: Counted) => number) => rows.reduce((total, row) => total + of(row), 0)
  return { count: sum((row) => row.count), of: sum((row) => row.of) }
}

const isOpen = (db: Executor): db is Tx => db.isTransaction

async function numbersGiven(db: Executor, corpId: number): Promise<number> {
  const corp = await db.selectFrom('audience_corps').select('next_no').where('corp_id', '=', corpId).executeTakeFirst()
  return corp?.next_no ?? 0
}

/** About how many persons a rule holds, from a sample of all; exact where they are few. */
export async function estimateMembers(db: Executor, corpId: number, rule: Rule, today: number): Promise<Estimate> {
  const numbers = await numbersGiven(db, corpId)
  const known = { parts: partsToSample(numbers), absent: await absentMarks(db, corpId, rule, today) }
  const rows = await read<SampledPart & { of: number }>(db, sampleSql(rule, corpId, today, known))
  return estimateFrom(rows, Math.ceil(numbers / partSize), rows[0]?.of ?? 0)
}

/** The customers whom a rule holds, by their numbers; at most so many. */
export async function members(
  db: Executor,
  corpId: number,
  rule: Rule,
  today: number,
  limit?: number,
): Promise<readonly number[]> {
  const rows = await read<{ person_no: number }>(db, membersSql(rule, corpId, today, limit))
  const { rows: people } = await sql<{ customer_id: number }>`select customer_id from audience_people
    where corp_id = ${corpId} and person_no = any(${rows.map((row) => row.person_no)}::int[])
    order by person_no`.execute(db)
  return people.map((row) => row.customer_id)
}

/**
 * Puts pending changes, who bought since, and what was done since where it is kept. Answers how many they were. Fewer than
 * `least` who bought or did something wait: each of them would rewrite pages of its own.
 */
export async function foldChanges(db: Database, corpId: number, least = 0): Promise<number> {
  const marks = await foldMarks(db, corpId)
  return marks + (await foldBuyers(db, corpId, least)) + (await foldBehaved(db, corpId, least))
}

async function foldMarks(db: Database, corpId: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // one at a time for a corp; a change that is noted meanwhile waits for the next
    await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
    const { rows } = await sql<{ folded: number }>`with taken as (
      delete from audience_changes where corp_id = ${corpId} returning key, chunk, person_no & 65535 as n, present
    ), masks as (
      select key, chunk, bit_or(bits) filter (where present) as came, bit_or(bits) filter (where not present) as went
      from (${sql.raw(chunksOf('select key, present, (chunk << 10) + (n >> 6) as w, bit_or(1::bigint << (63 - (n & 63))) as word from taken group by 1, 2, 3', 'key, present'))}) turned
      group by key, chunk
    ), folded as (
      insert into audience_bits (corp_id, key, chunk, bits)
      select ${corpId}, key, chunk, coalesce(came, went & ~went) from masks
      where not exists (select from audience_bits old where old.corp_id = ${corpId} and old.key = masks.key and old.chunk = masks.chunk)
    ), kept as (
      update audience_bits old set bits = (old.bits & ~coalesce(masks.went, old.bits & ~old.bits)) | coalesce(masks.came, old.bits & ~old.bits)
      from masks where old.corp_id = ${corpId} and old.key = masks.key and old.chunk = masks.chunk
    )
    select count(*)::int as folded from taken`.execute(tx)
    return rows[0]?.folded ?? 0
  })
}
