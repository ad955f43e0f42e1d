import type { Link, Person } from './persons.ts'

/** A part of a person that joined another, or left him. */
export interface Move {
  readonly kind: 'merged' | 'parted'
  /** The home that stood, or now stands, for the part. */
  readonly part: number
  readonly homes: readonly number[]
  /** Whom it joined or left, and his homes beside. */
  readonly root: number
  readonly others: readonly number[]
  /** What joins both; none when a part left. */
  readonly link: Link | undefined
}

export interface PersonChanges {
  /** Homes whose root is another now, with the new one; a root has none. */
  readonly pointers: readonly { readonly home: number; readonly root: number | null }[]
  readonly moves: readonly Move[]
}

/**
 * What has become of the persons. `rootBefore` of every home; `fresh` homes were made with the same facts: nobody knew
 * anything under them, so their joining is no news.
 */
export function changesOf(
  groups: readonly Person[],
  rootBefore: ReadonlyMap<number, number>,
  fresh: ReadonlySet<number>,
): PersonChanges {
  const before = (home: number) => rootBefore.get(home) ?? home
  const rootNow = new Map(groups.flatMap(({ homes, root }) => homes.map((home): [number, number] => [home, root])))
  const pointers = [...rootNow]
    .filter(([home, root]) => before(home) !== root)
    .map(([home, root]) => ({ home, root: home === root ? null : root }))
  if (pointers.length === 0) return { pointers, moves: [] }
  return { pointers, moves: [...merged(groups, before, fresh), ...parted(rootNow, before)] }
}

function merged(
  groups: readonly Person[],
  before: (home: number) => number,
  fresh: ReadonlySet<number>,
): readonly Move[] {
  return groups.flatMap(({ root, homes, links }) => {
    const parts = [...Map.groupBy(homes, before)].filter(([old]) => old !== before(root))
    return parts
      .filter(
        ([, own]) =>
          !own.every((home) => fresh.has(home)) && !homes.every((home) => own.includes(home) || fresh.has(home)),
      )
      .map(([old, own]): Move => {
        const within = new Set(own)
        return {
          kind: 'merged',
          part: within.has(old) ? old : (own[0] ?? old),
          homes: own,
          root,
          others: homes.filter((home) => !within.has(home)),
          link: links.find(({ low, high }) => within.has(low) !== within.has(high)),
        }
      })
  })
}

function parted(rootNow: ReadonlyMap<number, number>, before: (home: number) => number): readonly Move[] {
  return [...Map.groupBy(rootNow.keys(), before)].flatMap(([old, homes]) => {
    const staying = rootNow.get(old)
    const parts = [...Map.groupBy(homes, (home) => rootNow.get(home) ?? home)]
    return parts
      .filter(([root]) => root !== staying)
      .map(([root, own]): Move => {
        const part = own.includes(root) ? root : (own[0] ?? root)
        const others = homes.filter((home) => !own.includes(home))
        return { kind: 'parted', part, homes: own, root: staying ?? old, others, link: undefined }
      })
  })
}
