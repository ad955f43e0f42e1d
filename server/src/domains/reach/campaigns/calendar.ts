import type { Campaign } from './campaign.ts'
import { startsBetween } from './schedule.ts'

/** One time that a campaign goes out, or went out. */
export interface CalendarEntry {
  readonly campaign: Campaign
  readonly at: Date
  readonly day: string
  readonly run: { readonly id: number; readonly state: string } | null
}

/** The entries after a place, the first first: what a page begins with. */
export function entriesAfter(entries: readonly CalendarEntry[], after: Place | undefined): readonly CalendarEntry[] {
  const ordered = entries.toSorted((a, b) => compare(placeOf(a), placeOf(b)))
  return after === undefined ? ordered : ordered.filter((one) => compare(placeOf(one), after) > 0)
}

/** When it goes out, of which campaign: no campaign goes out twice at one moment. */
export type Place = readonly [number, string]

export const placeOf = ({ at, campaign }: CalendarEntry): Place => [at.getTime(), campaign.id]
const compare = (a: Place, b: Place) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)

/** What is still to come of campaigns within a span: of those that are approved, and of drafts as they are meant. */
export function toCome(
  campaigns: readonly Campaign[],
  span: { readonly from: Date; readonly until: Date; readonly now: Date; readonly zone: string },
  dayOf: (at: Date) => string,
): readonly CalendarEntry[] {
  const from = new Date(Math.max(span.from.getTime(), span.now.getTime()))
  return campaigns.flatMap((campaign) => {
    if (campaign.state === 'ended' || campaign.state === 'cancelled') return []
    // what goes out once has gone out when it is live
    if (campaign.state === 'live' && campaign.spec.schedule.kind !== 'recurring') return []
    return startsBetween(campaign.spec, from, span.until, span.zone).map((at) => ({
      ...{ campaign, at, day: dayOf(at), run: null },
    }))
  })
}

const over: ReadonlySet<string> = new Set(['cancelled', 'failed'])

/** Pairs of different campaigns that go out on one day, each pair once a day; what was called off meets nobody any more. */
export function pairsOfDays(entries: readonly CalendarEntry[]): readonly (readonly [string, Campaign, Campaign])[] {
  const pairs = new Map<string, readonly [string, Campaign, Campaign]>()
  const held = entries.filter(({ run }) => run === null || !over.has(run.state))
  for (const [day, ofDay] of Map.groupBy(held, (entry) => entry.day)) {
    const campaigns = [...new Map(ofDay.map(({ campaign }) => [campaign.id, campaign])).values()]
    campaigns.forEach((a, at) => {
      for (const b of campaigns.slice(at + 1)) {
        const [first, second] = a.id < b.id ? [a, b] : [b, a]
        pairs.set(`${day} ${first.id} ${second.id}`, [day, first, second])
      }
    })
  }
  return [...pairs.values()]
}

/** The days that end on a page: one that goes on on the next is looked at there, whole. */
export function daysOfPage(shown: readonly CalendarEntry[], next: CalendarEntry | undefined): ReadonlySet<string> {
  return new Set(shown.map(({ day }) => day).filter((day) => day !== next?.day))
}
