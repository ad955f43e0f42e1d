import { refuse } from '../admin/refusal.ts'
import { enteredAndLeft } from '../people/ranges.ts'
import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'

/** A member works elsewhere now: contacts-sync is told, and apps whose range he entered or left. */
export function moveMember(platform: Platform, userid: string, departments: readonly number[]): void {
  const member = known(platform, userid)
  const unknown = departments.find((id) => platform.world.departments.get(id) === undefined)
  if (unknown !== undefined) throw refuse(404, '60003', `there is no department ${unknown}`, `部门 ${unknown} 不存在`)
  const tell = enteredAndLeft(platform)
  platform.world.staff.move(member, departments)
  const event = { kind: 'contact.user_updated' as const, userId: member.userid, departments }
  platform.callbacks.announce({ family: 'contact', event })
  tell()
}

/** He leaves the corp; his relations and groups stay, out of everybody's reach. */
export function removeMember(platform: Platform, userid: string): void {
  const member = known(platform, userid)
  const tell = enteredAndLeft(platform)
  platform.world.staff.remove(member)
  platform.callbacks.announce({ family: 'contact', event: { kind: 'contact.user_deleted', userId: member.userid } })
  tell()
}

export function createDepartment(platform: Platform, name: string, parentId: number): string {
  const { departments } = platform.world
  if (departments.get(parentId) === undefined)
    throw refuse(404, '60003', `there is no department ${parentId}`, `部门 ${parentId} 不存在`)
  const id = 1 + Math.max(...departments.all().map((department) => department.id))
  departments.add({ id, name, parentId, order: 0 })
  // Addresses set since 2022-08-15 get the ids only.
  platform.callbacks.announce({ family: 'contact', event: { kind: 'contact.party_created', id, parentId } })
  return String(id)
}

function known({ world }: Platform, userid: string): StaffMember {
  const member = world.staff.find(userid)
  if (member === undefined)
    throw refuse(404, 'person_unknown', `there is no member ${userid}`, `没有这个员工：${userid}`)
  return member
}
