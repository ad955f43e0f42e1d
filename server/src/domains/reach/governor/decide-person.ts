import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { inMemory, personFacts } from '../../audiences/index.ts'
import { homesOf } from '../../customers/index.ts'
import { type Decision, decide } from './decide.ts'
import { policiesAt, type StandingPolicy } from './policies.store.ts'
import { type Ask, memorySeconds, openPolicy, windowSeconds } from './policy.ts'
import { type Felt, secondOf, type Wish } from './touch.ts'
import { feltBetween } from './touches.store.ts'
import { wishAt } from './wishes.store.ts'

interface PersonDecision {
  /** Under which he falls; undefined: none speaks of him. */
  readonly policy: StandingPolicy | undefined
  readonly wished: { readonly wish: Wish; readonly at: Date } | undefined
  readonly decision: Decision
  readonly state: 'rested' | 'tired' | 'exhausted'
  /** Marketing touches of the business day and the last 7 and 30 times 24 hours. */
  readonly counted: { readonly day: number; readonly week: number; readonly month: number }
}

/**
 * What the governor says, or said, of one person: by the policies, wishes and touches of that moment. Which tier and audience
 * he is in is known of today alone.
 */
export async function decideFor(on: Executor, corpId: number, customerId: number, ask: Ask): Promise<PersonDecision> {
  const zone = await zoneOfCorp(on, corpId)
  const homes = await homesOf(on, corpId, customerId)
  const policy = await policyOf(on, corpId, customerId, ask.at, zone)
  const wished = await wishAt(on, homes, ask.at)
  const after = new Date(ask.at.getTime() - memorySeconds * 1000)
  const felt = await feltBetween(on, homes, after, ask.at)
  const rules = policy?.rules ?? openPolicy
  const decision = decide(rules, felt, wished?.wish ?? 'all', ask, zone)
  const { high, most } = rules.fatigue ?? { high: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  const state = decision.fatigue >= most ? 'exhausted' : decision.fatigue >= high ? 'tired' : 'rested'
  return { policy, wished, decision, state, counted: countsOf(felt, ask.at, zone) }
}

async function policyOf(on: Executor, corpId: number, customerId: number, at: Date, zone: string) {
  const policies = await policiesAt(on, corpId, at)
  const asked = policies.flatMap(({ rules }) => (rules.whom === null ? [] : [rules.whom]))
  const facts = asked.length === 0 ? undefined : (await personFacts(on, corpId, asked, [customerId])).get(customerId)
  const today = localTime(at, zone).dayNumber
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
