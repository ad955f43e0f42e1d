/** Where a person is touched. A channel's place is its number in what is kept packed: new ones go to the end. */
export const channels = [
  'welcome',
  'customer_send',
  'group_send',
  'moments',
  'official_account',
  'subscribe_message',
  'by_hand',
] as const
export type Channel = (typeof channels)[number]

/**
 * What a touch adds to the fatigue index (M43), in hundredths: who is written to by name feels it most, a post among others
 * least. It is kept with the touch, so that what was felt then does not change later.
 */
export const weights: Readonly<Record<Channel, number>> = {
  welcome: 50,
  customer_send: 100,
  group_send: 60,
  moments: 30,
  official_account: 60,
  subscribe_message: 30,
  by_hand: 100,
}

/** Marketing counts against caps and tires; service (a welcome, what somebody asked to be told) does neither. */
export type TouchKind = 'marketing' | 'service'

export interface Touch {
  /** The home that was touched. */
  readonly customerId: number
  readonly at: Date
  /** The effect that sent it: told again, with the same time, it counts once. */
  readonly effect: string
  readonly corpId: number
  readonly channel: Channel
  readonly kind: TouchKind
  readonly campaignId?: string | undefined
  readonly sender?: string | undefined
}

/** What the rule needs of a marketing touch. */
export interface Felt {
  /** Whole seconds since 1970. */
  readonly second: number
  readonly channel: Channel
  /** Hundredths. */
  readonly weight: number
}

/** A touch that an open task has taken: it may be felt at any moment from now on. */
export type Reserved = Omit<Felt, 'second'>

/** What is reserved counts as felt at the moment that is asked about: no later one of our own is nearer. */
export function feltAt(reserved: readonly Reserved[], second: number): Felt[] {
  return reserved.map((one) => ({ ...one, second }))
}

/** As the database keeps it in arrays; greater is later. */
export function packed({ second, channel, weight }: Felt): number {
  return second * 65_536 + weight * 64 + channels.indexOf(channel)
}

/** The reverse of `packed`. */
export function unpacked(touch: number): Felt {
  const low = touch % 65_536
  return { second: Math.floor(touch / 65_536), channel: channelAt(low % 64), weight: Math.floor(low / 64) }
}

export function channelAt(place: number): Channel {
  const channel = channels[place]
  if (channel === undefined) throw new Error(`there is no channel ${place}`)
  return channel
}

export function secondOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

/**
 * Why somebody does not get something. The place of a reason is its bit where many are decided at once, and says which is
 * named of those that hold equally long. It is kept with plans: new ones go to the end.
 */
export const reasons = [
  'opted_out',
  'no_marketing',
  'wished_less',
  'month_cap',
  'week_cap',
  'day_cap',
  'fatigue',
  'gap',
  'quiet',
  'quota',
] as const
export type Reason = (typeof reasons)[number]

/** What somebody told us himself. */
export const wishes = ['all', 'less', 'none'] as const
export type Wish = (typeof wishes)[number]
