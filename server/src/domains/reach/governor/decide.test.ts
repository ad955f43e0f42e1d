import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { aFelt, anAsk, aPolicy, zones } from './governor.testing.ts'
import type { Policy } from './policy.schema.ts'
import { openPolicy } from './policy.ts'
import { type Felt, secondOf } from './touch.ts'

const zone = 'Asia/Shanghai'
const at = (text: string) => new Date(`2026-${text}+08:00`)
const touch = (text: string, more: Partial<Felt> = {}): Felt => ({
  ...{ second: secondOf(at(text)), channel: 'customer_send', weight: 100 },
  ...more,
})
const ask = (text: string) =>
  ({ channel: 'customer_send', priority: 5, at: at(text), waitUntil: at('12-31T00:00') }) as const
const policy = (more: Partial<Policy>): Policy => ({ ...openPolicy, ...more })
const cap = (per: 'day' | 'week' | 'month', most: number, more: Partial<Policy['caps'][number]> = {}) => ({
  ...{ channel: null, per, most, kept: 0 },
  ...more,
})
const said = (decision: ReturnType<typeof decide>) => [
  decision.verdict,
  decision.hits.map((hit) => hit.reason),
  decision.until === null ? null : new Date(decision.until * 1000).toISOString(),
]

describe('what a policy says of one person', () => {
  it('lets everything through where nothing limits', () => {
    expect(said(decide(openPolicy, [touch('11-10T10:00')], 'all', ask('11-10T10:01'), zone))).toEqual([
      'send',
      [],
      null,
    ])
  })

  it('counts a day by the calendar of the corp, and holds until its midnight', () => {
    const rules = policy({ caps: [cap('day', 1)] })
    const late = [touch('11-10T23:30')]
    expect(said(decide(rules, late, 'all', ask('11-10T23:59'), zone))).toEqual([
      'hold',
      ['day_cap'],
      '2026-11-10T16:00:00.000Z',
    ])
    expect(said(decide(rules, late, 'all', ask('11-11T00:00'), zone))).toEqual(['send', [], null])
  })

  it('counts a week by 7 × 24 hours, to the second', () => {
    const rules = policy({ caps: [cap('week', 2)] })
    const two = [touch('11-03T10:00'), touch('11-05T10:00')]
    expect(said(decide(rules, two, 'all', ask('11-10T09:59:59'), zone))).toEqual([
      'hold',
      ['week_cap'],
      '2026-11-10T02:00:00.000Z',
    ])
    expect(decide(rules, two, 'all', ask('11-10T10:00'), zone).verdict).toBe('send')
  })

  it('counts a channel by itself beside all together', () => {
    const rules = policy({ caps: [cap('week', 1, { channel: 'moments' }), cap('week', 3)] })
    const seen = [touch('11-10T10:00', { channel: 'moments' })]
    expect(decide(rules, seen, 'all', ask('11-10T12:00'), zone).verdict).toBe('send')
    expect(decide(rules, seen, 'all', { ...ask('11-10T12:00'), channel: 'moments' }, zone).verdict).toBe('hold')
  })

  it('keeps touches back for what is important', () => {
    const rules = policy({ caps: [cap('month', 3, { kept: 1 })], kept_from: 8 })
    const two = [touch('11-01T10:00'), touch('11-02T10:00')]
    expect(decide(rules, two, 'all', ask('11-10T12:00'), zone).verdict).toBe('hold')
    expect(decide(rules, two, 'all', { ...ask('11-10T12:00'), priority: 8 }, zone).verdict).toBe('send')
  })

  it('holds over quiet hours that pass midnight, also where another rule would end within them', () => {
    const rules = policy({ quiet: { from: 21 * 60, until: 9 * 60 }, gap_minutes: 240 })
    expect(said(decide(rules, [], 'all', ask('11-10T22:00'), zone))).toEqual([
      'hold',
      ['quiet'],
      '2026-11-11T01:00:00.000Z',
    ])
    const evening = [touch('11-10T18:00')]
    expect(said(decide(rules, evening, 'all', ask('11-10T20:00'), zone))).toEqual([
      'hold',
      ['gap'],
      '2026-11-11T01:00:00.000Z',
    ])
  })

  it('drops who wants nothing or is left alone, who would have to wait too long, and what a campaign will not wait for', () => {
    const asked = ask('11-10T12:00')
    expect(said(decide(openPolicy, [], 'none', asked, zone))).toEqual(['drop', ['opted_out'], null])
    expect(said(decide(policy({ marketing: 'never' }), [], 'all', asked, zone))).toEqual([
      'drop',
      ['no_marketing'],
      null,
    ])
    const weekly = policy({ caps: [cap('week', 1)] })
    const seen = [touch('11-10T10:00')]
    const short = decide(weekly, seen, 'all', { ...asked, waitUntil: at('11-12T00:00') }, zone)
    expect(said(short)).toEqual(['drop', ['week_cap'], '2026-11-17T02:00:00.000Z'])
    expect(decide(weekly, seen, 'all', { ...asked, waitUntil: null }, zone).verdict).toBe('drop')
  })

  it('gives who wished less as much as the policy says', () => {
    const seen = [touch('11-08T10:00')]
    expect(said(decide(openPolicy, seen, 'less', ask('11-10T10:00'), zone))).toEqual([
      'hold',
      ['wished_less'],
      '2026-11-15T02:00:00.000Z',
    ])
    expect(decide(openPolicy, seen, 'all', ask('11-10T10:00'), zone).verdict).toBe('send')
  })

  it('forgets half of what tires every seven days, and all of it after thirty', () => {
    const week = decide(openPolicy, [touch('11-03T10:00')], 'all', ask('11-10T10:00'), zone)
    expect(week.fatigue).toBe(50)
    const rules = policy({ fatigue: { high: 100, most: 150 } })
    const three = [touch('11-10T10:00'), touch('11-10T10:00'), touch('11-10T10:00')]
    // 300 falls to 150 in seven days
    expect(said(decide(rules, three, 'all', ask('11-10T10:00'), zone))).toEqual([
      'hold',
      ['fatigue'],
      '2026-11-17T02:01:00.000Z',
    ])
    expect(decide(openPolicy, [touch('10-10T10:00')], 'all', ask('11-10T10:00'), zone).fatigue).toBe(0)
  })
})

it('what is held until a moment would go then and not a minute before, if nothing else reaches the person', () => {
  fc.assert(
    fc.property(
      aPolicy,
      fc.array(aFelt, { maxLength: 20 }),
      anAsk,
      fc.constantFrom(...zones),
      (rules, felt, asked, where) => {
        const past = felt.filter(({ second }) => second <= secondOf(asked.at))
        const { until, verdict } = decide(rules, past, 'all', asked, where)
        if (until === null) return
        const verdictAt = (second: number) =>
          decide(rules, past, 'all', { ...asked, at: new Date(second * 1000) }, where).verdict
        expect(verdict).not.toBe('send')
        expect(verdictAt(until)).toBe('send')
        for (let second = until - 60; second > secondOf(asked.at); second -= 3_599 * 7)
          expect(verdictAt(second)).not.toBe('send')
      },
    ),
    { numRuns: 300 },
  )
})
