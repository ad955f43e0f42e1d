import { refuse } from '../admin/refusal.ts'
import type { JoinResponse } from '../admin/schema.ts'
import type { Announcement } from '../callbacks/announcement.ts'
import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import type { JoinWay } from '../world/codes.ts'
import { customerKey, faceOf, type Group, type GroupMember, memberKey, staffKey } from '../world/groups.ts'
import { customerId } from './chats.ts'
import { greetNewcomer } from './group-welcome.ts'

/** By a QR code, in a join event [92130]. */
const SCANNED = 3

/** Everybody in the group as chat persons. */
export function readersOf(group: Group): string[] {
  return [...group.members.values()].map((m) => ('userid' in m.who ? m.who.userid : customerId(m.who.customer)))
}

/** The customers in the group by their numbers; nobody where there is none. */
export function customersIn(group: Group | undefined): number[] {
  return [...(group?.members.values() ?? [])].flatMap(({ who }) => ('customer' in who ? [who.customer] : []))
}

/** The first group of the code with room; a full last one is continued by a new one if the code says so [92229]. */
export function groupBehind(platform: Platform, way: JoinWay): Group {
  const { groups } = platform.world
  const size = platform.settings.limits.value('group.max_members')
  const open = way.chatIds.map((id) => groups.get(id)).filter((g) => g !== undefined && !g.dismissed)
  const free = open.find((group) => group !== undefined && group.members.size < size)
  if (free !== undefined) return free
  const last = open.at(-1)
  if (last === undefined || !way.autoCreateRoom) {
    throw refuse(409, 'group_full', 'the groups of this code are full or gone', '群聊已满或不存在，无法加入')
  }
  return continueGroup(platform, way, last)
}

function continueGroup(platform: Platform, way: JoinWay, last: Group): Group {
  const { world } = platform
  const owner = last.members.get(staffKey(last.owner))
  const chatId = world.newId('wr', 32)
  const group: Group = {
    chatId,
    createdAt: seconds(platform),
    name: way.roomBaseName === '' ? last.name : `${way.roomBaseName}${way.roomBaseId + way.chatIds.length - 1}`,
    owner: last.owner,
    notice: '',
    members: new Map(owner === undefined ? [] : [[staffKey(last.owner), { ...owner, joinedAt: seconds(platform) }]]),
    admins: [],
    memberVersion: world.newId('', 32),
    dismissed: false,
    welcomeTemplate: last.welcomeTemplate,
  }
  world.groups.add(group)
  way.chatIds.push(chatId)
  announceGroup(platform, group, { kind: 'group.created', chatId })
  return group
}

/** A customer joins a group by a code. */
export function joinByCode(platform: Platform, customer: number, content: string): JoinResponse {
  const read = platform.world.codes.read(content)
  if (read?.kind !== 'join_way')
    throw refuse(404, 'code_unknown', 'there is no group behind this content', '该二维码不是群聊')
  const group = groupBehind(platform, read.way)
  if (group.members.has(customerKey(customer))) return { chatId: group.chatId, name: group.name, alreadyMember: true }
  join(platform, group, customer, read.way.state)
  return { chatId: group.chatId, name: group.name, alreadyMember: false }
}

function join(platform: Platform, group: Group, customer: number, state: string): void {
  const { world, chats, clock } = platform
  const before = group.memberVersion
  const entry = groupMember({ customer }, seconds(platform), 3, undefined, state)
  showLate(platform, group)
  world.groups.join(group, entry, world.newId('', 32))
  const name = world.customers.name(customer)
  const notice = { type: 'notice' as const, text: `"${name}" 通过扫描二维码加入群聊` }
  chats.post(
    chats.group(group.chatId),
    { atMs: clock.now(), from: null, fromName: '', source: 'notice', body: notice },
    readersOf(group),
  )
  announceGroup(platform, group, {
    kind: 'group.updated',
    chatId: group.chatId,
    updateDetail: 'add_member',
    joinScene: SCANNED,
    memberChangeCount: 1,
    memberChanges: [world.customers.externalUserId(customer)],
    lastMemberVersion: before,
    currentMemberVersion: group.memberVersion,
  })
  greetNewcomer(platform, group, memberKey(entry), name)
}

/** A person leaves a group by himself; when the owner leaves, the group is dismissed. */
export function leave(platform: Platform, key: string, chatId: string): void {
  const { world } = platform
  const group = world.groups.get(chatId)
  const gone = group?.members.get(key)
  if (group === undefined || group.dismissed || gone === undefined) {
    throw refuse(404, 'not_in_group', `not a member of ${chatId}`, '不在该群聊中')
  }
  const before = group.memberVersion
  if (key === staffKey(group.owner)) {
    group.dismissed = true
    announceGroup(platform, group, { kind: 'group.dismissed', chatId })
    return
  }
  showLate(platform, group)
  world.groups.leave(group, key, world.newId('', 32))
  announceGroup(platform, group, {
    kind: 'group.updated',
    chatId,
    updateDetail: 'del_member',
    quitScene: 0,
    memberChangeCount: 1,
    memberChanges: [publicId(platform, gone.who)],
    lastMemberVersion: before,
    currentMemberVersion: group.memberVersion,
  })
}

/** A group's member as he comes in. */
export function groupMember(
  who: GroupMember['who'],
  joinedAt: number,
  scene: 1 | 2 | 3,
  invitor?: string,
  state = '',
): GroupMember {
  return { who, joinedAt, scene, invitor, state, nickname: '' }
}

/** Called before a change: the interface goes on showing what was there for `group.info_delay_s`. */
export function showLate({ clock, settings }: Platform, group: Group): void {
  const nowMs = clock.now()
  group.stale = { untilMs: nowMs + settings.limits.value('group.info_delay_s') * 1000, as: faceOf(group, nowMs) }
}

/** Tells the apps whose visible range covers the owner. */
export function announceGroup(platform: Platform, group: Group, event: Announcement['event']): void {
  const owner = platform.world.staff.find(group.owner)
  platform.callbacks.announce({
    family: 'external_chat',
    event,
    ...(owner === undefined ? {} : { staff: owner.index }),
  })
}

/** How a group's member stands in events and answers: userid or external_userid. */
export function publicId({ world }: Platform, who: GroupMember['who']): string {
  return 'userid' in who ? who.userid : world.customers.externalUserId(who.customer)
}
