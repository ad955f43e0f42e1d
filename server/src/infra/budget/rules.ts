import { findEndpointByPath, type LimitProfile, type Priority } from '@nuanyu/wecom'

/**
 * How calls are spread over the platform's limits. The platform says "10,000 a minute and 150,000 an hour per corp and
 * API" [90312] and does not say how it counts: from the first call, by the clock's minute, or sliding. So what goes out
 * must fit every window of 60 s and every window of 60 min, wherever it begins.
 *
 * The minute is kept by pace: each call has a slot on one line of moments, `interval` apart, that all processes share. A
 * slot may be used up to `slackMs` after its moment. The calls of any 60 s so have moments within 60 s + slack, of which
 * there are at most (60 s + slack) / interval = the limit. The price is slack / 60 s = 1 % of the limit.
 * The hour is kept by counting each minute's slots.
 */
export const slackMs = 600
/** Moments up to this long ago are still given out: what came in at once need not wait its turn. Less than the slack. */
const burstMs = 300
/** Moments up to this far ahead are given out, so that a process asks a few times a second only. */
const aheadMs = 250

const minuteMs = 60_000
/** The minute of a call that is just an hour ago is the 60th before this one. */
const minutesOfHour = 60

/** What we may use of one limit: the platform's number less what is left to other vendors' apps, who share it unseen. */
export interface Rule {
  readonly perMinute: number
  readonly perHour: number
}

const welcomePath = '/cgi-bin/externalcontact/send_welcome_msg'

/** The welcome lane may use 97 %, everything else 85 % (the rest is other vendors'). */
export function usableShare(path: string): number {
  return path === welcomePath ? 0.97 : 0.85
}

/** The corp's rule for an API; an API with a number of its own has the smaller one. */
export function corpRule(path: string, limits: LimitProfile): Rule {
  const share = usableShare(path)
  const own = (unit: string) =>
    (findEndpointByPath(path)?.endpoint.limits ?? [])
      .map((name) => limits.entry(name))
      .filter((entry) => entry.unit === unit)
      .map((entry) => Number(entry.value))
  return {
    perMinute: portion(Math.min(limits.value('api.corp_per_minute'), ...own('count/min')), share),
    perHour: portion(Math.min(limits.value('api.corp_per_hour'), ...own('count/h')), share),
  }
}

/** The rule of everything that leaves from one address, whichever corp it is for. */
export function sourceRule(path: string, limits: LimitProfile): Rule {
  const share = usableShare(path)
  return {
    perMinute: portion(limits.value('api.ip_per_minute'), share),
    perHour: portion(limits.value('api.ip_per_hour'), share),
  }
}

/** How many calls of one API may run at the same time; 45033 has no published number. */
export function concurrencyRule(path: string, limits: LimitProfile, sharers: number): number {
  const listing = findEndpointByPath(path)?.endpoint.listing === true
  const all = limits.value(listing ? 'api.concurrent_listing' : 'api.concurrent_calls')
  return Math.max(1, Math.floor((all * usableShare(path)) / Math.max(1, sharers)))
}

const portion = (limit: number, share: number) => Math.max(1, Math.floor(limit * share))

/** An hour that a sync has used up must still have room for people and welcomes. */
export const hourShare: Readonly<Record<Priority, number>> = { urgent: 1, interactive: 1, normal: 0.95, bulk: 0.85 }

export function intervalOf(rule: Rule): number {
  return (minuteMs + slackMs) / rule.perMinute
}

/** How many slots a process takes at a time, so that each gets its turn. */
export function chunkOf(rule: Rule, sharers: number): number {
  return Math.max(1, Math.floor(aheadMs / intervalOf(rule) / Math.max(1, sharers)))
}

/** A key's shared state. All times are ms of the one clock that the processes share: the database's. */
export interface Pace {
  /** The first moment that is not given out yet. */
  readonly paceAt: number
  readonly blockedUntil: number | undefined
}

/** Slots by the minute they count in. */
export interface MinuteCount {
  readonly minute: number
  readonly count: number
}

export interface Ask {
  readonly want: number
  readonly rule: Rule
  readonly sharers: number
  /** Slots that were not used in time; they free room in the hour. */
  readonly returned: readonly MinuteCount[]
  /** Calls that were made without asking while the database was away. */
  readonly spent: readonly MinuteCount[]
}

export interface Lease {
  /** The shared clock when this was decided. */
  readonly now: number
  /** Slots at `first`, `first + interval`, … */
  readonly first: number
  readonly interval: number
  readonly count: number
  /** The minute in which all of them count. */
  readonly minute: number
  readonly usedHour: number
  /** When it is worth asking again for what was not given. */
  readonly askAgainAt: number
  /** When the hour has room for one more; undefined while it has. */
  readonly hourFreeAt: number | undefined
  readonly blockedUntil: number | undefined
}

/** What one process is given, and how the shared state is afterwards. `counts` holds what is known of the last hour. */
export function takeLease(
  pace: Pace,
  counts: readonly MinuteCount[],
  ask: Ask,
  now: number,
): { lease: Lease; pace: Pace } {
  const interval = intervalOf(ask.rule)
  const usedHour = usedInHour(counts, now)
  const hourRoom = ask.rule.perHour - usedHour
  // others paced themselves meanwhile too: after an outage nobody may claim the moments that passed
  const burst = ask.spent.length > 0 ? 0 : burstMs
  const first = Math.max(pace.paceAt, now - burst)
  const room = first > now + aheadMs ? 0 : Math.floor((now + aheadMs - first) / interval) + 1
  const wanted = Math.min(ask.want, chunkOf(ask.rule, ask.sharers))
  const blockedUntil = pace.blockedUntil !== undefined && pace.blockedUntil > now ? pace.blockedUntil : undefined
  const count = blockedUntil === undefined ? Math.max(0, Math.min(wanted, room, hourRoom)) : 0
  const hourFreeAt = hourRoom > count ? undefined : freeAt(counts, ask.rule.perHour, now)
  const roomAt = first + count * interval - aheadMs + interval * Math.ceil(wanted / 2)
  const lease: Lease = {
    now,
    first,
    interval,
    count,
    minute: minuteOf(first + Math.max(0, count - 1) * interval + slackMs),
    usedHour: usedHour + count,
    askAgainAt: Math.max(roomAt, blockedUntil ?? 0, hourFreeAt ?? 0),
    hourFreeAt,
    blockedUntil,
  }
  return { lease, pace: { paceAt: count === 0 ? pace.paceAt : first + count * interval, blockedUntil } }
}

/** A slot counts in the minute in which it is used at the latest, so no window of an hour misses it. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}

/** The first minute that still counts at `now`. */
export function oldestMinute(now: number): number {
  return minuteOf(now) - minutesOfHour * minuteMs
}

export function usedInHour(counts: readonly MinuteCount[], now: number): number {
  const oldest = oldestMinute(now)
  return counts.reduce((sum, { minute, count }) => (minute >= oldest ? sum + count : sum), 0)
}

/** When enough of the hour has passed for one more. */
export function freeAt(counts: readonly MinuteCount[], perHour: number, now: number): number {
  let used = usedInHour(counts, now)
  const oldest = oldestMinute(now)
  for (const { minute, count } of [...counts].sort((a, b) => a.minute - b.minute)) {
    if (minute < oldest) continue
    used -= count
    if (used < perHour) return minute + (minutesOfHour + 1) * minuteMs
  }
  return now
}
