import type { Executor } from '../db/database.ts'
import { claimEffects, settleEffects } from './effects.store.ts'

/**
 * The ledger of calls that change something outside. A call is claimed under a deterministic key before it is made and
 * settled after; a key that is claimed already is not made again. Invariant: each effect happens once, or is visibly
 * `unknown` with a reason.
 */
export type EffectState = 'claimed' | 'done' | 'refused' | 'late' | 'unknown'

export interface EffectClaim {
  readonly key: string
  readonly corpId: number
  readonly kind: string
  /** Whom it touches, e.g. the external_userid: erasure and look-ups go by it. */
  readonly subject: string | undefined
  /** What the effect would do, e.g. the decided content: enough to find out later whether it happened. */
  readonly detail?: unknown
}

export interface EffectSettlement {
  readonly key: string
  readonly state: Exclude<EffectState, 'claimed'>
  readonly errcode?: number | undefined
  readonly detail?: unknown
}

export interface Effects {
  /** Claims in one statement; answers the keys that are ours now. The others happened or are happening elsewhere. */
  claim(on: Executor, claims: readonly EffectClaim[], at: Date): Promise<ReadonlySet<string>>
  /** Records the outcomes in one statement. */
  settle(on: Executor, settlements: readonly EffectSettlement[], at: Date): Promise<void>
}

export function createEffects(processId: number): Effects {
  return {
    claim: (on, claims, at) => claimEffects(on, processId, claims, at),
    settle: (on, settlements, at) => settleEffects(on, settlements, at),
  }
}
