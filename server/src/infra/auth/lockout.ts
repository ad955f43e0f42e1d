/** Failed log-ins of one account name or one address. */
export interface Failures {
  readonly count: number
  readonly lastAt: Date
  readonly lockedUntil: Date | undefined
}

export type LockKind = 'account' | 'ip'

interface LockRule {
  /** The failure that locks first; each further one doubles the time. */
  readonly locksAt: number
  readonly firstS: number
  readonly longestS: number
  /** Without a failure for this long, all is forgotten. */
  readonly forgetS: number
}

/** An address may be a whole office behind one router: it has more tries and is forgotten sooner. */
export const lockRules: Readonly<Record<LockKind, LockRule>> = {
  account: { locksAt: 5, firstS: 60, longestS: 3_600, forgetS: 86_400 },
  ip: { locksAt: 40, firstS: 60, longestS: 3_600, forgetS: 3_600 },
}

export type Verdict =
  | { readonly allowed: false; readonly retryAfterS: number }
  /** `left`: how many more failures until the next lock; 0: if this one fails, it locks, for `locksForS`. */
  | { readonly allowed: true; readonly failures: Failures; readonly left: number; readonly locksForS: number }

/**
 * Decides an attempt and counts it as a failure beforehand, so that many at once cannot pass the limit together;
 * a success takes it back.
 */
export function attempt(kind: LockKind, before: Failures | undefined, now: Date): Verdict {
  const rule = lockRules[kind]
  if (before?.lockedUntil !== undefined && before.lockedUntil > now)
    return { allowed: false, retryAfterS: Math.ceil((before.lockedUntil.getTime() - now.getTime()) / 1000) }
  const forgotten = before === undefined || now.getTime() - before.lastAt.getTime() > rule.forgetS * 1000
  const count = forgotten ? 1 : before.count + 1
  const over = count - rule.locksAt
  const locksForS = lockSeconds(rule, Math.max(0, over))
  const lockedUntil = over >= 0 ? new Date(now.getTime() + locksForS * 1000) : undefined
  return { allowed: true, failures: { count, lastAt: now, lockedUntil }, left: Math.max(0, -over), locksForS }
}

function lockSeconds(rule: LockRule, doublings: number): number {
  return Math.min(rule.longestS, rule.firstS * 2 ** Math.min(doublings, 20))
}
