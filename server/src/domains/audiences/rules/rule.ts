import type { Said } from '../../../infra/errors.ts'
import { partBits, sliceBits } from './facts.ts'
import type { Leaf, Rule } from './rule.schema.ts'

export const mostDepth = 8
export const mostLeaves = 100
/** Marks that a rule may read, twice each, of the 1,664 columns of a query. A number is read by its binary digits. */
export const mostMarks = 750

/** The parts of a rule that are rules; none for a leaf. */
export function partsOf(rule: Rule): readonly Rule[] {
  if ('all' in rule) return rule.all
  if ('any' in rule && !('is' in rule)) return rule.any
  if ('not' in rule) return [rule.not]
  return []
}

export function leavesOf(rule: Rule): readonly Leaf[] {
  if ('is' in rule) return [rule]
  return partsOf(rule).flatMap(leavesOf)
}

/** The leaves with where they stand, e.g. `all.1.not`. */
export function placedLeaves(rule: Rule, at = ''): readonly { readonly at: string; readonly leaf: Leaf }[] {
  if ('is' in rule) return [{ at, leaf: rule }]
  const name = 'all' in rule ? 'all' : 'any' in rule ? 'any' : 'not'
  return partsOf(rule).flatMap((part, index) => placedLeaves(part, stepTo(at, name, index)))
}

const stepTo = (at: string, name: 'all' | 'any' | 'not', index: number) =>
  [at, name, ...(name === 'not' ? [] : [index])].filter((step) => step !== '').join('.')

export interface RuleFault {
  /** Where, e.g. `all.1.not`; empty: the whole rule. */
  readonly at: string
  readonly said: Said
}

/** What a rule of the right shape may still not be: too deep, too large, empty, a span that holds nothing. */
export function ruleFaults(rule: Rule): readonly RuleFault[] {
  const faults: RuleFault[] = []
  let leaves = 0
  const walk = (one: Rule, at: string, depth: number): void => {
    if (depth > mostDepth) {
      faults.push({ at, said: { zh: `嵌套超过 ${mostDepth} 层`, en: `Nested deeper than ${mostDepth}` } })
      return
    }
    if ('is' in one) {
      leaves += 1
      faults.push(...leafFaults(one).map((said) => ({ at, said })))
      return
    }
    const parts = partsOf(one)
    if (parts.length === 0) faults.push({ at, said: { zh: '这一组还没有条件', en: 'This group has no condition yet' } })
    const name = 'all' in one ? 'all' : 'any' in one ? 'any' : 'not'
    for (const [index, part] of parts.entries()) walk(part, stepTo(at, name, index), depth + 1)
  }
  walk(rule, '', 1)
  if (leaves > mostLeaves)
    faults.push({
      at: '',
      said: { zh: `条件有 ${leaves} 个，最多 ${mostLeaves} 个`, en: `${leaves} conditions, at most ${mostLeaves}` },
    })
  const marks = leavesOf(rule).reduce((sum, leaf) => sum + marksOfLeaf(leaf), 0)
  if (marks > mostMarks && leaves <= mostLeaves)
    faults.push({
      at: '',
      said: {
        zh: '条件涉及的取值太多，请减少选项，或拆成两个分群',
        en: 'The conditions name too many values: choose fewer, or make two audiences',
      },
    })
  return faults
}

function marksOfLeaf(leaf: Leaf): number {
  if (leaf.is === 'number') return 1 + sliceBits + partBits + 1
  if (leaf.is === 'date' || leaf.is === 'ago') return 1 + sliceBits
  if (leaf.is === 'tags') return leaf.tags.length
  return 'any' in leaf ? leaf.any.length * 2 : 1
}

function leafFaults(leaf: Leaf): readonly Said[] {
  const faults: Said[] = []
  if ('from' in leaf && 'to' in leaf && leaf.from !== undefined && leaf.to !== undefined && leaf.from > leaf.to)
    faults.push({ zh: '起点在终点之后', en: 'The beginning lies after the end' })
  if ('window' in leaf && leaf.window && 'from' in leaf.window && leaf.window.from > leaf.window.to)
    faults.push({ zh: '时间窗的起点在终点之后', en: 'The window begins after its end' })
  if (leaf.is === 'relation' && leaf.by !== 'anyone' && leaf.any.length === 0)
    faults.push({ zh: '还没有选对象', en: 'Nobody is chosen yet' })
  if (
    (leaf.is === 'orders' || leaf.is === 'events') &&
    leaf.measure !== 'recency' &&
    leaf.from === undefined &&
    leaf.to === undefined
  )
    faults.push({ zh: '需要下限或上限', en: 'A lower or an upper bound is needed' })
  return faults
}

/** What leads from a rule to an audience besides naming it: a tag that follows one, stages whose rules read more. */
export interface Ties {
  /** The audience that a tag follows. */
  readonly tags: ReadonlyMap<string, string>
  /** The rules of all stages. */
  readonly stages: readonly Rule[]
}

/**
 * The circle that an audience would close if it had this rule, as ids from itself to itself; undefined: none.
 * `rules` are the other audiences.
 */
export function circleOf(
  id: string,
  rule: Rule,
  rules: ReadonlyMap<string, Rule>,
  ties: Ties = { tags: new Map(), stages: [] },
): readonly string[] | undefined {
  const seen = new Set<string>()
  const search = (of: Rule, path: readonly string[]): readonly string[] | undefined => {
    for (const next of audiencesRead(of, ties)) {
      if (next === id) return [...path, id]
      if (seen.has(next)) continue
      seen.add(next)
      const its = rules.get(next)
      const found = its && search(its, [...path, next])
      if (found) return found
    }
    return undefined
  }
  return search(rule, [id])
}

/** The audiences on which the answer of a rule rests. */
function audiencesRead(rule: Rule, ties: Ties): readonly string[] {
  const found = new Set<string>()
  const read = (leaves: readonly Leaf[], stages: boolean): void => {
    for (const leaf of leaves) {
      if (leaf.is === 'audience' || leaf.is === 'list') found.add(leaf.id)
      if (leaf.is === 'tags') for (const tag of leaf.tags) found.add(ties.tags.get(tag) ?? '')
      if (leaf.is === 'stage' && stages) read(ties.stages.flatMap(leavesOf), false)
    }
  }
  read(leavesOf(rule), true)
  found.delete('')
  return [...found]
}

export type RuleClass = 'simple' | 'window' | 'free'

/** How much work a leaf is: a mark or number; an order or event window that is kept; any other. */
export function leafClass(leaf: Leaf): RuleClass {
  if (leaf.is === 'relation')
    return leaf.sinceFrom === undefined && leaf.sinceTo === undefined && leaf.sinceDays === undefined
      ? 'simple'
      : 'window'
  if (leaf.is === 'stock') return leaf.where === 'own' ? 'window' : 'simple'
  if (leaf.is === 'events') return leaf.window && 'days' in leaf.window && leaf.window.days <= 90 ? 'window' : 'free'
  if (leaf.is !== 'orders') return 'simple'
  const { window, measure } = leaf
  if (leaf.product !== undefined || leaf.category !== undefined || leaf.store !== undefined)
    return window && 'days' in window && window.days <= 90 ? 'window' : 'free'
  if (leaf.channel !== undefined) return 'free'
  if (!window || measure === 'recency') return !window || 'days' in window ? 'window' : 'free'
  if ('periods' in window) return measure === 'sum' ? 'window' : 'free'
  const most = Math.max(leaf.from ?? 0, leaf.to === undefined ? 0 : leaf.to + 1)
  return 'days' in window && ((measure === 'count' && most <= 5) || window.days <= 30) ? 'window' : 'free'
}

export function ruleClass(rule: Rule): RuleClass {
  const classes = leavesOf(rule).map(leafClass)
  return classes.includes('free') ? 'free' : classes.includes('window') ? 'window' : 'simple'
}

/** The audiences whose mark a rule reads. */
export function audiencesIn(rule: Rule): readonly string[] {
  return [...new Set(leavesOf(rule).flatMap((leaf) => (leaf.is === 'audience' || leaf.is === 'list' ? [leaf.id] : [])))]
}
