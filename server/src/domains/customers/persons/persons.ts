import { compare, type IdentityKinds, isExclusive } from '../identities/identity-kinds.ts'

/** An identity and its home: where everything stands that came under it. */
export interface Identity {
  readonly home: number
  readonly kind: string
  readonly value: string
}

/** Two homes that one fact named together. */
export interface Link {
  readonly low: number
  readonly high: number
  readonly source: string
  readonly reference: string
  readonly at: Date
}

/** A person's decision that two homes are two persons. */
export interface Block {
  readonly low: number
  readonly high: number
}

export interface Person {
  /** The home that stands for the person. */
  readonly root: number
  /** All homes with the root, ascending. */
  readonly homes: readonly number[]
  /** The evidence that holds them together: one link less than there are homes. */
  readonly links: readonly Link[]
}

/** Evidence not followed, because the person would have two of `kind`. */
export interface Conflict extends Link {
  readonly kind: string
}

export interface Persons {
  readonly groups: readonly Person[]
  readonly conflicts: readonly Conflict[]
}

/** A number that so many others lead to is nobody's: the phone of a till, a placeholder of a form. */
export const hubAbove = 30

/**
 * Who is one person: a function of the set of facts alone. Links are followed in one order: what people decided, then what
 * the platform gives as names of one WeChat user, then all that others say, by the time of the evidence, then by whom it
 * names. One that would give the person two of an exclusive kind is a conflict, one across a block is left. Between two
 * persons stands one conflict, whatever else speaks for it: the evidence that is followed first.
 *
 * Whom others name, and how many, is asked once the platform's names stand together: a unionid has the home of its
 * external_userid or one of its own, by which of the two was told first, and that must decide nothing. A home's own name
 * would: the same link would come at another place of the order.
 */
export function personsOf(
  identities: readonly Identity[],
  links: readonly Link[],
  blocks: readonly Block[],
  kinds: IdentityKinds,
): Persons {
  const atHome = Map.groupBy(identities, (one) => one.home)
  const groups = new Map<number, Growing>()
  for (const [home, own] of atHome) groups.set(home, growing(home, own, kinds))
  const blocked = blocksByHome(blocks)
  const conflicts: Conflict[] = []
  const follow = (link: Link) => {
    const low = groups.get(link.low)
    const high = groups.get(link.high)
    if (low === undefined || high === undefined || low === high || isBlocked(low, high, blocked)) return
    const kind = twiceIn(low, high)
    if (kind === undefined) {
      const joined = join(low, high, link)
      for (const home of joined.homes) groups.set(home, joined)
    } else conflicts.push({ ...link, kind })
  }
  for (const link of inOrder(links.filter(isGiven), groups)) follow(link)
  const said = links.filter((link) => !isGiven(link))
  const hubs = hubsOf(said, groups, atHome, kinds)
  for (const link of inOrder(said, groups)) if (!hubs.has(link.low) && !hubs.has(link.high)) follow(link)
  const persons = [...new Set(groups.values())].map((group) => finished(group, atHome)).sort((a, b) => a.root - b.root)
  return { groups: persons, conflicts: oneBetweenTwo(conflicts, persons) }
}

function oneBetweenTwo(conflicts: readonly Conflict[], persons: readonly Person[]): readonly Conflict[] {
  const rootOf = new Map(persons.flatMap(({ homes, root }) => homes.map((home): [number, number] => [home, root])))
  const first = new Map<string, Conflict>()
  for (const conflict of conflicts) {
    const [low, high] = [rootOf.get(conflict.low) ?? 0, rootOf.get(conflict.high) ?? 0].sort((a, b) => a - b)
    // a later link may have joined both by another way: then nothing is open
    if (low !== high && !first.has(`${low} ${high}`)) first.set(`${low} ${high}`, conflict)
  }
  return [...first.values()]
}

interface Growing {
  /** The smallest of its identities: what it is called where facts are put in order. */
  readonly name: string
  readonly homes: readonly number[]
  readonly links: readonly Link[]
  readonly exclusive: ReadonlyMap<string, string>
}

function growing(home: number, own: readonly Identity[], kinds: IdentityKinds): Growing {
  const exclusive = new Map(
    own.filter(({ kind }) => isExclusive(kinds, kind)).map(({ kind, value }): [string, string] => [kind, value]),
  )
  return { name: own.map(({ kind, value }) => `${kind} ${value}`).sort()[0] ?? '', homes: [home], links: [], exclusive }
}

function join(a: Growing, b: Growing, link: Link): Growing {
  return {
    name: compare(a.name, b.name) < 0 ? a.name : b.name,
    homes: [...a.homes, ...b.homes],
    links: [...a.links, ...b.links, link],
    exclusive: new Map([...a.exclusive, ...b.exclusive]),
  }
}

function finished({ homes, links }: Growing, atHome: ReadonlyMap<number, readonly Identity[]>): Person {
  const sorted = [...homes].sort((a, b) => a - b)
  const rank = (home: number) => Math.min(...(atHome.get(home) ?? []).map(({ kind }) => rootRank(kind)))
  const [first = 0, ...others] = sorted
  const root = others.reduce((best, home) => (rank(home) < rank(best) ? home : best), first)
  return { root, homes: sorted, links }
}

/** The home with the relations stands for the person; numbers grow, so the oldest of its like is the lowest. */
function rootRank(kind: string): number {
  return kind === 'external_userid' ? 0 : kind === 'unionid' ? 1 : 2
}

function twiceIn(a: Growing, b: Growing): string | undefined {
  const twice = [...a.exclusive].filter(([kind, value]) => (b.exclusive.get(kind) ?? value) !== value)
  return twice.map(([kind]) => kind).sort()[0]
}

function blocksByHome(blocks: readonly Block[]): ReadonlyMap<number, ReadonlySet<number>> {
  const byHome = new Map<number, Set<number>>()
  const note = (home: number, other: number) => {
    const known = byHome.get(home)
    if (known === undefined) byHome.set(home, new Set([other]))
    else known.add(other)
  }
  for (const { low, high } of blocks) {
    note(low, high)
    note(high, low)
  }
  return byHome
}

function isBlocked(a: Growing, b: Growing, blocked: ReadonlyMap<number, ReadonlySet<number>>): boolean {
  if (blocked.size === 0) return false
  return a.homes.some((home) => {
    const others = blocked.get(home)
    return others !== undefined && b.homes.some((other) => others.has(other))
  })
}

/** Only what a person may have several of can be a hub: who has a member number is somebody. */
function hubsOf(
  links: readonly Link[],
  groups: ReadonlyMap<number, Growing>,
  atHome: ReadonlyMap<number, readonly Identity[]>,
  kinds: IdentityKinds,
): ReadonlySet<number> {
  const others = new Map<number, Set<Growing | number>>()
  for (const { low, high } of links) {
    for (const [home, other] of [
      [low, high],
      [high, low],
    ] as const) {
      const one = groups.get(other) ?? other
      const known = others.get(home)
      if (known === undefined) others.set(home, new Set([one]))
      else known.add(one)
    }
  }
  const isHub = ([home, known]: [number, ReadonlySet<unknown>]) =>
    known.size > hubAbove && !(atHome.get(home) ?? []).some(({ kind }) => isExclusive(kinds, kind))
  return new Set([...others].filter(isHub).map(([home]) => home))
}

function inOrder(links: readonly Link[], groups: ReadonlyMap<number, Growing>): readonly Link[] {
  if (links.length < 2) return links
  const keyed = links.map((link) => {
    const ends = [groups.get(link.low)?.name ?? '', groups.get(link.high)?.name ?? ''].sort()
    const key = [...ends, link.source, link.reference].join('\n')
    return { link, rank: link.source === 'person' ? 0 : 1, at: link.at.getTime(), key }
  })
  return keyed.sort((a, b) => a.rank - b.rank || a.at - b.at || compare(a.key, b.key)).map(({ link }) => link)
}

function isGiven({ source }: Link): boolean {
  return source === 'person' || source === 'wecom'
}
