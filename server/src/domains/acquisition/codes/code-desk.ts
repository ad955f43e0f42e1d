import { nextMidnight } from '../../../infra/zone.ts'
import { type Able, type Candidate, type Refusal, refusalOf, type StaffFacts } from '../channels/assignment.ts'
import { nextDutyChange, onDuty, type Rota } from '../channels/rota.ts'

/** Who stands behind a code at one moment: the rota, the limits, the spare staff, the fallback, in this order. */

export interface DeskChannel {
  readonly status: string
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  readonly fallback: 'members' | 'closed'
  readonly dailyLimit: number | null
  readonly rota: Rota
  readonly members: readonly Candidate[]
  readonly spares: readonly Candidate[]
  /** Adds by this code today, with those shown on the landing page but not added yet. */
  readonly takenToday: number
}

/** Which step of the order gave the answer. `none`: nobody may take, and `closed` says why. */
export type Tier = 'duty' | 'spare' | 'fallback' | 'none'
export type Closed = 'stopped' | 'not_yet' | 'over' | 'code_limit' | 'nobody'

export interface Desk {
  readonly tier: Tier
  readonly closed: Closed | undefined
  readonly able: readonly Able[]
  readonly refused: readonly { readonly userid: string; readonly reason: Refusal }[]
  /** The desk is the same until then, as far as time alone decides. Undefined: for ever. */
  readonly nextLook: Date | undefined
}

/**
 * @param maxUsers how many members a contact way or link may have at the platform
 */
export function deskAt(
  channel: DeskChannel,
  facts: ReadonlyMap<string, StaffFacts>,
  at: Date,
  zone: string,
  maxUsers = Number.POSITIVE_INFINITY,
): Desk {
  const refused = new Map<string, Refusal>()
  const able = (candidates: readonly Candidate[], dutiful?: ReadonlySet<string>): Able[] => {
    const found: Able[] = []
    for (const candidate of candidates) {
      const known = facts.get(candidate.userid)
      const reason = refusalOf(candidate, known) ?? (dutiful && !dutiful.has(candidate.key) ? 'off_duty' : undefined)
      if (reason !== undefined) refused.set(candidate.userid, reason)
      else if (known !== undefined) found.push({ candidate, facts: known })
    }
    return found
  }
  const closed = closedBy(channel, at)
  const keys = [...new Set(channel.members.map((m) => m.key))]
  const duty = onDuty(channel.rota, keys, at, zone)
  const steps: readonly (readonly [Tier, () => Able[]])[] = [
    ['duty', () => (closed === undefined ? able(channel.members, duty.members) : [])],
    // a code that is over or full still leads somewhere when it was given spare staff
    ['spare', () => (closed === undefined || closed === 'code_limit' ? able(channel.spares) : [])],
    ['fallback', () => (closed === undefined && channel.fallback === 'members' ? able(channel.members) : [])],
  ]
  const nextLook = earliest(
    [
      nextDutyChange(channel.rota, keys, at, zone),
      channel.validFrom,
      channel.validUntil,
      hasDayLimit(channel) ? nextMidnight(at, zone) : undefined,
    ].filter((moment) => moment !== null && moment !== undefined && moment > at),
  )
  for (const [tier, find] of steps) {
    const found = find()
    if (found.length === 0) continue
    for (const over of found.slice(maxUsers)) refused.set(over.candidate.userid, 'over_max')
    for (const { candidate } of found) if (tier !== 'duty') refused.delete(candidate.userid)
    return { tier, closed: undefined, able: found.slice(0, maxUsers), refused: listed(refused), nextLook }
  }
  return { tier: 'none', closed: closed ?? 'nobody', able: [], refused: listed(refused), nextLook }
}

function closedBy(channel: DeskChannel, at: Date): Closed | undefined {
  if (channel.status !== 'active') return 'stopped'
  if (channel.validFrom !== null && at < channel.validFrom) return 'not_yet'
  if (channel.validUntil !== null && at >= channel.validUntil) return 'over'
  if (channel.dailyLimit !== null && channel.takenToday >= channel.dailyLimit) return 'code_limit'
  return undefined
}

function hasDayLimit(channel: DeskChannel): boolean {
  return channel.dailyLimit !== null || [...channel.members, ...channel.spares].some((m) => m.dailyLimit !== null)
}

function earliest(moments: readonly (Date | null | undefined)[]): Date | undefined {
  let first: Date | undefined
  for (const moment of moments) {
    if (moment && (first === undefined || moment < first)) first = moment
  }
  return first
}

function listed(refused: ReadonlyMap<string, Refusal>): Desk['refused'] {
  return [...refused].map(([userid, reason]) => ({ userid, reason }))
}

/** The member ids of a desk as the platform is told them, always in one order. */
export function usersOf(desk: Desk): readonly string[] {
  return desk.able.map(({ candidate }) => candidate.userid).sort()
}
