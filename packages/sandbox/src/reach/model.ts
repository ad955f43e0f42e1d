import type { Appeal } from '../admin/schema.reach.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'

/** With what chance one person does what after a message reached him; `buys` is the effect that was planted. */
export interface Chances {
  readonly reads: number
  readonly clicks: number
  readonly buys: number
  readonly deletes: number
}

/** When he does it, in milliseconds after the message came; undefined: he does not. */
export interface Reaction {
  readonly readsMs: number | undefined
  readonly clicksMs: number | undefined
  readonly buysMs: number | undefined
  readonly deletesMs: number | undefined
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** After so long nobody reacts any more. */
export const LONGEST_REACTION_MS = 72 * HOUR_MS
const SALT = 210

/** All that a reaction hangs on besides the person and the message. */
interface Seeded {
  readonly world: { readonly seed: number }
}

/** How a message of this content is taken: the first appeal whose words stand in it. */
export function appealOf({ settings }: Platform, content: string): Appeal | undefined {
  return settings.value.reach.appeals.find(({ contains }) => content.includes(contains))
}

/** From 0.2 to 1.8, and 1 on average: how much more or less of something this person does than others, for ever. */
function bent({ world }: Seeded, customer: number, what: number): number {
  return 0.2 + (1.6 * hash(customer, world.seed + SALT + what)) / 0x1_0000_0000
}

/** What may be expected of this person; shares of clicks, purchases and deletes are of those who read. */
function bents(platform: Seeded, customer: number, appeal: Appeal) {
  const of = (share: number, what: number) => Math.min(1, share * bent(platform, customer, what))
  return {
    reads: of(appeal.reads, 0),
    clicks: of(appeal.clicks, 1),
    buys: of(appeal.buys, 2),
    deletes: of(appeal.deletes, 3),
  }
}

/** With which chances this person (its number in the world) takes a message of this appeal: the truth behind any measured lift. */
export function chancesOf(platform: Seeded, customer: number, appeal: Appeal): Chances {
  const { reads, clicks, buys, deletes } = bents(platform, customer, appeal)
  return { reads, clicks: reads * clicks, buys: reads * buys, deletes: reads * deletes }
}

/**
 * What this person does about one message. It hangs on the seed, on him, and on how many he had before, not on when or in
 * which order sends were made.
 */
export function reactionOf(platform: Seeded, customer: number, nth: number, appeal: Appeal): Reaction {
  const luck = hash(hash(customer, nth), platform.world.seed + SALT + 10)
  const draw = (what: number) => hash(luck, what) / 0x1_0000_0000
  const { reads, clicks, buys, deletes } = bents(platform, customer, appeal)
  if (draw(1) >= reads) return { readsMs: undefined, clicksMs: undefined, buysMs: undefined, deletesMs: undefined }
  // most look within the hour, some in the evening
  const readsMs = MINUTE_MS + Math.floor(draw(2) ** 3 * 12 * HOUR_MS)
  const after = (share: number, what: number, longestMs: number) =>
    draw(what) < share ? readsMs + MINUTE_MS + Math.floor(draw(what + 1) ** 2 * longestMs) : undefined
  return {
    readsMs,
    clicksMs: after(clicks, 3, 5 * MINUTE_MS),
    buysMs: after(buys, 5, 48 * HOUR_MS),
    deletesMs: after(deletes, 7, 30 * MINUTE_MS),
  }
}
