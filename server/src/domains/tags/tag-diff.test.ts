import { describe, expect, it } from 'vitest'
import { differences, followsAtOnce, type OurTag, type TheirTag } from './tag-diff.ts'

const our = (given: Partial<OurTag> = {}): OurTag => ({
  ...{ id: 't1', kind: 'tag', groupId: 'g1', platformId: 'et1', name: '油性', position: 1, ours: true, truth: 'ours' },
  ...{ baseName: '油性', basePosition: 1 },
  ...given,
})
const their = (given: Partial<TheirTag> = {}): TheirTag => ({
  ...{ platformId: 'et1', kind: 'tag', groupPlatformId: 'eg1', name: '油性', position: 1 },
  ...given,
})

describe('what differs between the catalogue and the platform', () => {
  it('is nothing when both are as agreed', () => {
    expect(differences([our()], [their()])).toEqual([])
  })

  it('of ours: the side that alone changed wins where we changed; theirs by the owner of truth', () => {
    expect(differences([our({ name: '油皮' })], [their()])[0]).toMatchObject({ wins: 'ours', conflict: false })
    expect(differences([our()], [their({ name: '油皮' })])[0]).toMatchObject({ wins: 'ours', conflict: false })
    expect(differences([our({ truth: 'wecom' })], [their({ name: '油皮' })])[0]).toMatchObject({ wins: 'wecom' })
  })

  it('both sides changed: the owner of truth wins, and a person sees both words', () => {
    const [found] = differences([our({ name: '甲', truth: 'wecom' })], [their({ name: '乙' })])
    expect(found).toMatchObject({ ours: '甲', theirs: '乙', wins: 'wecom', conflict: true })
    expect(found && followsAtOnce(found)).toBe(false)
  })

  it('of others the platform always wins', () => {
    const found = differences([our({ ours: false, truth: 'ours', name: '旧' })], [their({ name: '新', position: 9 })])
    expect(found.map(({ kind, wins }) => [kind, wins])).toEqual([
      ['renamed', 'wecom'],
      ['reordered', 'wecom'],
    ])
  })

  it('a group that is gone says it once, for all its tags', () => {
    const group = our({ id: 'g1', kind: 'group', groupId: undefined, platformId: 'eg1' })
    expect(differences([group, our(), our({ id: 't2', platformId: 'et2' })], []).map(({ key }) => key)).toEqual([
      'gone:eg1',
    ])
  })

  it('what they made is theirs, and known at once', () => {
    const [found] = differences([], [their()])
    expect(found).toMatchObject({ kind: 'unknown', wins: 'wecom' })
    expect(found && followsAtOnce(found)).toBe(true)
  })
})
