import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterFact, type GroupMember, isNews, isPresent, type MemberFact, nobody } from './group-member.ts'
import { compareReading, type GroupReading, type KnownGroup, memberKey } from './group-reading.ts'

const start = Date.parse('2026-11-11T00:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000)

/** A person who comes and goes, at moments of their own. */
const life = fc
  .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 9 })
  .map((moments) =>
    [...moments]
      .sort((a, b) => a - b)
      .map(
        (second, n): MemberFact =>
          n % 2 === 0
            ? { kind: 'joined', at: at(second), scene: (n % 3) + 1 }
            : { kind: 'left', at: at(second), by: second % 2 === 0 ? 'self' : 'removed' },
      ),
  )
const shuffled = life.chain((facts) =>
  fc.record({
    facts: fc.constant(facts),
    told: fc
      .tuple(
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.array(fc.constantFrom(...facts), { maxLength: 6 }),
      )
      .map(([all, again]) => [...all, ...again]),
  }),
)
const fold = (facts: readonly MemberFact[]) => facts.reduce(afterFact, nobody)

const reading = (readAt: Date, members: GroupReading['members']): GroupReading => ({
  ...{ chatId: 'wr1', readAt, name: '群', owner: 'li', notice: undefined, admins: [], createdAt: at(0), version: 'v' },
  members,
})
const known: KnownGroup = {
  ...{ name: '群', owner: 'li', notice: undefined, readAt: undefined, changedAt: undefined },
  ...{ version: undefined, toldVersion: undefined, dismissedAt: undefined },
}
const shown = (joinedAt: Date) => ({
  ...({ kind: 'external', id: 'wm1', joinedAt, scene: 3 } as const),
  ...{ invitor: undefined, state: undefined, name: '客', nickname: undefined },
})
const compare = (member: GroupMember | undefined, page: GroupReading, group = known) =>
  compareReading(page, group, new Map(member === undefined ? [] : [[memberKey('external', 'wm1'), member]]), {
    lagMs: 3_000,
    baseline: at(0),
  })

describe('a member of a group', () => {
  it('is the same in whatever order, and however often, callbacks tell of him', () => {
    fc.assert(
      fc.property(shuffled, ({ facts, told }) => {
        expect(fold(told)).toEqual(fold(facts))
      }),
    )
  })

  it('is there when the last thing that happened is a join', () => {
    fc.assert(fc.property(shuffled, ({ facts, told }) => isPresent(fold(told)) === (facts.at(-1)?.kind === 'joined')))
  })

  it('who left is not revived by a page that still shows him, whenever it comes', () => {
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 200_000 }), ({ facts, told }, readSecond) => {
        const member = fold(told)
        if (facts.at(-1)?.kind !== 'left' || member.joinedAt === undefined) return
        const { changes } = compare(member, reading(at(readSecond), [shown(member.joinedAt)]))
        expect(changes.every((change) => !isPresent(change.member) && change.tell === undefined)).toBe(true)
      }),
    )
  })

  it('who left and joined in one second has left', () => {
    expect(
      isPresent(
        fold([
          { kind: 'joined', at: at(5), scene: 3 },
          { kind: 'left', at: at(5), by: 'self' },
        ]),
      ),
    ).toBe(false)
  })
})

describe('a reading', () => {
  const joined = fold([{ kind: 'joined', at: at(100), scene: 3 }])

  it('ends whom it does not show, but not who came after the moment that it shows, nor while callbacks come', () => {
    expect(compare(joined, reading(at(500), []))).toMatchObject({ gone: 1, waiting: 0 })
    expect(compare(joined, reading(at(102), []))).toMatchObject({ gone: 0, waiting: 0 })
    expect(compare(joined, reading(at(500), []), { ...known, changedAt: at(490) })).toMatchObject({
      gone: 0,
      waiting: 1,
    })
    expect(compare(joined, reading(at(500), []), { ...known, readAt: at(600) })).toMatchObject({ gone: 0, waiting: 0 })
  })

  it('brings back who joined again, and tells it once', () => {
    const left = fold([
      { kind: 'joined', at: at(100), scene: 3 },
      { kind: 'left', at: at(200), by: 'self' },
    ])
    const { changes, found } = compare(left, reading(at(1_000), [shown(at(300))]))
    expect(found).toBe(1)
    expect(changes).toMatchObject([{ tell: { what: 'joined', at: at(300) } }])
    const back = changes[0]?.member ?? nobody
    expect(isPresent(back)).toBe(true)
    expect(isNews(back, { kind: 'joined', at: at(302), scene: 3 })).toBe(false)
    expect(compare(back, reading(at(1_001), [shown(at(300))]))).toMatchObject({ changes: [], found: 0 })
  })

  it('a callback that comes after the reading that missed somebody says how he went, and is no news', () => {
    const missed = compare(joined, reading(at(500), [])).changes[0]?.member ?? nobody
    const fact: MemberFact = { kind: 'left', at: at(480), by: 'removed' }
    expect(isNews(missed, fact)).toBe(false)
    expect(afterFact(missed, fact)).toMatchObject({ leftBy: 'removed', leftAt: at(480) })
  })

  it('of a group that was dismissed changes nothing', () => {
    const ended = { ...known, dismissedAt: at(400) }
    expect(compare(joined, reading(at(500), []), ended)).toMatchObject({ changes: [], gone: 0 })
    expect(compare(undefined, reading(at(500), [shown(at(100))]), ended)).toMatchObject({ changes: [], found: 0 })
  })

  it('that the platform has not caught up with is read again', () => {
    const lagging = { ...known, changedAt: at(498), version: 'v', toldVersion: 'v2' }
    expect(compare(joined, reading(at(500), [shown(at(100))]), lagging).stale).toBe(true)
    expect(compare(joined, reading(at(600), [shown(at(100))]), lagging).stale).toBe(false)
  })

  it('before a baseline tells nothing', () => {
    const rules = { lagMs: 3_000, baseline: undefined }
    expect(compareReading(reading(at(500), [shown(at(100))]), known, new Map(), rules)).toMatchObject({
      found: 0,
      changes: [{ tell: undefined }],
    })
  })
})
