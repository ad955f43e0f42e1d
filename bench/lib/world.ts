/** A brand's whole world, as audiences are counted from it. The other figures follow from the number of persons. */
export interface World {
  readonly persons: number
  readonly seed: number
  /** The business day up to which things happened, as a number since 1970-01-01. */
  readonly today: number
}

export const worldOf = (persons: number, today: number, seed = 1): World => ({ persons, today, seed })

export const perChunk = 65_536
export const shape = {
  staff: 8_000,
  stores: 3_000,
  tags: 500,
  channels: 500,
  departments: 300,
  products: 2_000,
  categories: 40,
}
export const perPerson = { relations: 1.4, tags: 8, orders: 4, lines: 2, events: 20 / 3 }
export const behaviours = [
  'view_page',
  'view_product',
  'share',
  'add_to_cart',
  'coupon_received',
  'sign_in',
  'activity_joined',
]

/** Some are everywhere, most are rare. */
export const skewed = (share: number, of: number) => Math.floor(share * share * share * of)
