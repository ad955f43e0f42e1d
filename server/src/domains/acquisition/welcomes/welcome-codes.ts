/** A code for one add, as one of the corp's apps got it: every app is given its own, the first to send wins [92130]. */
export interface WelcomeCodeOfApp {
  readonly appId: string
  readonly appName: string | undefined
  readonly code: string
}

/** One code that was tried, and what the platform said to it; kept in the trace when there was more than one. */
export interface TriedCode {
  readonly app: string | undefined
  /** 0: sent; undefined: no answer, or no call could be made. */
  readonly errcode: number | undefined
}

/**
 * The code to try after `current`: the next app's in turn, among those that may still work. Undefined: none does, not
 * `current` either.
 */
export function nextCode(
  codes: readonly WelcomeCodeOfApp[],
  current: WelcomeCodeOfApp,
  dead: ReadonlySet<string>,
): WelcomeCodeOfApp | undefined {
  const place = codes.findIndex((one) => one.appId === current.appId)
  const turn = [...codes.slice(place + 1), ...codes.slice(0, place + 1)]
  return turn.find((one) => !dead.has(one.appId))
}
