import type { Freshness } from './runs.store.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** So long after its last window orders may still come that were paid within it (a connector that was away, a file). */
export const lateDays = 60
/** No window is longer (campaign.schema.ts). */
export const longestDays = 60 + 30

/**
 * Whether a run's report is to be worked out again: every ten minutes on its first day, every hour until its last window has
 * closed, and once after that; afterwards the night does it, where orders came late.
 */
export function isStale({ open, startedAt, asOf, closesAt }: Freshness, now: Date): boolean {
  if (asOf === null) return true
  const age = now.getTime() - asOf.getTime()
  if (age <= 0) return false
  if (now.getTime() - startedAt.getTime() < dayMs) return age >= 10 * minuteMs
  if (open || closesAt === null || now < closesAt) return age >= 60 * minuteMs
  return asOf < closesAt
}
