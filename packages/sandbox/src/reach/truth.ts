import type { Appeal, BroadcastsOracle, DeliveriesOracle, MomentsOracle, Truth } from '../admin/schema.reach.ts'
import { customersIn } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import type { Broadcast } from './broadcasts.ts'
import type { Deliveries, DeliveryRow } from './deliveries.ts'
import { type Chances, chancesOf, momentChancesOf, momentReactionOf, type Reaction, reactionOf } from './model.ts'
import type { Moment } from './moments.ts'
import { countsOf } from './sending.ts'

type Shown = BroadcastsOracle['broadcasts'][number]

/** Mass sends with what they truly do to the customers they reached one by one. */
export function truthsOf(platform: Platform, broadcasts: readonly Broadcast[]): Shown[] {
  const truths = sums(platform.reach.toCustomers, broadcasts, ofMessages(platform))
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

/** Moments with what they truly do to those to whose eyes they came. */
export function momentTruthsOf(platform: Platform, moments: readonly Moment[]): MomentsOracle['moments'] {
  const { views } = platform.reach.moments
  const truths = sums(views, moments, ofMoments(platform))
  return moments.map((moment) => {
    const tasks = [...moment.tasks.values()]
    const { number, momentId, text, madeAtMs, cancelled } = moment
    return {
      ...{
        number,
        momentId,
        appKey: moment.appKey ?? null,
        creator: moment.creator ?? null,
        text,
        madeAtMs,
        cancelled,
      },
      members: {
        asked: tasks.length,
        published: tasks.filter(({ publishedAtMs }) => publishedAtMs !== undefined).length,
      },
      truth: truths.get(number) ?? nothing(),
    }
  })
}

const nothing = (): Truth => ({
  reached: 0,
  expected: { reads: 0, clicks: 0, buys: 0, deletes: 0 },
  drawn: { reads: 0, clicks: 0, buys: 0, deletes: 0 },
})

interface Model {
  chances(customer: number, appeal: Appeal): Chances
  reaction(row: DeliveryRow, appeal: Appeal): Reaction
}

const ofMessages = (platform: Platform): Model => ({
  chances: (customer, appeal) => chancesOf(platform, customer, appeal),
  reaction: ({ to, nth }, appeal) => reactionOf(platform, to, nth, appeal),
})
const ofMoments = (platform: Platform): Model => ({
  chances: (customer, appeal) => momentChancesOf(platform, customer, appeal),
  reaction: ({ to, nth }, appeal) => momentReactionOf(platform, to, nth, appeal),
})

/** By number of the send or Moment, in one walk over all that arrived. */
function sums(
  log: Deliveries,
  sent: readonly { readonly number: number; readonly appeal: Appeal | undefined }[],
  { chances, reaction }: Model,
): ReadonlyMap<number, Truth> {
  const truths = new Map(sent.map(({ number }) => [number, nothing()]))
  const appeals = new Map(sent.map(({ number, appeal }) => [number, appeal]))
  for (let number = 0; number < log.total; number++) {
    const row = log.row(number)
    const truth = truths.get(row.broadcast)
    if (truth === undefined) continue
    truth.reached++
    const appeal = appeals.get(row.broadcast)
    if (appeal === undefined) continue
    const expected = chances(row.to, appeal)
    const { readsMs, clicksMs, buysMs, deletesMs } = reaction(row, appeal)
    truth.expected.reads += expected.reads
    truth.expected.clicks += expected.clicks
    truth.expected.buys += expected.buys
    truth.expected.deletes += expected.deletes
    if (readsMs !== undefined) truth.drawn.reads++
    if (clicksMs !== undefined) truth.drawn.clicks++
    if (buysMs !== undefined) truth.drawn.buys++
    if (deletesMs !== undefined) truth.drawn.deletes++
  }
  return truths
}

/** What reached one customer, when, and what he does about it; times in sandbox ms, -1 for never. */
export function deliveryRow(platform: Platform, number: number): DeliveriesOracle['rows'][number] {
  const { toCustomers, broadcasts } = platform.reach
  const row = toCustomers.row(number)
  const sent = broadcasts.all[row.broadcast]
  return reactionRow(platform, number, row, sent?.msgid ?? '', sent?.appeal, ofMessages(platform))
}

/** The same of a Moment that came to a customer's eyes. */
export function viewRow(platform: Platform, number: number): DeliveriesOracle['rows'][number] {
  const { views, all } = platform.reach.moments
  const row = views.row(number)
  const moment = all[row.broadcast]
  return reactionRow(platform, number, row, moment?.momentId ?? '', moment?.appeal, ofMoments(platform))
}

function reactionRow(
  { world }: Platform,
  number: number,
  row: DeliveryRow,
  id: string,
  appeal: Appeal | undefined,
  { chances, reaction }: Model,
): DeliveriesOracle['rows'][number] {
  const did = appeal === undefined ? undefined : reaction(row, appeal)
  const at = (afterMs: number | undefined) => (afterMs === undefined ? -1 : row.atS * 1000 + afterMs)
  return [
    number,
    id,
    world.staff.at(row.staff)?.userid ?? '',
    world.customers.externalUserId(row.to),
    row.atS * 1000,
    at(did?.readsMs),
    at(did?.clicksMs),
    at(did?.buysMs),
    at(did?.deletesMs),
    appeal === undefined ? 0 : chances(row.to, appeal).buys,
  ]
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
