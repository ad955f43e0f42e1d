/** What the answer to a welcome means. realities.md 3 and 5, D92137, D90313. */
export type WelcomeOutcome =
  | { readonly kind: 'sent' }
  /** Another app or the member was first, or the customer may not be greeted: no code of this add will do. */
  | { readonly kind: 'refused'; readonly reason: 'someone_first' | 'archive_consent' | 'other' }
  /** This code is unknown or its life is over: another app's code for the same add may live; else the member greets. */
  | { readonly kind: 'dead_code' }
  /** This app may not send: another app of the corp may, with its own code. */
  | { readonly kind: 'app_refused' }
  /** Someone is sending just now: again, while the code lives. */
  | { readonly kind: 'again' }

/** The app has no right to the call or the member, is suspended, or calls from an address it must not. */
const appRefusals: ReadonlySet<number> = new Set([48002, 48006, 60011, 60020, 301002])

/** `answerLost`: an earlier attempt of ours went out and its answer was lost; only then 41051 says it was delivered. */
export function readWelcomeAnswer(errcode: number, answerLost: boolean): WelcomeOutcome {
  if (appRefusals.has(errcode)) return { kind: 'app_refused' }
  switch (errcode) {
    case 0:
      return { kind: 'sent' }
    case 41051:
      // said of the relation, not of the code: it was greeted or is chatting, so another app's code is answered the same
      return answerLost ? { kind: 'sent' } : { kind: 'refused', reason: 'someone_first' }
    case 41096:
      // whoever sends may still fail: tried again, in turn with the codes of our other apps, for one of them may be free
      return { kind: 'again' }
    case 41050:
      return { kind: 'dead_code' }
    case 41053:
      // the customer's consent is missing, whichever app asks
      return { kind: 'refused', reason: 'archive_consent' }
    default:
      return { kind: 'refused', reason: 'other' }
  }
}

/** Pause before the next attempt after 41096 or a lost connection, ms. */
export function welcomePause(attempt: number): number {
  return Math.min(150 * 2 ** (attempt - 1), 2_000)
}
