import { refuse } from '../admin/refusal.ts'
import type { Contact, Person, RelationStatus } from '../admin/schema.people.ts'
import type { Platform } from '../platform.ts'
import { notesOf } from '../world/notes.ts'
import { CUSTOMER_DELETED, HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'
import { customerId } from './chats.ts'

/** Somebody who can be played. */
export type Who =
  | { readonly kind: 'staff'; readonly member: StaffMember }
  | { readonly kind: 'customer'; readonly customer: number }

/** Reads `c12`, an external_userid, a unionid or a userid; refuses with 404. */
export function personOf(platform: Platform, id: string): Who {
  const customer = platform.world.customers.indexOf(id)
  if (customer !== undefined) return { kind: 'customer', customer }
  const member = platform.world.staff.find(id)
  if (member !== undefined) return { kind: 'staff', member }
  throw refuse(404, 'person_unknown', `there is no person ${id}`, `没有这个人：${id}`)
}

/** The customers behind these ids: what members send by themselves is for nobody else. */
export function customersBehind(platform: Platform, ids: readonly string[]): number[] {
  return ids.map((id) => {
    const who = personOf(platform, id)
    if (who.kind === 'customer') return who.customer
    throw refuse(409, 'not_customer', `${id} is a member of staff`, '只能发给客户')
  })
}

export function profile(platform: Platform, who: Who): Person {
  return who.kind === 'staff' ? staffProfile(platform, who.member) : customerProfile(platform, who.customer)
}

export function staffProfile({ world }: Platform, member: StaffMember): Person {
  return {
    id: member.userid,
    role: 'staff',
    name: member.name,
    face: `/faces/${member.userid}.svg`,
    gender: member.gender,
    kind: 'wecom',
    corpName: world.name,
    userid: member.userid,
    position: member.position,
    departments: member.departments.map((id) => ({ id, name: world.departments.get(id)?.name ?? '' })),
  }
}

export function customerProfile({ world, settings }: Platform, customer: number): Person {
  const { customers } = world
  const wecom = customers.isWecom(customer)
  const corpName = customers.corpName(customer)
  return {
    id: customerId(customer),
    role: 'customer',
    name: customers.name(customer),
    face: `/faces/${customerId(customer)}.svg`,
    gender: customers.gender(customer),
    kind: wecom ? 'wecom' : 'wechat',
    externalUserId: customers.externalUserId(customer),
    ...(corpName === undefined ? {} : { corpName }),
    ...(wecom || !settings.value.corp.developerAccountBound ? {} : { unionId: customers.unionId(customer) }),
  }
}

export function statusOf(flags: number): RelationStatus {
  if ((flags & REQUESTED) !== 0) return 'requested'
  if ((flags & MEMBER_DELETED) !== 0) return (flags & CUSTOMER_DELETED) !== 0 ? 'deleted_by_both' : 'deleted_by_member'
  if ((flags & CUSTOMER_DELETED) !== 0) return 'deleted_by_customer'
  return (flags & HALF) !== 0 ? 'half' : 'friends'
}

/** The relation in one row, as a contact of the person on the other side. */
export function contactOf(platform: Platform, row: number, seenBy: Who['kind']): Contact {
  const { relations, tags, staff } = platform.world
  const notes = notesOf(platform.world, row)
  const member = staff.at(relations.staffOf(row))
  const state = relations.state(row)
  const person =
    seenBy === 'customer' && member !== undefined
      ? staffProfile(platform, member)
      : customerProfile(platform, relations.customerOf(row))
  return {
    person,
    status: statusOf(relations.flags(row)),
    ...(notes.remark === '' ? {} : { remark: notes.remark }),
    ...(notes.description === '' ? {} : { description: notes.description }),
    tags: [...notes.tags].map((id) => tags.tag(id)?.name ?? ''),
    ...(state === '' ? {} : { state }),
    addWay: relations.addWay(row),
    sinceMs: relations.createdAt(row) * 1000,
  }
}

/** Rows of one person's relations from a position on. */
export function contactsOf(
  platform: Platform,
  who: Who,
  from: number,
  limit: number,
): { contacts: Contact[]; next: number | null; total: number } {
  const { relations } = platform.world
  const rows = who.kind === 'customer' ? relations.ofCustomer(who.customer) : undefined
  const total = who.kind === 'customer' ? (rows?.length ?? 0) : relations.staffRows(who.member.index)
  const contacts: Contact[] = []
  for (let at = from; at < Math.min(total, from + limit); at++) {
    const row = who.kind === 'customer' ? (rows?.[at] ?? 0) : relations.staffRow(who.member.index, at)
    contacts.push(contactOf(platform, row, who.kind))
  }
  return { contacts, next: from + limit < total ? from + limit : null, total }
}

/** How many people one search looks at: a world of three million is not read for one query. */
const SEARCHED = 20_000

/** People by role and words, from a position on. Staff first when no role is given. */
export function search(
  platform: Platform,
  query: { role?: string | undefined; q?: string | undefined; from: number; limit: number },
): { people: Person[]; next: number | null } {
  const { staff, customers } = platform.world
  const { role, q, limit } = query
  const staffCount = role === 'customer' ? 0 : staff.count
  const total = staffCount + (role === 'staff' ? 0 : customers.count)
  const exact = q === undefined ? undefined : customers.indexOf(q)
  if (exact !== undefined && role !== 'staff') return { people: [customerProfile(platform, exact)], next: null }
  const people: Person[] = []
  const end = Math.min(total, q === undefined ? total : query.from + SEARCHED)
  let at = query.from
  for (; at < end && people.length < limit; at++) {
    const member = at < staffCount ? staff.at(at) : undefined
    const name = member?.name ?? customers.name(at - staffCount)
    if (q !== undefined && !name.includes(q) && !member?.userid.includes(q.toLowerCase())) continue
    people.push(member === undefined ? customerProfile(platform, at - staffCount) : staffProfile(platform, member))
  }
  return { people, next: at < total ? at : null }
}
