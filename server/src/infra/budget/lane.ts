import { BudgetExhaustedError, type Priority } from '@nuanyu/wecom'
import { createGate } from './gate.ts'
import type { MachineClock } from './leases.ts'
import { type Waiter, waiterQueue } from './queue.ts'
import { hourShare, type Rule } from './rules.ts'
import type { Outlook, Stock } from './stock.ts'

interface Caller extends Waiter {
  grant(): void
  refuse(availableAt: number): void
}

/** The calls of one corp to one API in this process: who waits, and when the next one may go out. */
export interface Lane {
  acquire(call: { priority: Priority; deadline?: number | undefined }): Promise<() => void>
  /** Slots came, or something else changed: look again. */
  pump(): void
  tighten(): void
  setLimits(rule: Rule, atOnce: number): void
  readonly waiting: number
  readonly running: number
  stop(): void
}

/** Who named no deadline is told to come back rather than kept longer than this. */
const patienceMs = 120_000
/** Those who can no longer be served in time are told so this soon. */
const reviewMs = 250
/** While the hour's last part is kept for others, the hour is looked at this often. */
const lookAgainMs = 5_000
const minuteMs = 60_000
/** What is asked for ahead of the calls, as a share of a second's calls; none below this many a second. */
const spareShare = 0.1
const spareFrom = 20

export function createLane(options: {
  corpid: string
  path: string
  rule: Rule
  atOnce: number
  /** The corp's slots, and the source address's where several corps share it. */
  stocks: () => readonly Stock[]
  clock: MachineClock
}): Lane {
  const { clock, stocks } = options
  let rule = options.rule
  const queue = waiterQueue<Caller>()
  const gate = createGate(options.atOnce)
  let wakeAt = Number.POSITIVE_INFINITY
  let cancelWake: (() => void) | undefined
  let reviewing = false
  let reviewedAt = 0
  const arrivals = rate()

  /** When who stands behind so many others can go out, as far as is known. */
  const expected = (outlooks: readonly Outlook[], ahead: number, priority: Priority, now: number): number =>
    Math.max(
      ...outlooks.map(({ usedHour, hourFreeAt, blockedUntil, interval }) => {
        const roomLeft = ahead < rule.perHour * hourShare[priority] - usedHour
        return Math.max(now, blockedUntil ?? now, hourFreeAt ?? (roomLeft ? now : now + minuteMs)) + ahead * interval
      }),
    )
  const outlooks = (now: number) => stocks().map((stock) => stock.outlook(now))
  const toWall = (at: number, now: number) => clock.wall() + Math.min(at - now, 3_600_000)
  const wake = (at: number) => {
    if (at >= wakeAt) return
    cancelWake?.()
    wakeAt = at
    cancelWake = clock.setTimer(Math.max(0, at - clock.now()), () => {
      wakeAt = Number.POSITIVE_INFINITY
      pump()
    })
  }
  /** Refuses those who can no longer be served in time, the last first in line included. */
  const review = (now: number) => {
    if (now - reviewedAt < reviewMs) return
    reviewedAt = now
    const known = outlooks(now)
    let ahead = 0
    const late: [Caller, number][] = []
    for (const caller of queue.inOrder()) {
      const at = expected(known, ahead, caller.priority, now)
      if (at > caller.deadline) late.push([caller, at])
      else ahead += 1
    }
    for (const [caller, at] of late) {
      queue.remove(caller)
      caller.refuse(toWall(at, now))
    }
  }
  const pump = (): void => {
    const now = clock.now()
    const known = outlooks(now)
    let kept = false
    for (let head = queue.peek(); head !== undefined && gate.open(now); head = queue.peek()) {
      if (head.deadline <= now) {
        queue.remove(head)
        head.refuse(toWall(expected(known, queue.size, head.priority, now), now))
        continue
      }
      kept = keptForOthers(known, head.priority, now)
      if (kept) break
      const states = stocks().map((stock) => stock.ready(now))
      const waits = states.filter((state) => state !== true)
      if (waits.length > 0) {
        const nextAt = Math.max(...waits.map((state) => state.nextAt ?? 0))
        if (nextAt > now) wake(nextAt)
        break
      }
      for (const stock of stocks()) stock.take()
      queue.take(now)?.grant()
    }
    const spare = arrivals.perSecond(now) >= spareFrom ? Math.ceil(arrivals.perSecond(now) * spareShare) : 0
    for (const stock of stocks()) stock.want(kept ? 0 : queue.size, kept ? 0 : spare)
    if (queue.size > 0) scheduleReview()
  }
  const keptForOthers = (known: readonly Outlook[], priority: Priority, now: number): boolean => {
    const kept = known.some(({ usedHour }) => usedHour >= rule.perHour * hourShare[priority])
    if (kept) wake(now + lookAgainMs)
    return kept
  }
  const scheduleReview = () => {
    if (reviewing) return
    reviewing = true
    clock.setTimer(reviewMs, () => {
      reviewing = false
      review(clock.now())
      pump()
    })
  }
  return {
    acquire({ priority, deadline }) {
      const now = clock.now()
      arrivals.add(now)
      return new Promise((resolve, reject) => {
        const caller: Caller = {
          priority,
          deadline: deadline === undefined ? now + patienceMs : now + (deadline - clock.wall()),
          since: now,
          grant() {
            gate.enter()
            resolve(
              once(() => {
                gate.leave()
                pump()
              }),
            )
          },
          refuse: (availableAt) => reject(new BudgetExhaustedError(options.corpid, options.path, availableAt)),
        }
        const at = expected(outlooks(now), queue.ahead(caller), priority, now)
        if (at > caller.deadline) {
          caller.refuse(toWall(at, now))
          return
        }
        queue.add(caller)
        pump()
      })
    },
    pump,
    tighten: () => gate.tighten(clock.now()),
    setLimits(changed, atOnce) {
      rule = changed
      gate.setLimit(atOnce)
    },
    get waiting() {
      return queue.size
    },
    get running() {
      return gate.running
    },
    stop() {
      cancelWake?.()
      const now = clock.now()
      for (const caller of [...queue.inOrder()]) {
        queue.remove(caller)
        caller.refuse(toWall(now + lookAgainMs, now))
      }
    },
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}

/** Calls a second over the last moments: halves every half second without any. */
function rate(): { add(now: number): void; perSecond(now: number): number } {
  const halfLifeMs = 500
  let weight = 0
  let at = 0
  const decayed = (now: number) => weight * 0.5 ** ((now - at) / halfLifeMs)
  return {
    add(now) {
      weight = decayed(now) + 1
      at = now
    },
    perSecond: (now) => (decayed(now) * Math.LN2 * 1_000) / halfLifeMs,
  }
}
