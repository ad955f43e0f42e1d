import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { prepared } from '../../../infra/db/prepared.ts'

/** Which of these persons have which of these marks, what is pending merged in. */
export async function heldMarks(
  on: Executor,
  corpId: number,
  keys: readonly string[],
  numbers: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  if (keys.length === 0 || numbers.length === 0) return new Map()
  const { rows } = await sql<{ no: number; keys: string[] }>`${preparedForOne(numbers)}
    with given as (select distinct unnest(${[...numbers]}::int[]) as no), ${heldOf(corpId, keys)}
    select no, array_agg(key) as keys from held group by no`.execute(on)
  return new Map(rows.map((row) => [row.no, new Set(row.keys)]))
}

/** The same of customers, with the numbers of their persons; who has none of the marks is not among them. */
export async function heldMarksOf(
  on: Executor,
  corpId: number,
  keys: readonly string[],
  customerIds: readonly number[],
): Promise<readonly { readonly customerId: number; readonly no: number; readonly keys: ReadonlySet<string> }[]> {
  if (keys.length === 0 || customerIds.length === 0) return []
  const { rows } = await sql<{ customer_id: number; no: number; keys: string[] }>`${preparedForOne(customerIds)}
    with given as (${numbered(corpId, customerIds)}), ${heldOf(corpId, keys)}
    select given.customer_id, no, array_agg(held.key) as keys from given join held using (no) group by given.customer_id, no`.execute(
    on,
  )
  return rows.map((row) => ({ customerId: row.customer_id, no: row.no, keys: new Set(row.keys) }))
}

/** `held (key, no)` of those `given (no)`. */
const heldOf = (corpId: number, keys: readonly string[]) => sql`
    people as materialized (select no, no >> 16 as chunk from given),
    pending as materialized (
      select key, person_no, present from audience_changes
      where corp_id = ${corpId} and key = any(${[...keys]}::text[]) and person_no in (select no from people)
    ), read as (
      -- an operation on the bits unpacks them once a chunk, and not once a person
      select b.key, b.chunk, b.bits | none.bits as bits from audience_bits b, (select repeat('0', 65536)::varbit as bits offset 0) none
      where b.corp_id = ${corpId} and b.key = any(${[...keys]}::text[]) and b.chunk in (select chunk from people) offset 0
    ), folded as (
      select read.key, people.no from read join people using (chunk)
      where get_bit(read.bits, people.no & 65535) = 1
        and not exists (select from pending where pending.key = read.key and pending.person_no = people.no)
    ), held as (select key, no from folded union all select key, person_no from pending where present)`

/** The numbers of persons by their customers; who has none is not among them. */
export async function numbersOf(
  on: Executor,
  corpId: number,
  customerIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ customer_id: number; no: number }>`${numbered(corpId, customerIds)}`.execute(on)
  return new Map(rows.map((row) => [row.customer_id, row.no]))
}

const numbered = (corpId: number, customerIds: readonly number[]) => sql`
    select customer_id, person_no as no from audience_people
    where corp_id = ${corpId} and customer_id = any(${[...customerIds]}::bigint[])`

/** Of one person planning takes ten times what the answer does; of many the plan depends on how many. */
const preparedForOne = (asked: readonly number[]) => (asked.length === 1 ? prepared : sql``)
