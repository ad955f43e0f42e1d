import { Fail, fail } from '../fail.ts'
import type { Call } from '../http/call.ts'
import { HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'

/** The member, if he exists and the app may see him: 60111 or 60011 otherwise. */
export function visibleMember({ platform, app }: Call, userid: string): StaffMember | Fail {
  const member = platform.world.staff.find(userid)
  if (member === undefined) return fail(60111, `userid not found: ${userid}`)
  if (!platform.visibility.staff(app.appKey, member.index)) return fail(60011, `no privilege to access ${userid}`)
  return member
}

/** A visible member who also has the customer-contact feature (84074 otherwise). */
export function followMember(call: Call, userid: string): StaffMember | Fail {
  const member = visibleMember(call, userid)
  if (member instanceof Fail) return member
  if (call.platform.settings.member(member.userid).followUser) return member
  return fail(84074, `${userid} has no external contact permission`)
}

/** The customer's number; 40096 for an id that is not of this corp. */
export function customerOf({ platform }: Call, externalUserId: string): number | Fail {
  return (
    platform.world.customers.byExternalUserId(externalUserId) ??
    fail(40096, `invalid external userid: ${externalUserId}`)
  )
}

/** Flags of relations that the platform does not answer for: ended by the member, not confirmed by him yet [92130]. */
export const NOT_THERE = MEMBER_DELETED | REQUESTED | HALF

/** The relation of member and customer; 84061 when the member has deleted or not yet confirmed him, or there is none. */
export function relationOf(call: Call, member: StaffMember, customer: number): number | Fail {
  const { relations } = call.platform.world
  const row = relations.find(member.index, customer)
  if (row === undefined || (relations.flags(row) & NOT_THERE) !== 0) {
    return fail(84061, 'not external contact relation')
  }
  return row
}

export { Fail, fail }
