import type { MessageBody } from '../admin/schema.people.ts'
import { partsOf } from '../handlers/welcome.ts'
import { bodyOf } from '../people/attachments.ts'
import { customerId, type Room } from '../people/chats.ts'
import { readersOf } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { CUSTOMER_DELETED, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import type { StaffMember } from '../world/staff.ts'
import { callOff } from './asking.ts'
import { type Broadcast, NO_FRIEND, NOT_SENT, OVER_CAP, SENT, type Task } from './broadcasts.ts'
import { capAt, isGroupOver, isOver } from './caps.ts'
import { react, reactInGroups } from './reacting.ts'

const NO_FRIENDS = MEMBER_DELETED | CUSTOMER_DELETED | REQUESTED

/** The member confirms: his messages go out at once, and each recipient's result stands for ever. */
export function sendTask(platform: Platform, broadcast: Broadcast, task: Task): void {
  const member = platform.world.staff.at(task.staff)
  if (member === undefined || task.sentAtMs !== undefined || broadcast.cancelled) return
  callOff(task)
  task.sentAtMs = platform.clock.now()
  const bodies = bodiesOf(platform, broadcast)
  if (broadcast.chatType === 'single') toCustomers(platform, broadcast, task, member, bodies)
  else toGroups(platform, broadcast, task, member, bodies)
}

function toCustomers(
  platform: Platform,
  broadcast: Broadcast,
  task: Task,
  member: StaffMember,
  bodies: readonly MessageBody[],
): void {
  const { clock, reach, world, settings } = platform
  const atS = Math.floor(clock.now() / 1000)
  const cap = capAt(settings.limits, atS, broadcast.appKey === undefined)
  const first = reach.toCustomers.total
  task.targets.forEach((customer, at) => {
    if (broadcast.allowSelect && leavesOut(platform, broadcast, customer)) return
    const row = world.relations.find(task.staff, customer)
    if (row === undefined || (world.relations.flags(row) & NO_FRIENDS) !== 0) {
      task.status[at] = NO_FRIEND
    } else if (isOver(platform, customer, task.staff, cap)) {
      task.status[at] = OVER_CAP
    } else {
      task.status[at] = SENT
      const number = reach.toCustomers.add({ to: customer, staff: task.staff, broadcast: broadcast.number, atS })
      tell(platform, broadcast, member, customer, number, bodies)
    }
  })
  react(platform, first, reach.toCustomers.total)
}

function toGroups(
  platform: Platform,
  broadcast: Broadcast,
  task: Task,
  member: StaffMember,
  bodies: readonly MessageBody[],
): void {
  const { clock, chats, reach, world, settings } = platform
  const atS = Math.floor(clock.now() / 1000)
  const cap = capAt(settings.limits, atS, broadcast.appKey === undefined)
  const first = reach.toGroups.total
  task.targets.forEach((position, at) => {
    const chatId = broadcast.chatIds[position] ?? ''
    const group = world.groups.get(chatId)
    // given to another or dismissed since: it is nowhere in the results [93338]
    if (group === undefined || group.dismissed || group.owner !== member.userid) return
    const number = numberOf(platform, chatId)
    if (isGroupOver(platform, number, task.staff, cap)) {
      task.status[at] = OVER_CAP
      return
    }
    task.status[at] = SENT
    reach.toGroups.add({ to: number, staff: task.staff, broadcast: broadcast.number, atS })
    say(platform, broadcast, member, chats.group(chatId), bodies, readersOf(group))
  })
  reactInGroups(platform, first, reach.toGroups.total)
}

/** Where the task lets him, a member leaves some customers out; they stay «not sent». */
function leavesOut({ world, settings }: Platform, { number }: Broadcast, customer: number): boolean {
  return hash(hash(customer, number), world.seed + 92) / 0x1_0000_0000 < settings.value.reach.leavesOut
}

function numberOf({ reach }: Platform, chatId: string): number {
  const known = reach.groups.indexOf(chatId)
  return known >= 0 ? known : reach.groups.push(chatId) - 1
}

/** Text first, then each attachment as a message of its own. */
export function bodiesOf(platform: Platform, { text, attachments }: Broadcast): MessageBody[] {
  const bodies: MessageBody[] = text === '' ? [] : [{ type: 'text', content: text }]
  for (const attachment of attachments) {
    const { kind, fields } = partsOf(attachment)
    bodies.push(bodyOf(platform, kind, fields))
  }
  return bodies
}

/**
 * It came to him, and the oracle hears of it. In his chat it is put when somebody looks (`arriving.ts`): a campaign to
 * hundreds of thousands would fill the memory with chats that nobody opens.
 */
function tell(
  { oracle, clock }: Platform,
  { appKey }: Broadcast,
  member: StaffMember,
  customer: number,
  delivery: number,
  bodies: readonly MessageBody[],
): void {
  bodies.forEach((body, at) => {
    oracle.recordMessage({
      person: customerId(customer),
      message: {
        id: `d${delivery}.${at}`,
        atMs: clock.now(),
        from: member.userid,
        fromName: member.name,
        fromFace: `/faces/${member.userid}.svg`,
        peer: member.userid,
        source: 'broadcast',
        ...(appKey === undefined ? {} : { appKey }),
        body,
      },
    })
  })
}

function say(
  { chats, clock }: Platform,
  { appKey }: Broadcast,
  member: StaffMember,
  room: Room,
  bodies: readonly MessageBody[],
  readers: readonly string[],
): void {
  const head = { atMs: clock.now(), from: member.userid, fromName: member.name, source: 'broadcast' as const }
  for (const body of bodies) {
    chats.post(room, { ...head, ...(appKey === undefined ? {} : { appKey }), body }, readers)
  }
}

/** How many of the task's targets came to what. */
export function countsOf({ targets, status }: Task) {
  const counts = { targets: targets.length, notSent: 0, sent: 0, noFriend: 0, overCap: 0 }
  for (const one of status) {
    if (one === NOT_SENT) counts.notSent++
    else if (one === SENT) counts.sent++
    else if (one === NO_FRIEND) counts.noFriend++
    else counts.overCap++
  }
  return counts
}
