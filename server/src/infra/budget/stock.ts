import type { BudgetKey, LeaseSource, MachineClock } from './leases.ts'
import { type Ask, chunkOf, intervalOf, type Lease, type MinuteCount, minuteOf, type Rule, slackMs } from './rules.ts'

/** A moment at which one call may go out. Times in ms of the process's clock. */
interface Slot {
  readonly from: number
  readonly until: number
  readonly minute: number
}

/** What is known of a key's limits beyond the slots at hand. Times in ms of the process's clock. */
export interface Outlook {
  /** 0 when it is not known any more. */
  readonly usedHour: number
  readonly hourFreeAt: number | undefined
  readonly blockedUntil: number | undefined
  /** Between two slots of this process at present. */
  readonly interval: number
}

/** The slots of one key that this process holds. */
export interface Stock {
  /** Whether a call may go out now; else when it is worth looking again, if that is known. */
  ready(now: number): true | { nextAt: number | undefined }
  take(): void
  /** Sees to it that slots come for those who wait and some to spare; `onChange` tells when they are there. */
  want(waiting: number, spare: number): void
  outlook(now: number): Outlook
  /** The platform refused; nobody calls for so long. */
  block(ms: number): void
  /** Another process was refused: what is held is void, the source knows until when. */
  drop(): void
  setRule(rule: Rule): void
  stop(): void
}

/** An answer that takes longer counts as away; the slots it brings late expire by themselves. */
const patienceMs = 1_000
/** With the source away it is tried again this often. */
const retryMs = 250
/** What is known of the hour's use is not held against anybody after this time: it is asked for anew. */
const staleMs = 4_000
/** Of its share that a process uses on its own account: others may notice the outage later and the return earlier. */
const cautiousShare = 0.9

export function createStock(options: {
  key: BudgetKey
  rule: Rule
  source: LeaseSource
  clock: MachineClock
  sharers: () => number
  onChange: () => void
  onAway: (error: unknown) => void
}): Stock {
  const { key, source, clock, sharers, onChange } = options
  let rule = options.rule
  let slots: Slot[] = []
  let next = 0
  let waiting = 0
  let spare = 0
  let stopped = false
  let asking = false
  let askAgainAt = 0
  let timerAt: number | undefined
  let cancelTimer: (() => void) | undefined
  let unused = new Map<number, number>()
  let spent = new Map<number, number>()
  let blockedUntil = 0
  let usedHour = 0
  let hourFreeAt: number | undefined
  /** Added to the process's clock gives the shared one, as of the last answer. */
  let offset = clock.wall() - clock.now()
  let heardAt = Number.NEGATIVE_INFINITY
  /** Our own line of moments while the source is away. */
  let ownPaceAt: number | undefined
  let lastMoment = 0
  const grants: { at: number; count: number }[] = []

  const left = () => slots.length - next
  const expire = (now: number) => {
    for (let slot = slots[next]; slot !== undefined && slot.until <= now; slot = slots[next]) {
      add(unused, slot.minute, 1)
      next += 1
    }
    if (next > 64) {
      slots = slots.slice(next)
      next = 0
    }
  }
  const clear = () => {
    for (let slot = slots[next]; slot !== undefined; slot = slots[next]) {
      add(unused, slot.minute, 1)
      next += 1
    }
  }
  const receive = (lease: Lease, sentAt: number, now: number) => {
    // the shared clock showed `lease.now` somewhere between sending and now: begin late, end early
    const late = now - lease.now
    const early = sentAt - lease.now
    offset = lease.now - now
    for (let index = 0; index < lease.count; index += 1) {
      const moment = lease.first + index * lease.interval
      slots.push({ from: moment + late, until: moment + early + slackMs, minute: lease.minute })
      lastMoment = moment + late
    }
    heardAt = now
    usedHour = lease.usedHour
    hourFreeAt = lease.hourFreeAt === undefined ? undefined : lease.hourFreeAt + late
    blockedUntil = lease.blockedUntil === undefined ? 0 : lease.blockedUntil + late
    askAgainAt = Math.max(now, lease.askAgainAt + late)
    if (lease.count > 0) grants.push({ at: now, count: lease.count })
    ownPaceAt = undefined
  }
  /** Goes on with this process's share of the rate, on a line of its own. */
  const makeOwn = (now: number) => {
    const interval = (intervalOf(rule) * sharers()) / cautiousShare
    ownPaceAt = Math.max(ownPaceAt ?? lastMoment + interval, now)
    const known = usedHour + sum(spent.values()) * sharers()
    const horizon = now + retryMs + patienceMs
    while (now >= blockedUntil && known < rule.perHour && left() < waiting && ownPaceAt <= horizon) {
      const minute = minuteOf(ownPaceAt + slackMs + offset)
      slots.push({ from: ownPaceAt, until: ownPaceAt + slackMs, minute })
      add(spent, minute, 1)
      ownPaceAt += interval
    }
  }
  const ask = async () => {
    const sentAt = clock.now()
    expire(sentAt)
    const alone = ownPaceAt !== undefined
    // who still holds some takes fewer, so that each process gets its turn
    const want = alone ? 0 : Math.max(0, Math.min(waiting + spare, chunkOf(rule, sharers())) - left())
    const request: Ask = { want, rule, sharers: sharers(), returned: listed(unused), spent: listed(spent) }
    const sentSpent = spent
    // should only the answer be lost, the hour counts too much rather than too little
    unused = new Map()
    spent = new Map()
    try {
      const lease = await within(clock, patienceMs, source.lease(key, request))
      if (alone) clear()
      receive(lease, sentAt, clock.now())
    } catch (error) {
      for (const [minute, count] of sentSpent) add(spent, minute, count)
      if (!alone) options.onAway(error)
      const now = clock.now()
      makeOwn(now)
      askAgainAt = now + retryMs
    }
  }
  const enough = () => {
    const chunk = chunkOf(rule, sharers())
    // more is asked for before all is gone, so that calls need not wait for the answer
    return left() >= Math.min(waiting + Math.ceil(spare / 2), Math.ceil(chunk / 2))
  }
  const refill = () => {
    if (asking || stopped) return
    // while alone it keeps looking for the others, however many slots it has
    if (ownPaceAt === undefined && enough()) return
    const now = clock.now()
    if (now < askAgainAt) {
      if (timerAt === askAgainAt) return
      cancelTimer?.()
      timerAt = askAgainAt
      cancelTimer = clock.setTimer(askAgainAt - now, () => {
        timerAt = undefined
        refill()
      })
      return
    }
    asking = true
    ask().finally(() => {
      asking = false
      onChange()
      refill()
    })
  }

  return {
    ready(now) {
      expire(now)
      const slot = slots[next]
      if (slot === undefined) return { nextAt: undefined }
      return slot.from <= now ? true : { nextAt: slot.from }
    },
    take() {
      next += 1
    },
    want(forWaiting, forSpare) {
      waiting = forWaiting
      spare = forSpare
      if (ownPaceAt !== undefined) makeOwn(clock.now())
      refill()
    },
    outlook(now) {
      while (grants[0] !== undefined && grants[0].at < now - 2_000) grants.shift()
      const first = grants[0]
      const granted = sum(grants.map(({ count }) => count))
      const fair = intervalOf(rule)
      const seen = first !== undefined && now - first.at > 1_000 && granted > 0 ? (now - first.at) / granted : fair
      return {
        usedHour: now - heardAt < staleMs ? usedHour : 0,
        hourFreeAt: hourFreeAt !== undefined && hourFreeAt > now ? hourFreeAt : undefined,
        blockedUntil: blockedUntil > now ? blockedUntil : undefined,
        interval: Math.min(Math.max(seen, fair), fair * sharers()),
      }
    },
    block(ms) {
      clear()
      const now = clock.now()
      blockedUntil = Math.max(blockedUntil, now + ms)
      askAgainAt = Math.max(askAgainAt, blockedUntil)
      source.block(key, ms).catch(options.onAway)
      onChange()
    },
    drop() {
      clear()
      askAgainAt = 0
      onChange()
    },
    setRule(changed) {
      rule = changed
    },
    stop() {
      stopped = true
      cancelTimer?.()
    },
  }
}

function add(counts: Map<number, number>, minute: number, count: number): void {
  counts.set(minute, (counts.get(minute) ?? 0) + count)
}

function sum(counts: Iterable<number>): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

function listed(counts: ReadonlyMap<number, number>): readonly MinuteCount[] {
  return [...counts].map(([minute, count]) => ({ minute, count }))
}

function within<T>(clock: MachineClock, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(ms, () => reject(new Error('the budget did not answer in time')))
    promise.then(resolve, reject).finally(cancel)
  })
}
