import { capacityShares } from '../capacity/capacity.ts'
import type { Strategy } from './channel.ts'

/** Who may take an add, and who of them is shown next by a strict strategy. */

/** A member of a channel after departments and stores were opened up. */
export interface Candidate {
  readonly userid: string
  /** `kind:ref` of the row he came by: what the rota names. */
  readonly key: string
  readonly position: number
  readonly weight: number
  /** Of this code, on a business day. */
  readonly dailyLimit: number | null
}

/** What is known of a member at the moment of the decision. */
export interface StaffFacts {
  readonly userid: string
  readonly name: string
  readonly gone: boolean
  /** The platform's status: 1 active; null: not read yet. */
  readonly status: number | null
  /** Whether he is in the range of customer contact (客户联系). */
  readonly follows: boolean
  readonly addable: 'unknown' | 'yes' | 'no'
  readonly customers: number
  readonly cap: number
  /** Whom this code brought him today (half adds too), and shown on its landing page but not added yet. */
  readonly broughtToday: number
  readonly openToday: number
  readonly lastShownAt: Date | null
  readonly firstSeenAt: Date
}

export const refusals = [
  'gone',
  'not_active',
  'not_following',
  'not_addable',
  'capacity',
  'day_limit',
  'off_duty',
  'over_max',
] as const
export type Refusal = (typeof refusals)[number]

/** Why this member cannot take an add whatever the rota says; undefined: he can. */
export function refusalOf(candidate: Candidate, facts: StaffFacts | undefined): Refusal | undefined {
  if (facts === undefined || facts.gone) return 'gone'
  if (facts.status !== null && facts.status !== 1) return 'not_active'
  if (!facts.follows) return 'not_following'
  if (facts.addable === 'no') return 'not_addable'
  if (facts.customers + facts.openToday >= facts.cap * capacityShares.full) return 'capacity'
  if (candidate.dailyLimit !== null && facts.broughtToday + facts.openToday >= candidate.dailyLimit) return 'day_limit'
  return undefined
}

const newAccountMs = 7 * 86_400_000
const newAccountShare = 0.2

/** The weight that counts now: an account that we first saw less than 7 days ago gets a fifth of it. */
export function weightNow(weight: number, firstSeenAt: Date, at: Date): number {
  return at.getTime() - firstSeenAt.getTime() < newAccountMs ? weight * newAccountShare : weight
}

export interface Able {
  readonly candidate: Candidate
  readonly facts: StaffFacts
}

/** The member that a strict strategy shows next; undefined only when there is none. Ties go by the channel's order. */
export function pickNext(strategy: Strategy, able: readonly Able[], at: Date): Able | undefined {
  const score = scores[strategy]
  let best: Able | undefined
  let bestScore = Number.POSITIVE_INFINITY
  for (const one of able) {
    const its = score(one, at)
    if (best === undefined || its < bestScore || (its === bestScore && before(one, best))) {
      best = one
      bestScore = its
    }
  }
  return best
}

function before(a: Able, b: Able): boolean {
  if (a.candidate.position !== b.candidate.position) return a.candidate.position < b.candidate.position
  return a.candidate.userid < b.candidate.userid
}

const taken = ({ facts }: Able) => facts.broughtToday + facts.openToday

/** The least is next. */
const scores: Readonly<Record<Strategy, (one: Able, at: Date) => number>> = {
  // whoever was shown longest ago
  round_robin: ({ facts }) => facts.lastShownAt?.getTime() ?? 0,
  // the first until his limit, then the second
  sequential: ({ candidate }) => candidate.position,
  // whoever is furthest behind his share
  weighted: (one, at) => (taken(one) + 1) / weightNow(one.candidate.weight, one.facts.firstSeenAt, at),
  least_loaded: ({ facts }) => (facts.customers + facts.openToday) / facts.cap,
  // on a landing page nobody but us decides: as round robin
  platform: ({ facts }) => facts.lastShownAt?.getTime() ?? 0,
}
