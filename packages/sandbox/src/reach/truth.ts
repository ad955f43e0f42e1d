import type { BroadcastsOracle } from '../admin/schema.reach.ts'
import { customersIn } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import type { Broadcast } from './broadcasts.ts'
import { chancesOf, reactionOf } from './model.ts'
import { countsOf } from './sending.ts'

type Shown = BroadcastsOracle['broadcasts'][number]

/** Mass sends with what they truly do to the customers they reached one by one. */
export function truthsOf(platform: Platform, broadcasts: readonly Broadcast[]): Shown[] {
  const truths = sums(platform, broadcasts)
  return broadcasts.map((broadcast) => {
    const tasks = [...broadcast.tasks.values()]
    const counts = { targets: 0, notSent: 0, sent: 0, noFriend: 0, overCap: 0 }
    for (const task of tasks) {
      const of = countsOf(task)
      counts.targets += of.targets
      counts.notSent += of.notSent
      counts.sent += of.sent
      counts.noFriend += of.noFriend
      counts.overCap += of.overCap
    }
    return {
      number: broadcast.number,
      msgid: broadcast.msgid,
      appKey: broadcast.appKey ?? null,
      creator: broadcast.creator ?? null,
      chatType: broadcast.chatType,
      text: broadcast.text,
      madeAtMs: broadcast.madeAtMs,
      cancelled: broadcast.cancelled,
      members: { asked: tasks.length, sent: tasks.filter(({ sentAtMs }) => sentAtMs !== undefined).length },
      counts,
      truth: truths.get(broadcast.number) ?? nothing(),
    }
  })
}

const nothing = (): Shown['truth'] => ({
  reached: 0,
  expected: { reads: 0, clicks: 0, buys: 0, deletes: 0 },
  drawn: { reads: 0, clicks: 0, buys: 0, deletes: 0 },
})

/** By number of the send, in one walk over all that arrived. */
function sums(platform: Platform, broadcasts: readonly Broadcast[]): ReadonlyMap<number, Shown['truth']> {
  const { toCustomers } = platform.reach
  const truths = new Map(broadcasts.map(({ number }) => [number, nothing()]))
  const appeals = new Map(broadcasts.map(({ number, appeal }) => [number, appeal]))
  for (let number = 0; number < toCustomers.total; number++) {
    const { to, nth, broadcast } = toCustomers.row(number)
    const truth = truths.get(broadcast)
    if (truth === undefined) continue
    truth.reached++
    const appeal = appeals.get(broadcast)
    if (appeal === undefined) continue
    const chances = chancesOf(platform, to, appeal)
    const { readsMs, clicksMs, buysMs, deletesMs } = reactionOf(platform, to, nth, appeal)
    truth.expected.reads += chances.reads
    truth.expected.clicks += chances.clicks
    truth.expected.buys += chances.buys
    truth.expected.deletes += chances.deletes
    if (readsMs !== undefined) truth.drawn.reads++
    if (clicksMs !== undefined) truth.drawn.clicks++
    if (buysMs !== undefined) truth.drawn.buys++
    if (deletesMs !== undefined) truth.drawn.deletes++
  }
  return truths
}

/** What reached one group: who, what, when, how many customers are in it, and what may be expected of all of them. */
export function groupRow(platform: Platform, number: number): (number | string)[] {
  const { reach, world } = platform
  const { to, staff, broadcast, atS } = reach.toGroups.row(number)
  const sent = reach.broadcasts.all[broadcast]
  const chatId = reach.groups[to] ?? ''
  const appeal = sent?.appeal
  const customers = customersIn(world.groups.get(chatId))
  const effect =
    appeal === undefined ? 0 : customers.reduce((sum, one) => sum + chancesOf(platform, one, appeal).buys, 0)
  return [number, sent?.msgid ?? '', world.staff.at(staff)?.userid ?? '', chatId, atS * 1000, customers.length, effect]
}
