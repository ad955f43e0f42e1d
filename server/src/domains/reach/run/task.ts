import type { CampaignSpec } from '../campaigns/campaign.schema.ts'

export const taskStates = [
  'planned',
  'asking',
  'asked',
  'confirmed',
  'expired',
  'cancelled',
  'failed',
  'unknown',
] as const
export type TaskState = (typeof taskStates)[number]

/** Why what a member has not confirmed yet is being taken back. */
export type Ending = 'expired' | 'quiet' | 'paused' | 'cancelled' | 'stopped' | 'absent'

/** As what somebody is told that a member did not confirm: who leads his set of senders, his store, his department, or submitted it. */
export const toldAs = ['set', 'store', 'department', 'submitter', 'nobody'] as const
export type ToldAs = (typeof toldAs)[number]

/** What one member is asked to confirm, as whoever has it in hand sees it. */
export interface Task {
  readonly corpId: number
  readonly runId: number
  readonly number: number
  readonly variant: number
  readonly sender: string
  readonly recipients: number
  readonly canary: boolean
  readonly state: TaskState
  readonly attempt: number
  readonly effect: string | null
  readonly msgid: string | null
  readonly pastMsgids: readonly string[]
  readonly askedAt: Date | null
  readonly expiresAt: Date | null
  readonly confirmedAt: Date | null
  readonly settledAt: Date | null
  readonly reminded: number
  readonly remindAt: Date | null
  readonly ending: Ending | null
  readonly sought: number
  readonly resultsCursor: string | null
  readonly tried: readonly string[]
  /** Of a Moment: which of its run. */
  readonly moment: number | null
}

export type TaskKey = Pick<Task, 'runId' | 'number'>

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The platform is still handing a new task out for some seconds (41063); before that nothing can be read of it. */
export const dispatchMs = minuteMs

/**
 * When to look again at a task whose member has not confirmed. Most confirm within the hour or not on that day, so a young
 * task is looked at often and an old one seldom; tasks of one moment are spread by their number.
 */
export function nextLook(task: Pick<Task, 'number' | 'askedAt'>, now: Date): Date {
  const age = now.getTime() - (task.askedAt ?? now).getTime()
  const every = age < hourMs ? 5 * minuteMs : age < 6 * hourMs ? 15 * minuteMs : age < 24 * hourMs ? hourMs : 3 * hourMs
  const spread = ((task.number * 7_919) % 1_000) / 1_000
  return new Date(now.getTime() + Math.round(every * (0.9 + 0.2 * spread)))
}

/**
 * When results that still hold somebody who was not sent to are read again after the member has confirmed; undefined: what
 * has not changed in a day will not.
 */
export function nextReading(confirmedAt: Date, now: Date): Date | undefined {
  const age = now.getTime() - confirmedAt.getTime()
  if (age >= 24 * hourMs) return undefined
  return new Date(now.getTime() + (age < hourMs ? 10 * minuteMs : age < 6 * hourMs ? hourMs : 6 * hourMs))
}

/** A task that is made anew keeps the end that it had. */
export function expiryOf(task: Pick<Task, 'expiresAt'>, spec: Pick<CampaignSpec, 'expires_hours'>, now: Date): Date {
  return task.expiresAt ?? new Date(now.getTime() + spec.expires_hours * hourMs)
}

/** How often, and within how long, the platform lets a member be reminded of one task (41094). */
export interface RemindLimit {
  readonly most: number
  readonly windowMs: number
}

/**
 * When the next reminder goes out: as many as the campaign wants and the platform allows, spread evenly over the time until
 * the task expires, or over the platform's window where that is shorter. Null: no more.
 */
export function nextReminder(
  { askedAt, expiresAt, reminded }: { askedAt: Date; expiresAt: Date; reminded: number },
  wanted: number,
  { most, windowMs }: RemindLimit,
): Date | null {
  const count = Math.min(wanted, most)
  if (reminded >= count) return null
  const span = Math.min(expiresAt.getTime() - askedAt.getTime(), windowMs)
  if (span <= 0) return null
  return new Date(askedAt.getTime() + Math.round((span * (reminded + 1)) / (count + 1)))
}

/** What becomes of a task that was taken back before its member confirmed. */
export function afterTakingBack(ending: Ending): 'anew' | 'expired' | 'cancelled' | 'offer' {
  switch (ending) {
    case 'quiet':
    case 'paused':
      return 'anew'
    case 'expired':
      return 'expired'
    case 'absent':
      return 'offer'
    default:
      return 'cancelled'
  }
}
