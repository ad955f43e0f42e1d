import type { LimitKind } from '../budget/types.ts'
import type { Repeat } from '../endpoint.ts'

/** What has happened to one call so far. */
export interface Attempts {
  readonly refreshed: boolean
  readonly busy: number
  readonly limited: number
  readonly conflicts: number
  readonly lost: number
  readonly notSent: number
}

export const noAttempts: Attempts = { refreshed: false, busy: 0, limited: 0, conflicts: 0, lost: 0, notSent: 0 }

/** What to do next. `give_up` hands the error to the caller. */
export type Verdict =
  | { readonly next: 'give_up' }
  | { readonly next: 'open_circuit' }
  | { readonly next: 'refresh_token'; readonly attempts: Attempts }
  /** Tell the budget, then try again after so many ms. */
  | {
      readonly next: 'repeat'
      readonly afterMs: number
      readonly limited?: LimitKind
      readonly attempts: Attempts
    }

/** What a platform's codes mean for the caller; the same number may mean different things on two platforms. */
export interface RefusalRules {
  readonly badToken: ReadonlySet<number>
  /** The secret, or whose it is: no call goes out until a person changes it. */
  readonly badSecret: ReadonlySet<number>
  /** A limit of a minute or an hour that passes by waiting. */
  readonly tooFrequent: number | undefined
  /** Too many at once, or two on one record. */
  readonly conflict: ReadonlySet<number>
}

/** WeCom's: repeated wrong secrets ban the IP for every corp behind it (D90313). */
export const wecomRefusals: RefusalRules = {
  badToken: new Set([40014, 42001]),
  badSecret: new Set([40001, 40013, 40091]),
  tooFrequent: 45009,
  conflict: new Set([45033, 45035]),
}

const busy = -1

const mostConflicts = 6
const mostLimited = 3
const mostLost: Readonly<Record<Repeat, number>> = { safe: 2, idempotent: 1, never: 0 }
const mostNotSent = 2

const doubled = (firstMs: number, before: number): number => firstMs * 2 ** before

/** After the platform answered an error code: the thing was not done, so repeating is safe whatever it is. */
export function afterRefusal(
  errcode: number,
  so: Attempts,
  mostBusy: number,
  { badToken, badSecret, tooFrequent, conflict }: RefusalRules = wecomRefusals,
): Verdict {
  if (badToken.has(errcode) && !so.refreshed) return { next: 'refresh_token', attempts: { ...so, refreshed: true } }
  if (badSecret.has(errcode)) return { next: 'open_circuit' }
  if (errcode === busy && so.busy < mostBusy) {
    return { next: 'repeat', afterMs: doubled(200, so.busy), attempts: { ...so, busy: so.busy + 1 } }
  }
  if (errcode === tooFrequent && so.limited < mostLimited) {
    // The answer does not say which limit it was: refused again after a minute, it is the hour's.
    const limited = so.limited === 0 ? 'minute' : 'hour'
    return { next: 'repeat', afterMs: 0, limited, attempts: { ...so, limited: so.limited + 1 } }
  }
  if (conflict.has(errcode) && so.conflicts < mostConflicts) {
    const attempts = { ...so, conflicts: so.conflicts + 1 }
    return { next: 'repeat', afterMs: doubled(50, so.conflicts), limited: 'concurrent', attempts }
  }
  return { next: 'give_up' }
}

/** After the answer was lost: the thing may have been done, so only what bears it is repeated. */
export function afterLoss(repeat: Repeat, so: Attempts): Verdict {
  if (so.lost >= mostLost[repeat]) return { next: 'give_up' }
  return { next: 'repeat', afterMs: doubled(100, so.lost), attempts: { ...so, lost: so.lost + 1 } }
}

/** After the request did not go out. */
export function afterNotSent(so: Attempts): Verdict {
  if (so.notSent >= mostNotSent) return { next: 'give_up' }
  return { next: 'repeat', afterMs: doubled(100, so.notSent), attempts: { ...so, notSent: so.notSent + 1 } }
}
