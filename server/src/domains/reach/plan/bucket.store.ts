import { type RawBuilder, sql } from 'kysely'
import { buckets } from './bucket.ts'

/** `bucketOf` over a column of customers. */
export function bucketSql(seed: bigint, customer: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`((hashint8extended(${customer}, ${sql.raw(`'${seed}'::bigint`)}) & 4294967295) % ${sql.raw(String(buckets))})::smallint`
}
