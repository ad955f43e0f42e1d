import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateOfGroup, type TagFact, tagSources } from './tag-state.ts'

const now = 1_000
const open = { exclusive: false, sensitive: false, consent: false }
const fact = (given: Partial<TagFact>): TagFact => ({
  tagId: 'oily',
  source: 'rule',
  reference: 'r1',
  says: true,
  at: 10,
  ...given,
})
const tagsOf = (facts: readonly TagFact[], rule = open, at = now) =>
  [...stateOfGroup(facts, rule, at)].filter(([, state]) => state.has).map(([tagId]) => tagId)

const facts = fc.array(
  fc.record({
    tagId: fc.constantFrom('a', 'b', 'c'),
    source: fc.constantFrom(...tagSources),
    reference: fc.constantFrom('', 'x'),
    says: fc.boolean(),
    at: fc.integer({ min: 0, max: 12 }),
    expiresAt: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    confidence: fc.option(fc.constantFrom(0.5, 0.78), { nil: undefined }),
  }),
  { maxLength: 12 },
)
const rules = fc.record({ exclusive: fc.boolean(), sensitive: fc.boolean(), consent: fc.boolean() })
const plain = (states: ReturnType<typeof stateOfGroup>) =>
  [...states]
    .map(([tagId, { has, winner }]) => ({ tagId, has, winner }))
    .toSorted((one, other) => (one.tagId < other.tagId ? -1 : 1))

describe('the tags of a person, from what was said', () => {
  it('are the same in any order of the facts, and when facts are told twice', () => {
    fc.assert(
      fc.property(
        facts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        rules,
        ([list, shuffled], rule) => {
          expect(plain(stateOfGroup([...shuffled, ...list], rule, 10))).toEqual(plain(stateOfGroup(list, rule, 10)))
        },
      ),
    )
  })

  it('are at most one of an exclusive group', () => {
    fc.assert(
      fc.property(facts, rules, (list, rule) => {
        expect(tagsOf(list, { ...rule, exclusive: true }, 10).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('are never inferred again where a hand decided, whatever is inferred later', () => {
    fc.assert(
      fc.property(facts, fc.boolean(), fc.boolean(), fc.integer({ min: 13, max: 99 }), (list, says, exclusive, at) => {
        const told = [...list, fact({ tagId: 'a', source: 'manual', reference: '', says, at: 12.5 })]
        const rule = { ...open, exclusive }
        const later = [
          ...told,
          fact({ tagId: 'a', source: 'inferred', at }),
          ...(exclusive ? [fact({ tagId: 'b', source: 'inferred', at })] : []),
        ]
        expect(tagsOf(later, rule, 10)).toEqual(tagsOf(told, rule, 10))
      }),
    )
  })

  it('never rest on anything automatic where the group is sensitive and nobody consented', () => {
    fc.assert(
      fc.property(facts, fc.boolean(), (list, consent) => {
        for (const { winner } of stateOfGroup(list, { exclusive: false, sensitive: true, consent }, 10).values()) {
          expect(winner?.source).not.toBe('inferred')
          if (!consent && winner !== undefined) expect(['manual', 'wecom']).toContain(winner.source)
        }
      }),
    )
  })

  it('never rest on what has expired', () => {
    fc.assert(
      fc.property(facts, rules, (list, rule) => {
        for (const { winner } of stateOfGroup(list, rule, 10).values())
          expect(winner?.expiresAt ?? 11).toBeGreaterThan(10)
      }),
    )
  })

  it('stay while one source still says so, and go when the last one withdraws', () => {
    const list = [fact({}), fact({ reference: 'r2', at: 20 }), fact({ says: false, at: 30 })]
    expect(tagsOf(list)).toEqual(['oily'])
    expect(tagsOf([...list, fact({ reference: 'r2', says: false, at: 40 })])).toEqual([])
  })

  it('say which facts lost and why', () => {
    const state = stateOfGroup(
      [
        fact({ source: 'manual', reference: '', says: false, at: 5 }),
        fact({ source: 'inferred', at: 50, confidence: 0.78 }),
        fact({ at: 60 }),
      ],
      open,
      now,
    ).get('oily')
    expect(state?.winner?.source).toBe('manual')
    expect(state?.lost.map(({ fact: { source }, why }) => [source, why])).toEqual([
      ['inferred', 'corrected'],
      ['rule', 'corrected'],
    ])
  })

  it('follow the later of two hands, here or in WeCom', () => {
    const put = fact({ source: 'wecom', reference: 'zhang', at: 5 })
    const taken = fact({ source: 'manual', reference: '', says: false, at: 6 })
    expect(tagsOf([put, taken])).toEqual([])
    expect(tagsOf([{ ...put, at: 7 }, taken])).toEqual(['oily'])
  })
})
