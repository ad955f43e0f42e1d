import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { NamedIdentity } from './identity-resolve.store.ts'

export function identityKey({ kind, value }: NamedIdentity): string {
  return `${kind} ${value}`
}

/** The homes of those of these identities that somebody has, by `identityKey`. Makes nothing. */
export async function knownHomesOf(
  on: Executor,
  corpId: number,
  identities: readonly NamedIdentity[],
): Promise<ReadonlyMap<string, number>> {
  if (identities.length === 0) return new Map()
  const { rows } = await sql<{ kind: string; value: string; home: number }>`
    select kind, value, customer_id as home from identities
    where value = any(${[...new Set(identities.map(({ value }) => value))]}::text[]) and corp_id = ${corpId}`.execute(
    on,
  )
  return new Map(rows.map((row) => [identityKey(row), row.home]))
}
