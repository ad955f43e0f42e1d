import type { Database } from '../../../infra/db/database.ts'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { inMemory, personFacts } from '../../audiences/index.ts'
import { type Decision, decide } from './decide.ts'
import { policiesAt, type StandingPolicy } from './policies.store.ts'
import { type Ask, memorySeconds, openPolicy, windowSeconds } from './policy.ts'
import { reservedOf } from './reservations.store.ts'
import { type Felt, feltAt, secondOf } from './touch.ts'
import { feltBetween } from './touches.store.ts'
import { type Standing, standingAt } from './wishes.store.ts'

interface PersonDecision {
  /** Under which he falls; undefined: none speaks of him. */
  readonly policy: StandingPolicy | undefined
  readonly standing: Standing
  readonly decision: Decision
  readonly state: 'rested' | 'tired' | 'exhausted'
  /** Marketing touches of the business day and the last 7 and 30 times 24 hours. */
  readonly counted: { readonly day: number; readonly week: number; readonly month: number }
  /** Touches that open tasks have taken: they count as felt, and are not in `counted`. */
  readonly reserved: number
}

/**
 * What the governor says, or said, of one person: by the policies, wishes and touches of that moment. Which tier and audience
 * he is in is known of today alone. What does not wait for each other is asked at the same time.
 */
export async function decideFor(on: Database, corpId: number, customerId: number, ask: Ask): Promise<PersonDecision> {
  const [standing, policies] = await Promise.all([
    standingAt(on, corpId, customerId, ask.at),
    policiesAt(on, corpId, ask.at),
  ])
  const { zone, homes } = standing
  const after = new Date(ask.at.getTime() - memorySeconds * 1000)
  const [policy, felt, reserved] = await Promise.all([
    policyOf(on, corpId, customerId, policies, localTime(ask.at, zone).dayNumber),
    feltBetween(on, homes, after, ask.at),
    reservedOf(on, homes, ask.at),
  ])
  const rules = policy?.rules ?? openPolicy
  const taken = feltAt(reserved, secondOf(ask.at))
  const decision = decide(rules, [...felt, ...taken], standing.wish ?? 'all', ask, zone)
  const { high, most } = rules.fatigue ?? { high: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  const state = decision.fatigue >= most ? 'exhausted' : decision.fatigue >= high ? 'tired' : 'rested'
  return { policy, standing, decision, state, counted: countsOf(felt, ask.at, zone), reserved: reserved.length }
}

async function policyOf(
  on: Database,
  corpId: number,
  customerId: number,
  policies: readonly StandingPolicy[],
  today: number,
): Promise<StandingPolicy | undefined> {
  const asked = policies.flatMap(({ rules }) => (rules.whom === null ? [] : [rules.whom]))
  const facts = asked.length === 0 ? undefined : (await personFacts(on, corpId, asked, [customerId])).get(customerId)
  return policies.find(
    ({ rules: { whom } }) => whom === null || (facts !== undefined && inMemory(whom, facts, today).holds),
  )
}

function countsOf(felt: readonly Felt[], at: Date, zone: string): PersonDecision['counted'] {
  const midnight = secondOf(momentOf(localTime(at, zone).dayNumber, 0, zone))
  const weekAgo = secondOf(at) - windowSeconds.week
  return {
    day: felt.filter(({ second }) => second >= midnight).length,
    week: felt.filter(({ second }) => second > weekAgo).length,
    month: felt.length,
  }
}
