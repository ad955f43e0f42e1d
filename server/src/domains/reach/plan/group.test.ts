import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, fateOfGroup, tasksOfGroups } from './group.ts'

const fine: Candidate = {
  ...{ chatId: 'wr1', owner: 'a', customers: 80, dismissed: false, ownerCan: true, inSet: true, today: 0, open: 0 },
}

describe('what becomes of a group', () => {
  it.each([
    [{}, 1, 5, 'sent_to', null],
    [{ dismissed: true }, 1, 5, 'excluded', 'dismissed'],
    [{ today: 1 }, 1, 5, 'excluded', 'had_today'],
    [{ today: 1 }, 2, 5, 'sent_to', null],
    // nobody knows when what is open is confirmed
    [{ open: 1 }, 1, 5, 'excluded', 'had_today'],
    [{ ownerCan: null }, 1, 5, 'no_sender', 'no_owner'],
    [{ ownerCan: false }, 1, 5, 'no_sender', 'sender_gone'],
    [{ inSet: false }, 1, 5, 'no_sender', 'not_in_set'],
    [{}, 1, 0, 'dropped', 'quota'],
    [{ open: 1 }, 2, 1, 'dropped', 'quota'],
  ] as const)('%o with %i a day and %i left of the quota: %s', (part, most, left, fate, reason) => {
    expect(fateOfGroup({ ...fine, ...part }, most, left)).toEqual({ fate, reason })
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
        // no owner has a task too many
        for (const [his, list] of Map.groupBy(tasks, (task) => task.owner))
          expect(list).toHaveLength(Math.ceil(owners.filter((one) => one === his).length / most))
      }),
    )
  })
})
