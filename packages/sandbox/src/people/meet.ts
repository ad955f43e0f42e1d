import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import { hash } from '../random.ts'
import { CUSTOMER_DELETED, HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'
import { type CapRefusal, capRefusal } from './caps.ts'
import { customerId } from './chats.ts'

/** How a customer comes to a member. */
export interface Meeting {
  customer: number
  member: StaffMember
  state: string
  /** The platform's number for the way [92114]. */
  addWay: number
  skipVerify: boolean
  /** Half adds of 免验证: forced, forbidden, or by the setting. */
  half?: boolean | undefined
  /** Acquisition link it came by. */
  linkId?: string
}

export interface Met {
  outcome: 'added' | 'half' | 'requested' | 'already_friends' | 'refused'
  /** One per subscribed app. */
  codes: ReadonlyMap<string, string>
  reason?: CapRefusal
  /** Number of the add in the oracle's log. */
  add?: number
}

const NO_CODES: ReadonlyMap<string, string> = new Map()

/** A customer adds a member, with everything that follows: relation, callbacks, welcome codes. */
export function meet(platform: Platform, meeting: Meeting): Met {
  const { relations, customers } = platform.world
  const { customer, member } = meeting
  const row = relations.find(member.index, customer)
  const flags = row === undefined ? undefined : relations.flags(row)
  // An existing friend's scan makes no event [92130].
  if (flags !== undefined && (flags & (MEMBER_DELETED | CUSTOMER_DELETED | REQUESTED)) === 0) {
    return { outcome: 'already_friends', codes: NO_CODES }
  }
  const reason = capRefusal(platform, member)
  if (reason !== undefined) return { outcome: 'refused', codes: NO_CODES, reason }
  platform.statistics.count(member.userid, platform.clock.now(), 'applied')
  // A member who still has the customer in his list need not confirm him again.
  const known = flags === CUSTOMER_DELETED
  if (!meeting.skipVerify && !known) {
    enter(platform, meeting, REQUESTED)
    return { outcome: 'requested', codes: NO_CODES }
  }
  const half = !known && !customers.isWecom(customer) && (meeting.half ?? drawHalf(platform, customer))
  const { codes, add } = become(platform, meeting, half)
  return { outcome: half ? 'half' : 'added', codes, add }
}

function drawHalf({ settings, world }: Platform, customer: number): boolean {
  return hash(customer, world.seed + 80) / 0x1_0000_0000 < settings.value.adds.halfShare
}

function enter(platform: Platform, meeting: Meeting, flags: number): number {
  const { relations } = platform.world
  const before = relations.find(meeting.member.index, meeting.customer)
  const wiped = before !== undefined && (relations.flags(before) & MEMBER_DELETED) !== 0
  const row = relations.upsert({
    staff: meeting.member.index,
    customer: meeting.customer,
    createdAt: seconds(platform),
    addWay: meeting.addWay,
    state: meeting.state,
    flags,
  })
  if (wiped) {
    relations.setNotes(row, { remark: '', description: '', remarkCompany: '', remarkMobiles: [], tags: new Set() })
  }
  return row
}

/** The relation is there, whole or half: tell the apps, hand out welcome codes, greet as the console was told to. */
function become(
  platform: Platform,
  meeting: Meeting,
  half: boolean,
): { codes: ReadonlyMap<string, string>; add: number } {
  const { world, callbacks, clock, settings, statistics } = platform
  const { customer, member, state } = meeting
  enter(platform, meeting, half ? HALF : 0)
  statistics.count(member.userid, clock.now(), 'added')
  greetAsFriends(platform, member, customer)

  const { codes, add } = giveCodes(platform, member, customer, half)
  callbacks.announce({
    family: 'external_contact',
    event: {
      kind: half ? 'customer.half_added' : 'customer.added',
      userId: member.userid,
      externalUserId: world.customers.externalUserId(customer),
      ...(state === '' ? {} : { state }),
    },
    staff: member.index,
    codes,
    add,
  })
  const { consoleWelcome } = settings.member(member.userid)
  if (consoleWelcome !== null) welcomeByConsole(platform, member, customer, consoleWelcome)
  const { acceptAfterMs } = settings.value.adds
  if (half && acceptAfterMs !== null) {
    clock.setTimer(clock.now() + acceptAfterMs, () => accept(platform, member, customer))
  }
  return { codes, add }
}

/** One welcome code for each app that is told; none for another corp's people, nor when the console welcomes [92130]. */
export function giveCodes(
  platform: Platform,
  member: StaffMember,
  customer: number,
  half = false,
): { codes: ReadonlyMap<string, string>; add: number } {
  const { world, callbacks, welcomes, oracle, clock, settings } = platform
  const apps = callbacks.audience({ family: 'external_contact', staff: member.index })
  const coded = !world.customers.isWecom(customer) && settings.member(member.userid).consoleWelcome === null
  const add = oracle.adds.open({
    staff: member.index,
    customer,
    scannedMs: clock.now(),
    codes: coded ? apps.length : 0,
    half,
    expiresMs: clock.now() + settings.limits.value('welcome_code.ttl_s') * 1000,
  })
  const codes = new Map<string, string>()
  if (coded && apps.length > 0) {
    const welcomable = welcomes.open({ add, staff: member.index, customer })
    for (const app of apps) codes.set(app.appKey, welcomes.issue(welcomable, app.appKey))
  }
  return { codes, add }
}

/** The member confirms a half add or a request. False when there was nothing to confirm. */
export function accept(platform: Platform, member: StaffMember, customer: number): boolean {
  const { relations, customers } = platform.world
  const row = relations.find(member.index, customer)
  const flags = row === undefined ? 0 : relations.flags(row)
  if (row === undefined || (flags & (HALF | REQUESTED)) === 0) return false
  if ((flags & REQUESTED) !== 0) {
    become(
      platform,
      { customer, member, state: relations.state(row), addWay: relations.addWay(row), skipVerify: true },
      false,
    )
    return true
  }
  relations.setFlags(row, flags & ~HALF)
  // The code went out with the half add; the full one carries none [92130].
  const state = relations.state(row)
  platform.callbacks.announce({
    family: 'external_contact',
    event: {
      kind: 'customer.added',
      userId: member.userid,
      externalUserId: customers.externalUserId(customer),
      ...(state === '' ? {} : { state }),
    },
    staff: member.index,
  })
  return true
}

function greetAsFriends(platform: Platform, member: StaffMember, customer: number): void {
  const { chats, clock, world } = platform
  const id = customerId(customer)
  const room = chats.single(id, member.userid)
  const notice = (text: string, only: string) =>
    chats.post(
      room,
      { atMs: clock.now(), from: null, fromName: '', source: 'notice', body: { type: 'notice', text }, only: [only] },
      [only],
    )
  notice(`你已添加了${member.name}，现在可以开始聊天了。`, id)
  notice(`${world.customers.name(customer)} 刚刚添加了你为联系人，现在可以开始聊天了。`, member.userid)
}

function welcomeByConsole(platform: Platform, member: StaffMember, customer: number, content: string): void {
  const { chats, clock } = platform
  const id = customerId(customer)
  const message = { atMs: clock.now(), from: member.userid, fromName: member.name, source: 'console_welcome' as const }
  chats.post(chats.single(id, member.userid), { ...message, body: { type: 'text', content } }, [id])
}
