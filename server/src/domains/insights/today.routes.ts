import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { localTime, momentOf } from '../../infra/zone.ts'
import { todayView } from './today.schema.ts'
import { countAlive, countByHour, countOpenTasks, countRelations, countWelcomes, topChannels } from './today.store.ts'

/** 今日工作台: the day so far in the reader's data scope, beside yesterday at the same hour. */
export function todayRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'today.read' },
      {
        method: 'get',
        path: '/api/today',
        tags: ['insights'],
        responses: { 200: jsonContent(todayView, 'The day so far'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const now = clock.now()
      const zone = await zoneOfCorp(db, actor.corpId)
      const { dayNumber } = localTime(now, zone)
      const from = momentOf(dayNumber, 0, zone)
      const yesterday = momentOf(dayNumber - 1, 0, zone)
      const today = { from, until: now }
      const sameTime = { from: yesterday, until: new Date(yesterday.getTime() + (now.getTime() - from.getTime())) }
      const [counts, before, whole, welcome, hours, channels, tasks, alive] = await Promise.all([
        countRelations(db, actor, today),
        countRelations(db, actor, sameTime),
        countRelations(db, actor, { from: yesterday, until: from }),
        countWelcomes(db, actor, today),
        countByHour(db, actor, today, zone),
        topChannels(db, actor, today, 8),
        countOpenTasks(db, actor),
        countAlive(db, actor),
      ])
      return c.json(
        {
          date: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(now),
          zone,
          as_of: now.toISOString(),
          adds: { today: counts.adds, yesterday_same_time: before.adds, yesterday: whole.adds },
          first_adds: { today: counts.firstAdds, yesterday_same_time: before.firstAdds },
          losses: { today: counts.losses, yesterday_same_time: before.losses, yesterday: whole.losses },
          staff_deleted: { today: counts.staffDeleted },
          net: {
            today: counts.adds - counts.losses - counts.staffDeleted,
            yesterday_same_time: before.adds - before.losses - before.staffDeleted,
          },
          customers_alive: alive,
          welcome: {
            with_code: welcome.withCode,
            sent: welcome.sent,
            refused: welcome.refused,
            late: welcome.late,
            unknown: welcome.unknown,
            no_code: welcome.noCode,
            not_set: welcome.notSet,
            delivery: welcome.withCode === 0 ? null : welcome.sent / welcome.withCode,
            p50_ms: welcome.p50Ms,
            p95_ms: welcome.p95Ms,
            p99_ms: welcome.p99Ms,
          },
          hours: [...hours],
          channels: [...channels],
          open_tasks: tasks,
        },
        200,
      )
    },
  )
  return api
}
