import {
  BudgetExhaustedError,
  CircuitOpenError,
  type Client,
  DeadlineError,
  NetworkError,
  UnknownOutcomeError,
  WecomError,
  type WelcomeCode,
} from '@nuanyu/wecom'
import { readWelcomeAnswer, type WelcomeOutcome } from './welcome-outcome.ts'
import type { RenderedWelcome } from './welcome-render.ts'

/** What one call came to; besides the platform's answers, what kept it from answering. */
export type AttemptOutcome =
  | WelcomeOutcome
  /** It went out and its answer was lost: it may have been delivered. */
  | { readonly kind: 'lost' }
  /** It never went out; the network may come back. */
  | { readonly kind: 'offline' }
  /** It never went out, and there is no time or room left for another. */
  | { readonly kind: 'no_time'; readonly reason: 'no_budget' | 'deadline_passed' }

export interface Attempt {
  readonly outcome: AttemptOutcome
  readonly errcode: number | undefined
}

/** Sends a welcome with one code, once. `deadline` in machine ms. */
export async function attemptWelcome(
  client: Client,
  code: string,
  message: RenderedWelcome,
  deadline: number,
  answerLost: boolean,
): Promise<Attempt> {
  try {
    await client.welcome.send(
      {
        welcome_code: code as WelcomeCode,
        ...(message.text ? { text: message.text } : {}),
        attachments: [...message.attachments],
      },
      { deadline, priority: 'urgent' },
    )
    return { outcome: { kind: 'sent' }, errcode: 0 }
  } catch (error) {
    if (error instanceof WecomError)
      return {
        outcome: readWelcomeAnswer(error.errcode, answerLost || error.afterLostAnswer),
        errcode: error.errcode,
      }
    const outcome = withoutAnswer(error)
    if (outcome === undefined) throw error
    return { outcome, errcode: undefined }
  }
}

function withoutAnswer(error: unknown): AttemptOutcome | undefined {
  if (error instanceof BudgetExhaustedError) return { kind: 'no_time', reason: 'no_budget' }
  if (error instanceof DeadlineError) return { kind: 'no_time', reason: 'deadline_passed' }
  // this app's secret waits for a person; another app's does not
  if (error instanceof CircuitOpenError) return { kind: 'app_refused' }
  if (error instanceof UnknownOutcomeError) return { kind: 'lost' }
  if (error instanceof NetworkError) return { kind: 'offline' }
  return undefined
}
