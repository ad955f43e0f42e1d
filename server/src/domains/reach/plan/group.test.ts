import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, type Day, fateOfGroup, hasTwins, takesPart, tasksOfGroups } from './group.ts'

const fine: Candidate = {
  ...{ chatId: 'wr1', owner: 'a', customers: 80, dismissed: false, ownerCan: true, ownerAway: false },
  ...{ inSet: true, today: 0, open: 0 },
}

const at = new Date('2026-12-02T10:00:00+08:00')
const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
const next = later(24)

describe('what becomes of a group', () => {
  it.each([
    [{}, 1, 5, 'sent_to', null],
    [{ dismissed: true }, 1, 5, 'excluded', 'dismissed'],
    [{ today: 1 }, 1, 5, 'dropped', 'had_today'],
    [{ today: 1 }, 2, 5, 'sent_to', null],
    // nobody knows when what is open is confirmed
    [{ open: 1 }, 1, 5, 'dropped', 'had_today'],
    [{ ownerCan: null }, 1, 5, 'no_sender', 'no_owner'],
    [{ ownerCan: false }, 1, 5, 'no_sender', 'sender_gone'],
    [{ inSet: false }, 1, 5, 'no_sender', 'not_in_set'],
    [{ ownerAway: true }, 1, 5, 'no_sender', 'sender_away'],
    [{}, 1, 0, 'dropped', 'quota'],
    [{ open: 1 }, 2, 0, 'dropped', 'quota'],
  ] as const)('%o with %i a day and %i left of the quota: %s', (part, most, left, fate, reason) => {
    const day: Day = { most, itsTurn: true, before: [], next }
    const rooms = { quota: { at: left > 0 ? at : null }, members: { at } }
    expect(fateOfGroup({ ...fine, ...part }, day, rooms, { at, waitUntil: null })).toEqual({
      ...{ fate, reason, gaveWayTo: null, heldUntil: null },
    })
  })

  it.each([
    [{}, { before: ['b'] }, 'dropped', 'gave_way', 'b'],
    // the highest of them is named
    [{}, { before: ['c', 'b'] }, 'dropped', 'gave_way', 'c'],
    [{}, { most: 2, before: ['b'] }, 'sent_to', null, null],
    [{ open: 1 }, { most: 2, before: ['b'] }, 'dropped', 'gave_way', 'b'],
    // what was had is had, whoever comes
    [{ today: 1 }, { before: ['b'] }, 'dropped', 'had_today', null],
    [{}, { itsTurn: false, before: ['b'] }, 'excluded', 'other_time', null],
    [{ dismissed: true }, { before: ['b'] }, 'excluded', 'dismissed', null],
  ] as const)('%o on a day of %o: %s, %s', (part, day, fate, reason, gaveWayTo) => {
    const given: Day = { most: 1, itsTurn: true, next, ...day }
    const rooms = { quota: { at }, members: { at } }
    expect(fateOfGroup({ ...fine, ...part }, given, rooms, { at, waitUntil: null })).toEqual({
      ...{ fate, reason, gaveWayTo, heldUntil: null },
    })
  })

  it.each([
    // until its next day, if the send waits so long
    [{ today: 1 }, [], 0, 24, 'held', 'had_today', 24],
    [{ today: 1 }, [], 0, 23, 'dropped', 'had_today', null],
    [{}, ['b'], 0, 24, 'held', 'gave_way', 24],
    // until the quota has room; until both have
    [{}, [], 72, 100, 'held', 'quota', 72],
    [{}, [], 72, 71, 'dropped', 'quota', null],
    [{ today: 1 }, [], 72, 100, 'held', 'had_today', 72],
    [{ today: 1 }, [], 5, 100, 'held', 'had_today', 24],
    // never
    [{}, [], null, 720, 'dropped', 'quota', null],
    [{ today: 1 }, [], null, 720, 'dropped', 'had_today', null],
    // waiting gives no group an owner
    [{ ownerCan: null }, [], 0, 720, 'no_sender', 'no_owner', null],
  ] as const)(
    '%o, %o before it, room in %s h, in a send that waits %i h: %s',
    (part, before, room, wait, fate, why, until) => {
      const told = fateOfGroup(
        { ...fine, ...part },
        { most: 1, itsTurn: true, before, next },
        { quota: { at: room === null ? null : later(room) }, members: { at } },
        { at, waitUntil: later(wait) },
      )
      expect(told).toMatchObject({ fate, reason: why, heldUntil: until === null ? null : later(until) })
    },
  )

  it.each([
    // while too many of its members are over
    [{}, 0, 30, 30, 'held', 'members_over', 30],
    [{}, 0, 30, 29, 'dropped', 'members_over', null],
    [{}, 0, null, 720, 'dropped', 'members_over', null],
    // until all have room
    [{}, 72, 30, 100, 'held', 'quota', 72],
    [{}, 20, 30, 100, 'held', 'quota', 30],
    [{ today: 1 }, 0, 30, 100, 'held', 'had_today', 30],
    [{ ownerCan: false }, 0, 30, 100, 'no_sender', 'sender_gone', null],
  ] as const)(
    '%o, quota in %i h, members in %s h, in a send that waits %i h: %s',
    (part, quota, members, wait, fate, reason, until) => {
      const rooms = { quota: { at: later(quota) }, members: { at: members === null ? null : later(members) } }
      const day: Day = { most: 1, itsTurn: true, before: [], next }
      expect(fateOfGroup({ ...fine, ...part }, day, rooms, { at, waitUntil: later(wait) })).toMatchObject({
        ...{ fate, reason, heldUntil: until === null ? null : later(until) },
      })
    },
  )
})

describe('the times of a day', () => {
  const times = fc.integer({ min: 1, max: 8 })
  const day = fc.integer({ min: 20_000, max: 21_000 })
  it('reach a group as often as it may hear, on as many days each', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), day, times, fc.integer({ min: 1, max: 10 }), (chat, from, of, most) => {
        const parts = (dayNumber: number) =>
          Array.from({ length: of }, (_, place) => takesPart(chat, { dayNumber, place, of }, most))
        for (let dayNumber = from; dayNumber < from + of; dayNumber += 1)
          expect(parts(dayNumber).filter(Boolean)).toHaveLength(Math.min(of, most))
        // over so many days as there are times, every time had it equally often
        const often = Array.from({ length: of }, (_, place) =>
          Array.from({ length: of }, (__, ahead) => takesPart(chat, { dayNumber: from + ahead, place, of }, most)),
        )
        for (const one of often) expect(one.filter(Boolean)).toHaveLength(Math.min(of, most))
      }),
    )
  })

  it('share two thousand groups about evenly', () => {
    const chats = Array.from({ length: 2_000 }, (_, at) => `wr${at}`)
    for (const place of [0, 1, 2, 3]) {
      const part = chats.filter((chat) => takesPart(chat, { dayNumber: 20_500, place, of: 4 }, 1)).length
      expect(part).toBeGreaterThan(430)
      expect(part).toBeLessThan(570)
    }
  })
})

describe('the tasks of groups', () => {
  it('hold every group once, each of one owner, and none more than a call takes', () => {
    const owner: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(fc.array(owner, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (owners, most) => {
        const groups = owners.map((one, at) => ({ chatId: `wr${at}`, owner: one }))
        const tasks = tasksOfGroups(groups, most)
        expect(tasks.map((task) => task.number)).toEqual(tasks.map((_, at) => at + 1))
        expect(tasks.flatMap((task) => task.chatIds).toSorted()).toEqual(groups.map((one) => one.chatId).toSorted())
        for (const { owner: his, chatIds } of tasks) {
          expect(chatIds.length).toBeGreaterThan(0)
          expect(chatIds.length).toBeLessThanOrEqual(most)
          expect(chatIds.every((id) => groups.some((one) => one.chatId === id && one.owner === his))).toBe(true)
        }
        expect(hasTwins(tasks)).toBe(new Set(tasks.map((task) => task.owner)).size < tasks.length)
        // no owner has a task too many
        for (const [his, list] of Map.groupBy(tasks, (task) => task.owner))
          expect(list).toHaveLength(Math.ceil(owners.filter((one) => one === his).length / most))
        // the same whatever the order in which they are given
        expect(tasksOfGroups(groups.toReversed(), most)).toEqual(tasks)
      }),
    )
  })
})
