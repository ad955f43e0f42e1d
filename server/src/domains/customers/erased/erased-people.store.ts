import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { pseudonymOf } from '../../../infra/secrets/pseudonym.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { type RelationFact, relationKey } from '../relations/relation-facts.ts'
import { afterErasure, isAdd } from './erased-people.ts'

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

/** The facts that still stand, as they stand after erasures. */
export async function factsAfterErasure(
  on: Executor,
  vault: Pick<Vault, 'blindIndex'>,
  facts: readonly RelationFact[],
): Promise<readonly RelationFact[]> {
  const standing: RelationFact[] = []
  for (const [corpId, list] of Map.groupBy(facts, (fact) => fact.corpId)) {
    const erased = await erasedIds(on, vault, corpId, [...new Set(list.map((fact) => fact.externalUserid))])
    if (erased.size === 0) {
      standing.push(...list)
      continue
    }
    const back = await relationsOf(on, corpId, [...erased.keys()])
    for (const fact of list) {
      const id = erased.get(fact.externalUserid)
      if (isAdd(fact) && id !== undefined && fact.at > id.erasedAt) back.add(relationKey(fact))
    }
    for (const fact of list) {
      const id = erased.get(fact.externalUserid)
      const stands = id === undefined ? fact : afterErasure(fact, id, back.has(relationKey(fact)))
      if (stands !== undefined) standing.push(stands)
    }
  }
  return standing
}

/** Relations that stand under these ids: of an erased one, those that came after the erasure. */
async function relationsOf(on: Executor, corpId: number, externalUserids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ userid: string; externalUserid: string }>`
    select r.userid, i.value as "externalUserid" from identities i
    join relations r on r.customer_id = i.customer_id
    where i.value = any(${[...externalUserids]}::text[]) and i.kind = 'external_userid' and i.corp_id = ${corpId}`.execute(
    on,
  )
  return new Set(rows.map((row) => relationKey({ corpId, ...row })))
}
