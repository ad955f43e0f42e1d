import type { Executor, Tx } from '../../infra/db/database.ts'
import { pseudonymOf } from '../../infra/secrets/pseudonym.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import {
  erasedIds,
  houseKinds,
  isKnownKind,
  kindsOf,
  type NamedIdentity,
  resolveIdentities,
} from '../customers/index.ts'
import type { ReadRow } from './rows.ts'

export interface FactOfPerson {
  readonly identities: readonly NamedIdentity[]
  /** What told it: order, member, event. */
  readonly told: string
  readonly reference: string
  readonly at: Date
}

interface Context {
  readonly corpId: number
  readonly vault: Pick<Vault, 'blindIndex'>
  readonly now: Date
}

/**
 * The home of each fact, in their order. What happened before somebody was erased leads to what is left of him, which has
 * no name: books stay right, and he stays forgotten.
 */
export async function homesOfFacts(
  tx: Tx,
  { corpId, vault, now }: Context,
  facts: readonly FactOfPerson[],
): Promise<readonly number[]> {
  const values = new Set(facts.flatMap(({ identities }) => identities.map(({ value }) => value)))
  const erased = await erasedIds(tx, vault, corpId, [...values])
  const named = ({ kind, value }: NamedIdentity, at: Date): NamedIdentity => {
    const gone = erased.get(value)
    return gone === undefined || at > gone.erasedAt
      ? { kind, value }
      : { kind, value: pseudonymOf(vault, corpId, value) }
  }
  return resolveIdentities(
    tx,
    corpId,
    facts.map(({ identities, told, reference, at }) => ({
      identities: identities.map((one) => named(one, at)),
      source: told,
      reference,
      at,
    })),
    now,
  )
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
