import { sql } from 'kysely'
import type { Database, Executor, Tx } from '../../infra/db/database.ts'
import { nameIndexOf } from '../../infra/secrets/name.ts'
import type { Vault } from '../../infra/secrets/vault.ts'

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
  /** What the name is found by. */
  readonly nameIndex: Buffer | null
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
  await sql`insert into imported_customers as c (customer_id, corp_id, digest, name_sealed, name_index, phone_sealed, import_id, updated_at)
    select home, ${corpId}, digest, name, name_index, phone, ${importId}, ${at} from unnest(${list.map(({ home }) => home)}::bigint[],
      ${list.map(({ digest }) => digest)}::bytea[], ${list.map(({ name }) => name)}::bytea[], ${list.map(({ nameIndex }) => nameIndex)}::bytea[],
      ${list.map(({ phone }) => phone)}::bytea[]) as n(home, digest, name, name_index, phone)
    on conflict (customer_id) do update set digest = excluded.digest, name_sealed = coalesce(excluded.name_sealed, c.name_sealed),
      name_index = coalesce(excluded.name_index, c.name_index),
      phone_sealed = coalesce(excluded.phone_sealed, c.phone_sealed), import_id = excluded.import_id, updated_at = excluded.updated_at`.execute(
    tx,
  )
}

const indexedAtOnce = 1_000

/** Makes names that came before they were findable findable. Answers how many. */
export async function indexNames(
  db: Database,
  vault: Pick<Vault, 'blindIndex' | 'open'>,
  atOnce = indexedAtOnce,
): Promise<number> {
  const { rows } = await sql<{ home: number; name: Buffer }>`
    select customer_id as home, name_sealed as name from imported_customers
    where name_sealed is not null and name_index is null limit ${atOnce}`.execute(db)
  if (rows.length === 0) return 0
  await sql`
    update imported_customers c set name_index = n.name_index
    from unnest(${rows.map(({ home }) => home)}::bigint[],
      ${rows.map(({ name }) => nameIndexOf(vault, vault.open(name)))}::bytea[]) as n(home, name_index)
    where c.customer_id = n.home and c.name_index is null`.execute(db)
  return rows.length
}
