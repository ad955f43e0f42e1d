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
}

export const defaultSettings: Omit<ReachSettings, 'brand'> = {
  oneApprovalMost: 1_000,
  twoForTiers: [],
  globalHoldoutPermille: 20,
}
