import type { Fate, SenderReason } from '../campaigns/recipient.ts'

/** Why a group does not get a send that is for it. */
export type GroupReason =
  | 'dismissed'
  | 'had_today'
  | 'quota'
  | Extract<SenderReason, 'no_owner' | 'sender_gone' | 'not_in_set'>

/** What is known of a group that a send is for. */
export interface Candidate {
  readonly chatId: string
  readonly owner: string
  readonly customers: number
  readonly dismissed: boolean
  /** null: he is nobody whom we know. */
  readonly ownerCan: boolean | null
  /** Of the set of senders, where the campaign has one. */
  readonly inSet: boolean
  /** Sends that it had today. */
  readonly today: number
  /** Sends of tasks that are open: their owners may confirm at any moment. */
  readonly open: number
}

export interface GroupFate {
  readonly fate: Extract<Fate, 'sent_to' | 'dropped' | 'excluded' | 'no_sender'>
  readonly reason: GroupReason | null
}

/** What becomes of one group: open tasks count as sent today, for nobody knows when they are confirmed. */
export function fateOfGroup(one: Candidate, mostADay: number, quotaLeft: number): GroupFate {
  if (one.dismissed) return { fate: 'excluded', reason: 'dismissed' }
  if (one.today + one.open >= mostADay) return { fate: 'excluded', reason: 'had_today' }
  if (one.ownerCan === null) return { fate: 'no_sender', reason: 'no_owner' }
  if (!one.ownerCan) return { fate: 'no_sender', reason: 'sender_gone' }
  if (!one.inSet) return { fate: 'no_sender', reason: 'not_in_set' }
  if (quotaLeft - one.open <= 0) return { fate: 'dropped', reason: 'quota' }
  return { fate: 'sent_to', reason: null }
}

export interface GroupTask {
  readonly number: number
  readonly owner: string
  readonly chatIds: readonly string[]
}

/** From which number on tasks are counted. */
const firstTask = 1

/** The tasks of these groups: one an owner, cut where it would be too large for one call, or one a group. */
export function tasksOfGroups(
  groups: readonly { readonly chatId: string; readonly owner: string }[],
  most: number,
): readonly GroupTask[] {
  const tasks: GroupTask[] = []
  const owners = [...Map.groupBy(groups, ({ owner }) => owner)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [owner, his] of owners) {
    const chatIds = his.map(({ chatId }) => chatId).sort()
    for (let from = 0; from < chatIds.length; from += most)
      tasks.push({ number: firstTask + tasks.length, owner, chatIds: chatIds.slice(from, from + most) })
  }
  return tasks
}

/** Whether an owner has two of these tasks. */
export function hasTwins(tasks: readonly GroupTask[]): boolean {
  return new Set(tasks.map(({ owner }) => owner)).size < tasks.length
}
