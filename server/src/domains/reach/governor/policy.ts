import { localTime, momentOf } from '../../../infra/zone.ts'
import type { Policy } from './policy.schema.ts'
import { type Channel, secondOf } from './touch.ts'

export type Cap = Policy['caps'][number]

export const daySeconds = 86_400
/** A week is the last 7 × 24 hours and a month the last 30 × 24; a day is the business day. */
export const windowSeconds = { week: 7 * daySeconds, month: 30 * daySeconds } as const
/** What tired somebody is forgotten by half in so long (M43). */
export const halfLifeSeconds = 7 * daySeconds
/** A touch that is older counts nowhere. */
export const memorySeconds = windowSeconds.month

/** Holds where a brand has no policy for somebody: only what he wished himself. */
export const openPolicy: Policy = {
  ...{ whom: null, marketing: 'limited', caps: [], kept_from: 9, gap_minutes: 0 },
  ...{ quiet: null, less_per_week: 1, fatigue: null },
}

/** Whether somebody may be sent something now: what, through what, how important, and how long it can wait. */
export interface Ask {
  readonly channel: Channel
  /** 1 to 9, the greater first. */
  readonly priority: number
  readonly at: Date
  /** What cannot go by then is dropped; null: what cannot go now. */
  readonly waitUntil: Date | null
}

/** The moments that a policy speaks of, in seconds, for one ask in one zone: the same for everybody. */
export interface Frame {
  readonly second: number
  readonly dayStart: number
  readonly nextDay: number
  /** One a day for as long as anybody can be held, from yesterday on; one that a change of clocks swallowed is empty. */
  readonly quiet: readonly { readonly from: number; readonly until: number }[]
  /** The caps that hold for this channel and priority, the one of those who wished less at the end. */
  readonly limits: readonly Limit[]
}

export interface Limit {
  readonly reason: 'wished_less' | 'month_cap' | 'week_cap' | 'day_cap'
  /** Of all channels: null. */
  readonly channel: Channel | null
  readonly per: Cap['per']
  readonly most: number
}

const reasonOfCap = { day: 'day_cap', week: 'week_cap', month: 'month_cap' } as const

export function frameOf(policy: Policy, { channel, priority, at }: Ask, zone: string): Frame {
  const { dayNumber } = localTime(at, zone)
  const second = secondOf(at)
  const limits: Limit[] = policy.caps
    .filter((cap) => cap.channel === null || cap.channel === channel)
    .map((cap) => ({
      ...{ reason: reasonOfCap[cap.per], channel: cap.channel, per: cap.per },
      most: priority >= policy.kept_from ? cap.most : Math.max(0, cap.most - cap.kept),
    }))
  return {
    second,
    dayStart: secondOf(momentOf(dayNumber, 0, zone)),
    nextDay: secondOf(momentOf(dayNumber + 1, 0, zone)),
    quiet: policy.quiet === null ? [] : quietSpans(policy.quiet, dayNumber, zone),
    limits: [...limits, { reason: 'wished_less', channel: null, per: 'week', most: policy.less_per_week }],
  }
}

function quietSpans({ from, until }: NonNullable<Policy['quiet']>, today: number, zone: string): Frame['quiet'] {
  const [first, last] = [today - 1, today + memorySeconds / daySeconds + 1]
  return Array.from({ length: last - first + 1 }, (_, place) => first + place).map((day) => ({
    from: secondOf(momentOf(day, from, zone)),
    until: secondOf(momentOf(from < until ? day : day + 1, until, zone)),
  }))
}

/** When quiet ends, of a moment within it; every other moment is its own. */
export function afterQuiet({ quiet }: Pick<Frame, 'quiet'>, second: number): number {
  return quiet.find((span) => second >= span.from && second < span.until)?.until ?? second
}

/** What must hold of a policy beside its shape; in the words that are shown where it fails. */
export function policyFault(policy: Policy): { readonly zh: string; readonly en: string } | undefined {
  const { caps, quiet, fatigue } = policy
  if (new Set(caps.map((cap) => `${cap.channel} ${cap.per}`)).size < caps.length)
    return { zh: '同一渠道、同一周期只能有一条上限。', en: 'A channel has one cap of each period.' }
  if (caps.some((cap) => cap.kept > cap.most))
    return { zh: '预留的次数不能超过上限。', en: 'No more can be kept back than the cap allows.' }
  if (quiet !== null && quiet.from === quiet.until)
    return { zh: '静默时段的开始和结束不能相同。', en: 'Quiet hours must not begin and end at the same minute.' }
  if (fatigue !== null && fatigue.high > fatigue.most)
    return { zh: '疲劳提醒值不能高于上限。', en: 'What counts as tired cannot be above the limit.' }
  return undefined
}
