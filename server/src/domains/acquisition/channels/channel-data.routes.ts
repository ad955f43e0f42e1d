import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay, dayText, localTime } from '../../../infra/zone.ts'
import { corpFacts } from '../codes/code-desk.store.ts'
import { channelId, channelThing } from './channel.routes.ts'
import { namesOf } from './channel-names.store.ts'
import { channelDays, listChannels } from './channel-view.store.ts'

const query = z.object({ days: z.coerce.number().int().min(1).max(180).default(30) })

const daysSchema = z
  .object({
    days: z.array(z.object({ day: z.string(), adds: z.int(), losses: z.int(), scans: z.int() })),
    staff: z.array(z.object({ userid: z.string(), name: z.string(), adds: z.int(), losses: z.int() })),
    scans_counted: z
      .boolean()
      .openapi({ description: 'only a landing page counts scans; the platform does not call them back' }),
    as_of: z.string(),
  })
  .openapi('ChannelDays')

/** The data of one channel: by business day, and by member. */
export function channelDataRoutes({ db, clock }: Services): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/{id}/days',
        tags: ['channels'],
        request: { params: channelId, query },
        responses: { 200: jsonContent(daysSchema, 'Business days, the oldest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { days: span } = c.req.valid('query')
      const { zone } = await corpFacts(db, actor.corpId)
      const now = clock.now()
      const [channel] = await listChannels(db, actor, { id, limit: 1 }, businessDay(now, zone))
      if (channel === undefined) throw notFound(channelThing)
      const { dayNumber } = localTime(now, zone)
      const wanted = Array.from({ length: span }, (_, i) => dayText(dayNumber - span + 1 + i))
      const rows = await channelDays(db, actor.corpId, id, wanted[0] ?? '', wanted.at(-1) ?? '')
      const byDay = new Map(wanted.map((day) => [day, { day, adds: 0, losses: 0, scans: 0 }]))
      const byStaff = new Map<string, { userid: string; adds: number; losses: number }>()
      for (const row of rows) {
        const day = byDay.get(row.day)
        if (day !== undefined)
          Object.assign(day, {
            adds: day.adds + row.adds,
            losses: day.losses + row.losses,
            scans: day.scans + row.scans,
          })
        if (row.userid === '') continue
        const one = byStaff.get(row.userid) ?? { userid: row.userid, adds: 0, losses: 0 }
        byStaff.set(row.userid, { ...one, adds: one.adds + row.adds, losses: one.losses + row.losses })
      }
      const names = await namesOf(db, actor.corpId, [...byStaff.keys()])
      return c.json(
        {
          days: [...byDay.values()],
          staff: [...byStaff.values()]
            .map((one) => ({ ...one, name: names.get(one.userid) ?? one.userid }))
            .sort((a, b) => b.adds - a.adds || (a.userid < b.userid ? -1 : 1)),
          scans_counted: channel.kind === 'landing',
          as_of: now.toISOString(),
        },
        200,
      )
    },
  )
  return api
}
