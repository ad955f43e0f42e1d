import { describe, expect, it } from 'vitest'
import { type ChannelDraft, faultsOf, warningsOf } from './channel-rules.ts'

const draft = (over: Partial<ChannelDraft> = {}): ChannelDraft => ({
  kind: 'qr',
  strategy: 'platform',
  fallback: 'members',
  validFrom: null,
  validUntil: null,
  members: ['staff:a'],
  spares: [],
  rostered: [],
  staffCount: 1,
  maxUsers: 100,
  ...over,
})
const fields = (its: ChannelDraft) => faultsOf(its).map((fault) => fault.field)

describe('a channel’s parts fit together', () => {
  it('a plain code of one member has nothing to say', () => {
    expect(faultsOf(draft())).toEqual([])
    expect(warningsOf(draft())).toEqual([])
  })

  it('strategies belong to the landing page, and the platform’s own does not', () => {
    expect(fields(draft({ strategy: 'weighted' }))).toEqual(['strategy'])
    expect(fields(draft({ kind: 'landing', fallback: 'closed' }))).toEqual(['strategy'])
    expect(fields(draft({ kind: 'landing', strategy: 'weighted', fallback: 'closed' }))).toEqual([])
  })

  it('a strict strategy does not fall back to people who are off duty', () => {
    expect(fields(draft({ kind: 'landing', strategy: 'weighted' }))).toEqual(['fallback'])
  })

  it('names what is twice, unknown, empty or upside down', () => {
    expect(fields(draft({ members: ['staff:a', 'staff:a'] }))).toEqual(['members'])
    expect(fields(draft({ rostered: ['staff:b'] }))).toEqual(['shifts'])
    expect(fields(draft({ staffCount: 0 }))).toEqual(['members'])
    const day = new Date('2026-11-23')
    expect(fields(draft({ validFrom: day, validUntil: day }))).toEqual(['valid_until'])
  })

  it('says what the platform does with several members, with too many, and after the end', () => {
    expect(warningsOf(draft({ staffCount: 101, validUntil: new Date() }))).toHaveLength(3)
  })
})
