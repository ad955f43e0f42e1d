import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { nameIndexOf } from '../../../infra/secrets/name.ts'
import { phoneIndexOf, plainPhone } from '../../../infra/secrets/phone.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'

/** More than this nobody looks through. */
const most = 50

/**
 * The persons whom these words name exactly: by an identity such as a member number, by a phone number that was proved or
 * typed (only its fingerprint is kept), or by the whole name that an import told.
 */
export async function rootsNamed(
  on: Executor,
  corpId: number,
  vault: Pick<Vault, 'blindIndex'>,
  words: string,
): Promise<readonly number[]> {
  const phones = isPhone(words) ? [phoneIndexOf(vault, words)] : []
  const values = [...new Set([words, words.toLowerCase(), ...phones])]
  const { rows } = await sql<{ root: number }>`
    with told as materialized (
      select customer_id from imported_customers where name_index = ${nameIndexOf(vault, words)} and corp_id = ${corpId} limit ${most}
    ), named as (
      (select customer_id from identities where value = any(${values}::text[]) and corp_id = ${corpId} limit ${most})
      union all
      (select customer_id from identity_hints where value = any(${values}::text[]) and corp_id = ${corpId} limit ${most})
      union all
      (select customer_id from told)
    )
    select distinct coalesce(c.merged_into, c.id) as root from named join customers c on c.id = named.customer_id
    where c.erased_at is null order by 1 limit ${most}`.execute(on)
  return rows.map((row) => row.root)
}

function isPhone(words: string): boolean {
  return /^[+\d\s()-]+$/.test(words) && plainPhone(words).length >= 7
}
