import type { LimitProfile } from '@nuanyu/wecom'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { daySeconds, windowSeconds } from './policy.ts'
import { type Channel, secondOf } from './touch.ts'

/** Months and days of the platform's cap are those of its own clocks, whatever the corp's zone. */
const platformZone = 'Asia/Shanghai'

export const capModes = ['monthly_days', 'weekly_7', 'daily_1', 'legacy_4_per_month'] as const
export type CapMode = (typeof capModes)[number]

/** A month, or the seven days before a refusal seven days ago: nothing older counts. */
export const quotaDays = 31

/** How many sends one person, or one group, is let have at some moment, and from which second on they count. */
export interface QuotaWindow {
  readonly most: number
  /** The first second that counts. */
  readonly since: number
  /** The second from which on the whole of it is there again; null: it comes back send by send, after seven days each. */
  readonly renewed: number | null
  /** Through what goes what counts. */
  readonly channels: readonly Channel[]
}

/** The platform's own window of mass sends (群发规则, 92135). */
export interface QuotaFrame extends QuotaWindow {
  readonly mode: CapMode
}

/** The window of any moment. */
export type QuotaRule = (at: Date) => QuotaWindow

/** What a corp has of windows: the platform's as its limits say, and what it lets customers see of Moments in a month. */
export interface QuotaTerms {
  readonly limits: Pick<LimitProfile, 'value'>
  /** No page of the platform says how many it shows a customer (realities 27), so the corp says so itself. */
  readonly momentsAMonth: number
}

/** What counts of a message that goes through this channel, beside the brand's own rules; null: nothing does. */
export function quotaRule(channel: Channel, { limits, momentsAMonth }: QuotaTerms): QuotaRule | null {
  if (channel === 'customer_send') return (at) => quotaAt(limits, at)
  if (channel !== 'moments') return null
  return (at) => ({ most: momentsAMonth, ...monthSpan(localTime(at, platformZone).dayNumber), channels: ['moments'] })
}

/** Whether the platform's refusals of mass sends speak of this window. */
export function refusalsCount({ channels }: QuotaWindow): boolean {
  return channels.includes('customer_send')
}

/** The corp's sends and the members' own count together; by the old rule the corp's alone. */
const together: readonly Channel[] = ['customer_send', 'by_hand']
const corpsAlone: readonly Channel[] = ['customer_send']

/** A week is any seven days, the strict reading: no page says that it begins on a Monday. */
export function quotaAt({ value }: Pick<LimitProfile, 'value'>, at: Date): QuotaFrame {
  const set = value('broadcast.cap_mode')
  const mode = capModes.find((one) => one === set) ?? 'monthly_days'
  if (mode === 'weekly_7') {
    // the second seven days ago is no longer of the week
    const since = secondOf(at) - 7 * daySeconds + 1
    return { mode, most: value('broadcast.weekly_cap'), since, renewed: null, channels: together }
  }
  const { dayNumber } = localTime(at, platformZone)
  if (mode === 'daily_1') {
    const [since, renewed] = [dayNumber, dayNumber + 1].map(startOf)
    return { mode, most: value('broadcast.daily_cap'), since: since ?? 0, renewed: renewed ?? null, channels: together }
  }
  const spans = monthSpan(dayNumber)
  return mode === 'legacy_4_per_month'
    ? { mode, most: value('broadcast.legacy_monthly_cap'), ...spans, channels: corpsAlone }
    : { mode, most: (spans.renewed - spans.since) / daySeconds, ...spans, channels: together }
}

/** From the first second of this day's month to the first of the next. */
function monthSpan(dayNumber: number): { readonly since: number; readonly renewed: number } {
  const { first, next } = monthOf(dayNumber)
  return { since: startOf(first), renewed: startOf(next) }
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
export function quotaOf(rule: QuotaRule, facts: QuotaFacts, at: Date): Quota {
  const window = rule(at)
  const within = ({ since }: QuotaWindow, until: number) =>
    facts.sent.filter((second) => second >= since && second <= until).length
  const known = within(window, secondOf(at))
  const { fullAt, reserved } = facts
  const counts = fullAt !== null && secondOf(fullAt) >= window.since && fullAt <= at
  const unknown = counts ? Math.max(0, window.most - within(rule(fullAt), secondOf(fullAt))) : 0
  return {
    ...{ most: window.most, known, reserved, unknown },
    left: Math.max(0, window.most - known - reserved - unknown),
  }
}

/** From which second on something is left, if nothing else is sent; null: never. Of whom something is left it is this one. */
export function quotaFreeAt(rule: QuotaRule, facts: QuotaFacts, at: Date): number | null {
  const [window, second] = [rule(at), secondOf(at)]
  const { left, unknown } = quotaOf(rule, facts, at)
  if (window.most < 1) return null
  if (left > 0) return second
  if (window.renewed !== null) return window.renewed
  const counted = [
    ...facts.sent.filter((one) => one >= window.since && one <= second),
    ...Array.from({ length: facts.reserved }, () => second),
    ...Array.from({ length: unknown }, () => secondOf(facts.fullAt ?? at)),
  ].sort((a, b) => b - a)
  return (counted[window.most - 1] ?? second) + windowSeconds.week
}
