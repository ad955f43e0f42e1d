import type { Ask, Lease, MinuteCount } from './rules.ts'

/** One limit of the platform: a corp's use of an API, or (corp 0) a source address's. */
export interface BudgetKey {
  readonly corpId: number
  /** '' for a corp's own limit. */
  readonly source: string
  readonly api: string
}

export interface Survey {
  /** Living processes that may call. */
  readonly processes: number
  readonly corps: number
}

/** What the last hour saw of a key, by the shared clock. */
export interface History {
  readonly now: number
  readonly counts: readonly MinuteCount[]
  readonly blockedUntil: number | undefined
}

/** Where the processes share their budgets; the database, or in tests a memory. All may fail when it is away. */
export interface LeaseSource {
  lease(key: BudgetKey, ask: Ask): Promise<Lease>
  /** The platform refused: nobody calls for this long. */
  block(key: BudgetKey, ms: number): Promise<void>
  history(key: BudgetKey): Promise<History>
  /** The APIs that a corp called in the last hour. */
  apis(corpId: number): Promise<readonly string[]>
  survey(): Promise<Survey>
  /** Tells of blocks made by any process; answers how to stop listening. */
  onBlock(handler: (key: BudgetKey | undefined) => void): () => void
}

/** Machine time of the process. */
export interface MachineClock {
  /** ms; never jumps. */
  now(): number
  /** ms since 1970, as callers give their deadlines. */
  wall(): number
  /** Answers how to call it off. */
  setTimer(ms: number, fire: () => void): () => void
}

export const machineClock: MachineClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  setTimer(ms, fire) {
    const timer = setTimeout(fire, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const keyText = (key: BudgetKey) => `${key.corpId} ${key.source} ${key.api}`
