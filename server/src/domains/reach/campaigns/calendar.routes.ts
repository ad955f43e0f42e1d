import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { AppError } from '../../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay, dayMs, localTime, momentOf } from '../../../infra/zone.ts'
import { calendarCampaigns, runsBetween, sharedBy } from './calendar.store.ts'
import { type CalendarEntry, daysOfPage, entriesAfter, pairsOfDays, placeOf, toCome } from './calendar.ts'
import type { Campaign } from './campaign.ts'
import { forWholeCorp } from './campaign.words.ts'
import { calendarQuery, calendarView } from './campaigns.schema.ts'

type View = z.output<typeof calendarView>
/** A page of the calendar shows six weeks. */
const mostDays = 62
/** Pairs of campaigns whose shared persons are counted for one page. */
const mostPairs = 200
/** Entries of one answer. */
const mostEntries = 1_000
const place = z.tuple([z.number(), z.string()])

/** 运营日历: what went out and what is to come, and where two campaigns of a day reach the same persons. */
export function campaignCalendarRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/calendar',
        tags: ['campaigns'],
        request: { query: calendarQuery },
        responses: { 200: jsonContent(calendarView, 'The days from and to included'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const query = c.req.valid('query')
      const zone = await zoneOfCorp(db, corpId)
      const [first, last] = [dayNumberOf(query.from), dayNumberOf(query.to)]
      if (last < first || last - first >= mostDays) throw badSpan()
      const span = { from: momentOf(first, 0, zone), until: momentOf(last + 1, 0, zone), now: clock.now(), zone }
      const runs = await runsBetween(db, corpId, span.from, span.until)
      const campaigns = await calendarCampaigns(
        db,
        corpId,
        runs.map((run) => run.campaignId),
      )
      const byId = new Map(campaigns.map((one) => [one.id, one]))
      const dayOf = (at: Date) => businessDay(at, zone)
      const gone = runs.flatMap(({ campaignId, at, id, state }): CalendarEntry[] => {
        const campaign = byId.get(campaignId)
        return campaign === undefined ? [] : [{ campaign, at, day: dayOf(at), run: { id, state } }]
      })
      const all = [...gone, ...toCome(campaigns, span, dayOf)]
      const rest = entriesAfter(all, decodeCursor(place, query.cursor)).slice(0, mostEntries + 1)
      const { shown: entries, next_cursor } = page(rest, mostEntries, (last) => [...placeOf(last)])
      const today = localTime(clock.now(), zone).dayNumber
      const conflicts: View['conflicts'] = []
      const counted = new Map<string, Awaited<ReturnType<typeof sharedBy>>>()
      const days = daysOfPage(entries, rest[mostEntries])
      const pairs = pairsOfDays(all.filter((one) => days.has(one.day)))
      for (const [day, a, b] of pairs.slice(0, mostPairs)) {
        const key = `${a.id} ${b.id}`
        const shared = counted.get(key) ?? (await sharedBy(db, corpId, [a, b], { today, at: clock.now() }))
        counted.set(key, shared)
        if (shared.persons + shared.groups > 0)
          conflicts.push({ day, a: a.id, b: b.id, ...shared, first: firstOf(a, b) })
      }
      const uncounted = Math.max(0, pairs.length - mostPairs)
      return c.json({ zone, entries: entries.map(present), conflicts, uncounted, next_cursor }, 200)
    },
  )
  return api
}

/** Of two sends to groups, which takes the day of those that both are for. */
function firstOf(a: Campaign, b: Campaign): string | null {
  if (a.spec.groups === undefined || b.spec.groups === undefined) return null
  const more = a.spec.governed.priority - b.spec.governed.priority
  return more === 0 ? null : more > 0 ? a.id : b.id
}

const dayNumberOf = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs)

function present({ campaign, at, day, run }: CalendarEntry): View['entries'][number] {
  return {
    ...{ campaign_id: campaign.id, name: campaign.name, kind: campaign.spec.kind, state: campaign.state },
    ...{ at: at.toISOString(), day, priority: campaign.spec.governed.priority },
    run: run as View['entries'][number]['run'],
  }
}

function badSpan(): AppError {
  return new AppError('invalid_request', {
    zh: `日历一次最多看 ${mostDays} 天，结束不能早于开始。`,
    en: `The calendar shows at most ${mostDays} days, and does not end before it begins.`,
  })
}
