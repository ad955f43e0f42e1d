import type { Call } from '../http/call.ts'
import type { Platform } from '../platform.ts'
import { NOTE_VARIANTS, notesOf, noteVariant, seededNotes } from '../world/notes.ts'
import { HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import { capAt, isOver } from './caps.ts'
import { lastChatted } from './last-chat.ts'

const NO_RELATION = MEMBER_DELETED | REQUESTED | HALF

/** Which customers each member is to send to, by his number, and who cannot be sent to. */
export interface Plan {
  readonly of: ReadonlyMap<number, readonly number[]>
  readonly failed: readonly string[]
}

/** Tags by list: one of each list is asked for. */
export type TagLists = readonly (readonly string[])[]

/**
 * Hands customers out to members: one who has several goes to the member who last chatted with him, and to nobody else
 * [92135].
 *
 * @param chosen customers' numbers, or what was asked for and is no customer
 * @param sender the one member who is to send
 */
export function handOut(call: Call, chosen: Iterable<number | string>, sender: number | undefined): Plan {
  const { platform, app } = call
  const { world, visibility, settings } = platform
  const { relations, customers, staff } = world
  const { lastChatRule, overCap } = settings.value.reach
  const nowS = Math.floor(platform.clock.now() / 1000)
  const cap = capAt(settings.limits, nowS, false)
  const of = new Map<number, number[]>()
  const failed: string[] = []
  const seen = new Set<number>()

  function senderFor(customer: number): number | undefined {
    const rows = relations.ofCustomer(customer).filter((row) => (relations.flags(row) & NO_RELATION) === 0)
    const own = sender === undefined ? undefined : rows.find((row) => relations.staffOf(row) === sender)
    if (sender !== undefined && own === undefined) return undefined
    const row = own !== undefined && lastChatRule === 'withoutSender' ? own : lastChatted(platform, rows)
    if (row === undefined) return undefined
    const index = relations.staffOf(row)
    const member = staff.at(index)
    if (sender !== undefined) return index === sender ? sender : undefined
    const asked = member !== undefined && staff.find(member.userid) === member && visibility.staff(app.appKey, index)
    return asked && settings.member(member.userid).followUser ? index : undefined
  }

  for (const one of chosen) {
    if (typeof one === 'string') {
      failed.push(one)
      continue
    }
    if (seen.has(one)) continue
    seen.add(one)
    const member = senderFor(one)
    const full = member !== undefined && overCap === 'failList' && isOver(platform, one, member, cap)
    if (member === undefined || full) {
      failed.push(customers.externalUserId(one))
      continue
    }
    const list = of.get(member)
    if (list === undefined) of.set(member, [one])
    else list.push(one)
  }
  return { of, failed }
}

/** Every customer of these members on whose card one tag of each list stands; all of theirs without lists. */
export function* customersOf(
  { world }: Platform,
  members: Iterable<number>,
  lists: TagLists,
): Generator<number, void, undefined> {
  const { relations } = world
  const fits = (tags: ReadonlySet<string>) => lists.every((list) => list.some((tag) => tags.has(tag)))
  // nearly all cards are as they were seeded: a few dozen different ones
  const seeded = Array.from({ length: NOTE_VARIANTS }, (_, variant) => fits(seededNotes(world, variant).tags))
  for (const member of members) {
    for (let at = 0; at < relations.staffRows(member); at++) {
      const row = relations.staffRow(member, at)
      if ((relations.flags(row) & NO_RELATION) !== 0) continue
      const variant = noteVariant(world, row)
      const carries = variant < 0 ? fits(notesOf(world, row).tags) : seeded[variant]
      if (carries === true) yield relations.customerOf(row)
    }
  }
}
