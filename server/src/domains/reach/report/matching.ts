import { difference, type Estimate } from './statistics.ts'

/** What is known of somebody before he is reached, each in classes; the columns of `report_traits` (traits.store.ts). */
export const traits = ['stage', 'tier', 'orders', 'spent', 'latest', 'store'] as const
export type Trait = (typeof traits)[number]

/** What is counted of people who are alike in everything that was known of them before. */
export interface Tally {
  readonly persons: number
  readonly converted: number
  readonly redeemed: number
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

export interface MatchedSide {
  readonly persons: number
  /** Without a counterpart on the other side. */
  readonly leftOut: number
  readonly converted: number
  readonly redeemed: number
}

export interface Matched {
  readonly a: MatchedSide
  readonly b: MatchedSide
  /** Classes of people of whom both sides have somebody. */
  readonly strata: number
  /** Share of those who did it in a, less that of b as if its people were spread as those of a; undefined: no counterpart. */
  readonly converted: Estimate | undefined
  readonly redeemed: Estimate | undefined
  /** A trait each, in their order. */
  readonly balance: readonly Balance[]
}

const nobody: Tally = { persons: 0, converted: 0, redeemed: 0 }
const add = (one: Tally, other: Tally): Tally => ({
  persons: one.persons + other.persons,
  converted: one.converted + other.converted,
  redeemed: one.redeemed + other.redeemed,
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
