/** Who goes first within one API: a welcome is urgent, a person waits, our work, a sync. */
export type Priority = 'urgent' | 'interactive' | 'normal' | 'bulk'

export interface BudgetCall {
  readonly corpId: string
  /** The API's path without query; limits are per corp and path. */
  readonly path: string
  readonly priority: Priority
  /** Machine time in ms; when there is no room before it, the call is refused at once. */
  readonly deadline?: number | undefined
}

/** What the platform refused: the minute's or the hour's limit (45009), or too many at once (45033, 45035). */
export type LimitKind = 'minute' | 'hour' | 'concurrent'

/** How far an API's budget is used, and when it ends at the present rate. */
export interface BudgetForecast {
  readonly corpId: string
  readonly path: string
  readonly minute: { readonly used: number; readonly limit: number }
  readonly hour: { readonly used: number; readonly limit: number }
  readonly running: number
  readonly waiting: number
  /** Calls in the last minute. */
  readonly perMinute: number
  /** Machine time in ms at which the hour's budget ends at that rate; undefined when it does not. */
  readonly exhaustedAt?: number
  /** Machine time in ms until which the platform's block lasts. */
  readonly blockedUntil?: number
}

/** Keeps calls within the platform's limits: waits, orders by priority and deadline, and refuses what cannot fit. */
export interface Budget {
  /** Resolves when the call may go out; call the result when the answer is there. Throws BudgetExhaustedError. */
  acquire(call: BudgetCall): Promise<() => void>
  /** The platform refused all the same: other apps of the corp draw on the same limit. */
  limited(call: Pick<BudgetCall, 'corpId' | 'path'>, kind: LimitKind): void
  forecast?(corpId: string, path: string): BudgetForecast
}
