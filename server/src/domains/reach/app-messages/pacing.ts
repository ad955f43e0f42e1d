/** How many messages one member may be sent through the app. */
export interface Pace {
  readonly perMinute: number
  readonly perHour: number
}

/**
 * How many of what the platform takes are used: beyond its number it drops without a word (90236), and another of the
 * brand's systems may speak through the same app.
 */
const share = 0.85
/** So many in a minute come one by one; more would only be noise. */
const singlesPerMinute = 5
const minuteMs = 60_000
const hourMs = 3_600_000

export type Move =
  /** Each of what waits goes by itself. */
  | { readonly kind: 'each' }
  /** So many cards go by themselves, and all lines together in at most so many messages. */
  | { readonly kind: 'digest'; readonly most: number; readonly cards: number }
  | { readonly kind: 'wait'; readonly until: Date }

/** What waits for a member. */
export interface Waiting {
  /** What can be told as lines of one message. */
  readonly lines: number
  /** What is nothing without its buttons, and goes as a card of its own. */
  readonly cards: number
  /** Whether the oldest of all is such a card: it has its turn before newer lines. */
  readonly cardFirst: boolean
}

export function paceOf(perMinute: number, perHour: number): Pace {
  return {
    perMinute: Math.max(1, Math.min(singlesPerMinute, Math.floor(perMinute * share))),
    perHour: Math.max(1, Math.floor(perHour * share)),
  }
}

/**
 * What to do for a member for whom something waits. `sent` are the moments of what he was sent within the last hour. However
 * messages come, no window of 60 seconds has more than `perMinute` and no window of an hour more than `perHour`.
 */
export function nextMove({ lines, cards, cardFirst }: Waiting, sent: readonly Date[], now: Date, pace: Pace): Move {
  const latest = sent.map((at) => at.getTime()).sort((a, b) => b - a)
  const free = (windowMs: number, most: number) => {
    const inside = latest.filter((at) => at > now.getTime() - windowMs)
    const holding = inside[most - 1]
    return { room: most - inside.length, at: holding === undefined ? 0 : holding + windowMs }
  }
  const [minute, hour] = [free(minuteMs, pace.perMinute), free(hourMs, pace.perHour)]
  const room = Math.min(minute.room, hour.room)
  if (room <= 0) return { kind: 'wait', until: offTheHour(new Date(Math.max(minute.at, hour.at))) }
  if (lines + cards <= room) return { kind: 'each' }
  const own = Math.min(cards, Math.max(room - (lines > 0 ? 1 : 0), cardFirst ? 1 : 0))
  return { kind: 'digest', most: room - own, cards: own }
}

/** Full and half hours are when everybody sends: what can wait waits a minute longer (realities 28). */
function offTheHour(at: Date): Date {
  return at.getUTCMinutes() % 30 === 0 ? new Date(at.getTime() + minuteMs) : at
}
