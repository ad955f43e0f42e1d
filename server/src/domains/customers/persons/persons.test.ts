import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindsWith } from '../identities/identity-kinds.ts'
import { type Block, hubAbove, type Identity, type Link, type Persons, personsOf } from './persons.ts'

const kinds = kindsWith([{ kind: 'till_no', strong: true, exclusive: false }])
const pool: readonly Omit<Identity, 'home'>[] = [
  ...['A', 'B'].map((value) => ({ kind: 'external_userid', value })),
  ...['U', 'V'].map((value) => ({ kind: 'unionid', value })),
  ...['1', '2', '3'].map((value) => ({ kind: 'member_no', value })),
  ...['p', 'q'].map((value) => ({ kind: 'phone', value })),
  { kind: 'openid:wx1', value: 'o' },
]
const identities: readonly Identity[] = pool.map((one, home) => ({ ...one, home: home + 1 }))
const home = fc.integer({ min: 1, max: pool.length })
const pair = fc
  .tuple(home, home)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))
const link = fc.record({ pair, second: fc.nat(3), source: fc.constantFrom('order', 'wecom', 'person') }).map(
  ({ pair: ends, second, source }): Link => ({
    ...ends,
    source,
    reference: '',
    at: new Date(Date.UTC(2026, 10, 11, 0, 0, second)),
  }),
)
const links = fc.uniqueArray(link, { maxLength: 14, selector: (one) => `${one.low} ${one.high} ${one.source}` })
const blocks: fc.Arbitrary<Block[]> = fc.array(pair, { maxLength: 3 })

/** Who is with whom, by what they are called: home numbers are given by the order of arrival. */
function named(given: readonly Identity[], groups: readonly { homes: readonly number[] }[]): readonly string[] {
  const names = new Map(given.map((one) => [one.home, `${one.kind} ${one.value}`]))
  return groups
    .map(({ homes }) =>
      homes
        .map((one) => names.get(one))
        .sort()
        .join(', '),
    )
    .sort()
}

describe('persons', () => {
  it('are the same in whatever order the facts came and whatever numbers the homes got', () => {
    fc.assert(
      fc.property(
        links,
        blocks,
        fc.shuffledSubarray([...identities.keys()], { minLength: pool.length }),
        fc.nat(),
        (given, decided, order, turn) => {
          const plain = personsOf(identities, given, decided, kinds)
          const renamed = (old: number) => (order[old - 1] ?? 0) + 1
          const ends = ({ low, high }: Block) => ({
            low: Math.min(renamed(low), renamed(high)),
            high: Math.max(renamed(low), renamed(high)),
          })
          const others = identities.map((one) => ({ ...one, home: renamed(one.home) })).reverse()
          const turned = given.map((one, at) => ({ rank: (at * 7 + turn) % 13, one }))
          const moved = turned.sort((a, b) => a.rank - b.rank).map(({ one }) => ({ ...one, ...ends(one) }))
          const other = personsOf(others, moved, decided.map(ends), kinds)
          expect(named(others, other.groups)).toEqual(named(identities, plain.groups))
          expect(other.conflicts.length).toBe(plain.conflicts.length)
        },
      ),
    )
  })

  it('are the same whether a unionid shares the home of its external_userid or has one of its own', () => {
    // names that lead to both are counted as one: the phone is a hub in both worlds or in neither
    const users = Array.from({ length: hubAbove + 2 }, (_, n) => n)
    const apart: readonly Identity[] = [
      ...users.map((n) => ({ home: n, kind: 'external_userid', value: `wm${n}` })),
      ...users.map((n) => ({ home: 100 + n, kind: 'unionid', value: `o${n}` })),
      ...[0, 1, 2].map((n) => ({ home: 200 + n, kind: 'member_no', value: `${n}` })),
      { home: 300, kind: 'phone', value: 'p' },
    ]
    const few = fc.constantFrom(0, 1, 2, 100, 101, 102, 200, 201, 202, 300)
    const facts = fc.array(
      fc.record({ named: fc.uniqueArray(few, { minLength: 2, maxLength: 4 }), second: fc.nat(2) }),
      { maxLength: 8 },
    )
    const callers = fc.uniqueArray(fc.constantFrom(...users.flatMap((n) => [n, 100 + n])), { maxLength: 70 })
    fc.assert(
      fc.property(facts, callers, fc.subarray(users), (given, calling, shared) => {
        const sharing = new Set(shared)
        const homeOf = (home: number) => (sharing.has(home - 100) ? home - 100 : home)
        const said = (source: string, second: number, ends: readonly number[]): Link[] => {
          const [low = 0, high = 0] = [...ends].sort((a, b) => a - b)
          return low === high ? [] : [{ low, high, source, reference: '', at: new Date(second * 1_000) }]
        }
        const linksAt = (at: (home: number) => number) => [
          ...users.flatMap((n) => said('wecom', 9, [at(n), at(100 + n)])),
          ...calling.flatMap((caller) => said('order', 3, [at(caller), 300])),
          ...given.flatMap(({ named: homes, second }) =>
            homes.flatMap((a, place) => homes.slice(place + 1).flatMap((b) => said('order', second, [at(a), at(b)]))),
          ),
        ]
        const told = (own: readonly Identity[], { groups, conflicts }: Persons) => {
          const called = groups.map(({ homes }) =>
            own
              .filter((one) => homes.includes(one.home))
              .map((one) => `${one.kind} ${one.value}`)
              .sort()
              .join(', '),
          )
          const sideOf = (home: number) => called[groups.findIndex(({ homes }) => homes.includes(home))]
          const waiting = conflicts.map(({ low, high, kind, at }) =>
            [[sideOf(low), sideOf(high)].sort().join(' | '), kind, at.getTime()].join(' '),
          )
          return { persons: called.sort(), conflicts: waiting.sort() }
        }
        const together = apart.map((one) => ({ ...one, home: homeOf(one.home) }))
        expect(told(together, personsOf(together, linksAt(homeOf), [], kinds))).toEqual(
          told(
            apart,
            personsOf(
              apart,
              linksAt((home) => home),
              [],
              kinds,
            ),
          ),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('never have two of an exclusive kind, and never stand across a block', () => {
    fc.assert(
      fc.property(links, blocks, (given, decided) => {
        const { groups, conflicts } = personsOf(identities, given, decided, kinds)
        for (const { homes, root } of groups) {
          expect(homes).toContain(root)
          const own = identities.filter((one) => homes.includes(one.home) && kinds.get(one.kind)?.exclusive)
          expect(new Set(own.map((one) => one.kind)).size).toBe(own.length)
          for (const { low, high } of decided) expect(homes.includes(low) && homes.includes(high)).toBe(false)
          for (const { low, high } of conflicts) expect(homes.includes(low) && homes.includes(high)).toBe(false)
        }
      }),
    )
  })

  it('wait once for a decision, however many facts say that two of them are one', () => {
    const known: readonly Identity[] = [
      { home: 1, kind: 'unionid', value: 'U' },
      { home: 2, kind: 'member_no', value: '1' },
      { home: 3, kind: 'member_no', value: '2' },
      { home: 4, kind: 'phone', value: 'p' },
    ]
    const said = (low: number, high: number, minute: number): Link => ({
      ...{ low, high, source: 'order', reference: `${minute}` },
      at: new Date(Date.UTC(2026, 10, 11, 0, minute)),
    })
    const { groups, conflicts } = personsOf(
      known,
      [said(1, 2, 1), said(2, 4, 1), said(1, 4, 1), said(3, 4, 3), said(1, 3, 2), said(1, 3, 4)],
      [],
      kinds,
    )
    expect(groups.map(({ homes }) => homes)).toEqual([[1, 2, 4], [3]])
    expect(conflicts).toEqual([{ ...said(1, 3, 2), kind: 'member_no' }])
    fc.assert(
      fc.property(links, blocks, (given, decided) => {
        const all = personsOf(identities, given, decided, kinds)
        const root = (home: number) => all.groups.find(({ homes }) => homes.includes(home))?.root
        const between = all.conflicts.map(({ low, high }) => [root(low), root(high)].sort().join(' '))
        expect(new Set(between).size).toBe(between.length)
      }),
    )
  })

  it('change nothing when the same fact comes twice', () => {
    fc.assert(
      fc.property(links, blocks, (given, decided) => {
        expect(personsOf(identities, [...given, ...given], decided, kinds)).toEqual(
          personsOf(identities, given, decided, kinds),
        )
      }),
    )
  })

  it('are both as before when a joining is undone', () => {
    fc.assert(
      fc.property(links, link, (given, more) => {
        const later = { ...more, at: new Date(Date.UTC(2026, 10, 12)), source: 'order' }
        const before = personsOf(identities, given, [], kinds)
        const [a, b] = [later.low, later.high].map((one) => before.groups.find(({ homes }) => homes.includes(one)))
        fc.pre(a !== undefined && b !== undefined && a !== b)
        const undone = (a?.homes ?? []).flatMap((low) => (b?.homes ?? []).map((high) => ({ low, high })))
        const after = personsOf(identities, [...given, later], undone, kinds)
        expect(after.groups).toEqual(before.groups)
      }),
    )
  })

  it('stand for themselves by the home with the relations', () => {
    const { groups } = personsOf(
      [
        { home: 1, kind: 'member_no', value: '1' },
        { home: 2, kind: 'unionid', value: 'U' },
        { home: 3, kind: 'external_userid', value: 'A' },
      ],
      [
        { low: 1, high: 2, source: 'order', reference: '', at: new Date(0) },
        { low: 2, high: 3, source: 'wecom', reference: '', at: new Date(0) },
      ],
      [],
      kinds,
    )
    expect(groups.map(({ root, homes }) => ({ root, homes }))).toEqual([{ root: 3, homes: [1, 2, 3] }])
  })

  it('are not joined by a phone that leads to everybody', () => {
    const many = Array.from({ length: hubAbove + 1 }, (_, at) => at + 2)
    const { groups, conflicts } = personsOf(
      [
        { home: 1, kind: 'phone', value: 'till' },
        ...many.map((at) => ({ home: at, kind: 'member_no', value: String(at) })),
      ],
      many.map((at) => ({ low: 1, high: at, source: 'order', reference: '', at: new Date(at) })),
      [],
      kinds,
    )
    expect(groups).toHaveLength(many.length + 1)
    expect(conflicts).toEqual([])
  })
})
