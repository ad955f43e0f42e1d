import { CallbackError } from '@nuanyu/wecom'

/** Seconds until the next attempt after so many failed ones; after the last a person decides. */
const pauses = [1, 5, 30, 120, 600] as const

export function nextAttempt(attempts: number, now: Date): Date | undefined {
  const pause = pauses[attempts - 1]
  return pause === undefined ? undefined : new Date(now.getTime() + pause * 1000)
}

/** The reason kept beside a failed callback: one line, never a secret or a body. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.split('\n', 1)[0]?.replaceAll('\0', '').slice(0, 500) ?? 'unknown'
}

/** SQLSTATE classes in which the database refuses what it was given: data exception, integrity, a limit of its own. */
const refusing = /^(22|23|54)/

/** Whether trying the same again can only fail the same: it cannot be read, or the database does not take it. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof CallbackError) return true
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && refusing.test(error.code)
}
