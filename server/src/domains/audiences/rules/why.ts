import type { Said } from '../../../infra/errors.ts'
import { dayText } from '../../../infra/zone.ts'
import { inMemory, type Reason } from './check.ts'
import type { PersonFacts } from './facts.ts'
import type { Rule } from './rule.schema.ts'
import { turnsOn } from './turning.ts'
import { type Names, reasonWords } from './words.ts'

/** Why a rule holds for a person or does not, part by part: leaves with their facts, groups with how they join. */
export interface WhyPart {
  readonly join: 'all' | 'any' | 'not' | 'leaf'
  readonly holds: boolean
  /** Of a leaf: what was asked and the facts. */
  readonly words: Said
  readonly parts: readonly WhyPart[]
}

export interface Why {
  readonly holds: boolean
  readonly tree: WhyPart
  /** The day on which time alone gives another answer. */
  readonly turnsOn: string | null
}

export function whyOf(rule: Rule, person: PersonFacts, today: number, names: Names): Why {
  const reason = inMemory(rule, person, today)
  const turn = turnsOn(rule, person, today)
  return { holds: reason.holds, tree: partOf(reason, names), turnsOn: turn === undefined ? null : dayText(turn) }
}

function partOf(reason: Reason, names: Names): WhyPart {
  const { rule, holds, parts } = reason
  if ('is' in rule) return { join: 'leaf', holds, words: unsigned(reasonWords(reason, names)), parts: [] }
  const join = 'all' in rule ? 'all' : 'any' in rule ? 'any' : 'not'
  return { join, holds, words: { zh: '', en: '' }, parts: parts.map((part) => partOf(part, names)) }
}

/** The page shows by a sign of its own whether a leaf holds. */
const unsigned = ({ zh, en }: Said): Said => ({ zh: zh.replace(/^[✓✗] /, ''), en: en.replace(/^[✓✗] /, '') })

/** The leaves of a reason, each as a sentence with its facts. */
export function leafReasons(reason: Reason, names: Names): readonly (Said & { readonly holds: boolean })[] {
  if ('is' in reason.rule) return [{ holds: reason.holds, ...reasonWords(reason, names) }]
  return reason.parts.flatMap((part) => leafReasons(part, names))
}
