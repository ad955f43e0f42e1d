import { refuse } from '../admin/refusal.ts'
import type { ConsoleAct } from '../admin/schema.console.ts'
import { personOf } from '../people/directory.ts'
import { giveCodes } from '../people/meet.ts'
import type { Platform } from '../platform.ts'
import { notesOf } from '../world/notes.ts'
import { HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'

type Edit = Extract<ConsoleAct, { do: 'customer.edit' }>

/** The member changes remark, description or tags in his client [92130]. */
export function editCustomer(platform: Platform, edit: Edit): void {
  const { world, callbacks } = platform
  const { member, customer, row } = relation(platform, edit.userid, edit.customer)
  const notes = notesOf(world, row)
  const tags = new Set(notes.tags)
  for (const id of edit.removeTags ?? []) tags.delete(id)
  for (const id of edit.addTags ?? []) {
    if (world.tags.tag(id)?.deleted !== false) throw refuse(404, 'tag_unknown', `there is no tag ${id}`, '没有这个标签')
    tags.add(id)
  }
  world.relations.setNotes(row, {
    ...notes,
    remark: edit.remark ?? notes.remark,
    description: edit.description ?? notes.description,
    tags,
  })
  const externalUserId = world.customers.externalUserId(customer)
  const event = { kind: 'customer.edited' as const, userId: member.userid, externalUserId }
  callbacks.announce({ family: 'external_contact', event, staff: member.index })
}

/** Consent to the message archive brings a welcome code of its own [92005]. */
export function agreeToArchive(platform: Platform, userid: string, person: string): void {
  const { member, customer } = relation(platform, userid, person)
  const codes = giveCodes(platform, member, customer)
  const externalUserId = platform.world.customers.externalUserId(customer)
  const event = { kind: 'customer.archive_agreed' as const, userId: member.userid, externalUserId }
  platform.callbacks.announce({ family: 'external_contact', event, staff: member.index, ...codes })
}

function relation(platform: Platform, userid: string, person: string) {
  const { staff, relations } = platform.world
  const member = staff.find(userid)
  const who = personOf(platform, person)
  const row = member === undefined || who.kind === 'staff' ? undefined : relations.find(member.index, who.customer)
  const ended = row === undefined || (relations.flags(row) & (MEMBER_DELETED | REQUESTED | HALF)) !== 0
  if (member === undefined || who.kind === 'staff' || row === undefined || ended) {
    throw refuse(409, 'not_friends', `${userid} and ${person} are not friends`, '他们不是好友')
  }
  return { member, customer: who.customer, row }
}
