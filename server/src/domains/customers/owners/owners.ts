/** Who is to own whom; `userid` null: nobody. The customer is named by any of his homes. */
export interface Owning {
  readonly customerId: number
  readonly userid: string | null
}

/** What stands between a person and a member, at one of the person's homes. */
export interface Standing {
  readonly home: number
  readonly root: number
  readonly userid: string
  readonly alive: boolean
  readonly ownedAt: Date | null
}

export type OwningOutcome = 'set' | 'removed' | 'same' | 'no_relation' | 'unknown_customer'

export interface OwnersDecided {
  /** One answer an owning, in their order. */
  readonly outcomes: readonly OwningOutcome[]
  /** Homes of the persons whose owner changes: whoever owned any of them before does no more. */
  readonly homes: readonly number[]
  readonly owners: readonly { readonly home: number; readonly userid: string }[]
  readonly changed: readonly { readonly root: number; readonly userid: string | null; readonly before: string | null }[]
}

/** Who owns a person: of what was said at his homes, the latest; where two were said at once, the first by name. */
export function ownerOf(standing: readonly Standing[]): Standing | undefined {
  const owned = standing.filter((one) => one.ownedAt !== null)
  return owned.toSorted(
    (a, b) => (b.ownedAt?.getTime() ?? 0) - (a.ownedAt?.getTime() ?? 0) || (a.userid < b.userid ? -1 : 1),
  )[0]
}

/**
 * Only who has the customer as a contact can own him, through whichever of the person's homes. Of several words about one
 * person the last counts. `homesOf`: all homes of each customer asked for; a customer of nobody is in none.
 */
export function decideOwners(
  asked: readonly Owning[],
  homesOf: ReadonlyMap<number, { readonly root: number; readonly homes: readonly number[] }>,
  standing: readonly Standing[],
): OwnersDecided {
  const of = Map.groupBy(standing, (one) => one.root)
  const last = new Map<
    number,
    { readonly userid: string | null; readonly home: number | null; readonly homes: readonly number[] }
  >()
  const outcomes = asked.map(({ customerId, userid }): OwningOutcome => {
    const person = homesOf.get(customerId)
    if (person === undefined) return 'unknown_customer'
    const his = of.get(person.root) ?? []
    const known = his.filter((one) => one.userid === userid && one.alive).toSorted((a, b) => a.home - b.home)
    if (userid !== null && known.length === 0) return 'no_relation'
    const { homes } = person
    const before = last.get(person.root)?.userid ?? (last.has(person.root) ? null : (ownerOf(his)?.userid ?? null))
    if (before === userid) return 'same'
    last.set(person.root, { userid, home: known[0]?.home ?? null, homes })
    return userid === null ? 'removed' : 'set'
  })
  const said = [...last]
  return {
    outcomes,
    homes: said.flatMap(([, one]) => one.homes),
    owners: said.flatMap(([, { userid, home }]) => (userid === null || home === null ? [] : [{ home, userid }])),
    changed: said.map(([root, { userid }]) => ({ root, userid, before: ownerOf(of.get(root) ?? [])?.userid ?? null })),
  }
}
