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

/** Where a fact belongs. */
export interface PlaceOfFact {
  readonly home: number
  /** It tells of the time before somebody was erased: nothing that it says of him beside the bare fact may be kept. */
  readonly forgotten: boolean
}

/**
 * The home of each fact, in their order. What happened before somebody was erased leads to what is left of him, which has
 * no name: books stay right, and he stays forgotten.
 */
export async function placesOfFacts(
  tx: Tx,
  { corpId, vault, now }: Context,
  facts: readonly FactOfPerson[],
): Promise<readonly PlaceOfFact[]> {
  const values = new Set(facts.flatMap(({ identities }) => identities.map(({ value }) => value)))
  const erased = await erasedIds(tx, vault, corpId, [...values])
  const isGone = (value: string, at: Date) => {
    const gone = erased.get(value)
    return gone !== undefined && at <= gone.erasedAt
  }
  const homes = await resolveIdentities(
    tx,
    corpId,
    facts.map(({ identities, told, reference, at }) => ({
      identities: identities.map(({ kind, value }) => ({
        kind,
        value: isGone(value, at) ? pseudonymOf(vault, corpId, value) : value,
      })),
      source: told,
      reference,
      at,
    })),
    now,
  )
  return facts.map(({ identities, at }, place) => {
    const home = homes[place]
    if (home === undefined) throw new Error('a fact has no home')
    return { home, forgotten: erased.size > 0 && identities.some(({ value }) => isGone(value, at)) }
  })
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
