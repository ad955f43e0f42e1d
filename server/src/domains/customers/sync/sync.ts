import { z } from 'zod'

/** A sync reads members in this many at a call. */
export const membersACall = 100
/** So many relations are written in one transaction: what a crash can make us read twice stays small. */
export const writeAtOnce = 500
/** A callback comes at the latest after its last repeat; younger adds are left to it. */
export const youngMs = 60_000

export const firstSyncKind = 'sync.first'
export const reconcileKind = 'sync.reconcile'
export const syncKinds = [firstSyncKind, reconcileKind] as const

/** Where reading goes on: `size` members from the how-manieth one, at the platform's cursor. */
export const syncPositionSchema = z.object({ from: z.int(), size: z.int().min(1), cursor: z.string() })
export type SyncPosition = z.output<typeof syncPositionSchema>

/** What a sync did about customer groups. Their differences are counted apart from those of customers. */
export const groupsReportSchema = z.object({
  /** Groups in the platform's list, and how many of them were asked for. */
  listed: z.int().default(0),
  read: z.int().default(0),
  /** People in the groups that were read, members of the corp and customers together. */
  members: z.int().default(0),
  /** Joins, ends, new groups, dismissals, and changes of name, owner or notice that nobody told us of. */
  found: z.int().default(0),
  gone: z.int().default(0),
  created: z.int().default(0),
  dismissed: z.int().default(0),
  changed: z.int().default(0),
  /** Groups that the platform would not show, and why. */
  refused: z.int().default(0),
  refused_named: z.array(z.object({ chat_id: z.string(), errcode: z.int() })).default([]),
  /** Set: the platform shows no groups to this app at all, and why. */
  unavailable: z.int().optional(),
  calls: z.int().default(0),
})
export type GroupsReport = z.output<typeof groupsReportSchema>

export const syncReportSchema = z.object({
  departments: z.int().default(0),
  members: z.int().default(0),
  tags: z.int().default(0),
  relations: z.int().default(0),
  /** Adds that nobody told us of. */
  found: z.int().default(0),
  /** At the platform one-way: the customer ended it. Left as it is. */
  one_way: z.int().default(0),
  /** Alive here, no longer there. */
  vanished: z.int().default(0),
  /** Vanished by the reading, but too many to believe: left as they are. */
  kept: z.int().default(0),
  /** Members whose customers the platform would not show, and why. */
  skipped: z.array(z.object({ userid: z.string(), errcode: z.int() })).default([]),
  /** Pages of customers that were asked for. */
  calls: z.int().default(0),
  groups: groupsReportSchema.optional(),
})
export type SyncReport = z.output<typeof syncReportSchema>

export interface SyncPoint {
  readonly startedAt: Date
  readonly userids: readonly string[]
  readonly position: SyncPosition
  readonly report: SyncReport
  /** Customers before the position whose search rows are not written yet. */
  readonly cardsDue: readonly number[]
}

/** After a page: on with its cursor, or with the next members. */
export function afterPage(position: SyncPosition, nextCursor: string): SyncPosition {
  return nextCursor === ''
    ? { from: position.from + position.size, size: membersACall, cursor: '' }
    : { ...position, cursor: nextCursor }
}

/**
 * One member whom the platform refuses makes the whole call fail and is not named: fewer at a time, until he stands
 * alone and is left out.
 */
export function afterRefusal(position: SyncPosition): { position: SyncPosition; leaveOut: boolean } {
  return position.size > 1
    ? { position: { from: position.from, size: Math.ceil(position.size / 2), cursor: '' }, leaveOut: false }
    : { position: { from: position.from + 1, size: membersACall, cursor: '' }, leaveOut: true }
}

/** How many relations there will be, guessed by how many members are read; undefined while it would be a wild guess. */
export function guessTotal(done: number, membersDone: number, members: number): number | undefined {
  if (members === 0 || membersDone / members < 0.02) return undefined
  return Math.max(done, Math.round((done * members) / membersDone))
}

/** More than this at once is rather a changed visible range than lost callbacks. */
export function tooManyVanished(vanished: number, alive: number): boolean {
  return vanished > Math.max(100, alive * 0.05)
}
