import { type IdentityKinds, isExclusive } from '../identities/identity-kinds.ts'

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
 * Who is one person: a function of the set of facts alone. Links are followed in one order, what people decided before
 * what the platform tells before anything else, then by the time of the evidence, then by the identities it names; one
 * that would give the person two of an exclusive kind is a conflict, one across a block is left. Between two persons stands
 * one conflict, whatever else speaks for it: the evidence that is followed first.
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
  const hubs = hubsOf(atHome, links, kinds)
  const conflicts: Conflict[] = []
  for (const link of inOrder(links, atHome)) {
    const low = groups.get(link.low)
    const high = groups.get(link.high)
    if (low === undefined || high === undefined || low === high) continue
    if (link.source !== 'person' && (hubs.has(link.low) || hubs.has(link.high))) continue
    if (isBlocked(low, high, blocked)) continue
    const kind = twiceIn(low, high)
    if (kind === undefined) {
      const joined = join(low, high, link)
      for (const home of joined.homes) groups.set(home, joined)
    } else conflicts.push({ ...link, kind })
  }
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
  readonly homes: readonly number[]
  readonly links: readonly Link[]
  readonly exclusive: ReadonlyMap<string, string>
}

function growing(home: number, own: readonly Identity[], kinds: IdentityKinds): Growing {
  const exclusive = new Map(
    own.filter(({ kind }) => isExclusive(kinds, kind)).map(({ kind, value }): [string, string] => [kind, value]),
  )
  return { homes: [home], links: [], exclusive }
}

function join(a: Growing, b: Growing, link: Link): Growing {
  return {
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
  atHome: ReadonlyMap<number, readonly Identity[]>,
  links: readonly Link[],
  kinds: IdentityKinds,
): ReadonlySet<number> {
  const others = new Map<number, Set<number>>()
  for (const { low, high, source } of links) {
    if (source === 'person') continue
    for (const [home, other] of [
      [low, high],
      [high, low],
    ] as const) {
      const known = others.get(home)
      if (known === undefined) others.set(home, new Set([other]))
      else known.add(other)
    }
  }
  const isHub = ([home, known]: [number, Set<number>]) =>
    known.size > hubAbove && !(atHome.get(home) ?? []).some(({ kind }) => isExclusive(kinds, kind))
  return new Set([...others].filter(isHub).map(([home]) => home))
}

function inOrder(links: readonly Link[], atHome: ReadonlyMap<number, readonly Identity[]>): readonly Link[] {
  if (links.length < 2) return links
  const names = new Map<number, string>()
  const nameOf = (home: number): string => {
    const known = names.get(home)
    if (known !== undefined) return known
    const name = (atHome.get(home) ?? []).map(({ kind, value }) => `${kind} ${value}`).sort()[0] ?? ''
    names.set(home, name)
    return name
  }
  const keyed = links.map((link) => {
    const ends = [nameOf(link.low), nameOf(link.high)].sort()
    return { link, rank: sourceRank(link.source), at: link.at.getTime(), key: `${ends.join('\n')}\n${link.source}` }
  })
  return keyed
    .sort((a, b) => a.rank - b.rank || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ link }) => link)
}

function sourceRank(source: string): number {
  return source === 'person' ? 0 : source === 'wecom' ? 1 : 2
}
