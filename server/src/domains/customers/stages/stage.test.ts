import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markOf, type PersonFacts } from '../../audiences/index.ts'
import { people, rules, today } from '../../audiences/rules/testing.ts'
import type { Stage } from './stage.schema.ts'
import { defaultStages, nextStage, stageFaults } from './stage.ts'

const someone = (given: Partial<PersonFacts>, standing?: string): PersonFacts => ({
  ...{ numbers: new Map(), relations: [], orders: [], behaviours: [], ...given },
  marks: new Set([markOf.person, ...(standing === undefined ? [] : [markOf.stage(standing)])]),
})
const orders = (...daysAgo: number[]) =>
  daysAgo.map((ago, id) => ({ id, day: today - ago, net: 100, lines: [] }) as const)
const friend = (since: number, ended?: number) => ({ staff: 'u1', departments: [], since: today - since, ended })
const stageOf = (person: PersonFacts) => nextStage(defaultStages, person, today)

describe('the default stages', () => {
  it.each([
    ['potential', someone({})],
    ['potential', someone({ relations: [friend(60)] })],
    ['new', someone({ relations: [friend(3)] })],
    ['first', someone({ relations: [friend(3)], orders: orders(2) })],
    ['repeat', someone({ orders: orders(2, 50) })],
    ['loyal', someone({ orders: orders(2, 50, 60, 70, 300) })],
    ['dormant', someone({ orders: orders(200) })],
    ['dormant', someone({ orders: orders(200, 210, 220, 230, 240) })],
    ['lost', someone({ orders: orders(400) })],
    ['lost', someone({ relations: [friend(60, today - 1)] })],
    ['repeat', someone({ relations: [friend(60, today - 1)], orders: orders(10, 20) })],
  ] as const)('%s', (stage, person) => {
    expect(stageOf(person)).toBe(stage)
  })

  it('have no faults', () => {
    expect(stageFaults(defaultStages)).toEqual([])
  })
})

describe('a stage with an exit rule', () => {
  const bought = (within: number) => ({ is: 'orders', measure: 'count', window: { days: within }, from: 1 }) as const
  const stages: readonly Stage[] = [
    { id: 'awake', name: '活跃', entry: { all: [] } },
    { id: 'asleep', name: '沉睡', entry: { not: bought(90) }, exit: bought(30) },
  ]

  it('keeps who stands in it until that holds, though its entry rule does no longer', () => {
    expect(nextStage(stages, someone({ orders: orders(40) }, 'asleep'), today)).toBe('asleep')
    expect(nextStage(stages, someone({ orders: orders(40) }, 'awake'), today)).toBe('awake')
    expect(nextStage(stages, someone({ orders: orders(10) }, 'asleep'), today)).toBe('awake')
  })
})

const stageLists = fc
  .array(fc.record({ entry: rules, exit: fc.option(rules, { nil: undefined }) }), { minLength: 1, maxLength: 4 })
  .map((list) =>
    list.map(({ entry, exit }, at): Stage => ({ id: `s${at}`, name: `${at}`, entry, ...(exit ? { exit } : {}) })),
  )
  .filter((list) => stageFaults(list).length === 0)

it('who was moved and is looked at again stays: computing anew moves nobody', () => {
  fc.assert(
    fc.property(stageLists, people, fc.integer({ min: 0, max: 4 }), (stages, person, from) => {
      const before = { ...person, marks: new Set([...person.marks, markOf.stage(`s${from}`)]) }
      const first = nextStage(stages, before, today)
      const after = { ...person, marks: new Set([...person.marks, ...(first === null ? [] : [markOf.stage(first)])]) }
      expect(nextStage(stages, after, today)).toBe(first)
    }),
    { numRuns: 500 },
  )
})

it('stages that ask for stages or audiences, or are named twice, are refused with where and why', () => {
  const [first, second] = defaultStages
  if (!first || !second) throw new Error('there are no default stages')
  const asking: Stage = { ...first, entry: { is: 'stage', any: ['new'] } }
  expect(stageFaults([asking]).map((said) => said.zh)).toEqual(['“潜在”的进入规则：不能引用生命周期或分群'])
  expect(stageFaults([first, { ...second, name: first.name }])).toHaveLength(1)
  expect(stageFaults([{ ...first, exit: { any: [] } }])[0]?.zh).toContain('退出规则')
})
