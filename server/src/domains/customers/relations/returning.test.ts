import { describe, expect, it } from 'vitest'
import { historyOf, isReturning, type RelationHistory } from './returning.ts'

const at = new Date('2026-11-11T10:00:00Z')
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1_000)
const relation = (over: Partial<RelationHistory>): RelationHistory => ({
  userid: 'lin',
  addedAt: undefined,
  halfAt: undefined,
  endedAt: undefined,
  ...over,
})
const isBack = (...relations: RelationHistory[]) => isReturning({ userid: 'lin', at }, relations)

describe('a customer who adds a member', () => {
  it('is new without a relation before, however often and by whichever way this add is told', () => {
    expect(isBack()).toBe(false)
    expect(isBack(relation({ addedAt: at }))).toBe(false)
    expect(isBack(relation({ addedAt: ago(1) })), 'read at the platform with a second’s difference').toBe(false)
  })

  it('is new when the half add that this one completes was with the same member', () => {
    expect(isBack(relation({ halfAt: ago(600) }))).toBe(false)
  })

  it('is returning after an ended relation with this member, or any with another', () => {
    expect(isBack(relation({ addedAt: ago(9_000), endedAt: ago(600) }))).toBe(true)
    expect(isBack(relation({ endedAt: ago(600) })), 'only the end was told').toBe(true)
    expect(isBack(relation({ userid: 'wang', addedAt: ago(9_000) }))).toBe(true)
    expect(isBack(relation({ userid: 'wang', halfAt: ago(9_000) }))).toBe(true)
  })

  it('is not made returning by what happened after', () => {
    expect(isBack(relation({ userid: 'wang', addedAt: ago(-5) }), relation({ addedAt: at, endedAt: ago(-60) }))).toBe(
      false,
    )
  })

  it('is returning by what the same batch tells: he added another member a minute before', () => {
    const fact = {
      kind: 'added' as const,
      corpId: 1,
      userid: 'wang',
      externalUserid: 'wm',
      at: ago(60),
      cause: '',
      dedupeKey: Buffer.alloc(0),
    }
    expect(isBack(historyOf(fact))).toBe(true)
  })
})
