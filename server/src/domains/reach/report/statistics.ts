import { errorFunction } from 'simple-statistics'

/** So many of so many persons. */
export interface Share {
  readonly hits: number
  readonly persons: number
}

/** A number and the interval that holds the true one in 95 of 100 cases. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

const z95 = 1.959_963_984_540_054
/** Quantiles of the normal distribution for the powers that are asked for, in percent. */
export const powers = { 80: 0.841_621_233_572_914, 90: 1.281_551_565_544_6 } as const

/** The 97.5 % quantile of Student's distribution, to the first term of its expansion by the normal one (Peiser 1943). */
export function studentOf(degrees: number): number {
  return z95 + (z95 ** 3 + z95) / (4 * degrees)
}

/** The score interval of one share (Wilson 1927). */
export function wilson({ hits, persons }: Share): Estimate {
  const [p, z2] = [hits / persons, z95 * z95]
  const middle = (2 * hits + z2) / (2 * (persons + z2))
  const half = (z95 * Math.sqrt(z2 + 4 * hits * (1 - p))) / (2 * (persons + z2))
  // a share of none or all ends there exactly
  return { value: p, low: hits === 0 ? 0 : middle - half, high: hits === persons ? 1 : middle + half }
}

/**
 * The difference of two shares with the score-based interval of Newcombe (Statistics in Medicine 17, 1998, method 10): it
 * holds for the rare events and small holdouts at which the usual interval fails. Undefined where one side has nobody.
 */
export function difference(a: Share, b: Share): Estimate | undefined {
  if (a.persons === 0 || b.persons === 0) return undefined
  const [first, second] = [wilson(a), wilson(b)]
  const value = first.value - second.value
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  }
}

/**
 * What it did to those whom it reached (CACE, M36): the effect on all planned over the share that was delivered, since nobody
 * of the holdout got it. The interval is divided too: the share is of all planned persons, so its own error is small beside
 * that of a difference, and what is not significant on all planned is not on the delivered either.
 */
export function perDelivered(planned: Estimate | undefined, delivery: Share): Estimate | undefined {
  if (planned === undefined || delivery.hits === 0) return undefined
  return scaled(planned, delivery.persons / delivery.hits)
}

export function scaled({ value, low, high }: Estimate, by: number): Estimate {
  return { value: value * by, low: low * by, high: high * by }
}

/** Whether nothing at all is outside of what may be. */
export function isSignificant({ low, high }: Estimate): boolean {
  return low > 0 || high < 0
}

/** What is to be found: the share that does it anyway, the smallest change of it worth finding, and the part held out. */
export interface Experiment {
  readonly baseline: number
  /** In points of the share: 0.01 is from 5 % to 6 %. */
  readonly effect: number
  /** Between 0 and 1, without both. */
  readonly holdout: number
}

/** The variance of the difference for one person in all. */
function spread({ baseline, effect, holdout }: Experiment): number {
  const lifted = Math.min(1, baseline + effect)
  return (lifted * (1 - lifted)) / (1 - holdout) + (baseline * (1 - baseline)) / holdout
}

/** How many persons in all, holdout and others, find the effect with this power (Chow, Shao and Wang, section 4.2). */
export function personsNeeded(experiment: Experiment, power: keyof typeof powers): number {
  return Math.ceil(((z95 + powers[power]) ** 2 * spread(experiment)) / experiment.effect ** 2)
}

/** With which probability so many persons find the effect. */
export function powerOf(experiment: Experiment, persons: number): number {
  const seen = Math.abs(experiment.effect) / Math.sqrt(spread(experiment) / persons)
  return (1 + errorFunction((seen - z95) / Math.SQRT2)) / 2
}

/** The smallest effect that so many persons find with this power, to a hundredth of a point; undefined: not even half. */
export function smallestEffect(
  { baseline, holdout }: Omit<Experiment, 'effect'>,
  persons: number,
  power: keyof typeof powers,
): number | undefined {
  let [low, high] = [0, 0.5]
  if (personsNeeded({ baseline, holdout, effect: high }, power) > persons) return undefined
  while (high - low > 0.0001) {
    const middle = (low + high) / 2
    if (personsNeeded({ baseline, holdout, effect: middle }, power) > persons) low = middle
    else high = middle
  }
  return high
}
