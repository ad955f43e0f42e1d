import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { dayMs } from '../../../infra/zone.ts'
import {
  idParam,
  welcomeCheckView,
  welcomeDetail,
  welcomeInput,
  welcomeListQuery,
  welcomePage,
  welcomeVersionInput,
} from './welcome.schema.ts'
import { type WelcomeBand, welcomeLevels } from './welcome.ts'
import { checkBands } from './welcome-checks.ts'
import {
  activateVersion,
  addVersion,
  findWelcome,
  insertWelcome,
  listWelcomes,
  setWelcomeEnabled,
  targetExists,
  versionsOf,
} from './welcome-edit.store.ts'
import { presentBand, presentWelcome, toBand } from './welcome-view.ts'

const cursor = z.tuple([z.int().min(1).max(4), z.uuid()])
const thing = { zh: '欢迎语', en: 'welcome' }
const tags = ['welcomes']

/** Welcomes: list, create, new version, one-click return, switch on and off, checks while typing. */
export function welcomeRoutes(services: Services): Api {
  const { db, clock, platform } = services
  const api = createApi()
  const weekAgo = () => new Date(clock.now().getTime() - 7 * dayMs)

  api.openapi(
    route(
      { gate: 'welcome.read' },
      {
        method: 'get',
        path: '/api/welcomes',
        tags,
        request: { query: welcomeListQuery },
        responses: { 200: jsonContent(welcomePage, 'In order of precedence'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, cursor: token, level, q } = c.req.valid('query')
      const rows = await listWelcomes(db, {
        corpId: c.get('actor').corpId,
        level,
        q,
        after: decodeCursor(cursor, token),
        limit: limit + 1,
        since: weekAgo(),
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [welcomeLevels.indexOf(last.level) + 1, last.id])
      return c.json({ items: shown.map(presentWelcome), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.read' },
      {
        method: 'get',
        path: '/api/welcomes/{id}',
        tags,
        request: { params: idParam },
        responses: { 200: jsonContent(welcomeDetail, 'With its versions, newest first'), ...errorResponses },
      },
    ),
    async (c) => c.json(await detail(c.get('actor').corpId, c.req.valid('param').id), 200),
  )

  api.openapi(
    route(
      { gate: 'welcome.write', audit: { none: 'nothing is changed: it only says what would be refused' } },
      {
        method: 'post',
        path: '/api/welcomes/check',
        tags,
        request: { body: jsonContent(welcomeVersionInput.pick({ bands: true }), 'What has been typed so far') },
        responses: { 200: jsonContent(welcomeCheckView, 'What is wrong'), ...errorResponses },
      },
    ),
    async (c) => {
      const limits = await platform.limits(c.get('actor').corpId)
      const faults = checkBands(c.req.valid('json').bands.map(toBand), limits)
      return c.json(
        {
          faults: faults.map((f) => ({
            field: f.field,
            problem: f.problem,
            used: f.used ?? null,
            limit: f.limit ?? null,
          })),
          text_limit_bytes: Number(limits.value('welcome.text_bytes')),
          attachments_limit: Number(limits.value('welcome.attachments')),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.write', audit: 'welcome.create' },
      {
        method: 'post',
        path: '/api/welcomes',
        tags,
        request: { body: jsonContent(welcomeInput, 'The welcome') },
        responses: { 201: jsonContent(welcomeDetail, 'Active from now on'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const input = c.req.valid('json')
      const bands = await checked(actor.corpId, input.bands.map(toBand))
      if (!(await targetExists(db, actor.corpId, input.level, input.target)))
        throw notFound({ zh: '渠道、员工或门店', en: 'channel, member or store' })
      const id = await db
        .transaction()
        .execute((tx) =>
          insertWelcome(
            tx,
            { corpId: actor.corpId, level: input.level, target: input.target, name: input.name },
            { bands, note: input.note, by: actor.name, at: clock.now() },
          ),
        )
      if (id === undefined) {
        throw new AppError(
          'conflict',
          { zh: '这个对象已经有一条欢迎语了。', en: 'This target has a welcome already.' },
          {
            hint: { zh: '请打开那一条，新建一个版本。', en: 'Open that one and make a new version.' },
          },
        )
      }
      noteAudit(c, {
        objectKind: 'welcome',
        objectId: id,
        after: { level: input.level, target: input.target, bands: bands.length },
      })
      return c.json(await detail(actor.corpId, id), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.write', audit: 'welcome.version' },
      {
        method: 'post',
        path: '/api/welcomes/{id}/versions',
        tags,
        request: { params: idParam, body: jsonContent(welcomeVersionInput, 'The new version') },
        responses: { 200: jsonContent(welcomeDetail, 'The new version is active'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const input = c.req.valid('json')
      const bands = await checked(actor.corpId, input.bands.map(toBand))
      const number = await db
        .transaction()
        .execute((tx) =>
          addVersion(tx, actor.corpId, id, input.name, { bands, note: input.note, by: actor.name, at: clock.now() }),
        )
      if (number === undefined) throw notFound(thing)
      noteAudit(c, { objectKind: 'welcome', objectId: id, after: { version: number } })
      return c.json(await detail(actor.corpId, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.write', audit: 'welcome.activate' },
      {
        method: 'post',
        path: '/api/welcomes/{id}/activate',
        tags,
        request: {
          params: idParam,
          body: jsonContent(z.object({ version_id: z.uuid() }), 'The version to go back to'),
        },
        responses: { 200: jsonContent(welcomeDetail, 'It is active'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { version_id: versionId } = c.req.valid('json')
      if (!(await activateVersion(db, c.get('actor').corpId, id, versionId))) throw notFound(thing)
      noteAudit(c, { objectKind: 'welcome', objectId: id, after: { version_id: versionId } })
      return c.json(await detail(c.get('actor').corpId, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.write', audit: 'welcome.enable' },
      {
        method: 'post',
        path: '/api/welcomes/{id}/enabled',
        tags,
        request: { params: idParam, body: jsonContent(z.object({ enabled: z.boolean() }), 'On or off') },
        responses: { 200: jsonContent(welcomeDetail, 'Changed'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { enabled } = c.req.valid('json')
      if (!(await setWelcomeEnabled(db, c.get('actor').corpId, id, enabled))) throw notFound(thing)
      noteAudit(c, { objectKind: 'welcome', objectId: id, after: { enabled } })
      return c.json(await detail(c.get('actor').corpId, id), 200)
    },
  )

  async function detail(corpId: number, id: string): Promise<z.output<typeof welcomeDetail>> {
    const row = await findWelcome(db, corpId, id, weekAgo())
    if (row === undefined) throw notFound(thing)
    const versions = await versionsOf(db, id)
    return {
      ...presentWelcome(row),
      history: versions.map((v) => ({
        id: v.id,
        number: v.number,
        active: v.active,
        note: v.note,
        created_by: v.createdBy,
        created_at: v.createdAt.toISOString(),
        bands: v.bands.map(presentBand),
      })),
    }
  }

  async function checked(corpId: number, bands: readonly WelcomeBand[]): Promise<readonly WelcomeBand[]> {
    const faults = checkBands(bands, await platform.limits(corpId))
    if (faults.length === 0) return bands
    throw new AppError(
      'rule',
      {
        zh: `欢迎语有 ${faults.length} 处不符合平台要求，没有保存。`,
        en: `The welcome has ${faults.length} faults and was not saved.`,
      },
      { hint: { zh: '请按标出的位置修改。', en: 'Mend the places shown.' }, details: { faults } },
    )
  }

  return api
}
