import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'

/** A rule as the API has it. */
export type Rule = Readonly<Record<string, unknown>>
export type Leaf = Readonly<Record<string, unknown>> & { readonly is: string }

/** What the editor shows: groups of conditions and groups. `none` is "not any of". */
export interface Group {
  readonly key: number
  readonly join: 'all' | 'any' | 'none'
  readonly parts: readonly Node[]
}
export interface Condition {
  readonly key: number
  readonly not: boolean
  readonly leaf: Leaf
}
export type Node = Group | Condition

export const isGroup = (node: Node): node is Group => 'parts' in node

let made = 0
const freshKey = () => {
  made += 1
  return made
}

export const newGroup = (parts: readonly Node[] = [], join: Group['join'] = 'all'): Group => ({
  ...{ key: freshKey(), join, parts },
})
export const newCondition = (leaf: Leaf, not = false): Condition => ({ key: freshKey(), not, leaf })

const isRule = (value: unknown): value is Rule => typeof value === 'object' && value !== null && !Array.isArray(value)
const rulesIn = (value: unknown): readonly Rule[] => (Array.isArray(value) ? value.filter(isRule) : [])
const isLeaf = (rule: Rule): rule is Leaf => typeof rule['is'] === 'string'

/** The editor's tree of a rule; its root is always a group. */
export function treeOf(rule: Rule): Group {
  const node = nodeOf(rule)
  return isGroup(node) ? node : newGroup([node])
}

function nodeOf(rule: Rule): Node {
  if (isLeaf(rule)) return newCondition(rule)
  if (isRule(rule['not'])) {
    const inner = nodeOf(rule['not'])
    if (!isGroup(inner)) return { ...inner, not: !inner.not }
    if (inner.join === 'any') return { ...inner, join: 'none' }
    if (inner.join === 'none') return { ...inner, join: 'any' }
    return newGroup([inner], 'none')
  }
  return 'any' in rule ? newGroup(rulesIn(rule['any']).map(nodeOf), 'any') : newGroup(rulesIn(rule['all']).map(nodeOf))
}

export interface Written {
  /** Undefined: nothing in it is finished yet. */
  readonly rule: Rule | undefined
  /** Where the conditions stand in the rule, as a preview names them, and their keys. */
  readonly places: ReadonlyMap<string, number>
  readonly unfinished: number
}

/** The rule that a tree says; conditions that are not finished are left out and counted. */
export function writtenOf(root: Group): Written {
  const places = new Map<string, number>()
  let unfinished = 0
  const step = (at: string, ...steps: readonly (string | number)[]) =>
    [at, ...steps].filter((one) => one !== '').join('.')
  const finished = (node: Node): boolean => (isGroup(node) ? node.parts.some(finished) : isFinished(node.leaf))
  const write = (node: Node, at: string): Rule => {
    if (!isGroup(node)) {
      places.set(node.not ? step(at, 'not') : at, node.key)
      return node.not ? { not: node.leaf } : node.leaf
    }
    const name = node.join === 'all' ? 'all' : 'any'
    const under = node.join === 'none' ? step(at, 'not', name) : step(at, name)
    const parts = node.parts.filter(finished).map((part, index) => write(part, step(under, index)))
    return node.join === 'none' ? { not: { any: parts } } : { [name]: parts }
  }
  const count = (node: Node): void => {
    if (isGroup(node)) for (const part of node.parts) count(part)
    else if (!isFinished(node.leaf)) unfinished += 1
  }
  count(root)
  return { rule: finished(root) ? write(root, '') : undefined, places, unfinished }
}

const chosen = (value: unknown) => Array.isArray(value) && value.length > 0

/** Whether a condition says enough to be counted. */
export function isFinished(leaf: Leaf): boolean {
  const text = (key: string) => typeof leaf[key] === 'string' && leaf[key] !== ''
  const bounded = typeof leaf['from'] === 'number' || typeof leaf['to'] === 'number'
  switch (leaf.is) {
    case 'tags':
      return chosen(leaf['tags'])
    case 'stage':
    case 'tier':
    case 'group':
    case 'identity':
      return chosen(leaf['any'])
    case 'choice':
      return text('field') && chosen(leaf['any'])
    case 'known':
    case 'number':
    case 'date':
    case 'ago':
      return text('field')
    case 'relation':
      return leaf['by'] === 'anyone' || chosen(leaf['any'])
    case 'audience':
    case 'list':
      return text('id')
    case 'account':
      return text('account')
    case 'stock':
      return text('product')
    case 'orders':
      return leaf['measure'] === 'recency' || bounded
    case 'events':
      return text('name') && (leaf['measure'] === 'recency' || bounded)
    default:
      return true
  }
}

/** The tree with one node changed, or taken out. */
export function changed(root: Group, key: number, change: (node: Node) => Node | undefined): Group {
  if (root.key === key) {
    const next = change(root)
    return next && isGroup(next) ? next : newGroup()
  }
  return {
    ...root,
    parts: root.parts.flatMap((part) => {
      if (part.key === key) return change(part) ?? []
      return isGroup(part) ? changed(part, key, change) : part
    }),
  }
}

export const leafKinds = [
  ...(['tags', 'field', 'identity', 'wish', 'relation', 'account', 'group', 'orders', 'events', 'stock'] as const),
  ...(['stage', 'tier', 'audience', 'list'] as const),
] as const
export type LeafKind = (typeof leafKinds)[number]

/** What a condition of each kind begins as. */
export function newLeaf(kind: LeafKind): Leaf {
  switch (kind) {
    case 'tags':
      return { is: 'tags', mode: 'any', tags: [] }
    case 'field':
      return { is: 'known', field: '' }
    case 'relation':
      return { is: 'relation', by: 'anyone', any: [], state: 'alive' }
    case 'orders':
      return { is: 'orders', measure: 'count', window: { days: 90 }, from: 1 }
    case 'events':
      return { is: 'events', name: '', measure: 'count', window: { days: 30 }, from: 1 }
    case 'stage':
    case 'tier':
    case 'group':
    case 'identity':
      return { is: kind, any: [] }
    case 'audience':
    case 'list':
      return { is: kind, id: '' }
    case 'account':
      return { is: 'account', account: '', state: 'followed' }
    case 'wish':
      return { is: 'wish', wish: 'less' }
    case 'stock':
      return { is: 'stock', product: '', where: 'own' }
  }
}

/** The editor of every condition that the API takes: one more there does not compile here until it has one. */
export const editorOf: Readonly<Record<NonNullable<components['schemas']['AudienceRule']['is']>, LeafKind>> = {
  choice: 'field',
  known: 'field',
  number: 'field',
  date: 'field',
  ago: 'field',
  tags: 'tags',
  relation: 'relation',
  stage: 'stage',
  tier: 'tier',
  group: 'group',
  account: 'account',
  orders: 'orders',
  events: 'events',
  audience: 'audience',
  list: 'list',
  identity: 'identity',
  wish: 'wish',
  stock: 'stock',
}

/** The kind of the editor; undefined: a condition that it cannot change. */
export function kindOf(leaf: Leaf): LeafKind | undefined {
  return Object.entries(editorOf).find(([is]) => is === leaf.is)?.[1]
}

/** The last thirty days of the brand's calendar: where a condition between two days begins. */
export function lastDays(now: number): { from: string; to: string } {
  const day = (ago: number) => exactTime(now - ago * 86_400_000).slice(0, 10)
  return { from: day(30), to: day(0) }
}

/** A leaf with a part set, or without it. */
export function withPart(leaf: Leaf, key: string, value: unknown): Leaf {
  const { [key]: _, ...rest } = leaf
  return value === undefined || value === null ? { ...rest, is: leaf.is } : { ...rest, is: leaf.is, [key]: value }
}
