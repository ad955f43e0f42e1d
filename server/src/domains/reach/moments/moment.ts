import type { Task } from '../run/task.ts'

export const momentStates = [
  ...['planned', 'marking', 'ready', 'asking', 'made', 'asked', 'cancelled', 'failed', 'unknown'],
] as const
export type MomentState = (typeof momentStates)[number]

/** What the platform makes of a run: one content, published by many members, as whoever has it in hand sees it. */
export interface Moment {
  readonly corpId: number
  readonly runId: number
  readonly number: number
  readonly variant: number
  readonly canary: boolean
  /** Whose carriers see it. */
  readonly tags: readonly string[]
  /** Whether the tag is this run's own: then nobody else than the run's people carries it. */
  readonly ownTag: boolean
  readonly state: MomentState
  readonly effect: string | null
  readonly attempt: number
  readonly jobid: string | null
  readonly momentId: string | null
  /** What it was there before it was taken back and made anew. */
  readonly pastIds: readonly string[]
  readonly askedAt: Date | null
  readonly sought: number
}

export type MomentKey = Pick<Moment, 'runId' | 'number'>

/** A Moment's links are all its members': they stand under a number that no task has. */
export function linksOf({ number }: Pick<Moment, 'number'>): number {
  return -1 - number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * When to look at results of a published part again; undefined: they have come to their end. Who sees it is told at once and
 * may still change; what is the same at a second look stays, and after a day whatever it is.
 */
export function nextViewers(
  seen: {
    readonly confirmedAt: Date
    readonly changed: boolean
    readonly anybody: boolean
    readonly everybody: boolean
  },
  now: Date,
): Date | undefined {
  const age = now.getTime() - seen.confirmedAt.getTime()
  const same = !seen.changed && seen.anybody && age >= 10 * minuteMs
  if (seen.everybody || same || age >= dayMs) return undefined
  return new Date(now.getTime() + (age < hourMs ? 10 * minuteMs : age < 6 * hourMs ? hourMs : 6 * hourMs))
}

/** When likes and comments are asked for again: often while it is young, then seldom, after a week no more. */
export function nextApplause(confirmedAt: Date, now: Date): Date | undefined {
  const age = now.getTime() - confirmedAt.getTime()
  if (age >= 7 * dayMs) return undefined
  const every = age < 6 * hourMs ? 2 * hourMs : age < 2 * dayMs ? 12 * hourMs : 2 * dayMs
  return new Date(now.getTime() + every)
}

/** What the platform lists of a Moment: who is asked to publish it, and whether he has. By userid in small letters. */
export type Publishing = ReadonlyMap<string, boolean>

export interface Judged {
  readonly published: readonly Task[]
  readonly open: readonly Task[]
  /** Whom the platform does not ask: it left him out, or he is not there any more. */
  readonly unlisted: readonly Task[]
}

/** Which of the tasks of a Moment are done, by one listing of all of its members. */
export function judgeListing(tasks: readonly Task[], listing: Publishing): Judged {
  const of = Map.groupBy(tasks, ({ sender }) => {
    const state = listing.get(sender.toLowerCase())
    return state === undefined ? 'unlisted' : state ? 'published' : 'open'
  })
  return { published: of.get('published') ?? [], open: of.get('open') ?? [], unlisted: of.get('unlisted') ?? [] }
}

/**
 * Whether the whole of it is to be cancelled at the platform, which takes back one Moment, not one member's part. A member who
 * is gone cannot publish: for his sake nothing is taken from the others.
 */
export function mustCancel(open: readonly Pick<Task, 'ending'>[]): boolean {
  return open.some(({ ending }) => ending !== null && ending !== 'absent')
}

/** How many more may be asked for within the platform's minute: 85 % of its limit are ours (architecture, section 3). */
export function roomInMinute(limit: number, askedInMinute: number): number {
  return Math.max(0, Math.floor(limit * 0.85) - askedInMinute)
}
