import { type Estimate, scaled, wilson } from '../report/statistics.ts'

/** How a member did with what he was asked to confirm. */
export interface Asked {
  readonly asked: number
  readonly confirmed: number
}

/** What past campaigns say; all of the corp and the same span of time. */
export interface Past {
  readonly runs: number
  readonly members: ReadonlyMap<string, Asked>
  /** After how many whole hours tasks were confirmed, with the customers in them. */
  readonly ages: readonly { readonly hours: number; readonly persons: number }[]
  /** The platform's words. */
  readonly sent: number
  readonly noFriend: number
  /** Of all to whom something was delivered. */
  readonly delivered: number
  readonly deleted: number
  readonly converted: number
}

/** What one member would be asked to send, and how many of these the platform would not let through any more. */
export interface Share {
  readonly sender: string
  readonly persons: number
  readonly spent: number
}

export interface Forecast {
  /** assumption: nothing was ever sent, and these are the house's guesses. */
  readonly basis: 'history' | 'assumption'
  readonly runs: number
  readonly confirmed: Estimate
  readonly delivered: Estimate
  /** null: no campaign has been reported on yet. */
  readonly deletes: Estimate | null
  readonly converted: Estimate | null
  /** How many customers' tasks are confirmed after so many hours. */
  readonly curve: readonly { readonly hours: number; readonly persons: number }[]
}

/** The hours at which the curve is told. */
const moments = [1, 2, 4, 8, 12, 24, 48, 72, 168]

/**
 * Without any history: two of three members confirm, most of them within hours, and one of fifty customers is no friend any more.
 * Nobody measured this; it is told as what it is, and the first campaign takes its place.
 */
const assumed = {
  confirms: 2 / 3,
  noFriend: 0.02,
  hours: { 1: 0.35, 2: 0.5, 4: 0.65, 8: 0.8, 12: 0.9, 24: 1 },
} as const
const z95 = 1.959_963_984_540_054

/** What would come of a plan, by what came of those before it. */
export function forecastOf(shares: readonly Share[], past: Past, expiresHours: number): Forecast {
  const known = [...past.members.values()].some(({ asked }) => asked > 0)
  const confirms = rates(past, known)
  const friends = known ? 1 - portion(past.noFriend, past.sent + past.noFriend) : 1 - assumed.noFriend
  const confirmed = summed(shares.map((one) => ({ weight: one.persons, ...confirms(one.sender) })))
  const delivered = summed(
    shares.map(({ sender, persons, spent }) => ({ weight: (persons - spent) * friends, ...confirms(sender) })),
  )
  const of = (hits: number) =>
    past.delivered === 0
      ? null
      : times(wilson({ hits: Math.min(hits, past.delivered), persons: past.delivered }), delivered)
  return {
    ...{ basis: known ? 'history' : 'assumption', runs: past.runs, confirmed, delivered },
    ...{ deletes: of(past.deleted), converted: of(past.converted) },
    curve: curveOf(past, known, expiresHours).map(({ hours, share }) => ({
      hours,
      persons: Math.round(share * confirmed.value),
    })),
  }
}

/**
 * How likely a member confirms: his own record, drawn towards everybody's by as much as one task weighs (the mean of a beta
 * distribution), for members differ much more from each other than from themselves.
 */
function rates({ members }: Past, known: boolean) {
  const all = [...members.values()].reduce(
    (sum, one) => ({ asked: sum.asked + one.asked, confirmed: sum.confirmed + one.confirmed }),
    { asked: 0, confirmed: 0 },
  )
  const mean = known ? (all.confirmed + 1) / (all.asked + 2) : assumed.confirms
  return (sender: string) => {
    const { asked, confirmed } = members.get(sender) ?? { asked: 0, confirmed: 0 }
    return { rate: (confirmed + mean) / (asked + 1) }
  }
}

/** Each member confirms all of his or nothing: so the spread is that of few large draws. */
function summed(draws: readonly { readonly weight: number; readonly rate: number }[]): Estimate {
  const whole = draws.reduce((sum, one) => sum + one.weight, 0)
  const value = draws.reduce((sum, { weight, rate }) => sum + weight * rate, 0)
  const spread = z95 * Math.sqrt(draws.reduce((sum, { weight, rate }) => sum + weight ** 2 * rate * (1 - rate), 0))
  return { value, low: Math.max(0, value - spread), high: Math.min(whole, value + spread) }
}

/** A share of what is itself estimated: the widest that both allow. */
function times(share: Estimate, of: Estimate): Estimate {
  return { value: scaled(share, of.value).value, low: share.low * of.low, high: share.high * of.high }
}

/** Which part of what is ever confirmed was so after so many hours; what comes after the tasks' end does not. */
function curveOf({ ages }: Past, known: boolean, expiresHours: number) {
  const shown = [...moments.filter((hours) => hours < expiresHours), expiresHours]
  const within = ages.filter(({ hours }) => hours < expiresHours)
  const all = within.reduce((sum, one) => sum + one.persons, 0)
  const upTo = (hours: number) => within.reduce((sum, one) => sum + (one.hours < hours ? one.persons : 0), 0)
  const guessed = (hours: number) =>
    Object.entries(assumed.hours).reduce((share, [at, one]) => (Number(at) <= hours ? one : share), 0)
  return shown.map((hours) => ({ hours, share: known && all > 0 ? upTo(hours) / all : guessed(hours) }))
}

function portion(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
