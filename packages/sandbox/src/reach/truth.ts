import type { BroadcastsOracle } from '../admin/schema.reach.ts'
import type { Platform } from '../platform.ts'
import type { Broadcast } from './broadcasts.ts'
import { appealOf, chancesOf, reactionOf } from './model.ts'
import { countsOf } from './sending.ts'

type Shown = BroadcastsOracle['broadcasts'][number]

/** A mass send with what it truly does to the customers it reached one by one. */
export function truthOf(platform: Platform, broadcast: Broadcast): Shown {
  const counts = { targets: 0, notSent: 0, sent: 0, noFriend: 0, overCap: 0 }
  for (const task of broadcast.tasks.values()) {
    const of = countsOf(task)
    counts.targets += of.targets
    counts.notSent += of.notSent
    counts.sent += of.sent
    counts.noFriend += of.noFriend
    counts.overCap += of.overCap
  }
  const tasks = [...broadcast.tasks.values()]
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
    truth: sumOf(platform, broadcast),
  }
}

function sumOf(platform: Platform, broadcast: Broadcast): Shown['truth'] {
  const { toCustomers } = platform.reach
  const expected = { reads: 0, clicks: 0, buys: 0, deletes: 0 }
  const drawn = { reads: 0, clicks: 0, buys: 0, deletes: 0 }
  let reached = 0
  const appeal = appealOf(platform, broadcast.text)
  for (let number = 0; number < toCustomers.total; number++) {
    const { to, nth, broadcast: of } = toCustomers.row(number)
    if (of !== broadcast.number) continue
    reached++
    if (appeal === undefined) continue
    const chances = chancesOf(platform, to, appeal)
    const { readsMs, clicksMs, buysMs, deletesMs } = reactionOf(platform, to, nth, appeal)
    expected.reads += chances.reads
    expected.clicks += chances.clicks
    expected.buys += chances.buys
    expected.deletes += chances.deletes
    if (readsMs !== undefined) drawn.reads++
    if (clicksMs !== undefined) drawn.clicks++
    if (buysMs !== undefined) drawn.buys++
    if (deletesMs !== undefined) drawn.deletes++
  }
  return { reached, expected, drawn }
}
