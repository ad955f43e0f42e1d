import { refuse } from '../admin/refusal.ts'
import type { AddResponse, ScanResponse } from '../admin/schema.ts'
import type { Platform } from '../platform.ts'
import { hash, seedOf } from '../random.ts'
import { livingScene } from '../weixin/people.ts'
import type { AcquisitionLink, ReadCode } from '../world/codes.ts'
import { CUSTOMER_DELETED, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'
import { gainedByLink, linkBalance, linkUnavailable } from './acquisition.ts'
import { capRefusal } from './caps.ts'
import { staffProfile } from './directory.ts'
import { groupBehind } from './groups.ts'
import { meet } from './meet.ts'

/** add_way by code and by card [92114]. */
const BY_QR = 1
const BY_CARD = 3
const BY_LINK = 16

/** What a customer sees who scans this; nothing happens yet. */
export function scan(platform: Platform, customer: number, content: string): ScanResponse {
  const read = platform.world.codes.read(content)
  if (read === undefined) {
    const weixin = scanWeixin(platform, customer, content)
    if (weixin !== undefined) return weixin
    if (/^https?:\/\//.test(content)) return { kind: 'url', url: content }
    throw refuse(404, 'code_unknown', 'this is no code of the sandbox and no web address', '无法识别的二维码')
  }
  if (read.kind === 'join_way') {
    const group = groupBehind(platform, read.way)
    return {
      kind: 'join_way',
      configId: read.way.configId,
      group: { chatId: group.chatId, name: group.name, memberCount: group.members.size },
      alreadyMember: group.members.has(`c:${customer}`),
    }
  }
  const target = behind(platform, customer, read)
  const seen = {
    member: staffProfile(platform, target.member),
    skipVerify: target.skipVerify,
    alreadyFriends: areFriends(platform, customer, target.member),
  }
  return read.kind === 'link'
    ? { kind: 'link', linkId: read.link.linkId, linkName: read.link.name, ...seen }
    : { kind: 'contact_way', configId: read.way.configId, ...seen }
}

/** Codes of the Official Account and the mini program. */
function scanWeixin(platform: Platform, customer: number, content: string): ScanResponse | undefined {
  const { accounts, followers, target } = platform.weixin
  const scene = livingScene(platform, content)
  const official = accounts.get(scene?.account ?? '')
  if (official !== undefined) {
    const following = followers.of(customer)?.following === true
    return { kind: 'official', account: official.appKey, name: official.name, following }
  }
  const found = target(content)
  if (found === undefined) return undefined
  return { kind: 'miniprogram', account: found.account.appKey, name: found.account.name, page: found.target.page }
}

/** The customer adds the member behind a code. */
export function addByCode(platform: Platform, customer: number, content: string, half?: boolean): AddResponse {
  const read = platform.world.codes.read(content)
  if (read === undefined || read.kind === 'join_way') {
    throw refuse(404, 'code_unknown', 'there is no member behind this content', '该二维码不是员工的联系我')
  }
  const target = behind(platform, customer, read)
  const response = add(platform, { ...target, customer, half, addWay: read.kind === 'link' ? BY_LINK : BY_QR })
  const entered = response.outcome === 'added' || response.outcome === 'half'
  if (read.kind === 'contact_way' && read.way.isTemp && entered) read.way.used = true
  const row = platform.world.relations.find(target.member.index, customer)
  if (read.kind === 'link' && entered && row !== undefined) gainedByLink(platform, read.link, read.channel, row)
  return response
}

/** The customer adds a member by his card: no state. */
export function addByCard(platform: Platform, customer: number, userid: string, half?: boolean): AddResponse {
  const member = platform.world.staff.find(userid)
  if (member === undefined)
    throw refuse(404, 'person_unknown', `there is no member ${userid}`, `没有这个员工：${userid}`)
  return add(platform, { customer, member, state: '', skipVerify: true, addWay: BY_CARD, half })
}

function add(platform: Platform, meeting: Parameters<typeof meet>[1]): AddResponse {
  const met = meet(platform, meeting)
  const { member, customer, state } = meeting
  return {
    outcome: met.outcome,
    userid: member.userid,
    externalUserId: platform.world.customers.externalUserId(customer),
    peer: member.userid,
    member: staffProfile(platform, member),
    ...(state === '' ? {} : { state }),
    welcomeCodes: [...met.codes].map(([appKey, welcomeCode]) => ({ appKey, welcomeCode })),
    ...(met.reason === undefined ? {} : { reason: met.reason }),
  }
}

interface Target {
  member: StaffMember
  state: string
  skipVerify: boolean
}

/** The member the platform assigns: the same for one visitor and code, so that scan and add agree. */
function behind(platform: Platform, customer: number, read: Exclude<ReadCode, { kind: 'join_way' }>): Target {
  if (read.kind === 'contact_way') {
    const { way } = read
    if (way.isTemp && (way.used || temporaryIsOver(platform, way.createdAt, way.expiresIn))) {
      throw refuse(409, 'code_expired', 'this temporary code was used or is over', '二维码已失效')
    }
    const member = assign(platform, customer, way.configId, membersOf(platform, way.users, way.parties))
    return { member, state: way.state, skipVerify: way.skipVerify }
  }
  const { link, channel } = read
  if (linkBalance(platform) === 0) {
    throw refuse(409, 'link_exhausted', 'the quota of acquisition links is used up', '获客链接的使用量已耗尽')
  }
  const members = membersOf(platform, link.users, link.departments)
  if (members.every((member) => capRefusal(platform, member) !== undefined)) linkUnavailable(platform, link)
  const known = link.priority === undefined ? undefined : friendAmong(platform, customer, preferred(link.priority))
  const member = known ?? assign(platform, customer, link.linkId, members)
  return { member, state: channel, skipVerify: link.skipVerify }
}

function preferred({ type, users }: NonNullable<AcquisitionLink['priority']>): (member: StaffMember) => boolean {
  return (member) => type === 1 || users.includes(member.userid)
}

function temporaryIsOver(platform: Platform, createdAt: number, expiresIn: number | undefined): boolean {
  const ttlS = expiresIn ?? platform.settings.limits.value('contact_way.temp_ttl_default_s')
  return platform.clock.now() >= (createdAt + ttlS) * 1000
}

interface Expanded {
  readonly stamp: string
  readonly departments: readonly number[]
  readonly members: readonly StaffMember[]
}

/** A code is scanned thousands of times between two changes of its members. */
const expanded = new WeakMap<readonly string[], Expanded>()

/** Users and everybody below the departments, each once. */
export function membersOf(
  { world }: Platform,
  users: readonly string[],
  departments: readonly number[],
): readonly StaffMember[] {
  const stamp = `${world.staff.version}:${world.departments.count}`
  const known = expanded.get(users)
  if (known?.stamp === stamp && known.departments === departments) return known.members
  const found = new Map<number, StaffMember>()
  for (const userid of users) {
    const member = world.staff.find(userid)
    if (member !== undefined) found.set(member.index, member)
  }
  for (const id of departments.flatMap((department) => world.departments.subtree(department))) {
    for (const member of world.staff.inDepartment(id)) found.set(member.index, member)
  }
  const members = [...found.values()]
  expanded.set(users, { stamp, departments, members })
  return members
}

/** A friend stays with his member; else one of those who can still take people, spread evenly. */
function assign(platform: Platform, customer: number, code: string, members: readonly StaffMember[]): StaffMember {
  const known = friendAmong(platform, customer, (member) => members.includes(member))
  if (known !== undefined) return known
  const start = hash(customer, seedOf(code)) % Math.max(1, members.length)
  let chosen: StaffMember | undefined
  for (let step = 0; step < members.length; step++) {
    const member = members[(start + step) % members.length]
    if (member === undefined) break
    chosen ??= member
    if (capRefusal(platform, member) === undefined) return member
  }
  // Everybody is full or cannot be added: the customer meets one of them and is told so.
  if (chosen === undefined)
    throw refuse(409, 'code_empty', 'nobody is behind this code any more', '该二维码暂无可添加的成员')
  return chosen
}

function friendAmong(
  platform: Platform,
  customer: number,
  wanted: (member: StaffMember) => boolean,
): StaffMember | undefined {
  const { relations, staff } = platform.world
  for (const row of relations.ofCustomer(customer)) {
    const member = staff.at(relations.staffOf(row))
    if (member === undefined || !areFriends(platform, customer, member)) continue
    if (wanted(member)) return member
  }
  return undefined
}

function areFriends({ world }: Platform, customer: number, member: StaffMember): boolean {
  const row = world.relations.find(member.index, customer)
  return row !== undefined && (world.relations.flags(row) & (MEMBER_DELETED | CUSTOMER_DELETED | REQUESTED)) === 0
}
