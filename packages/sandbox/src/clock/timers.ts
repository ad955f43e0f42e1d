/** A heap of timers by due time; equal times fire in the order they were set. */
export interface Timers {
  add(atMs: number, fire: () => void): () => void
  /** Removes and returns the earliest timer that is due at `ms`. */
  takeDue(ms: number): Timer | undefined
  nextMs(): number | undefined
}

export interface Timer {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
  cancelled: boolean
}

export function timerHeap(): Timers {
  const heap: Timer[] = []
  let order = 0
  let cancelled = 0

  const pop = (): Timer | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    sinkDown(heap, last)
    return first
  }
  const dropCancelled = () => {
    while (heap[0]?.cancelled) {
      pop()
      cancelled--
    }
  }
  return {
    add(atMs, fire) {
      const timer: Timer = { atMs, order: order++, fire, cancelled: false }
      rise(heap, timer)
      return () => {
        if (timer.cancelled) return
        timer.cancelled = true
        cancelled++
        // Most welcome timers are called off: a heap of dead ones would grow with every add.
        if (cancelled > 10_000 && cancelled > heap.length / 2) {
          const alive = heap.filter((t) => !t.cancelled).sort((a, b) => (before(a, b) ? -1 : 1))
          heap.splice(0, heap.length, ...alive)
          cancelled = 0
        }
      }
    },
    takeDue(ms) {
      dropCancelled()
      const first = heap[0]
      if (first === undefined || first.atMs > ms) return undefined
      pop()
      first.cancelled = true
      return first
    },
    nextMs() {
      dropCancelled()
      return heap[0]?.atMs
    },
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

function rise(heap: Timer[], timer: Timer): void {
  let at = heap.length
  heap.push(timer)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || before(parent, timer)) break
    heap[at] = parent
    at = up
  }
  heap[at] = timer
}

function sinkDown(heap: Timer[], timer: Timer): void {
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    let child = heap[down]
    if (child === undefined) break
    const right = heap[down + 1]
    if (right !== undefined && before(right, child)) {
      child = right
      down++
    }
    if (before(timer, child)) break
    heap[at] = child
    at = down
  }
  heap[at] = timer
}
