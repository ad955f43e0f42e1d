import { randomLcg, randomNormal, randomPoisson } from 'd3-random'
import { quantileSorted } from 'simple-statistics'
import type { Estimate } from './statistics.ts'

/** Persons who spent about the same: how many, what each spent on average, and how far they are from it; fen. */
export interface Slice {
  readonly persons: number
  readonly mean: number
  readonly deviation: number
}

/** What the persons of one side spent: all of them, and those who spent anything, in slices. */
export interface Spending {
  readonly persons: number
  readonly slices: readonly Slice[]
}

/** Buyers are cut into at most so many slices of equal numbers: up to so many buyers each is one of his own. */
export const slicesMost = 200
const draws = 1_000

export function perPerson({ persons, slices }: Spending): number {
  return slices.reduce((sum, slice) => sum + slice.persons * slice.mean, 0) / persons
}

/**
 * The difference of what a person of each side spent, with a bootstrap interval (percentiles). A person drawn with
 * replacement from n comes about Poisson(1) times (Chamandy et al., "Estimating uncertainty for massive data streams", 2012),
 * so all who spent the same are drawn at once: a slice of k persons comes Poisson(k) times. Hence the cost hangs on the
 * number of slices, not on the persons: three million of them are drawn from what 200 slices say, and up to 200 buyers the
 * answer is that of drawing persons. Of larger slices what is lost by averaging comes back as a normal error of their sum.
 */
export function spendingDifference(a: Spending, b: Spending, seed: number): Estimate | undefined {
  if (a.persons === 0 || b.persons === 0) return undefined
  const source = randomLcg(seed)
  const [drawA, drawB] = [drawer(a, source), drawer(b, source)]
  const drawn = Array.from({ length: draws }, () => drawA() - drawB()).sort((x, y) => x - y)
  return { value: perPerson(a) - perPerson(b), low: quantileSorted(drawn, 0.025), high: quantileSorted(drawn, 0.975) }
}

function drawer({ persons, slices }: Spending, source: () => number): () => number {
  const poisson = randomPoisson.source(source)
  const error = randomNormal.source(source)()
  const buyers = slices.reduce((sum, slice) => sum + slice.persons, 0)
  const others = persons > buyers ? poisson(persons - buyers) : () => 0
  const counts = slices.map((slice) => poisson(slice.persons))
  return () => {
    let [drawn, spent] = [others(), 0]
    for (const [place, { mean, deviation }] of slices.entries()) {
      const count = counts[place]?.() ?? 0
      drawn += count
      spent += count * mean + (deviation === 0 ? 0 : deviation * Math.sqrt(count) * error())
    }
    return drawn === 0 ? 0 : spent / drawn
  }
}
