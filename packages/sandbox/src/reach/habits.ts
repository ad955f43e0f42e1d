import type { Platform } from '../platform.ts'
import { hash, seedOf } from '../random.ts'
import type { StaffMember } from '../world/staff.ts'

export type Habit = 'prompt' | 'late' | 'never'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const ZONE_MS = 8 * HOUR_MS
const share = (n: number, salt: number) => hash(n, salt) / 0x1_0000_0000

/** How a member deals with what he is asked to send: as set for him, else drawn once for ever from the seed. */
export function habitOf({ settings, world }: Platform, member: StaffMember): Habit {
  const { confirms } = settings.member(member.userid)
  if (confirms !== null) return confirms
  const { prompt, late } = settings.value.reach.habits
  const drawn = share(member.index, world.seed + 90)
  return drawn < prompt ? 'prompt' : drawn < prompt + late ? 'late' : 'never'
}

/**
 * When the member will confirm what he was asked at `askedMs`; undefined when he never does. Nobody confirms outside the
 * shop's hours. A reminder makes a late member prompt, and moves who never confirms not at all.
 *
 * @param thing id of what is to be confirmed, so that each has its own luck
 */
export function confirmsAt(
  platform: Platform,
  member: StaffMember,
  thing: string,
  askedMs: number,
  reminded = false,
): number | undefined {
  const habit = habitOf(platform, member)
  if (habit === 'never') return undefined
  const { promptMinutes, lateHours, hours } = platform.settings.value.reach
  const luck = share(hash(member.index, seedOf(thing)), platform.world.seed + 91)
  const wait =
    habit === 'prompt' || reminded ? luck * promptMinutes * MINUTE_MS : (0.2 + 0.8 * luck) * lateHours * HOUR_MS
  const wantedMs = askedMs + wait
  const midnightMs = Math.floor((wantedMs + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS
  const opensMs = midnightMs + hours.from * HOUR_MS
  if (wantedMs < opensMs) return Math.floor(opensMs + luck * HOUR_MS)
  if (wantedMs < midnightMs + hours.to * HOUR_MS) return Math.floor(wantedMs)
  return Math.floor(opensMs + DAY_MS + luck * HOUR_MS)
}
