import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { chunksOf } from '../counts/sql.ts'
import { numberPersons } from './changes.store.ts'
import { touchByKeys } from './touched.store.ts'

/**
 * Marks that many persons have from now on, beside what they have: straight into the bits, so that a first reading of
 * millions leaves nothing pending behind. `given` answers customer_id and key. Answers how many marks they were.
 */
export async function fillMarks(
  tx: Tx,
  corpId: number,
  customers: readonly number[],
  given: RawBuilder<unknown>,
): Promise<number> {
  const numbers = await numberPersons(tx, corpId, customers)
  const words =
    'select key, person_no >> 6 as w, bit_or(1::bigint << (63 - (person_no & 63))) as word from given group by 1, 2'
  // before the bits, as whoever notes a change and whoever folds do
  await sql`select pg_advisory_xact_lock_shared(${locks.live}, ${corpId})`.execute(tx)
  await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
  const { rows } = await sql<{ marks: number; keys: string[] | null }>`with given as materialized (
      select distinct g.key, p.person_no from (${given}) g join audience_people p on p.customer_id = g.customer_id
      where p.corp_id = ${corpId}
    ), masks as materialized (select key, chunk, bits from (${sql.raw(chunksOf(words, 'key'))}) turned
    ), updated as (
      update audience_bits old set bits = old.bits | masks.bits from masks
      where old.corp_id = ${corpId} and old.key = masks.key and old.chunk = masks.chunk
    ), added as (
      insert into audience_bits (corp_id, key, chunk, bits) select ${corpId}, key, chunk, bits from masks
      where not exists (select from audience_bits old
        where old.corp_id = ${corpId} and old.key = masks.key and old.chunk = masks.chunk)
    ), settled as (
      delete from audience_changes c using given
      where c.corp_id = ${corpId} and c.key = given.key and c.person_no = given.person_no and c.chunk = given.person_no >> 16
    )
    select count(*)::int as marks, array_agg(distinct key) as keys from given`.execute(tx)
  const [filled] = rows
  await touchByKeys(tx, corpId, [...numbers.values()], filled?.keys ?? [])
  return filled?.marks ?? 0
}
