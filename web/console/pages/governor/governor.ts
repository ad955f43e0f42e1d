import type { components } from '#shared/api/schema.gen.ts'

export type Policy = components['schemas']['TouchPolicy']
export type Rules = components['schemas']['TouchPolicyRules']
export type Cap = Rules['caps'][number]
export type Channel = components['schemas']['Touch']['channel']
export type Touch = components['schemas']['Touch']
export type Decision = components['schemas']['TouchDecision']

export const policiesKey = ['governor', 'policies'] as const
export const personKey = ['governor', 'person'] as const

/** The channels that marketing goes through. */
export const channels = [
  ...(['customer_send', 'group_send', 'moments'] as const),
  ...(['official_account', 'subscribe_message', 'by_hand'] as const),
]
export const periods = ['day', 'week', 'month'] as const
export const wishes = ['all', 'less', 'none'] as const

export const colours = { send: 'success', hold: 'warning', drop: 'error' } as const

/** What a brand may begin with. */
export const startingRules: Rules = {
  ...{ whom: null, marketing: 'limited', kept_from: 8, gap_minutes: 0, less_per_week: 1 },
  caps: [
    { channel: null, per: 'day', most: 1, kept: 0 },
    { channel: null, per: 'week', most: 2, kept: 0 },
    { channel: null, per: 'month', most: 6, kept: 1 },
  ],
  ...{ quiet: { from: 21 * 60, until: 9 * 60 }, fatigue: { high: 200, most: 400 } },
}

/** 1260 → 21:00. */
export function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** 21:00 → 1260; undefined for what is no time of day. */
export function minuteOf(clock: string): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(clock) ?? []
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}

/** Hundredths as they are read: 150 → 1.50. */
export function indexText(hundredths: number): string {
  return (hundredths / 100).toFixed(2)
}
