import { Prepared } from '../fail.ts'
import type { GroupHandlers } from '../http/call.ts'
import { mediumOf } from '../people/attachments.ts'
import { notesOf } from '../world/notes.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { pageWriter } from './customers.page.ts'
import { externalContact, followUser } from './customers.shape.ts'
import { customerOf, Fail, fail, followMember, NOT_THERE, relationOf, visibleMember } from './scope.ts'

export const customers: GroupHandlers<'customers'> = {
  listFollowUsers({ platform, app }) {
    const users: string[] = []
    for (const index of platform.visibility.members(app.appKey)) {
      const member = platform.world.staff.at(index)
      if (member !== undefined && platform.settings.member(member.userid).followUser) users.push(member.userid)
    }
    return { follow_user: users }
  },

  listExternalUserIds(call, { userid }) {
    const member = followMember(call, userid)
    if (member instanceof Fail) return member
    const { relations, customers: people } = call.platform.world
    const ids: string[] = []
    for (let at = 0; at < relations.staffRows(member.index); at++) {
      const row = relations.staffRow(member.index, at)
      if ((relations.flags(row) & NOT_THERE) === 0) ids.push(people.externalUserId(relations.customerOf(row)))
    }
    if (ids.length === 0 && call.platform.settings.value.readings.emptyListIs84061)
      return fail(84061, 'not external contact')
    return { external_userid: ids }
  },

  get(call, { external_userid, cursor }) {
    const customer = customerOf(call, external_userid)
    if (customer instanceof Fail) return customer
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { platform, app } = call
    const { relations } = platform.world
    const all = relations.ofCustomer(customer).filter((row) => (relations.flags(row) & NOT_THERE) === 0)
    const rows = all.filter((row) => platform.visibility.staff(app.appKey, relations.staffOf(row)))
    // 40096: a follower there is, but none in the visible range; 84061: nobody follows.
    if (rows.length === 0)
      return all.length > 0
        ? fail(40096, 'invalid external userid: no follower is visible')
        : fail(84061, 'not external contact')
    const size = platform.settings.limits.value('customer.follow_users_page')
    const page = rows.slice(from, from + size)
    return {
      external_contact: externalContact(platform, customer),
      follow_user: page.map((row) => followUser(platform, row)),
      next_cursor: from + size < rows.length ? writeCursor(from + size) : '',
    }
  },

  batchGetByUser(call, { userid_list, cursor, limit }) {
    const { platform } = call
    const members: number[] = []
    for (const userid of userid_list) {
      const member = visibleMember(call, userid)
      if (member instanceof Fail) return member
      members.push(member.index)
    }
    const max = platform.settings.limits.value('customer.batch_page_max')
    const size =
      limit === undefined || limit < 1
        ? platform.settings.limits.value('customer.batch_page_default')
        : Math.min(limit, max)
    const from = readBatchCursor(cursor, members.length)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { items, next } = pageWriter(platform)(members, from, size)
    const nextCursor = next === undefined ? '' : `${writeCursor(next.member)}-${writeCursor(next.position)}`
    return new Prepared(`"external_contact_list":[${items}],"next_cursor":"${nextCursor}"`)
  },

  remark(call, request) {
    const member = followMember(call, request.userid)
    if (member instanceof Fail) return member
    const customer = customerOf(call, request.external_userid)
    if (customer instanceof Fail) return customer
    const row = relationOf(call, member, customer)
    if (row instanceof Fail) return row
    const { world } = call.platform
    if (request.remark_pic_mediaid !== undefined) {
      const picture = mediumOf(call.platform, request.remark_pic_mediaid, ['image'])
      if (picture instanceof Fail) return picture
    }
    const notes = notesOf(world, row)
    world.relations.setNotes(row, {
      ...notes,
      remark: request.remark ?? notes.remark,
      description: request.description ?? notes.description,
      remarkCompany: world.customers.isWecom(customer)
        ? notes.remarkCompany
        : (request.remark_company ?? notes.remarkCompany),
      remarkMobiles: request.remark_mobiles?.filter((mobile) => mobile !== '') ?? notes.remarkMobiles,
    })
    return {}
  },
}

/** Where a batch page goes on: the how-manieth member of the list, and the row of his. */
function readBatchCursor(
  cursor: string | undefined,
  members: number,
): { member: number; position: number } | undefined {
  if (cursor === undefined || cursor === '') return { member: 0, position: 0 }
  const [first, second, rest] = cursor.split('-')
  const member = readCursor(first)
  const position = readCursor(second)
  if (!first || !second || rest !== undefined || member === undefined || position === undefined) return undefined
  return member < members ? { member, position } : undefined
}
