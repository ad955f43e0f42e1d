/** What was seen of a canary so far. */
export interface CanarySeen {
  /** People whom its tasks were to reach. */
  readonly asked: number
  readonly delivered: number
  /** Of these, who ended the relation with the sender since. */
  readonly deleted: number
}

export interface CanaryRule {
  /** The share of delivered people who delete that stops the rest. */
  readonly threshold: number
  /** The share that would delete anyway. */
  readonly base: number
}

export type CanaryVerdict = 'go' | 'stop' | 'wait' | 'unheard'

/** A canary that would be bad is let through, and a good one stopped, at most this often. */
const wrong = 0.05
/** Fewer deliveries than this part of the canary say nothing about it. */
const heardFrom = 0.2

/**
 * Wald's sequential test between the share that deletes anyway and the threshold, looked at whenever something new is known:
 * it stops as soon as the threshold is `(1 − 0.05) / 0.05` times likelier than the base, however often it is looked at. It
 * goes on only when the time is over, since people take a while to read and to delete. Certain is the rest: once more than
 * the threshold of the whole canary has deleted, no further delivery can mend it.
 */
export function judgeCanary(seen: CanarySeen, rule: CanaryRule, timeIsOver: boolean): CanaryVerdict {
  const { asked, delivered, deleted } = seen
  if (deleted > rule.threshold * Math.max(asked, delivered)) return 'stop'
  if (deleted > 0 && likelihoodRatio(seen, rule) >= Math.log((1 - wrong) / wrong)) return 'stop'
  if (!timeIsOver) return 'wait'
  if (delivered < Math.max(1, heardFrom * asked)) return 'unheard'
  return deleted >= rule.threshold * delivered ? 'stop' : 'go'
}

/** Of the threshold to the base, as a logarithm. */
export function likelihoodRatio({ delivered, deleted }: CanarySeen, { threshold, base }: CanaryRule): number {
  const kept = Math.max(0, delivered - deleted)
  return deleted * Math.log(threshold / base) + kept * Math.log((1 - threshold) / (1 - base))
}

/** The share that deletes anyway in the time of a canary, and where it is known from. */
export interface CanaryBase {
  /**
   * holdout: people held out of runs before; past: customers of the canary's members, sent to or not; assumed: neither are
   * enough, so a quarter of the threshold.
   */
  readonly source: 'holdout' | 'past' | 'assumed'
  readonly share: number
  /** Among so many people; 0 of what is assumed. */
  readonly persons: number
}

/** Of how many people, and how many of them deleted; `hours`: in how long. */
export interface PastDeletes {
  readonly persons: number
  readonly deleted: number
  readonly hours: number
}

/** Fewer say too little: of a hundred thousand that delete 20 a day, 2,000 tell 0.4. */
const enough = { holdout: 2_000, past: 500 }

/** What comparable people did before, over as long as the canary takes: the randomised ones first. */
export function baseOf(
  { permille, hours }: { readonly permille: number; readonly hours: number },
  held: PastDeletes,
  past: PastDeletes,
): CanaryBase {
  const threshold = Math.min(0.999, permille / 1_000)
  const usable = (share: number) => share > 0 && share <= threshold / 2
  for (const [source, seen] of [
    ['holdout', held],
    ['past', past],
  ] as const) {
    const share = seen.persons < enough[source] ? 0 : (seen.deleted / seen.persons) * (hours / seen.hours)
    if (usable(share)) return { source, share, persons: seen.persons }
  }
  return { source: 'assumed', share: threshold / 4, persons: 0 }
}

/** The test needs two shares that differ: a base that is not known, or as bad as the threshold, is a quarter of it. */
export function canaryRule(mostDeletesPermille: number, known: number | undefined): CanaryRule {
  const threshold = Math.min(0.999, mostDeletesPermille / 1_000)
  const most = threshold / 2
  const base = known === undefined || known <= 0 || known > most ? threshold / 4 : known
  // a base of nearly nothing would stop at the first delete
  return { threshold, base: Math.max(base, threshold / 20) }
}
