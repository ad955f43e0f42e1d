import { describe, expect, it } from 'vitest'
import {
  asClock,
  checkable,
  emptyDraft,
  isOvernight,
  missing,
  readDraft,
  stepOf,
  withKind,
  withMembers,
} from './wizard.rules.ts'

const member = (ref: string) => ({ kind: 'staff' as const, ref, weight: 1, daily_limit: null })

describe('the wizard of a channel', () => {
  it('a type brings a strategy and a fallback that fit it', () => {
    const landing = withKind(emptyDraft().input, 'landing')
    expect(landing).toMatchObject({ strategy: 'round_robin', fallback: 'closed' })
    expect(withKind({ ...landing, strategy: 'weighted' }, 'landing').strategy).toBe('weighted')
    expect(withKind(landing, 'qr')).toMatchObject({ strategy: 'platform', fallback: 'members' })
  })

  it('who stays keeps his limit; who leaves leaves the rota too', () => {
    const before = {
      ...emptyDraft().input,
      members: [{ ...member('a'), daily_limit: 30 }, member('b')],
      shifts: [{ weekdays: [0], from: '09:00', until: '18:00', members: ['staff:a', 'staff:b'] }],
    }
    const after = withMembers(before, [
      { kind: 'staff', ref: 'c' },
      { kind: 'staff', ref: 'a' },
    ])
    expect(after.members).toEqual([member('c'), { ...member('a'), daily_limit: 30 }])
    expect(after.shifts[0]?.members).toEqual(['staff:a'])
  })

  it('a step is not left while something is missing, and a refusal leads to its step', () => {
    expect(missing('kind', emptyDraft().input)).toEqual(['required.name'])
    expect(missing('time', emptyDraft().input)).toEqual([])
    const period = { name: ' ', from: '2026-12-01T00:00:00Z', until: '2026-12-02T00:00:00Z', members: [] }
    expect(missing('time', { ...emptyDraft().input, periods: [period] })).toEqual(['required.period'])
    expect(checkable({ ...emptyDraft().input, periods: [period] }).periods).toEqual([])
    expect(stepOf('expected_per_day')).toBe('time')
    expect(stepOf('nonsense')).toBe('finish')
  })

  it('times of day are read as people type them', () => {
    expect(asClock('9:5', false)).toBe('09:05')
    expect(asClock('24:00', true)).toBe('24:00')
    expect(asClock('0:00', true)).toBe('24:00')
    expect(asClock('24:00', false)).toBeUndefined()
    expect(asClock('25:00', true)).toBeUndefined()
    expect(isOvernight('22:00', '06:00')).toBe(true)
    expect(isOvernight('09:00', '24:00')).toBe(false)
  })

  it('a draft survives a reload, and a broken one does no harm', () => {
    const draft = { input: { ...emptyDraft().input, name: '海报' }, names: { 'staff:a': '甲' } }
    expect(readDraft(JSON.stringify(draft))).toEqual(draft)
    for (const broken of [null, '', '{', '[]', '{"input":1}']) expect(readDraft(broken)).toBeUndefined()
  })
})
