/**
 * How many calls of one API may run at the same time here. 45033 has no published number, so an answer of 45033 halves
 * what we allow ourselves, and every ten quiet seconds allow one more, up to the profile's number.
 */
export interface Gate {
  open(now: number): boolean
  enter(): void
  leave(): void
  tighten(now: number): void
  setLimit(limit: number): void
  readonly running: number
}

const easeEveryMs = 10_000

export function createGate(initial: number): Gate {
  let limit = initial
  let allowed = initial
  let running = 0
  let easedAt = 0
  return {
    get running() {
      return running
    },
    open(now) {
      const steps = Math.floor((now - easedAt) / easeEveryMs)
      if (allowed < limit && steps > 0) {
        allowed = Math.min(limit, allowed + steps)
        easedAt = now
      }
      return running < Math.min(allowed, limit)
    },
    enter() {
      running += 1
    },
    leave() {
      running -= 1
    },
    tighten(now) {
      // many calls run into the same wall at once; it counts once
      if (allowed < limit && now - easedAt < 1_000) return
      allowed = Math.max(1, Math.floor(Math.min(allowed, limit) / 2))
      easedAt = now
    },
    setLimit(next) {
      if (allowed >= limit) allowed = next
      limit = next
    },
  }
}
