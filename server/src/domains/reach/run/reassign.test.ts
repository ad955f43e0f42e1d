import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OtherRelation, reassign } from './reassign.ts'

const relation = (customerId: number, userid: string, day: number): OtherRelation => ({
  ...{ customerId, userid, externalUserid: `wm${customerId}${userid}` },
  addedAt: new Date(Date.UTC(2026, 0, day)),
})
const anybody = { can: () => true, room: () => Number.POSITIVE_INFINITY }
const left = (customerId: number, ...tried: string[]) => ({ customerId, tried: new Set(tried) })

describe('customers whose member cannot send', () => {
  it('go to the member of the latest other relation, by the id that he knows them by', () => {
    const { given } = reassign([left(1, 'a')], [relation(1, 'a', 9), relation(1, 'b', 2), relation(1, 'c', 3)], anybody)
    expect(given.get(1)).toEqual({ userid: 'c', externalUserid: 'wm1c' })
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
      can: (userid) => userid !== 'b',
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
    ]
    const members = { can: () => false, outside: (userid: string) => userid === 'b', room: () => 9 }
    const { listed } = reassign([left(1, 'a'), left(2, 'a'), left(3, 'a')], relations, members, 'sender_gone')
    expect([...listed]).toEqual([
      [1, 'not_in_set'],
      [2, 'sender_gone'],
      [3, 'sender_away'],
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
            { can: (userid) => able.includes(userid), room: (userid) => rooms[userid] ?? 2 },
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
