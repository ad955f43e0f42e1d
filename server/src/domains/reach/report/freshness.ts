import type { Freshness } from './runs.store.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** So long after its last window orders may still come that were paid within it (a connector that was away, a file). */
export const lateDays = 60
/** No window is longer (campaign.schema.ts). */
export const longestDays = 60 + 30

/** So long after its last window whatever happened within it may still be told: a delete, an open, an event of a shop. */
const restatedDays = 7

/** One look at so many takes some seconds of a core (`npm run bench -- lift --campaigns 1 --persons 1000000`). */
const personsALook = 500_000

/**
 * Whether a run's report is to be worked out again: every ten minutes on its first day, every hour until its last window has
 * closed, once after that and every day of the week after it; afterwards the night does it, where orders came late. A large
 * run is looked at less often, so that reports never cost more than some hundredths of a core.
 */
export function isStale({ open, startedAt, asOf, closesAt, persons }: Freshness, now: Date): boolean {
  if (asOf === null) return true
  const age = now.getTime() - asOf.getTime()
  if (age <= 0) return false
  const pace = 10 * minuteMs * Math.max(1, persons / personsALook)
  if (now.getTime() - startedAt.getTime() < dayMs) return age >= pace
  if (open || closesAt === null || now < closesAt) return age >= Math.max(60 * minuteMs, pace)
  return asOf < closesAt || (age >= dayMs && asOf.getTime() < closesAt.getTime() + restatedDays * dayMs)
}
