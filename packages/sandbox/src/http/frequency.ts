import type { SandboxClock } from '../clock/clock.ts'
import { type Fail, fail } from '../fail.ts'
import type { SettingsStore } from '../settings.ts'

/** Frequency limits per corp and per source IP on each single interface [90312]; a breach blocks for a window's length. */
export interface Frequency {
  /** Counts a call; 45009 when a limit is passed or its block still lasts. */
  count(corpId: string, ip: string, path: string): Fail | undefined
  /** A limit of an interface's own: at most `limit` in the last `windowS`. */
  countOwn(key: string, limit: number, windowS: number): Fail | undefined
}

const SLICES = 60

/**
 * A sliding window: any 60 s (or 60 min), not those of the clock's face, since where the platform's begin is not published
 * and this is the strict reading.
 */
interface Window {
  readonly counts: Uint32Array
  slice: number
  sum: number
}

interface Counter {
  readonly minute: Window
  readonly hour: Window
  blockedUntilMs: number
}

export function createFrequency(clock: SandboxClock, settings: SettingsStore): Frequency {
  const counters = new Map<string, Counter>()
  const own = new Map<string, { window: Window; blockedUntilMs: number }>()

  function check(key: string, perMinute: number, perHour: number): Fail | undefined {
    const nowMs = clock.now()
    let counter = counters.get(key)
    if (counter === undefined) {
      counter = { minute: newWindow(), hour: newWindow(), blockedUntilMs: 0 }
      counters.set(key, counter)
    }
    if (nowMs < counter.blockedUntilMs) return refused(key)
    const { value } = settings.limits
    if (add(counter.hour, Math.floor(nowMs / 60_000)) > perHour) {
      counter.blockedUntilMs = nowMs + value('api.block_hour_s') * 1000
      return refused(key)
    }
    if (add(counter.minute, Math.floor(nowMs / 1000)) > perMinute) {
      counter.blockedUntilMs = nowMs + value('api.block_minute_s') * 1000
      return refused(key)
    }
    return undefined
  }
  return {
    count(corpId, ip, path) {
      if (!settings.value.limits.frequency) return undefined
      const { value } = settings.limits
      const corp = check(`${corpId} ${path}`, value('api.corp_per_minute'), value('api.corp_per_hour'))
      return corp ?? check(`${ip} ${path}`, value('api.ip_per_minute'), value('api.ip_per_hour'))
    },
    countOwn(key, limit, windowS) {
      if (!settings.value.limits.frequency) return undefined
      const nowMs = clock.now()
      let counter = own.get(key)
      if (counter === undefined) {
        counter = { window: newWindow(), blockedUntilMs: 0 }
        own.set(key, counter)
      }
      if (nowMs < counter.blockedUntilMs) return refused(key)
      if (add(counter.window, Math.floor(nowMs / ((windowS * 1000) / SLICES))) <= limit) return undefined
      counter.blockedUntilMs = nowMs + windowS * 1000
      return refused(key)
    },
  }
}

const refused = (key: string) => fail(45009, `api freq out of limit (${key})`)

function newWindow(): Window {
  return { counts: new Uint32Array(SLICES), slice: 0, sum: 0 }
}

/** Counts one in this slice of time and returns the sum of the last sixty. */
function add(window: Window, slice: number): number {
  if (slice > window.slice) {
    if (slice - window.slice >= SLICES) {
      window.counts.fill(0)
      window.sum = 0
    } else {
      for (let old = window.slice + 1; old <= slice; old++) {
        window.sum -= window.counts[old % SLICES] ?? 0
        window.counts[old % SLICES] = 0
      }
    }
    window.slice = slice
  }
  const at = window.slice % SLICES
  window.counts[at] = (window.counts[at] ?? 0) + 1
  return ++window.sum
}
