import type { Tx } from '../../infra/db/database.ts'
import { pseudonymOf } from '../../infra/secrets/pseudonym.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { erasedIds, type NamedIdentity, resolveIdentities } from '../customers/index.ts'

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
