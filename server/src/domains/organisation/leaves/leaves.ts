/** From a moment until another, which is not part of it. */
export interface Window {
  readonly from: Date
  readonly until: Date
}

/** A member's leave: he is asked for nothing meanwhile. */
export interface Leave extends Window {
  readonly id: string
  readonly userid: string
  readonly note: string
}

/** Longer than this is no leave but a slip of the year. */
const longestDays = 400
const dayMs = 86_400_000

export type LeaveFault = 'unknown_member' | 'ends_before' | 'over' | 'too_long' | 'overlaps'

/** What is wrong with a leave that is to be written; `standing`: those of the member that are not over, but for itself. */
export function leaveFault(given: Window, standing: readonly Window[] | undefined, now: Date): LeaveFault | undefined {
  if (standing === undefined) return 'unknown_member'
  if (given.until <= given.from) return 'ends_before'
  if (given.until <= now) return 'over'
  if (given.until.getTime() - given.from.getTime() > longestDays * dayMs) return 'too_long'
  return standing.some((one) => one.from < given.until && given.from < one.until) ? 'overlaps' : undefined
}

/** Whether the very same leave stands already: a list may be brought twice. */
export function stands(given: Window, standing: readonly Window[]): boolean {
  return standing.some(
    (one) => one.from.getTime() === given.from.getTime() && one.until.getTime() === given.until.getTime(),
  )
}
