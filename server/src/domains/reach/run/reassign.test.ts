import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inTurn, type OtherRelation, reassign, type Trouble } from './reassign.ts'

const relation = (customerId: number, userid: string, day: number): OtherRelation => ({
  ...{ customerId, userid, externalUserid: `wm${customerId}${userid}` },
  ...{ addedAt: new Date(Date.UTC(2026, 0, day)), ownedAt: null, chattedAt: null },
})
const anybody = { trouble: () => undefined, room: () => Number.POSITIVE_INFINITY }
const left = (customerId: number, ...tried: string[]) => ({ customerId, tried: new Set(tried) })

describe('customers whose member cannot send', () => {
  it('go to the member of the latest other relation, by the id that he knows them by', () => {
    const { given } = reassign([left(1, 'a')], [relation(1, 'a', 9), relation(1, 'b', 2), relation(1, 'c', 3)], anybody)
    expect(given.get(1)).toEqual({ userid: 'c', externalUserid: 'wm1c' })
  })

  it('go to the exclusive owner first, then to who last chatted, then to who added them last', () => {
    const at = (day: number) => new Date(Date.UTC(2026, 5, day))
    const all = [
      relation(1, 'late', 9),
      { ...relation(1, 'chatted', 2), chattedAt: at(1) },
      { ...relation(1, 'later', 1), chattedAt: at(2) },
      { ...relation(1, 'owner', 1), ownedAt: at(1) },
      relation(1, 'early', 3),
    ]
    expect(all.toSorted(inTurn).map(({ userid }) => userid)).toEqual(['owner', 'later', 'chatted', 'late', 'early'])
  })

  it('are listed with the reason that comes nearest to sending', () => {
    const relations = [
      relation(1, 'a', 1),
      relation(2, 'a', 1),
      relation(2, 'b', 1),
      relation(3, 'a', 1),
      relation(3, 'c', 1),
    ]
    const { given, listed } = reassign([left(1, 'a'), left(2, 'a'), left(3, 'a')], relations, {
      trouble: (userid) => (userid === 'b' ? 'sender_away' : undefined),
      room: (userid) => (userid === 'c' ? 0 : 9),
    })
    expect(given.size).toBe(0)
    expect([...listed]).toEqual([
      [1, 'not_given'],
      [2, 'sender_away'],
      [3, 'sender_full'],
    ])
  })

  it('are listed as of members outside the set, or with what is wrong with the only one they have', () => {
    const relations = [
      relation(1, 'a', 1),
      relation(1, 'b', 2),
      relation(2, 'a', 1),
      relation(3, 'a', 1),
      relation(3, 'c', 1),
      relation(4, 'b', 1),
      relation(4, 'c', 2),
      relation(4, 'd', 3),
    ]
    const of: Readonly<Record<string, Trouble>> = { b: 'not_in_set', c: 'sender_gone', d: 'sender_away' }
    const members = { trouble: (userid: string) => of[userid], room: () => 9 }
    const all = [1, 2, 3, 4].map((one) => left(one, 'a'))
    const { listed } = reassign(all, relations, members, 'not_given')
    expect([...listed]).toEqual([
      [1, 'not_in_set'],
      [2, 'not_given'],
      [3, 'sender_gone'],
      [4, 'sender_away'],
    ])
  })

  it('never go to who has no relation, was tried before, cannot send, or has no room', () => {
    const user: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 20 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), user), { maxLength: 60 }),
        fc.uniqueArray(user),
        fc.dictionary(user, fc.integer({ min: 0, max: 4 })),
        (customers, pairs, able, rooms) => {
          const relations = pairs.map(([customerId, userid], at) => relation(customerId, userid, at + 1))
          const { given, listed } = reassign(
            customers.map((one) => left(one, 'a')),
            relations,
            {
              trouble: (userid) => (able.includes(userid) ? undefined : 'sender_gone'),
              room: (userid) => rooms[userid] ?? 2,
            },
          )
          expect([...given.keys(), ...listed.keys()].sort()).toEqual([...customers].sort())
          const load = new Map<string, number>()
          for (const [customerId, { userid }] of given) {
            expect(userid).not.toBe('a')
            expect(able).toContain(userid)
            expect(relations.some((one) => one.customerId === customerId && one.userid === userid)).toBe(true)
            load.set(userid, (load.get(userid) ?? 0) + 1)
          }
          for (const [userid, count] of load) expect(count).toBeLessThanOrEqual(rooms[userid] ?? 2)
        },
      ),
    )
  })
})
