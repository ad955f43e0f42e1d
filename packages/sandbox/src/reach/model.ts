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
export const LONGEST_REACTION_MS = 96 * HOUR_MS
const SALT = 210
const LOOKING_SALT = 250

/** All that a reaction hangs on besides the person and the message. */
interface Seeded {
  readonly world: { readonly seed: number }
}

/** How a message of this content is taken: the first appeal whose words stand in it. */
export function appealOf({ settings }: Platform, content: string): Appeal | undefined {
  return settings.value.reach.appeals.find(({ contains }) => content.includes(contains))
}

/**
 * How a Moment is taken: as many look as are set for Moments, and of these as many do the rest as of the readers of a
 * message with these words.
 */
export function momentAppealOf(platform: Platform, content: string): Appeal {
  const { looks } = platform.settings.value.reach.moments
  const appeal = appealOf(platform, content) ?? { contains: '', clicks: 0, buys: 0, deletes: 0 }
  return { ...appeal, reads: looks }
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
  return acts(readsMs, draw, { clicks, buys, deletes })
}

/** What a reader does, and when; shares are of those who read. */
function acts(
  readsMs: number,
  draw: (what: number) => number,
  { clicks, buys, deletes }: Pick<Chances, 'clicks' | 'buys' | 'deletes'>,
): Reaction {
  const after = (share: number, what: number, longestMs: number) =>
    draw(what) < share ? readsMs + MINUTE_MS + Math.floor(draw(what + 1) ** 2 * longestMs) : undefined
  return {
    readsMs,
    clicksMs: after(clicks, 3, 5 * MINUTE_MS),
    buysMs: after(buys, 5, 48 * HOUR_MS),
    deletesMs: after(deletes, 7, 30 * MINUTE_MS),
  }
}

/** When this person looks at the nth Moment that came to his eyes, in milliseconds after; undefined: he does not. */
export function looksAfterMs({ world }: Seeded, customer: number, nth: number, looks: number): number | undefined {
  const luck = hash(hash(customer, nth), world.seed + LOOKING_SALT)
  const draw = (what: number) => hash(luck, what) / 0x1_0000_0000
  return draw(1) < looks ? MINUTE_MS + Math.floor(draw(2) ** 3 * 36 * 60) * MINUTE_MS : undefined
}

/** What this person does about the nth Moment that came to his eyes; `appeal` as of `momentAppealOf`. */
export function momentReactionOf(platform: Seeded, customer: number, nth: number, appeal: Appeal): Reaction {
  const looksMs = looksAfterMs(platform, customer, nth, appeal.reads)
  if (looksMs === undefined) return { readsMs: undefined, clicksMs: undefined, buysMs: undefined, deletesMs: undefined }
  const luck = hash(hash(customer, nth), platform.world.seed + LOOKING_SALT + 10)
  return acts(looksMs, (what) => hash(luck, what) / 0x1_0000_0000, bents(platform, customer, appeal))
}

/** The truth behind any measured lift of a Moment for this person. Whether somebody looks is luck alone. */
export function momentChancesOf(platform: Seeded, customer: number, appeal: Appeal): Chances {
  const { clicks, buys, deletes } = bents(platform, customer, appeal)
  const { reads } = appeal
  return { reads, clicks: reads * clicks, buys: reads * buys, deletes: reads * deletes }
}
