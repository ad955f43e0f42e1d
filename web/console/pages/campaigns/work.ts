import type { Report } from './campaign.ts'

/** So often the page looks for newer figures while they are worked out. */
export const workEveryMs = 2_000

/** Whether newer figures are on their way. */
export const isAtWork = (work: Report['work'] | undefined): boolean =>
  work?.state === 'waiting' || work?.state === 'running'
