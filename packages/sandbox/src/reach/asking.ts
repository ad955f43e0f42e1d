import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'

const DAY_MS = 86_400_000

/** Something that a member was asked to confirm. */
export interface Asked {
  readonly staff: number
  /** When he will by habit; undefined: never by himself. */
  dueMs: number | undefined
  /** Calls the timer of `dueMs` off. */
  wake: (() => void) | undefined
}

/** The member who was asked, while he is with the corp. */
export function memberOf({ world }: Platform, { staff }: Pick<Asked, 'staff'>): StaffMember | undefined {
  const member = world.staff.at(staff)
  return member !== undefined && world.staff.find(member.userid) === member ? member : undefined
}

/** Sets the timer of what was asked, anew if it had one; a member on leave looks again the next day. */
export function awaitConfirmation(platform: Platform, asked: Asked, confirm: () => void): void {
  callOff(asked)
  const { dueMs } = asked
  if (dueMs === undefined) return
  asked.wake = platform.clock.setTimer(dueMs, () => {
    const member = memberOf(platform, asked)
    if (member === undefined) return
    if (!platform.settings.member(member.userid).onLeave) return confirm()
    asked.dueMs = dueMs + DAY_MS
    awaitConfirmation(platform, asked, confirm)
  })
}

/** He need not, or did already. */
export function callOff(asked: Asked): void {
  asked.wake?.()
  asked.wake = undefined
}
