import { z } from '@hono/zod-openapi'
import { stringify } from 'csv-stringify/sync'
import { type Actor, may } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import { notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { businessDay } from '../../infra/zone.ts'
import { tooManyToExport, wholeCorp } from './audience.refusals.ts'
import { audienceThing } from './audience.routes.ts'
import { zoneOfCorp } from './audiences.store.ts'
import { type MemberRow, membersAfter, overlapsOf, peopleOf } from './member.store.ts'
import { findAudience, settingsOf } from './saved.store.ts'

const atOnce = 1_000
const header = {
  zh: ['客户编号', '姓名', '状态', '员工', '最近添加日'],
  en: ['Customer', 'Name', 'Status', 'Staff', 'Last added'],
}

/** The members of an audience as a table, as the actor may see them. */
export function audienceExportRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.export', audit: 'audience.export' },
      {
        method: 'get',
        path: '/api/audiences/{id}/export',
        tags: ['audiences'],
        request: { params: z.object({ id: z.uuid() }) },
        responses: {
          200: { description: 'CSV, UTF-8', content: { 'text/csv': { schema: z.string() } } },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'))
      const { corpId } = actor
      const { id } = c.req.valid('param')
      const audience = await findAudience(db, corpId, id)
      if (!audience) throw notFound(audienceThing)
      const size = (await overlapsOf(db, corpId, [id]))[0]?.both ?? 0
      const { exportMost } = await settingsOf(db, corpId)
      noteAudit(c, { after: { name: audience.name, version: audience.version }, count: size })
      if (size > exportMost && !may(actor, 'customers.export_any')) throw tooManyToExport(size, exportMost)
      const zone = await zoneOfCorp(db, corpId)
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('cache-control', 'no-store')
      c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${audience.name}.csv`)}`)
      const pages = async function* () {
        yield `\uFEFF${stringify([header[actor.locale]])}`
        for (let after = -1; ; ) {
          const numbers = await membersAfter(db, corpId, id, after, atOnce)
          const last = numbers.at(-1)
          if (last === undefined) return
          const rows = await peopleOf(db, corpId, numbers)
          yield stringify(
            rows.map((row) => cells(actor, row, zone)),
            { escape_formulas: true },
          )
          after = last
        }
      }
      // what fails on the way breaks the download off: half a table must not look whole
      return c.body(ReadableStream.from(pages()).pipeThrough(new TextEncoderStream()), 200)
    },
  )
  return api
}

function cells(actor: Actor, row: MemberRow, zone: string): readonly string[] {
  const added = row.lastAddedAt === null ? '' : businessDay(row.lastAddedAt, zone)
  return [String(row.id), nameFor(actor, row.name ?? ''), row.status ?? '', row.staff.join('、'), added]
}
