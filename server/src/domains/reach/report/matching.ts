import { difference, type Estimate, studentOf } from './statistics.ts'

/** What is known of somebody before he is reached, each in classes; the columns of `report_traits` (traits.store.ts). */
export const traits = ['stage', 'tier', 'orders', 'spent', 'latest', 'store'] as const
export type Trait = (typeof traits)[number]

/** What is counted of people who are alike in everything that was known of them before. */
export interface Tally {
  readonly persons: number
  readonly converted: number
  readonly redeemed: number
  /** What they paid, fen, and the sum of the squares of what each of them paid. */
  readonly gmv: number
  readonly squares: number
}

/** People who were alike before anybody was reached: one class of each trait, and how many of them stand on either side. */
export interface Stratum {
  readonly classes: readonly string[]
  readonly a: Tally
  readonly b: Tally
}

/** How far the two sides differ in a trait: half the sum over its classes of the difference of shares; 0 alike, 1 apart. */
export interface Balance {
  readonly before: number
  readonly after: number
}

export interface MatchedSide extends Tally {
  /** Without a counterpart on the other side. */
  readonly leftOut: number
}

export interface Matched {
  readonly a: MatchedSide
  readonly b: MatchedSide
  /** Classes of people of whom both sides have somebody. */
  readonly strata: number
  /** Share of those who did it in a, less that of b as if its people were spread as those of a; undefined: no counterpart. */
  readonly converted: Estimate | undefined
  readonly redeemed: Estimate | undefined
  /** What a person of a paid, fen, less what one of b did, as if these were spread as those of a. */
  readonly revenue: Estimate | undefined
  /** A trait each, in their order. */
  readonly balance: readonly Balance[]
}

export const nobody: Tally = { persons: 0, converted: 0, redeemed: 0, gmv: 0, squares: 0 }
export const add = (one: Tally, other: Tally): Tally => ({
  persons: one.persons + other.persons,
  converted: one.converted + other.converted,
  redeemed: one.redeemed + other.redeemed,
  gmv: one.gmv + other.gmv,
  squares: one.squares + other.squares,
})

/** What is lent to the share of a stratum from that of all: one of three people who all did it is no proof of 100 %. */
const lent = 2

/**
 * Compares people with people who were exactly like them before (exact strata): within each stratum b is weighed as many as a
 * has, so that what the two were before is the same, and only then their shares are held side by side. Who has nobody like him
 * on the other side is left out and counted. The interval is that of the lift (Newcombe): weighted persons count as so many as
 * would say as much with equal weights, by the variance of their strata (Korn and Graubard, Survey Methodology 24, 1998) and
 * never more than by their weights alone (Kish, Survey Sampling, 1965). With one stratum it is the plain difference.
 */
export function match(strata: readonly Stratum[]): Matched {
  const both = strata.filter(({ a, b }) => a.persons > 0 && b.persons > 0)
  const [a, b] = [
    both.reduce((all, one) => add(all, one.a), nobody),
    both.reduce((all, one) => add(all, one.b), nobody),
  ]
  const whole = strata.reduce((all, one) => ({ a: add(all.a, one.a), b: add(all.b, one.b) }), { a: nobody, b: nobody })
  const estimate = (what: 'converted' | 'redeemed') => {
    const share = both.reduce((all, one) => all + weight(one) * one.b[what], 0) / a.persons
    const worth = worthOf(both, a.persons, share, what)
    return difference({ hits: a[what], persons: a.persons }, { hits: share * worth, persons: worth })
  }
  const side = (matched: Tally, all: Tally): MatchedSide => ({ ...matched, leftOut: all.persons - matched.persons })
  return {
    ...{ a: side(a, whole.a), b: side(b, whole.b), strata: both.length },
    converted: a.persons === 0 ? undefined : estimate('converted'),
    redeemed: a.persons === 0 ? undefined : estimate('redeemed'),
    revenue: revenueOf(both, a.persons),
    balance: (strata[0]?.classes ?? []).map((_, trait) => ({
      before: apart(strata, trait, (one) => one.b.persons),
      after: apart(both, trait, (one) => one.b.persons * weight(one)),
    })),
  }
}

/** A person of b in a stratum counts for so many of a. */
function weight({ a, b }: Stratum): number {
  return a.persons / b.persons
}

/** As how many persons of equal weight the people of b count. */
function worthOf(both: readonly Stratum[], persons: number, share: number, what: 'converted' | 'redeemed'): number {
  const kish = persons ** 2 / both.reduce((all, one) => all + one.b.persons * weight(one) ** 2, 0)
  if (both.length === 1) return kish
  const variance = both.reduce((all, { a, b }) => {
    const own = (b[what] + lent * share) / (b.persons + lent)
    return all + ((a.persons / persons) ** 2 * own * (1 - own)) / b.persons
  }, 0)
  return variance > 0 && share < 1 ? Math.min(kish, (share * (1 - share)) / variance) : kish
}

/**
 * What they paid is compared class by class, each weighed by its people of a. The error is that of the classes, each by what its
 * own people differ in, lent a little of what all differ in (`lent`): three who paid nothing are no proof that nobody does. Few
 * pay much, so the error itself is known only as well as from those who carry the sum (Kish), by Welch and Satterthwaite.
 */
function revenueOf(both: readonly Stratum[], persons: number): Estimate | undefined {
  const pooled = { a: spreadOf(both.map(({ a }) => a)), b: spreadOf(both.map(({ b }) => b)) }
  let [value, variance, doubt] = [0, 0, 0]
  for (const stratum of both) {
    const share = stratum.a.persons / persons
    value += share * (stratum.a.gmv / stratum.a.persons - stratum.b.gmv / stratum.b.persons)
    for (const name of ['a', 'b'] as const) {
      const side = stratum[name]
      const own = (squaresAround(side) + lent * (pooled[name] ?? 0)) / (side.persons - 1 + lent)
      const term = (share ** 2 * own) / side.persons
      variance += term
      doubt += term ** 2 / Math.max(1, side.squares === 0 ? 0 : side.gmv ** 2 / side.squares)
    }
  }
  // of one person a side, or of people who all paid the same, nothing says how far chance may go
  if (pooled.a === undefined || pooled.b === undefined || (variance === 0 && value !== 0)) return undefined
  const half = variance === 0 ? 0 : studentOf(variance ** 2 / doubt) * Math.sqrt(variance)
  return { value, low: value - half, high: value + half }
}

/** How much people of one class differ in what they paid; undefined: there is none with two of them. */
function spreadOf(sides: readonly Tally[]): number | undefined {
  const free = sides.reduce((sum, { persons }) => sum + persons - 1, 0)
  return free > 0 ? sides.reduce((sum, side) => sum + squaresAround(side), 0) / free : undefined
}

const squaresAround = ({ persons, gmv, squares }: Tally) => Math.max(0, squares - gmv ** 2 / persons)

function apart(strata: readonly Stratum[], trait: number, ofB: (one: Stratum) => number): number {
  const shares = new Map<string, { a: number; b: number }>()
  let [allA, allB] = [0, 0]
  for (const one of strata) {
    const name = one.classes[trait] ?? ''
    const known = shares.get(name) ?? { a: 0, b: 0 }
    shares.set(name, { a: known.a + one.a.persons, b: known.b + ofB(one) })
    allA += one.a.persons
    allB += ofB(one)
  }
  if (allA === 0 || allB === 0) return 0
  return [...shares.values()].reduce((sum, { a, b }) => sum + Math.abs(a / allA - b / allB), 0) / 2
}
