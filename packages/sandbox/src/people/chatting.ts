import { refuse } from '../admin/refusal.ts'
import type { WriteResponse } from '../admin/schema.ts'
import { type Platform, seconds } from '../platform.ts'
import { writeToAccount } from '../weixin/people.ts'
import { customerKey, staffKey } from '../world/groups.ts'
import { CUSTOMER_DELETED, HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'
import { wroteAfterLink } from './acquisition.ts'
import { customerId, type NewMessage } from './chats.ts'
import { personOf, type Who } from './directory.ts'
import { readersOf } from './groups.ts'
import { accept } from './meet.ts'

export const keyOf = (who: Who): string => (who.kind === 'staff' ? who.member.userid : customerId(who.customer))

/** A person writes to another or to a group. */
export function write(platform: Platform, who: Who, peer: string, text: string): WriteResponse {
  const group = platform.world.groups.get(peer)
  const message = {
    atMs: platform.clock.now(),
    from: keyOf(who),
    fromName: who.kind === 'staff' ? who.member.name : platform.world.customers.name(who.customer),
    source: 'person' as const,
    body: { type: 'text' as const, content: text },
  }
  if (group !== undefined) {
    const key = who.kind === 'staff' ? staffKey(who.member.userid) : customerKey(who.customer)
    if (group.dismissed || !group.members.has(key))
      throw refuse(409, 'not_in_group', 'not a member of this group', '你不在该群聊中')
    return { message: platform.chats.post(platform.chats.group(peer), message, readersOf(group)), delivered: true }
  }
  if (who.kind === 'customer' && platform.weixin.accounts.get(peer.slice('app:'.length))?.kind === 'official')
    return { message: writeToAccount(platform, who.customer, text), delivered: true }
  const other = personOf(platform, peer)
  if (who.kind === 'customer' && other.kind === 'staff')
    return writeToMember(platform, who.customer, other.member, message)
  if (who.kind === 'staff' && other.kind === 'customer')
    return writeToCustomer(platform, who.member, other.customer, message)
  throw refuse(409, 'no_chat', 'customers chat with members of staff, members with customers', '客户只能与员工聊天')
}

function pair(platform: Platform, member: StaffMember, customer: number) {
  const row = platform.world.relations.find(member.index, customer)
  if (row === undefined)
    throw refuse(409, 'not_friends', 'they have never met: scan or add first', '你们还不是好友，请先添加')
  return {
    row,
    flags: platform.world.relations.flags(row),
    room: platform.chats.single(customerId(customer), member.userid),
  }
}

function writeToMember(platform: Platform, customer: number, member: StaffMember, message: NewMessage): WriteResponse {
  const { row, flags, room } = pair(platform, member, customer)
  const me = customerId(customer)
  if ((flags & REQUESTED) !== 0)
    throw refuse(409, 'not_friends', 'the member has not accepted yet', '对方还没有通过你的好友请求')
  if ((flags & MEMBER_DELETED) !== 0)
    return blocked(platform, room, message, me, '对方开启了联系人验证，你还不是他（她）的联系人。')
  if ((flags & CUSTOMER_DELETED) !== 0)
    throw refuse(409, 'deleted', 'you have deleted this contact', '你已删除该联系人，请重新添加')
  const sent = platform.chats.post(room, message, [me, member.userid])
  platform.reach.talks.set(row, seconds(platform))
  platform.welcomes.chatStarted(member.index, customer)
  const nowMs = platform.clock.now()
  platform.statistics.count(member.userid, nowMs, 'messages')
  platform.statistics.count(member.userid, nowMs, 'asked')
  wroteAfterLink(platform, row)
  return { message: sent, delivered: true }
}

function writeToCustomer(
  platform: Platform,
  member: StaffMember,
  customer: number,
  message: NewMessage,
): WriteResponse {
  const { row, flags, room } = pair(platform, member, customer)
  if ((flags & MEMBER_DELETED) !== 0)
    throw refuse(409, 'deleted', 'the member has deleted this customer', '你已删除该客户')
  if ((flags & REQUESTED) !== 0) throw refuse(409, 'not_friends', 'accept the request first', '请先通过对方的好友请求')
  // A reply confirms a half add [92130].
  if ((flags & HALF) !== 0) accept(platform, member, customer)
  if ((flags & CUSTOMER_DELETED) !== 0)
    return blocked(platform, room, message, member.userid, '消息已发出，但被对方拒收了。')
  const sent = platform.chats.post(room, message, [customerId(customer), member.userid])
  platform.reach.talks.set(row, seconds(platform))
  platform.welcomes.chatStarted(member.index, customer)
  const nowMs = platform.clock.now()
  platform.statistics.count(member.userid, nowMs, 'messages')
  platform.statistics.count(member.userid, nowMs, 'chats')
  platform.statistics.count(member.userid, nowMs, 'replies')
  return { message: sent, delivered: true }
}

function blocked(
  platform: Platform,
  room: Parameters<Platform['chats']['post']>[0],
  message: NewMessage,
  me: string,
  text: string,
): WriteResponse {
  const mine = platform.chats.post(room, { ...message, only: [me] }, [me])
  const notice = { type: 'notice' as const, text }
  platform.chats.post(
    room,
    { atMs: message.atMs, from: null, fromName: '', source: 'notice', body: notice, only: [me] },
    [me],
  )
  return { message: mine, delivered: false }
}

/** One side ends the relation; it stays one-way for the other [92130]. */
export function endRelation(platform: Platform, who: Who, peer: string): void {
  const other = personOf(platform, peer)
  const member = who.kind === 'staff' ? who.member : other.kind === 'staff' ? other.member : undefined
  const customer = who.kind === 'customer' ? who.customer : other.kind === 'customer' ? other.customer : undefined
  if (member === undefined || customer === undefined)
    throw refuse(409, 'not_friends', 'they cannot be friends', '你们不是好友')
  const { row, flags } = pair(platform, member, customer)
  const mine = who.kind === 'staff' ? MEMBER_DELETED : CUSTOMER_DELETED
  if ((flags & (mine | REQUESTED)) !== 0)
    throw refuse(409, 'not_friends', 'there is nothing to delete', '你们已经不是好友')
  platform.world.relations.setFlags(row, flags | mine)
  if (who.kind === 'customer') platform.statistics.count(member.userid, platform.clock.now(), 'negative')
  // Whether there is an event when the other side had ended it before is in no page: one event an act.
  platform.callbacks.announce({
    family: 'external_contact',
    event: {
      kind: who.kind === 'staff' ? 'customer.removed_by_member' : 'customer.removed_by_customer',
      userId: member.userid,
      externalUserId: platform.world.customers.externalUserId(customer),
    },
    staff: member.index,
  })
}
