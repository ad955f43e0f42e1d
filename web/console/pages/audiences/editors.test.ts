import { expect, it } from 'vitest'
import { words } from './rule.words.ts'
import { editorOf, isFinished, kindOf, lastDays, leafKinds, newLeaf } from './ruleTree.ts'

it('every condition that the API takes has an editor, which is offered and named in both languages', () => {
  const editors = new Set(Object.values(editorOf))
  expect([...editors].sort()).toEqual([...leafKinds].sort())
  for (const kind of leafKinds) {
    expect(words.zh[`leaf.${kind}`]).toMatch(/\p{Script=Han}/u)
    expect(words.en[`leaf.${kind}`]).not.toBe('')
    expect(kindOf(newLeaf(kind))).toBe(kind)
  }
})

it('a fresh condition that names nothing yet is not counted', () => {
  const unfinished = leafKinds.filter((kind) => !isFinished(newLeaf(kind)))
  expect(unfinished).toEqual(leafKinds.filter((kind) => !['wish', 'relation', 'orders'].includes(kind)))
})

it('a condition between two days begins with the brand’s last thirty, also at one in the morning there', () => {
  expect(lastDays(Date.parse('2026-12-02T01:00:00+08:00'))).toEqual({ from: '2026-11-02', to: '2026-12-02' })
})
