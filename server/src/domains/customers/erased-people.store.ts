import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import { pseudonymOf } from '../../infra/secrets/pseudonym.ts'
import type { Vault } from '../../infra/secrets/vault.ts'

export interface ErasedId {
  readonly pseudonym: string
  readonly erasedAt: Date
}

/** Which of these external_userids were erased, the last time. Nothing is hashed while nobody of the corp was. */
export async function erasedIds(
  on: Executor,
  vault: Pick<Vault, 'blindIndex'>,
  corpId: number,
  externalUserids: readonly string[],
): Promise<ReadonlyMap<string, ErasedId>> {
  if (externalUserids.length === 0) return new Map()
  const { rows: some } = await sql`select from erased_ids where corp_id = ${corpId} limit 1`.execute(on)
  if (some.length === 0) return new Map()
  const ids = new Map(externalUserids.map((id) => [pseudonymOf(vault, corpId, id), id]))
  const { rows } = await sql<ErasedId>`
    select pseudonym, erased_at as "erasedAt" from erased_ids
    where pseudonym = any(${[...ids.keys()]}::text[]) and corp_id = ${corpId}`.execute(on)
  return new Map(rows.map((row) => [ids.get(row.pseudonym) ?? '', row]))
}
