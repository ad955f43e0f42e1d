import type { Chat, Message } from '../admin/schema.people.ts'
import type { Platform } from '../platform.ts'
import { customerId, type Room } from './chats.ts'
import { keyOf } from './chatting.ts'
import { contactsOf, personOf, profile, statusOf, type Who } from './directory.ts'

const MOST_CHATS = 200
/** Relations without a word yet that are shown as empty chats, so that a list is never bare. */
const SILENT_CONTACTS = 30

/** The person's list of chats, newest first. */
export function chatsOf(platform: Platform, who: Who): Chat[] {
  const me = keyOf(who)
  const chats = new Map<string, Chat>()
  for (const room of platform.chats.roomsOf(me)) {
    const chat = shown(platform, who, room)
    if (chat !== undefined) chats.set(chat.peer, chat)
  }
  const { groups } = platform.world
  for (const group of who.kind === 'staff' ? groups.ofStaff(who.member.userid) : groups.ofCustomer(who.customer)) {
    if (!chats.has(group.chatId))
      chats.set(group.chatId, { ...groupChat(platform, group.chatId), lastAtMs: group.createdAt * 1000, unread: 0 })
  }
  for (const { person, status, sinceMs } of contactsOf(platform, who, 0, SILENT_CONTACTS).contacts) {
    if (chats.has(person.id)) continue
    const corp = person.corpName === undefined ? {} : { corpName: person.corpName }
    const { id: peer, name, face } = person
    chats.set(peer, { peer, kind: 'single', name, face, ...corp, status, lastAtMs: sinceMs, unread: 0 })
  }
  return [...chats.values()].sort((a, b) => b.lastAtMs - a.lastAtMs).slice(0, MOST_CHATS)
}

/** A stretch of one chat, as this person sees it. */
export function messagesOf(
  platform: Platform,
  who: Who,
  peer: string,
  before: number,
  limit: number,
): { messages: Message[]; next: number | null } {
  const me = keyOf(who)
  const room = platform.chats.roomsOf(me).find((one) => platform.chats.peerOf(one, me) === peerKey(platform, peer))
  return room === undefined ? { messages: [], next: null } : platform.chats.view(room, me, before, limit)
}

/** An external_userid names the same chat as `c12`. */
function peerKey(platform: Platform, peer: string): string {
  const customer = platform.world.customers.indexOf(peer)
  return customer === undefined ? peer : customerId(customer)
}

function shown(platform: Platform, who: Who, room: Room): Chat | undefined {
  const me = keyOf(who)
  const peer = platform.chats.peerOf(room, me)
  const last = platform.chats.view(room, me, Number.MAX_SAFE_INTEGER, 1).messages[0]
  const common = {
    ...(last === undefined ? {} : { last }),
    lastAtMs: last?.atMs ?? 0,
    unread: room.unread.get(me) ?? 0,
  }
  if (room.kind === 'group') return { ...groupChat(platform, peer), ...common }
  if (room.kind === 'app') {
    const key = peer.slice('app:'.length)
    const app = platform.apps.get(key) ?? platform.weixin.accounts.get(key)
    return { peer, kind: 'app', name: app?.name ?? peer, face: `/faces/${peer}.svg`, ...common }
  }
  const other = personOf(platform, peer)
  const { name, face, corpName } = profile(platform, other)
  const status = relationStatus(platform, who, other)
  return {
    peer,
    kind: 'single',
    name,
    face,
    ...(corpName === undefined ? {} : { corpName }),
    ...(status === undefined ? {} : { status }),
    ...common,
  }
}

function relationStatus({ world }: Platform, who: Who, other: Who): Chat['status'] {
  const staff = who.kind === 'staff' ? who.member : other.kind === 'staff' ? other.member : undefined
  const customer = who.kind === 'customer' ? who.customer : other.kind === 'customer' ? other.customer : undefined
  if (staff === undefined || customer === undefined) return undefined
  const row = world.relations.find(staff.index, customer)
  return row === undefined ? undefined : statusOf(world.relations.flags(row))
}

function groupChat({ world }: Platform, chatId: string): Pick<Chat, 'peer' | 'kind' | 'name' | 'face' | 'memberCount'> {
  const group = world.groups.get(chatId)
  return {
    peer: chatId,
    kind: 'group',
    name: group?.name ?? chatId,
    face: `/faces/${chatId}.svg`,
    memberCount: group?.members.size ?? 0,
  }
}
