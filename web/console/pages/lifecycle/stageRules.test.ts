import { expect, it } from 'vitest'
import { conditionKinds, freshId, groupsOf, newCondition, type Rule, ruleOf } from './stageRules.ts'

const bought: Rule = { is: 'orders', measure: 'count', window: { days: 365 }, from: 5 }
const ended: Rule = { is: 'relation', by: 'anyone', any: [], state: 'ended' }
const latest: Rule = { is: 'orders', measure: 'recency', from: 180, to: 365 }
const strange: Rule = { is: 'events', name: 'view', measure: 'count', from: 1 }

it('a rule of groups comes back as it was', () => {
  for (const rule of [
    bought,
    { not: bought },
    { all: [bought, { not: ended }, latest] },
    { any: [latest, { all: [ended, { not: bought }] }] },
    { all: [bought, strange] },
    { is: 'tags', mode: 'any', tags: ['t1'] },
    { is: 'tier', any: ['high'] },
  ]) {
    const groups = groupsOf(rule)
    expect(groups && ruleOf(groups)).toEqual(rule)
  }
})

it('what the editor does not know stays as it is; what nests deeper is left to its text', () => {
  expect(groupsOf(strange)).toEqual([[{ kind: 'other', not: false, rule: strange }]])
  expect(groupsOf({ ...bought, category: 'fruit' })?.[0]?.[0]?.kind).toBe('other')
  expect(groupsOf({ all: [bought, { any: [ended, latest] }] })).toBeUndefined()
  expect(groupsOf({ not: { all: [bought] } })).toBeUndefined()
})

it('every new condition is one that the editor reads back', () => {
  for (const kind of conditionKinds) expect(groupsOf(ruleOf([[newCondition(kind)]]))).toEqual([[newCondition(kind)]])
})

it('a new stage has an id of its own', () => {
  expect(freshId([{ id: 'a' }, { id: 'stage3' }])).toBe('stage4')
})
