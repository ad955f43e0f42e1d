import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { homesOfPersons, rootsOf } from '../persons/person-homes.store.ts'
import { standingOf, writeOwners } from './owners.store.ts'
import { decideOwners, type Owning, type OwningOutcome } from './owners.ts'

export interface By {
  readonly at: Date
  /** What to name as the cause of the events. */
  readonly cause: string
}

/**
 * Makes members the exclusive owners of customers, or nobody; answers what becomes of each. The change is told on the
 * person's timeline. `dry`: nothing is written.
 */
export async function ownCustomers(
  tx: Tx,
  corpId: number,
  asked: readonly Owning[],
  { at, cause }: By,
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<readonly { readonly outcome: OwningOutcome; readonly takesFrom: boolean }[]> {
  const roots = await rootsOf(
    tx,
    corpId,
    asked.map((one) => one.customerId),
  )
  const homes = await homesOfPersons(tx, [...roots.values()])
  const of = Map.groupBy(homes, (one) => one.root)
  const standing = await standingOf(tx, corpId, homes)
  const persons = new Map(
    [...roots].map(([id, root]) => [id, { root, homes: (of.get(root) ?? []).map(({ home }) => home) }]),
  )
  const { outcomes, changed, ...decided } = decideOwners(asked, persons, standing)
  const taken = new Set(changed.filter(({ before }) => before !== null).map(({ root }) => root))
  if (!dry && changed.length > 0) {
    await writeOwners(tx, corpId, decided.homes, decided.owners, at)
    await appendEvents(
      tx,
      changed.map(({ root, userid, before }) => ({
        ...{ kind: userid === null ? ('owner.removed' as const) : ('owner.set' as const), corpId, customerId: root },
        staffUserid: userid ?? before ?? undefined,
        ...{ occurredAt: at, cause, payload: { before } },
      })),
      at,
    )
  }
  return outcomes.map((outcome, place) => ({
    outcome,
    takesFrom: outcome === 'set' && taken.has(roots.get(asked[place]?.customerId ?? 0) ?? 0),
  }))
}
