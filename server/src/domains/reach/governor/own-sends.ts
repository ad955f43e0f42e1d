import type { Channel, Touch } from './touch.ts'

/** What members send by themselves: to customers, to groups of theirs (93338, create_type 1), as Moments (93333). */
export const ownKinds = ['single', 'group', 'moment'] as const
export type OwnKind = (typeof ownKinds)[number]

/** Something that a member sent by himself, as the platform lists it. */
export interface OwnSend {
  /** Of a Moment its moment_id. */
  readonly msgid: string
  readonly kind: OwnKind
  readonly sender: string
  readonly madeAt: Date
  /** How often what became of it was read, and whom it had reached by the latest reading. */
  readonly reads: number
  readonly sent: number
}

/** The platform's word about one whom it was for. */
export interface OwnResult {
  readonly to: string
  readonly status: number
  /** Of one that was sent. */
  readonly sentAt: Date | null
}

export interface OwnCounts {
  readonly sent: number
  readonly overCap: number
  readonly open: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** He may confirm slowly, or the platform tell late: what is not settled is read again after so long, and then no more. */
const againMs = [hourMs, 4 * hourMs, 24 * hourMs, 72 * hourMs] as const

/** When to read it next, after so many readings; null: never, all is said or nothing more is expected. */
export function readNext(reads: number, settled: boolean, at: Date): Date | null {
  const pause = againMs[reads - 1]
  return settled || pause === undefined ? null : new Date(at.getTime() + pause)
}

/**
 * Whether all is said of it. Of a message it is when nobody waits any more; of a Moment nothing says who will still see it, so
 * what is the same twice stays.
 */
export function isSettled({ kind, reads, sent }: Pick<OwnSend, 'kind' | 'reads' | 'sent'>, counts: OwnCounts): boolean {
  if (kind !== 'moment') return counts.open === 0
  return reads > 0 && counts.sent > 0 && counts.sent === sent
}

/** Up to when a kind was listed, and when it was last listed from days before. */
export interface OwnListing {
  readonly listedUntil: Date
  readonly sweptAt: Date
}

/** What was made before may come into a list after it: each look reaches back a little, one a day further. */
const backMs = 2 * hourMs
const sweepMs = 3 * dayMs

/** From when on a kind is to be listed; `sweeps`: it is the day's look that reaches further back. */
export function listFrom(
  known: OwnListing | undefined,
  now: Date,
  spanDays: number,
): { readonly from: Date; readonly sweeps: boolean } {
  const sweeps = known === undefined || now.getTime() - known.sweptAt.getTime() >= dayMs
  const until = known?.listedUntil.getTime() ?? 0
  const from = Math.max(now.getTime() - spanDays * dayMs, until - (sweeps ? sweepMs : backMs))
  return { from: new Date(from), sweeps }
}

/** A long time as days, the oldest first: each is done when it is listed, whatever becomes of the next. */
export function daysOf(from: Date, until: Date): readonly { readonly since: Date; readonly until: Date }[] {
  const days = Math.max(1, Math.ceil((until.getTime() - from.getTime()) / dayMs))
  return Array.from({ length: days }, (_, day) => ({
    since: new Date(from.getTime() + day * dayMs),
    until: new Date(Math.min(from.getTime() + (day + 1) * dayMs, until.getTime())),
  }))
}

const channelOf: Readonly<Record<Exclude<OwnKind, 'group'>, Channel>> = { single: 'by_hand', moment: 'moments' }

/** What of it is told on the timeline of whom it reached. */
export const eventOfOwn = { single: 'send.by_member', moment: 'moment.by_member' } as const

/** By this an effect in the ledger is known as a member's own. */
export const ownEffect = 'own:'

/** What reached people of it, told by whom it reached: what a member sends by himself is marketing like the house's. */
export function touchesOfOwnSend(
  corpId: number,
  { msgid, sender, kind }: Pick<OwnSend, 'msgid' | 'sender'> & { readonly kind: Exclude<OwnKind, 'group'> },
  reached: readonly { readonly home: number; readonly at: Date }[],
): Touch[] {
  return reached.map(({ home, at }) => ({
    ...{ customerId: home, at, effect: `${ownEffect}${msgid}`, corpId, sender },
    ...{ channel: channelOf[kind], kind: 'marketing' as const },
  }))
}
