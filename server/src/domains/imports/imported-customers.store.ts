import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'

/** The fingerprints of the rows that these homes were last told by. */
export async function digestsOf(on: Executor, homes: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
  if (homes.length === 0) return new Map()
  const { rows } = await sql<{ home: number; digest: Buffer }>`
    select customer_id as home, digest from imported_customers where customer_id = any(${[...new Set(homes)]}::bigint[])`.execute(
    on,
  )
  return new Map(rows.map(({ home, digest }) => [home, digest]))
}

export interface ImportedCustomer {
  readonly home: number
  readonly digest: Buffer
  /** Sealed; null: the rows say nothing of it, and what stands stays. */
  readonly name: Buffer | null
  readonly phone: Buffer | null
}

export async function writeImported(
  tx: Tx,
  corpId: number,
  importId: string,
  given: readonly ImportedCustomer[],
  at: Date,
): Promise<void> {
  if (given.length === 0) return
  const list = [...given].sort((a, b) => a.home - b.home)
  await sql`insert into imported_customers as c (customer_id, corp_id, digest, name_sealed, phone_sealed, import_id, updated_at)
    select home, ${corpId}, digest, name, phone, ${importId}, ${at} from unnest(${list.map(({ home }) => home)}::bigint[],
      ${list.map(({ digest }) => digest)}::bytea[], ${list.map(({ name }) => name)}::bytea[], ${list.map(({ phone }) => phone)}::bytea[])
      as n(home, digest, name, phone)
    on conflict (customer_id) do update set digest = excluded.digest, name_sealed = coalesce(excluded.name_sealed, c.name_sealed),
      phone_sealed = coalesce(excluded.phone_sealed, c.phone_sealed), import_id = excluded.import_id, updated_at = excluded.updated_at`.execute(
    tx,
  )
}
