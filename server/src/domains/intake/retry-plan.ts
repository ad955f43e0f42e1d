/** Seconds until the next attempt after so many failed ones; after the last a person decides. */
const pauses = [1, 5, 30, 120, 600] as const

export function nextAttempt(attempts: number, now: Date): Date | undefined {
  const pause = pauses[attempts - 1]
  return pause === undefined ? undefined : new Date(now.getTime() + pause * 1000)
}

/** The reason kept beside a failed callback: one line, never a secret or a body. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.split('\n', 1)[0]?.slice(0, 500) ?? 'unknown'
}
