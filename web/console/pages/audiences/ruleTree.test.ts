import { expect, it } from 'vitest'
import { changed, isGroup, newCondition, newGroup, type Rule, treeOf, writtenOf } from './ruleTree.ts'

const vip = { is: 'tags', mode: 'any', tags: ['vip'] }
const quiet = { is: 'audience', id: 'quiet' }
const deep: Rule = {
  all: [vip, { not: quiet }, { not: { any: [vip, quiet] } }, { any: [quiet, { all: [vip, { not: vip }] }] }],
}

it('a rule comes back out of the editor as it went in', () => {
  expect(writtenOf(treeOf(deep)).rule).toEqual(deep)
})

it('a lone condition and a denied group of all become groups that mean the same', () => {
  expect(writtenOf(treeOf(vip)).rule).toEqual({ all: [vip] })
  expect(writtenOf(treeOf({ not: { all: [vip, quiet] } })).rule).toEqual({ not: { any: [{ all: [vip, quiet] }] } })
  expect(writtenOf(treeOf({ not: { not: vip } })).rule).toEqual({ all: [vip] })
})

it('every condition is placed where a preview counts it', () => {
  expect([...writtenOf(treeOf(deep)).places.keys()]).toEqual([
    ...['all.0', 'all.1.not', 'all.2.not.any.0', 'all.2.not.any.1'],
    ...['all.3.any.0', 'all.3.any.1.all.0', 'all.3.any.1.all.1.not'],
  ])
})

it('what is not finished is left out and counted', () => {
  const tree = newGroup([newCondition(vip), newCondition({ is: 'audience', id: '' }), newGroup()])
  expect(writtenOf(tree)).toMatchObject({ rule: { all: [vip] }, unfinished: 1 })
  expect(writtenOf(newGroup()).rule).toBeUndefined()
})

it('a node is changed where it stands, or taken out', () => {
  const tree = treeOf(deep)
  const [first] = tree.parts
  if (!first) throw new Error('no first')
  const without = changed(tree, first.key, () => undefined)
  expect(without.parts).toHaveLength(3)
  const last = without.parts.at(-1)
  if (!last || !isGroup(last)) throw new Error('no group')
  const joined = changed(without, last.key, (node) => (isGroup(node) ? { ...node, join: 'none' } : node))
  expect(writtenOf(joined).rule).toMatchObject({ all: [{}, {}, { not: { any: [quiet, {}] } }] })
})
