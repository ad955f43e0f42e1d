import { hash } from '../random.ts'

/** Somebody's standing with the Official Account. */
export interface Follow {
  readonly following: boolean
  /** Seconds of the latest follow. */
  readonly atS: number
  /** `ADD_SCENE_…` */
  readonly scene: string
  /** The scene of the code he came by; empty when there was none. */
  readonly qrScene: string
  readonly qrIsText: boolean
}

/** Who follows. Of the seeded people a share is computed on reading; only who acted is stored. */
export interface Followers {
  of(customer: number): Follow | undefined
  set(customer: number, follow: Follow): void
  total(): number
  /** Followers from a person's number on, at most so many; `next` is where to go on, null at the end. */
  page(from: number, limit: number): { customers: number[]; next: number | null }
  dump(): readonly (readonly [number, Follow])[]
  load(state: readonly (readonly [number, Follow])[]): void
}

/** Of a hundred seeded people so many follow. */
const SHARE = 35
const SCENES = ['ADD_SCENE_QR_CODE', 'ADD_SCENE_SEARCH', 'ADD_SCENE_PROFILE_CARD', 'ADD_SCENE_PAID']
const DAY_S = 86_400
const OLDEST_DAYS = 700

export interface FollowerParts {
  seed: number
  /** People who came with the world. */
  seeded: number
  madeAtS: number
  /** People there are now. */
  count(): number
  isWecom(customer: number): boolean
}

export function createFollowers({ seed, seeded, madeAtS, count, isWecom }: FollowerParts): Followers {
  const acted = new Map<number, Follow>()
  let seededTotal: number | undefined
  let change = 0

  const seededFollows = (customer: number) =>
    customer < seeded && hash(customer, seed + 70) % 100 < SHARE && !isWecom(customer)
  const seededFollow = (customer: number): Follow => {
    const luck = hash(customer, seed + 71)
    const scene = SCENES[luck % SCENES.length] ?? ''
    const atS = madeAtS - (luck % (OLDEST_DAYS * DAY_S))
    return { following: true, atS, scene, qrScene: '', qrIsText: false }
  }
  const follows = (customer: number) => acted.get(customer)?.following ?? seededFollows(customer)
  const set = (customer: number, follow: Follow) => {
    change += Number(follow.following) - Number(follows(customer))
    acted.set(customer, follow)
  }
  return {
    of: (customer) => acted.get(customer) ?? (seededFollows(customer) ? seededFollow(customer) : undefined),
    set,
    total() {
      if (seededTotal === undefined) {
        seededTotal = 0
        for (let customer = 0; customer < seeded; customer++) if (seededFollows(customer)) seededTotal++
      }
      return seededTotal + change
    },
    page(from, limit) {
      const customers: number[] = []
      let at = from
      for (; at < count() && customers.length < limit; at++) if (follows(at)) customers.push(at)
      return { customers, next: at < count() ? at : null }
    },
    dump: () => [...acted],
    load(state) {
      acted.clear()
      change = 0
      for (const [customer, follow] of state) set(customer, follow)
    },
  }
}
