/** What the answer to a welcome means. realities.md 5, D92137. */
export type WelcomeOutcome =
  | { readonly kind: 'sent' }
  /** Another app or the member was first. */
  | { readonly kind: 'refused'; readonly reason: 'someone_first' | 'archive_consent' | 'other' }
  /** The code's life is over: the member greets by hand. */
  | { readonly kind: 'late' }
  /** Another app is sending just now: again, while the code lives. */
  | { readonly kind: 'again' }

/** `answerLost`: an earlier attempt of ours went out and its answer was lost; only then 41051 says it was delivered. */
export function readWelcomeAnswer(errcode: number, answerLost: boolean): WelcomeOutcome {
  switch (errcode) {
    case 0:
      return { kind: 'sent' }
    case 41051:
      return answerLost ? { kind: 'sent' } : { kind: 'refused', reason: 'someone_first' }
    case 41096:
      return { kind: 'again' }
    case 41050:
      return { kind: 'late' }
    case 41053:
      return { kind: 'refused', reason: 'archive_consent' }
    default:
      return { kind: 'refused', reason: 'other' }
  }
}

/** Pause before the next attempt after 41096 or a lost connection, ms. */
export function welcomePause(attempt: number): number {
  return Math.min(150 * 2 ** (attempt - 1), 2_000)
}
