import { expect, it } from 'vitest'
import { type CalendarEntry, daysOfPage, entriesAfter, type Place, pairsOfDays, placeOf } from './calendar.ts'
import { campaignSpec } from './campaign.schema.ts'

const spec = campaignSpec.parse({
  ...{ goal: null, whom: null, schedule: { kind: 'now' }, window: null },
  variants: [{ name: 'A', content: { text: '你好' }, for: null, share: 100 }],
})
const entry = (id: string, ms: number): CalendarEntry => ({
  campaign: {
    ...{ id, corpId: 1, name: id, state: 'live', version: 1, template: false, copiedFrom: null, createdBy: null, spec },
    ...{ createdAt: new Date(0), changedAt: new Date(0) },
  },
  ...{ at: new Date(ms), day: '2026-12-01', run: null },
})

it('the pages of a calendar hold every entry once, in the order in which they go out', () => {
  const entries = Array.from({ length: 25 }, (_, at) => entry(`c${(at * 7) % 25}`, Math.floor(at / 3) * 60_000))
  const seen: CalendarEntry[] = []
  let after: Place | undefined
  for (let rest = entriesAfter(entries, after); rest.length > 0; rest = entriesAfter(entries, after)) {
    const shown = rest.slice(0, 4)
    seen.push(...shown)
    const last = shown.at(-1)
    if (last !== undefined) after = placeOf(last)
  }
  expect(seen).toHaveLength(25)
  expect(new Set(seen).size).toBe(25)
  expect(seen.map((one) => one.at.getTime())).toEqual(entries.map((one) => one.at.getTime()).toSorted((a, b) => a - b))
})

it('two sends of a day meet once, but for one that was called off', () => {
  const gone = (id: string, state: string) => ({ ...entry(id, 0), run: { id: 1, state } })
  const met = (...entries: CalendarEntry[]) => pairsOfDays(entries).map(([day, a, b]) => [day, a.id, b.id])
  expect(met(entry('b', 0), entry('a', 60_000), entry('a', 120_000))).toEqual([['2026-12-01', 'a', 'b']])
  expect(met(entry('a', 0), gone('b', 'running'), gone('c', 'stopped'))).toHaveLength(3)
  expect(met(entry('a', 0), gone('b', 'cancelled'), gone('c', 'failed'))).toEqual([])
})

it('a day that two pages share is looked at on the later one', () => {
  const on = (day: string) => ({ ...entry('a', 0), day })
  const shown = [on('2026-12-01'), on('2026-12-02')]
  expect([...daysOfPage(shown, on('2026-12-02'))]).toEqual(['2026-12-01'])
  expect([...daysOfPage(shown, on('2026-12-03'))]).toEqual(['2026-12-01', '2026-12-02'])
  expect([...daysOfPage(shown, undefined)]).toEqual(['2026-12-01', '2026-12-02'])
})
