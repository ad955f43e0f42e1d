import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'

/**
 * Gives many persons another mark of several of which each has one at most: stages, tiers. `moves` answers person_no and
 * key, each person once; a key of null takes the mark away. Straight into the bits, whatever their number.
 */
export async function moveMarks(
  tx: Tx,
  corpId: number,
  keys: readonly string[],
  moves: RawBuilder<unknown>,
): Promise<void> {
  // the lock of folding: what is pending and what is in the bits must not change places meanwhile
  await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
  await sql`with moves as materialized (${moves}),
    words as (
      select key, person_no >> 6 as w, bit_or(1::bigint << (63 - (person_no & 63))) as word from moves group by 1, 2
    ), parts as (
      select key, w >> 4 as part, bit_or(overlay(little.bits placing word::bit(64) from (w & 15) * 64 + 1)) as bits
      from words, (select repeat('0', 1024)::varbit as bits offset 0) little group by 1, 2
    ), came as materialized (
      select key, part >> 6 as chunk, bit_or(overlay(none.bits placing parts.bits from (part & 63) * 1024 + 1)) as bits
      from parts, (select repeat('0', 65536)::varbit as bits offset 0) none group by 1, 2
    ), moved as materialized (
      select chunk, bit_or(bits) as bits from came group by chunk
    ), changed as materialized (
      select k.key, moved.chunk, moved.bits as moved, coalesce(came.bits, moved.bits & ~moved.bits) as came
      from moved cross join unnest(${[...keys]}::text[]) k(key)
      left join came on came.key = k.key and came.chunk = moved.chunk
    ), updated as (
      update audience_bits old set bits = (old.bits & ~changed.moved) | changed.came from changed
      where old.corp_id = ${corpId} and old.key = changed.key and old.chunk = changed.chunk
    ), added as (
      insert into audience_bits (corp_id, key, chunk, bits)
      select ${corpId}, key, chunk, came from changed where bit_count(came) > 0 and not exists (
        select from audience_bits old
        where old.corp_id = ${corpId} and old.key = changed.key and old.chunk = changed.chunk)
    )
    delete from audience_changes where corp_id = ${corpId} and key = any(${[...keys]}::text[])
      and person_no in (select person_no from moves)`.execute(tx)
}
