import { BudgetExhaustedError, CircuitOpenError, DeadlineError, NetworkError, WecomError } from '@nuanyu/wecom'
import { passes } from '../../customers/index.ts'

/** What a refusal of a new task means for it. */
export type AskVerdict =
  /** Nothing was made, and another try later may do. */
  | 'later'
  /** This member cannot send this: his customers are offered to the next who also has the relation. */
  | 'sender'
  /** The content, the app or the corp is at fault: every further task would meet the same, so a person must act. */
  | 'run'
  /** Whether it was made is not known: it is looked for before anything else is done. */
  | 'unknown'

/**
 * The member is unknown, not visible to the app, not allowed customer contact, or none of these customers is the platform's
 * to be reached by him (90313).
 */
export const senderCodes: ReadonlySet<number> = new Set([40003, 40031, 60011, 60111, 84061, 84074, 41048])

export function verdictOf(error: unknown): AskVerdict {
  if (error instanceof WecomError) {
    // its refusal may speak of an earlier attempt of the same call
    if (error.afterLostAnswer) return 'unknown'
    if (senderCodes.has(error.errcode)) return 'sender'
    return passes(error) ? 'later' : 'run'
  }
  if (error instanceof NetworkError || error instanceof BudgetExhaustedError || error instanceof DeadlineError)
    return 'later'
  if (error instanceof CircuitOpenError) return 'run'
  // an answer that never came, or one in a shape that nobody declared: the thing may be done
  return 'unknown'
}

export const stillDispatching = 41063
export const takenBackAlready = 41093
export const remindedTooOften = 41094
export const noSuchSend = 41047

export function errcodeOf(error: unknown): number | undefined {
  return error instanceof WecomError ? error.errcode : undefined
}
