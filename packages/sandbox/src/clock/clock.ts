import { timerHeap } from './timers.ts'

/**
 * The world's time in milliseconds since 1970. It follows the machine's at `rate`, stands still when paused, and can be
 * moved on; every life-time and window of the sandbox is measured with it.
 */
export interface SandboxClock {
  now(): number
  readonly rate: number
  readonly paused: boolean
  setRate(rate: number): void
  setPaused(paused: boolean): void
  /** Moves time on; due timers fire in order, each seeing its own time. */
  advance(ms: number): void
  /** Moves time on to `ms`; a time in the past throws a RangeError. */
  set(ms: number): void
  /** Calls `fire` once the clock has reached `atMs`. Returns how to call it off. */
  setTimer(atMs: number, fire: () => void): () => void
  /** Told after every change of rate, pause or time (not on ticking). */
  onChange(listener: () => void): () => void
  /** Stops waking up the machine; timers fire no more. */
  close(): void
}

export interface ClockOptions {
  startMs?: number
  rate?: number
  paused?: boolean
  /** The machine's own time; milliseconds, never going back. */
  machineMs?: () => number
}

/** Node's timers hold at most 2^31-1 ms. */
const LONGEST_SLEEP = 0x7fff_ffff

export function createClock(options: ClockOptions = {}): SandboxClock {
  const machineMs = options.machineMs ?? monotonicNow
  const timers = timerHeap()
  const listeners = new Set<() => void>()
  let rate = options.rate ?? 1
  let paused = options.paused ?? false
  let baseMs = options.startMs ?? machineMs()
  let baseMachine = machineMs()
  let firing = false
  let closed = false
  let sleep: NodeJS.Timeout | undefined

  const now = () => (paused || firing ? baseMs : baseMs + (machineMs() - baseMachine) * rate)
  const rebase = (ms: number, machine = machineMs()) => {
    baseMs = ms
    baseMachine = machine
  }
  const fireUntil = (ms: number) => {
    if (firing) return
    firing = true
    try {
      for (let due = timers.takeDue(ms); due !== undefined; due = timers.takeDue(ms)) {
        baseMs = Math.max(baseMs, due.atMs)
        due.fire()
      }
    } finally {
      firing = false
    }
  }
  const schedule = () => {
    clearTimeout(sleep)
    sleep = undefined
    const nextMs = timers.nextMs()
    if (closed || paused || firing || nextMs === undefined) return
    const wait = Math.min(Math.max(0, Math.ceil((nextMs - now()) / rate)), LONGEST_SLEEP)
    sleep = setTimeout(wake, wait)
    sleep.unref()
  }
  const wake = () => {
    // what the firing takes is part of the time that passes, else a busy world's clock runs slow
    const machine = machineMs()
    const target = baseMs + (machine - baseMachine) * rate
    fireUntil(target)
    rebase(target, machine)
    schedule()
  }
  const changed = () => {
    schedule()
    for (const listener of listeners) listener()
  }
  const moveTo = (ms: number) => {
    const machine = machineMs()
    fireUntil(ms)
    rebase(ms, machine)
    changed()
  }

  return {
    now: () => Math.floor(now()),
    get rate() {
      return rate
    },
    get paused() {
      return paused
    },
    setRate(next) {
      if (!(next > 0)) throw new RangeError('the rate of the clock must be above 0; pause it to stop time')
      rebase(now())
      rate = next
      changed()
    },
    setPaused(next) {
      rebase(now())
      paused = next
      changed()
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError('time does not go back: advance takes 0 or more milliseconds')
      moveTo(now() + ms)
    },
    set(ms) {
      if (ms < now()) throw new RangeError('time does not go back: set takes a time from now on')
      moveTo(ms)
    },
    setTimer(atMs, fire) {
      const cancel = timers.add(atMs, fire)
      schedule()
      return cancel
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closed = true
      clearTimeout(sleep)
    },
  }
}

/** Machine time that starts at the wall clock's and never jumps. */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now()
}
