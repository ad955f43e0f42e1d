/** M39: how recently, how often and for how much a buyer bought. Days are numbers since 1970-01-01 on the wall calendar. */
export interface Bought {
  readonly lastDay: number
  /** Paid orders within `rfmDays`. */
  readonly orders: number
  /** Fen after refunds, within `rfmDays`. */
  readonly net: number
}

export const rfmDays = 365

/**
 * Where a corp's buyers fall into fifths: a fifth of them is at or below the first of the four. Recency in days, net in fen.
 */
export interface RfmBounds {
  readonly r: readonly number[]
  readonly f: readonly number[]
  readonly m: readonly number[]
}

/** One to five each; five is best. */
export interface RfmScores {
  readonly r: number
  readonly f: number
  readonly m: number
}

/** Days since the last paid order; one that is dated ahead is of today. */
export function recencyOf(lastDay: number, today: number): number {
  return Math.max(0, today - lastDay)
}

/** Who has the same gets the same score, so a fifth with many equals may be larger than a fifth. */
export function scoresOf(bought: Bought, bounds: RfmBounds, today: number): RfmScores {
  const above = (value: number, edges: readonly number[]) => edges.filter((edge) => value > edge).length
  return {
    r: 5 - above(recencyOf(bought.lastDay, today), bounds.r),
    f: 1 + above(bought.orders, bounds.f),
    m: 1 + above(bought.net, bounds.m),
  }
}
