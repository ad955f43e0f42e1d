import type { components } from '#shared/api/schema.gen.ts'

export type Stage = components['schemas']['LifeCycleStage']

/** A rule as the API has it; what this editor cannot show stays as it is. */
export type Rule = Readonly<Record<string, unknown>>

/** One condition: of a kind that the editor knows, or any other leaf as it came. */
export type Condition = { not: boolean } & (
  | { kind: 'count' | 'sum'; days: number | null; from: number | null; to: number | null }
  | { kind: 'recency'; from: number | null; to: number | null }
  | { kind: 'contact'; state: 'alive' | 'ended' | 'ever'; days: number | null }
  | { kind: 'tags'; tags: string[] }
  | { kind: 'tier'; tiers: string[] }
  | { kind: 'other'; rule: Rule }
)
export type ConditionKind = Exclude<Condition['kind'], 'other'>

/** Any of these groups; all conditions of a group. */
export type Groups = Condition[][]

export const conditionKinds: readonly ConditionKind[] = ['count', 'sum', 'recency', 'contact', 'tags', 'tier']

export function newCondition(kind: ConditionKind): Condition {
  switch (kind) {
    case 'count':
      return { kind, not: false, days: 90, from: 1, to: null }
    case 'sum':
      return { kind, not: false, days: null, from: 100_000, to: null }
    case 'recency':
      return { kind, not: false, from: null, to: 30 }
    case 'contact':
      return { kind, not: false, state: 'alive', days: null }
    case 'tags':
      return { kind, not: false, tags: [] }
    case 'tier':
      return { kind, not: false, tiers: [] }
  }
}

const isRule = (value: unknown): value is Rule => typeof value === 'object' && value !== null && !Array.isArray(value)
const isLeaf = (rule: Rule) => 'is' in rule
const listOf = (value: unknown): Rule[] => (Array.isArray(value) ? value.filter(isRule) : [])

/** A rule as groups of conditions; undefined: nested in a way that they cannot say. */
export function groupsOf(rule: Rule): Groups | undefined {
  const parts = !isLeaf(rule) && 'any' in rule ? listOf(rule['any']) : [rule]
  const groups = parts.map((part) => {
    const conditions = !isLeaf(part) && 'all' in part ? listOf(part['all']) : [part]
    const found = conditions.map(conditionOf)
    return found.every((one) => one !== undefined) ? found : undefined
  })
  return groups.every((group) => group !== undefined) ? groups : undefined
}

function conditionOf(rule: Rule): Condition | undefined {
  if (isLeaf(rule)) return { not: false, ...leafOf(rule) }
  const inner = rule['not']
  return isRule(inner) && isLeaf(inner) ? { not: true, ...leafOf(inner) } : undefined
}

type Leaf = Condition extends infer One ? (One extends Condition ? Omit<One, 'not'> : never) : never

function leafOf(rule: Rule): Leaf {
  const number = (key: string) => (typeof rule[key] === 'number' ? rule[key] : null)
  const texts = (key: string) => [rule[key]].flat().filter((one) => typeof one === 'string')
  const only = (...keys: string[]) => Object.keys(rule).every((key) => ['is', ...keys].includes(key))
  const window = isRule(rule['window']) ? rule['window'] : undefined
  const days = typeof window?.['days'] === 'number' ? window['days'] : null
  const [from, to] = [number('from'), number('to')]
  if (rule['is'] === 'orders' && only('measure', 'window', 'from', 'to') && (window === undefined || days !== null)) {
    const measure = rule['measure']
    if (measure === 'count' || measure === 'sum') return { kind: measure, days, from, to }
    if (measure === 'recency' && window === undefined) return { kind: 'recency', from, to }
  }
  const state = (['alive', 'ended', 'ever'] as const).find((one) => one === rule['state'])
  if (rule['is'] === 'relation' && rule['by'] === 'anyone' && state && only('by', 'any', 'state', 'sinceDays'))
    return { kind: 'contact', state, days: number('sinceDays') }
  if (rule['is'] === 'tags' && rule['mode'] === 'any' && only('mode', 'tags'))
    return { kind: 'tags', tags: texts('tags') }
  if (rule['is'] === 'tier' && only('any')) return { kind: 'tier', tiers: texts('any') }
  return { kind: 'other', rule }
}

/** The rule that groups say. */
export function ruleOf(groups: Groups): Rule {
  const parts = groups.map((group) => {
    const rules = group.map((condition) => (condition.not ? { not: leafRule(condition) } : leafRule(condition)))
    const [only] = rules
    return rules.length === 1 && only ? only : { all: rules }
  })
  const [only] = parts
  return parts.length === 1 && only ? only : { any: parts }
}

function leafRule(condition: Condition): Rule {
  const bounds = (from: number | null, to: number | null) => ({
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  })
  switch (condition.kind) {
    case 'count':
    case 'sum': {
      const { kind, days, from, to } = condition
      return { is: 'orders', measure: kind, ...(days === null ? {} : { window: { days } }), ...bounds(from, to) }
    }
    case 'recency':
      return { is: 'orders', measure: 'recency', ...bounds(condition.from, condition.to) }
    case 'contact': {
      const since = condition.days === null ? {} : { sinceDays: condition.days }
      return { is: 'relation', by: 'anyone', any: [], state: condition.state, ...since }
    }
    case 'tags':
      return { is: 'tags', mode: 'any', tags: condition.tags }
    case 'tier':
      return { is: 'tier', any: condition.tiers }
    case 'other':
      return condition.rule
  }
}

/** An id for a new stage that none of these has. */
export function freshId(stages: readonly { id: string }[]): string {
  const taken = new Set(stages.map((stage) => stage.id))
  for (let number = stages.length + 1; ; number += 1) if (!taken.has(`stage${number}`)) return `stage${number}`
}
