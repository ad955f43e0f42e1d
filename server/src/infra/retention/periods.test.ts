import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutoff, spanOfName, spansFrom } from './periods.ts'

const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
const periods = fc.constantFrom('day' as const, 'month' as const)

describe('the spans of partitions', () => {
  it('begin with the one that holds the moment and follow without a gap, over months of any length', () => {
    fc.assert(
      fc.property(moments, periods, fc.integer({ min: 0, max: 40 }), (at, period, ahead) => {
        const spans = spansFrom('events', period, at, ahead)
        expect(spans).toHaveLength(ahead + 1)
        expect(spans[0]?.from.getTime()).toBeLessThanOrEqual(at.getTime())
        expect(spans[0]?.until.getTime()).toBeGreaterThan(at.getTime())
        for (const [n, span] of spans.entries()) if (n > 0) expect(span.from).toEqual(spans[n - 1]?.until)
        expect(new Set(spans.map((span) => span.name)).size).toBe(spans.length)
      }),
    )
  })

  it('are read back from their names', () => {
    fc.assert(
      fc.property(moments, periods, (at, period) => {
        const [span] = spansFrom('welcome_sends', period, at, 0)
        expect(spanOfName('welcome_sends', span?.name ?? '')).toEqual(span)
      }),
    )
    expect(spanOfName('events', 'events_default')).toBeUndefined()
    expect(spanOfName('events', 'event_cursors')).toBeUndefined()
  })

  it('know February and the turn of the year', () => {
    const [february, march] = spansFrom('events', 'month', new Date('2028-02-29T23:59:59.999Z'), 1)
    expect(february).toMatchObject({ name: 'events_202802', until: new Date('2028-03-01T00:00:00Z') })
    expect(march?.name).toBe('events_202803')
    expect(spansFrom('callbacks', 'day', new Date('2026-12-31T12:00:00Z'), 1).map((span) => span.name)).toEqual([
      'callbacks_20261231',
      'callbacks_20270101',
    ])
    expect(cutoff(new Date('2026-11-11T10:00:00Z'), 30)).toEqual(new Date('2026-10-12T10:00:00Z'))
  })
})
