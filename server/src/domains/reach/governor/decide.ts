import type { Policy } from './policy.schema.ts'
import {
  type Ask,
  afterQuiet,
  type Frame,
  frameOf,
  halfLifeSeconds,
  type Limit,
  memorySeconds,
  windowSeconds,
} from './policy.ts'
import { type QuotaFacts, type QuotaRule, type QuotaWindow, quotaFreeAt } from './quota.ts'
import { type Felt, packed, type Reason, reasons, secondOf, type Wish } from './touch.ts'

export interface Hit {
  readonly reason: Reason
  /** The second from which this reason alone would not stand in the way; null: it always does. */
  readonly until: number | null
  /** Of a cap: what it allows, and where. */
  readonly limit?: Limit
  /** Of the quota: what it allows. */
  readonly window?: QuotaWindow
}

export interface Decision {
  readonly verdict: 'send' | 'hold' | 'drop'
  /** All that stand in the way, what holds longest first. */
  readonly hits: readonly Hit[]
  /** The first second at which everything would be right, if nothing else reaches him; null: never, or now. */
  readonly until: number | null
  /** Hundredths (M43). */
  readonly fatigue: number
}

/** What counts beside the brand's rules, and what is known of it of one person. */
export interface PersonQuota {
  readonly rule: QuotaRule
  readonly facts: QuotaFacts
}

/**
 * The governor's rule for one person and one marketing message; what serves him is not asked about.
 * What open tasks have taken is among what he felt, by `feltAt`. The same rule stands in
 * decide.store.ts over sets, and a test holds the two equal.
 */
export function decide(
  policy: Policy,
  felt: readonly Felt[],
  wish: Wish,
  ask: Ask,
  zone: string,
  quota: PersonQuota | null = null,
): Decision {
  const frame = frameOf(policy, ask, zone)
  const past = felt.filter(({ second }) => second <= frame.second).sort((a, b) => packed(b) - packed(a))
  const fatigue = fatigueAt(past, frame.second)
  const hits: Hit[] = []
  if (wish === 'none') hits.push({ reason: 'opted_out', until: null })
  if (policy.marketing === 'never') hits.push({ reason: 'no_marketing', until: null })
  for (const limit of frame.limits) {
    if (limit.reason === 'wished_less' && wish !== 'less') continue
    const until = capUntil(limit, past, frame)
    if (until === null || until > frame.second) hits.push({ reason: limit.reason, until, limit })
  }
  if (policy.fatigue !== null && fatigue >= policy.fatigue.most)
    hits.push({ reason: 'fatigue', until: restedAt(past, frame.second, policy.fatigue.most) })
  const gapUntil = (past[0]?.second ?? 0) + policy.gap_minutes * 60
  if (gapUntil > frame.second) hits.push({ reason: 'gap', until: gapUntil })
  const quietUntil = afterQuiet(frame, frame.second)
  if (quietUntil > frame.second) hits.push({ reason: 'quiet', until: quietUntil })
  if (quota !== null) {
    const until = quotaFreeAt(quota.rule, quota.facts, ask.at)
    if (until === null || until > frame.second) hits.push({ reason: 'quota', until, window: quota.rule(ask.at) })
  }
  hits.sort((a, b) => lengthOf(b) - lengthOf(a) || reasons.indexOf(a.reason) - reasons.indexOf(b.reason))
  const [longest] = hits
  if (longest === undefined) return { verdict: 'send', hits, until: null, fatigue }
  if (longest.until === null) return { verdict: 'drop', hits, until: null, fatigue }
  // everything but quiet only gets better with time, so what is free once stays free
  const until = afterQuiet(frame, longest.until)
  const waits = ask.waitUntil !== null && until <= secondOf(ask.waitUntil)
  return { verdict: waits ? 'hold' : 'drop', hits, until, fatigue }
}

function lengthOf({ until }: Hit): number {
  return until ?? Number.POSITIVE_INFINITY
}

/** A cap of N is free again when the N-th latest touch has left its window. */
function capUntil({ channel, per, most }: Limit, past: readonly Felt[], frame: Frame): number | null {
  if (most === 0) return null
  const counted = channel === null ? past : past.filter((one) => one.channel === channel)
  const nth = counted[most - 1]?.second
  if (nth === undefined) return frame.second
  if (per === 'day') return nth >= frame.dayStart ? frame.nextDay : frame.second
  return nth + windowSeconds[per]
}

/** M43: what each marketing touch of 30 days weighs, half of it forgotten every 7 days. */
export function fatigueAt(past: readonly Felt[], second: number): number {
  return tiredness(past, second).at(-1)?.sum ?? 0
}

/** The index of the newest, of the two newest, and so on. */
function tiredness(past: readonly Felt[], second: number): { readonly second: number; readonly sum: number }[] {
  let sum = 0
  return past
    .filter((one) => one.second > second - memorySeconds)
    .map((one) => {
      sum += one.weight * 0.5 ** ((second - one.second) / halfLifeSeconds)
      return { second: one.second, sum }
    })
}

/**
 * When the index falls below this. It does so by forgetting, and at a stroke where a touch leaves the 30 days: the first of
 * the moments at which the older ones have left and the rest has been forgotten far enough.
 */
function restedAt(past: readonly Felt[], second: number, most: number): number {
  const sums = tiredness(past, second)
  const candidates = sums.map(({ sum }, place) => {
    const older = sums[place + 1]
    const forgotten = minuteAfter(second + (halfLifeSeconds * Math.log(sum / most)) / Math.log(2))
    return Math.max(forgotten, older === undefined ? 0 : older.second + memorySeconds)
  })
  const allLeft = (sums[0]?.second ?? 0) + memorySeconds
  return Math.min(allLeft, ...candidates.map((one) => Math.max(one, second)))
}

/** To the full minute, so that memory and database name the same second. */
function minuteAfter(second: number): number {
  return (Math.floor((second + 0.001) / 60) + 1) * 60
}
