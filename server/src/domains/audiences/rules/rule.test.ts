import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayText } from '../../../infra/zone.ts'
import { inMemory } from './check.ts'
import type { PersonFacts } from './facts.ts'
import { type Rule, ruleSchema } from './rule.schema.ts'
import { circleOf, mostDepth, mostLeaves, ruleFaults } from './rule.ts'
import { people, rules, today } from './testing.ts'
import { turner, turnsOn } from './turning.ts'
import { reasonWords, words } from './words.ts'

const nobody: PersonFacts = { marks: new Set(), numbers: new Map(), relations: [], orders: [], behaviours: [] }
const vip: Rule = { is: 'tags', mode: 'any', tags: ['vip'] }
const durian: Rule = { is: 'orders', measure: 'count', category: '榴莲', window: { days: 90 }, from: 3 }

describe('a rule', () => {
  it('of the generator has the shape that the API takes, and no fault', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(ruleSchema.parse(rule)).toEqual(rule)
        expect(ruleFaults(rule)).toEqual([])
      }),
    )
  })

  it('too deep, too large, empty or turned round is refused with where', () => {
    let deep: Rule = vip
    for (let depth = 0; depth < mostDepth; depth += 1) deep = { not: deep }
    expect(ruleFaults(deep)[0]?.said.zh).toContain('嵌套')
    const wide = { all: Array.from({ length: 3 }, () => ({ any: Array<Rule>(40).fill(vip) })) }
    expect(ruleFaults(wide)[0]?.said.en).toBe(`120 conditions, at most ${mostLeaves}`)
    expect(ruleFaults({ all: [vip, { not: { any: [] } }] })[0]?.at).toBe('all.1.not')
    const named = Array.from({ length: 200 }, (_, n) => `t${n}`)
    const many = Array<Rule>(7).fill({ is: 'tags', mode: 'any', tags: named })
    expect(ruleFaults({ any: many })[0]?.said.zh).toContain('太多')
    expect(ruleFaults({ is: 'number', field: 'age', from: 9, to: 3 })).toHaveLength(1)
    expect(ruleFaults({ is: 'orders', measure: 'count' })[0]?.said.zh).toContain('下限')
  })

  it('may not lead back to its own audience, however far round', () => {
    const of = (id: string): Rule => ({ not: { is: 'audience', id } })
    const others = new Map([
      ['b', of('c')],
      ['c', { any: [vip, of('a')] }],
      ['d', of('d')],
    ])
    expect(circleOf('a', of('b'), others)).toEqual(['a', 'b', 'c', 'a'])
    expect(circleOf('e', { all: [of('b'), of('d')] }, others)).toBeUndefined()
  })
})

describe('words', () => {
  it('say a rule and the facts behind an answer', () => {
    const days = [20_606, 20_624, 20_645]
    const lines = [{ product: 'p', category: '榴莲', amount: 1 }]
    const person = { ...nobody, orders: days.map((day, id) => ({ id, day, net: 1, lines })) }
    expect(words({ all: [durian, { not: vip }] }, (kind, id) => (kind === 'tag' ? '贵宾' : id))).toEqual({
      zh: '90 天内榴莲下单次数 ≥ 3 且 不是（有任一标签 贵宾）',
      en: '榴莲 orders within 90 days ≥ 3 and not (has any tag of 贵宾)',
    })
    const shown = days.map((day) => dayText(day).slice(5)).join('、')
    expect(reasonWords(inMemory(durian, person, 20_650)).zh).toBe(`✓ 90 天内榴莲下单次数 ≥ 3，实际 3：${shown}`)
    expect(reasonWords(inMemory(durian, person, 20_720)).zh).toContain('✗ 90 天内榴莲下单次数 ≥ 3，实际 1')
  })

  it('there are for every rule and reason', () => {
    fc.assert(
      fc.property(rules, people, (rule, person) => {
        const all = [words(rule), reasonWords(inMemory(rule, person, today))]
        for (const said of all) expect(`${said.zh}${said.en}`).not.toMatch(/undefined|NaN/)
      }),
    )
  })
})

describe('time alone', () => {
  it('changes an answer on the day that was foretold, and on none before', () => {
    fc.assert(
      fc.property(rules, people, (rule, person) => {
        const on = turnsOn(rule, person, today)
        const now = inMemory(rule, person, today).holds
        const first = Array.from({ length: 600 }, (_, ahead) => today + 1 + ahead).find(
          (day) => inMemory(rule, person, day).holds !== now,
        )
        if (first === undefined) expect(on === undefined || on > today + 600).toBe(true)
        else expect(on).toBe(first)
      }),
      { numRuns: 150 },
    )
  })
})

it('only a change that a rule reads can turn its answer', () => {
  fc.assert(
    fc.property(rules, people, people, (rule, person, other) => {
      const withOrders = { ...person, orders: other.orders }
      const turned = inMemory(rule, withOrders, today).holds !== inMemory(rule, person, today).holds
      if (turned) expect(turner(rule)({ customerId: 1, kind: 'order', id: 1, order: null })).toBe(true)
      const withMarks = new Set([...person.marks, 'tag:t1'])
      const tagged =
        inMemory(rule, { ...person, marks: withMarks }, today).holds !== inMemory(rule, person, today).holds
      if (tagged) expect(turner(rule)({ customerId: 1, kind: 'mark', key: 'tag:t1', present: true })).toBe(true)
    }),
  )
  expect(turner(durian)({ customerId: 1, kind: 'mark', key: 'tag:vip', present: true })).toBe(false)
})

it('a circle may lead through a tag that follows an audience, and through the rules of stages', () => {
  const stage: Rule = { is: 'stage', any: ['loyal'] }
  const tagged: Rule = { is: 'tags', mode: 'any', tags: ['t'] }
  const of = (id: string): Rule => ({ is: 'audience', id })
  const tags = new Map([['t', 'a']])
  expect(circleOf('a', { not: tagged }, new Map(), { tags, stages: [] })).toEqual(['a', 'a'])
  expect(circleOf('a', of('b'), new Map([['b', tagged]]), { tags, stages: [] })).toEqual(['a', 'b', 'a'])
  expect(circleOf('a', stage, new Map(), { tags, stages: [{ all: [vip, tagged] }] })).toEqual(['a', 'a'])
  expect(circleOf('a', stage, new Map(), { tags: new Map(), stages: [tagged, stage] })).toBeUndefined()
})
