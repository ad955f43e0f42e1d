import type { Executor, Tx } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import {
  houseKinds,
  isKnownKind,
  kindsOf,
  type NamedIdentity,
  type PlaceOfFact,
  resolveIdentities,
} from '../customers/index.ts'
import type { ReadRow } from './rows.ts'
import type { Named } from './versions.ts'

export interface FactOfPerson {
  readonly identities: readonly NamedIdentity[]
  /** What told it: order, member, event. */
  readonly told: string
  readonly reference: string
  /** Whose word it is where it proves nothing; null: one that was corrected since. */
  readonly word?: string | null
  readonly at: Date
}

/** A version of an order or membership is the whole of its word: what it says no longer is taken back. */
export const wordOf = (told: 'order' | 'member', { source, number }: Named): string => `${told}:${source}:${number}`

interface Context {
  readonly corpId: number
  readonly vault: Pick<Vault, 'blindIndex'>
  readonly now: Date
}

/** The home of each fact, in their order, and whether it tells of somebody as he was before he was erased. */
export function placesOfFacts(
  tx: Tx,
  { corpId, vault, now }: Context,
  facts: readonly FactOfPerson[],
): Promise<readonly PlaceOfFact[]> {
  return resolveIdentities(
    tx,
    { corpId, vault, learntAt: now },
    facts.map(({ told, ...fact }) => ({ ...fact, source: told })),
  )
}

export async function homesOfFacts(
  tx: Tx,
  context: Context,
  facts: readonly FactOfPerson[],
): Promise<readonly number[]> {
  return (await placesOfFacts(tx, context, facts)).map(({ home }) => home)
}

/**
 * Which kinds of identities there are, as far as these rows ask. The fields of a row name the house's own; only `others`
 * needs a look at what the brand declared.
 */
export async function knownKinds(
  on: Executor,
  corpId: number,
  rows: readonly ReadRow<{ readonly identities: readonly NamedIdentity[] }>[],
): Promise<(kind: string) => boolean> {
  const house = rows.every(({ row }) => row.identities.every(({ kind }) => isKnownKind(houseKinds, kind)))
  const kinds = house ? houseKinds : await kindsOf(on, corpId)
  return (kind) => isKnownKind(kinds, kind)
}
