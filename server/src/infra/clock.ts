/**
 * Business time: deadlines of campaigns, quiet hours, stages, windows. With the sandbox it follows the sandbox's clock,
 * so that a month of a brand's life runs in a minute. Machine time (leases, time-outs, pools) is the machine's own.
 */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** How a sandbox's clock relates to the machine's: at `machineMs` it showed `businessMs` and has run at `rate` since. */
export interface ClockReading {
  readonly machineMs: number
  readonly businessMs: number
  /** Business seconds a machine second; 0: paused. */
  readonly rate: number
}

export interface FollowingClock extends Clock {
  follow(reading: ClockReading): void
  /** Told after every new reading: time may have jumped, or runs at another rate. Answers how to stop. */
  onChange(listener: () => void): () => void
}

/** A clock that goes on from a reading, and takes a new one when the sandbox's clock is changed. */
export function followingClock(machineNow: () => number = Date.now): FollowingClock {
  let reading: ClockReading = { machineMs: machineNow(), businessMs: machineNow(), rate: 1 }
  const listeners = new Set<() => void>()
  return {
    now: () => new Date(reading.businessMs + (machineNow() - reading.machineMs) * reading.rate),
    follow(next) {
      reading = next
      for (const listener of listeners) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A clock for tests: stands until it is moved. */
export function manualClock(start: Date | string): Clock & { set(at: Date | string): void; advance(ms: number): void } {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    set(to) {
      at = new Date(to).getTime()
    },
    advance(ms) {
      at += ms
    },
  }
}
