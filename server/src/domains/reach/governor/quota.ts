import type { LimitProfile } from '@nuanyu/wecom'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { daySeconds } from './policy.ts'
import { type Channel, secondOf } from './touch.ts'

/** Months and days of the platform's cap are those of its own clocks, whatever the corp's zone. */
const platformZone = 'Asia/Shanghai'

export const capModes = ['monthly_days', 'weekly_7', 'daily_1', 'legacy_4_per_month'] as const
export type CapMode = (typeof capModes)[number]

/** What the platform lets one person, or one group, have of mass sends at some moment (群发规则, 92135). */
export interface QuotaFrame {
  readonly mode: CapMode
  readonly most: number
  /** The first second that counts. */
  readonly since: number
  /** The second from which on the whole of it is there again; null: it comes back send by send, after seven days each. */
  readonly renewed: number | null
  /** The corp's sends and the members' own count together; by the old rule the corp's alone. */
  readonly ownCount: boolean
}

/** A week is any seven days, the strict reading: no page says that it begins on a Monday. */
export function quotaAt({ value }: Pick<LimitProfile, 'value'>, at: Date): QuotaFrame {
  const set = value('broadcast.cap_mode')
  const mode = capModes.find((one) => one === set) ?? 'monthly_days'
  if (mode === 'weekly_7') {
    // the second seven days ago is no longer of the week
    const since = secondOf(at) - 7 * daySeconds + 1
    return { mode, most: value('broadcast.weekly_cap'), since, renewed: null, ownCount: true }
  }
  const { dayNumber } = localTime(at, platformZone)
  if (mode === 'daily_1') {
    const [since, renewed] = [dayNumber, dayNumber + 1].map(startOf)
    return { mode, most: value('broadcast.daily_cap'), since: since ?? 0, renewed: renewed ?? null, ownCount: true }
  }
  const { first, next } = monthOf(dayNumber)
  const spans = { since: startOf(first), renewed: startOf(next) }
  return mode === 'legacy_4_per_month'
    ? { mode, most: value('broadcast.legacy_monthly_cap'), ...spans, ownCount: false }
    : { mode, most: next - first, ...spans, ownCount: true }
}

function startOf(dayNumber: number): number {
  return secondOf(momentOf(dayNumber, 0, platformZone))
}

/** The first day of this day's month, and of the month after. */
function monthOf(dayNumber: number): { readonly first: number; readonly next: number } {
  const day = new Date(dayNumber * daySeconds * 1000)
  const dayOf = (month: number) => Date.UTC(day.getUTCFullYear(), month) / 1000 / daySeconds
  return { first: dayOf(day.getUTCMonth()), next: dayOf(day.getUTCMonth() + 1) }
}

/** Through what the platform's mass sends go, as touches are told apart. */
export function quotaChannels({ ownCount }: QuotaFrame): readonly Channel[] {
  return ownCount ? ['customer_send', 'by_hand'] : ['customer_send']
}

/** What is known of one person, or one group. */
export interface QuotaFacts {
  /** Seconds of the sends that count, those before the window too. */
  readonly sent: readonly number[]
  /** Sends of open tasks. */
  readonly reserved: number
  /** When the platform last refused as over its cap. */
  readonly fullAt: Date | null
}

export interface Quota {
  readonly most: number
  /** Sends that we know of, in the window. */
  readonly known: number
  readonly reserved: number
  /** Sends that we do not know of: without them the platform would not have refused. */
  readonly unknown: number
  readonly left: number
}

/**
 * What is left. A refusal says that all was used then; what we cannot account for are sends of others, and they count as
 * made at the moment of the refusal, the latest that they can have been. A send that becomes known afterwards takes the
 * place of an unknown one.
 */
export function quotaOf(limits: Pick<LimitProfile, 'value'>, facts: QuotaFacts, at: Date): Quota {
  const frame = quotaAt(limits, at)
  const within = ({ since }: QuotaFrame, until: number) =>
    facts.sent.filter((second) => second >= since && second <= until).length
  const known = within(frame, secondOf(at))
  const { fullAt, reserved } = facts
  const counts = fullAt !== null && secondOf(fullAt) >= frame.since && fullAt <= at
  const unknown = counts ? Math.max(0, frame.most - within(quotaAt(limits, fullAt), secondOf(fullAt))) : 0
  return {
    ...{ most: frame.most, known, reserved, unknown },
    left: Math.max(0, frame.most - known - reserved - unknown),
  }
}
