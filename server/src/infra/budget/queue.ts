import type { Priority } from '@nuanyu/wecom'

/** Someone who waits for a slot. Times in ms of the process's clock. */
export interface Waiter {
  readonly priority: Priority
  /** Infinity: none. */
  readonly deadline: number
  readonly since: number
}

/** Who goes first. */
const order: readonly Priority[] = ['urgent', 'interactive', 'normal', 'bulk']
/** One slot in this many goes to who has waited longest, so that a flood of urgent calls does not shut out the rest. */
const mercyEvery = 20
const mercyAfterMs = 2_000

/** Waiting calls of one API: by priority, then earliest deadline, then first come. */
export interface WaiterQueue<W extends Waiter> {
  readonly size: number
  add(waiter: W): void
  /** How many go before this one. */
  ahead(waiter: Waiter): number
  peek(): W | undefined
  /** The next to be served, removed. */
  take(now: number): W | undefined
  remove(waiter: W): boolean
  /** All, in the order in which they are served. */
  inOrder(): Iterable<W>
}

export function waiterQueue<W extends Waiter>(): WaiterQueue<W> {
  const lanes = order.map((): W[] => [])
  const laneOf = (priority: Priority): W[] => lanes[order.indexOf(priority)] ?? []
  let size = 0
  let served = 0

  const removeFrom = (lane: W[], waiter: W): boolean => {
    const at = lane.indexOf(waiter, firstNotBefore(lane, waiter.deadline))
    if (at < 0) return false
    lane.splice(at, 1)
    size -= 1
    return true
  }
  const longestWaiting = (now: number): W | undefined => {
    let longest: W | undefined
    for (const lane of lanes)
      for (const one of lane) if (longest === undefined || one.since < longest.since) longest = one
    return longest !== undefined && now - longest.since >= mercyAfterMs ? longest : undefined
  }
  const peek = () => lanes.find((lane) => lane.length > 0)?.[0]

  return {
    get size() {
      return size
    },
    add(waiter) {
      const lane = laneOf(waiter.priority)
      lane.splice(firstAfter(lane, waiter.deadline), 0, waiter)
      size += 1
    },
    ahead({ priority, deadline }) {
      const level = order.indexOf(priority)
      const before = lanes.slice(0, level).reduce((sum, lane) => sum + lane.length, 0)
      return before + firstAfter(laneOf(priority), deadline)
    },
    peek,
    take(now) {
      served += 1
      const next = (served % mercyEvery === 0 ? longestWaiting(now) : undefined) ?? peek()
      if (next !== undefined) removeFrom(laneOf(next.priority), next)
      return next
    },
    remove: (waiter) => removeFrom(laneOf(waiter.priority), waiter),
    *inOrder() {
      for (const lane of lanes) yield* lane
    },
  }
}

/** Where the first element stands for which `beyond` holds; the lane is sorted by deadline. */
function search(lane: readonly Waiter[], beyond: (deadline: number) => boolean): number {
  let low = 0
  let high = lane.length
  while (low < high) {
    const middle = (low + high) >> 1
    const waiter = lane[middle]
    if (waiter !== undefined && !beyond(waiter.deadline)) low = middle + 1
    else high = middle
  }
  return low
}

const firstAfter = (lane: readonly Waiter[], deadline: number) => search(lane, (other) => other > deadline)
const firstNotBefore = (lane: readonly Waiter[], deadline: number) => search(lane, (other) => other >= deadline)
