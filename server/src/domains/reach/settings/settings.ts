/** To whom an order that is credited to a send may go (M35): the member on it, the customer's only member, its store. */
export const earners = ['seller', 'owner', 'store'] as const
export type Earner = (typeof earners)[number]

/** What a corp sets for its sends. */
export interface ReachSettings {
  /** How its customers know it. */
  readonly brand: string
  /** Up to so many recipients one person agrees, beyond that two. */
  readonly oneApprovalMost: number
  /** A send that reaches one of these value tiers needs two, however small. */
  readonly twoForTiers: readonly string[]
  /** How many of a thousand get no marketing at all for a quarter. */
  readonly globalHoldoutPermille: number
  /** How many Moments a customer may see in a month. No page of the platform says how many it shows. */
  readonly momentsAMonth: number
  /** Who of them goes first; who is not named never has an order. */
  readonly earnerOrder: readonly Earner[]
}

export const defaultSettings: Omit<ReachSettings, 'brand'> = {
  oneApprovalMost: 1_000,
  twoForTiers: [],
  globalHoldoutPermille: 20,
  momentsAMonth: 4,
  earnerOrder: earners,
}
