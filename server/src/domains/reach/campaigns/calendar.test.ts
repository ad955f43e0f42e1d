import { expect, it } from 'vitest'
import { type CalendarEntry, entriesAfter, type Place, placeOf } from './calendar.ts'
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
