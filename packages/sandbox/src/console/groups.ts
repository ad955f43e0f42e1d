import { refuse } from '../admin/refusal.ts'
import type { ConsoleAct } from '../admin/schema.console.ts'
import { personOf, type Who } from '../people/directory.ts'
import { announceGroup, groupMember, publicId, showLate } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import { customerKey, type Group, type GroupMember, memberKey, staffKey } from '../world/groups.ts'

type GroupAct = Extract<ConsoleAct, { do: `group.${string}` }>

/** Invited directly, in events and in the list of members [92130, 92122]. */
const INVITED_EVENT = 0
const INVITED = 1
const REMOVED = 1

export function createGroup(platform: Platform, owner: string, name: string, people: readonly string[]): string {
  const { world } = platform
  const member = world.staff.find(owner)
  if (member === undefined) throw refuse(404, 'person_unknown', `there is no member ${owner}`, `没有这个员工：${owner}`)
  const joined = seconds(platform)
  const members = [{ userid: member.userid }, ...people.map((id) => whoOf(personOf(platform, id)))].map((who) =>
    groupMember(who, joined, INVITED, member.userid),
  )
  const group: Group = {
    chatId: world.newId('wr', 32),
    createdAt: joined,
    name,
    owner: member.userid,
    notice: '',
    members: new Map(members.map((one) => [memberKey(one), one])),
    admins: [],
    memberVersion: world.newId('', 32),
    dismissed: false,
    welcomeTemplate: undefined,
  }
  world.groups.add(group)
  announceGroup(platform, group, { kind: 'group.created', chatId: group.chatId })
  return group.chatId
}

/** What owner and administrators do in a group. */
export function actOnGroup(platform: Platform, given: Exclude<GroupAct, { do: 'group.create' }>): void {
  const group = platform.world.groups.get(given.chatId)
  if (group === undefined || group.dismissed)
    throw refuse(404, 'group_unknown', `there is no group ${given.chatId}`, '没有这个群')
  const updated = (updateDetail: string) => {
    announceGroup(platform, group, { kind: 'group.updated', chatId: group.chatId, updateDetail })
  }
  if (given.do !== 'group.dismiss' && given.do !== 'group.set_welcome') showLate(platform, group)
  switch (given.do) {
    case 'group.rename':
      group.name = given.name
      updated('change_name')
      return
    case 'group.notice':
      group.notice = given.notice
      updated('change_notice')
      return
    case 'group.change_owner':
      if (!group.members.has(staffKey(given.owner)))
        throw refuse(409, 'not_in_group', 'the new owner is not in the group', '新群主不在群里')
      group.owner = given.owner
      updated('change_owner')
      return
    case 'group.dismiss':
      group.dismissed = true
      announceGroup(platform, group, { kind: 'group.dismissed', chatId: group.chatId })
      return
    case 'group.set_welcome':
      group.welcomeTemplate = given.templateId ?? undefined
      return
    case 'group.invite': {
      const who = whoOf(personOf(platform, given.person))
      const entry = groupMember(who, seconds(platform), INVITED, given.invitor)
      changeMembers(platform, group, who, { updateDetail: 'add_member', joinScene: INVITED_EVENT }, (version) => {
        platform.world.groups.join(group, entry, version)
      })
      return
    }
    case 'group.remove_member': {
      const who = whoOf(personOf(platform, given.person))
      const key = 'userid' in who ? staffKey(who.userid) : customerKey(who.customer)
      if (!group.members.has(key)) throw refuse(409, 'not_in_group', 'not a member of the group', '不在该群聊中')
      changeMembers(platform, group, who, { updateDetail: 'del_member', quitScene: REMOVED }, (version) => {
        platform.world.groups.leave(group, key, version)
      })
    }
  }
}

type Detail = { updateDetail: 'add_member'; joinScene: number } | { updateDetail: 'del_member'; quitScene: number }

function changeMembers(
  platform: Platform,
  group: Group,
  who: GroupMember['who'],
  detail: Detail,
  change: (version: string) => void,
): void {
  const lastMemberVersion = group.memberVersion
  change(platform.world.newId('', 32))
  announceGroup(platform, group, {
    kind: 'group.updated',
    chatId: group.chatId,
    ...detail,
    memberChangeCount: 1,
    memberChanges: [publicId(platform, who)],
    lastMemberVersion,
    currentMemberVersion: group.memberVersion,
  })
}

const whoOf = (who: Who): GroupMember['who'] =>
  who.kind === 'staff' ? { userid: who.member.userid } : { customer: who.customer }
