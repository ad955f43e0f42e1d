import { createHash } from 'node:crypto'
import type { Fate, SenderReason } from '../campaigns/recipient.ts'

/** Why a group does not get a send that is for it. */
export type GroupReason =
  | 'dismissed'
  | 'had_today'
  | 'other_time'
  | 'gave_way'
  | 'quota'
  | 'members_over'
  | Extract<SenderReason, 'no_owner' | 'sender_gone' | 'sender_away' | 'not_in_set'>

/** What is known of a group that a send is for. */
export interface Candidate {
  readonly chatId: string
  readonly owner: string
  readonly customers: number
  readonly dismissed: boolean
  /** null: he is nobody whom we know. */
  readonly ownerCan: boolean | null
  /** On leave when it is to go out. */
  readonly ownerAway: boolean
  /** Of the set of senders, where the campaign has one. */
  readonly inSet: boolean
  /** Sends that it had today. */
  readonly today: number
  /** Sends of tasks that are open: their owners may confirm at any moment. */
  readonly open: number
}

/** What other campaigns, and this one at other times, want of a group's day. */
export interface Day {
  /** Sends that it may have. */
  readonly most: number
  /** This is one of the times of the day at which the group takes part. */
  readonly itsTurn: boolean
  /** Campaigns of higher priority that are still to reach it today, the highest first. */
  readonly before: readonly string[]
  /** When its next day has room. */
  readonly next: Date
}

export interface Room {
  /** When it has room again; null: never. Of a group that has room it is now, or before. */
  readonly at: Date | null
}

export interface Rooms {
  /** What the platform's quota leaves a group, its open tasks taken off. */
  readonly quota: Room
  /** Among its members: no more of them than the send allows would be left out of it alone. */
  readonly members: Room
}

export interface GroupFate {
  readonly fate: Extract<Fate, 'sent_to' | 'held' | 'dropped' | 'excluded' | 'no_sender'>
  readonly reason: GroupReason | null
  /** Of gave_way: the campaign that takes its place. */
  readonly gaveWayTo: string | null
  /** Of who is held: when it is decided about again. */
  readonly heldUntil: Date | null
}

/** Of a send: when it goes out, and how long it waits for whom it cannot reach yet; null: not at all. */
export interface Patience {
  readonly at: Date
  readonly waitUntil: Date | null
}

/**
 * What becomes of one group: open tasks count as sent today, for nobody knows when they are confirmed. One that had what it may
 * waits until it has room again, or is dropped where the send does not wait so long.
 */
export function fateOfGroup(
  one: Candidate,
  day: Day,
  { quota, members }: Rooms,
  { at, waitUntil }: Patience,
): GroupFate {
  const fate = (is: GroupFate['fate'], reason: GroupReason | null): GroupFate => ({
    ...{ fate: is, reason, gaveWayTo: null, heldUntil: null },
  })
  const full = (room: Room) => room.at === null || room.at > at
  const capped = (reason: GroupReason, dayFull: boolean, gaveWayTo: string | null = null): GroupFate => {
    const rooms = [quota, members].filter(full).map((room) => room.at)
    const until = latest([...(dayFull ? [day.next] : []), ...rooms])
    const waits = until !== null && waitUntil !== null && until <= waitUntil
    return { ...fate(waits ? 'held' : 'dropped', reason), gaveWayTo, heldUntil: waits ? until : null }
  }
  if (one.dismissed) return fate('excluded', 'dismissed')
  if (!day.itsTurn) return fate('excluded', 'other_time')
  const had = one.today + one.open
  if (had >= day.most) return capped('had_today', true)
  const [highest] = day.before
  if (highest !== undefined && had + day.before.length >= day.most) return capped('gave_way', true, highest)
  if (one.ownerCan === null) return fate('no_sender', 'no_owner')
  if (!one.ownerCan) return fate('no_sender', 'sender_gone')
  if (!one.inSet) return fate('no_sender', 'not_in_set')
  if (one.ownerAway) return fate('no_sender', 'sender_away')
  if (full(quota)) return capped('quota', false)
  if (full(members)) return capped('members_over', false)
  return fate('sent_to', null)
}

/** null: one of them never comes. */
function latest(moments: readonly (Date | null)[]): Date | null {
  const times = moments.map((one) => one?.getTime() ?? Number.POSITIVE_INFINITY)
  const most = Math.max(...times)
  return Number.isFinite(most) ? new Date(most) : null
}

/** One of the times of a day at which a campaign goes out. */
export interface Time {
  readonly dayNumber: number
  readonly place: number
  readonly of: number
}

/**
 * Whether a group takes part at this time of the day: of more times than it may have sends it takes part in so many, in others
 * every day, so that each time reaches an equal part of the groups and each group hears every time.
 */
export function takesPart(chatId: string, { dayNumber, place, of }: Time, most: number): boolean {
  if (most >= of) return true
  const first = (createHash('sha256').update(chatId).digest().readUInt32BE() + dayNumber) % of
  return (place - first + of) % of < most
}

export interface GroupTask {
  readonly number: number
  readonly owner: string
  readonly chatIds: readonly string[]
}

/** The tasks of these groups: one an owner, cut where it would be too large for one call, or one a group; `after`: tasks there are. */
export function tasksOfGroups(
  groups: readonly { readonly chatId: string; readonly owner: string }[],
  most: number,
  after = 0,
): readonly GroupTask[] {
  const tasks: GroupTask[] = []
  const owners = [...Map.groupBy(groups, ({ owner }) => owner)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [owner, his] of owners) {
    const chatIds = his.map(({ chatId }) => chatId).sort()
    for (let from = 0; from < chatIds.length; from += most)
      tasks.push({ number: after + tasks.length + 1, owner, chatIds: chatIds.slice(from, from + most) })
  }
  return tasks
}

/** Whether an owner has two of these tasks. */
export function hasTwins(tasks: readonly GroupTask[]): boolean {
  return new Set(tasks.map(({ owner }) => owner)).size < tasks.length
}
