import type { Database } from '../../../infra/db/database.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { inMemory, personFacts } from '../../audiences/index.ts'
import { defaultSettings } from '../settings/settings.ts'
import { type Decision, decide, type PersonQuota } from './decide.ts'
import { everServed, type Standing, servedBy, standingAt } from './person.store.ts'
import { policiesAt, type StandingPolicy } from './policies.store.ts'
import { type Ask, openPolicy, windowSeconds } from './policy.ts'
import { quotaRule, refusalsCount } from './quota.ts'
import { type Felt, feltAt, type Reserved, secondOf } from './touch.ts'

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
 * he is in is known of today alone. Once the policies are known it takes two statements, one after the other: asked beside
 * each other they are no sooner there, and the slowest are later, for three processes then share the processors.
 */
export async function decideFor(on: Database, corpId: number, customerId: number, ask: Ask): Promise<PersonDecision> {
  const standing = await standingAt(on, corpId, customerId, ask.at)
  const { policies, serves } = await policiesFor(on, corpId, ask.at, standing.turns)
  const { zone, felt, reserved } = standing
  const facts = await factsFor(on, corpId, customerId, policies)
  const today = localTime(ask.at, zone).dayNumber
  const policy = policies.find(
    ({ rules: { whom } }) => whom === null || (facts !== undefined && inMemory(whom, facts, today).holds),
  )
  const rules = policy?.rules ?? openPolicy
  const taken = feltAt(reserved, secondOf(ask.at))
  const served = serves ? await servedBy(on, standing.homes, ask) : []
  const decision = decide(
    rules,
    [...felt, ...taken],
    standing.wish ?? 'all',
    ask,
    zone,
    quotaFor(standing, served, ask),
  )
  const { high, most } = rules.fatigue ?? { high: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  const state = decision.fatigue >= most ? 'exhausted' : decision.fatigue >= high ? 'tired' : 'rested'
  return { policy, standing, decision, state, counted: countsOf(felt, ask.at, zone), reserved: reserved.length }
}

function quotaFor(standing: Standing, served: readonly number[], { channel, at }: Ask): PersonQuota | null {
  const { limits, momentsAMonth, sent, reserved, fullAt } = standing
  const rule = quotaRule(channel, {
    ...{ limits: profileOf(limits), momentsAMonth: momentsAMonth ?? defaultSettings.momentsAMonth },
  })
  if (rule === null) return null
  const window = rule(at)
  const counted = <T extends Reserved>(list: readonly T[]) =>
    list.filter((one) => window.channels.includes(one.channel))
  const facts = {
    ...{ sent: [...counted(sent).map(({ second }) => second), ...served] },
    ...{ reserved: counted(reserved).length, fullAt: refusalsCount(window) ? fullAt : null },
  }
  return { rule, facts }
}

interface KnownPolicies {
  readonly turns: string
  readonly policies: readonly StandingPolicy[]
  /** Whether the corp ever sent what was no marketing. */
  readonly serves: boolean
}

const known = new WeakMap<Database, Map<number, KnownPolicies>>()

/** The policies of a corp at a moment; those read last, where the same turns of them count. */
async function policiesFor(on: Database, corpId: number, at: Date, turns: string): Promise<KnownPolicies> {
  const of = known.get(on) ?? new Map<number, KnownPolicies>()
  known.set(on, of)
  const last = of.get(corpId)
  if (last?.turns === turns) return last
  const read = { turns, policies: await policiesAt(on, corpId, at), serves: await everServed(on, corpId) }
  of.set(corpId, read)
  return read
}

/** What the policies ask of the person; undefined: nothing, or he is nobody. */
async function factsFor(on: Database, corpId: number, customerId: number, policies: readonly StandingPolicy[]) {
  const asked = policies.flatMap(({ rules }) => (rules.whom === null ? [] : [rules.whom]))
  return asked.length === 0 ? undefined : (await personFacts(on, corpId, asked, [customerId])).get(customerId)
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
