import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from '@hono/zod-openapi'
import { eventInput, memberInput, orderInput, productInput } from '@nuanyu/client/shapes'
import { v7 as uuid } from 'uuid'
import { systemClock } from '../../../infra/clock.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { faultOf } from '../faults.ts'
import { connectorOf } from './all.ts'
import { BadSignature, type Facts } from './connector.ts'
import {
  connectorChange,
  connectorFault,
  connectorVersion,
  connectorView,
  mappingTried,
  mappingTry,
  newConnector,
} from './connectors.schema.ts'
import {
  beginReplay,
  changeConnector,
  faultsOf,
  findConnector,
  insertConnector,
  listConnectors,
  noteFailure,
  noteProgress,
  type StoredConnector,
  versionsOf,
} from './connectors.store.ts'
import { mapFacts } from './mapped.ts'
import { wordsOf } from './pull.jobs.ts'
import { cannotReplay, changedMeanwhile, tooLarge, unreadable, unsigned, wrongConfig } from './refusals.ts'
import { parsedSample, rowsOfSample } from './sample.ts'
import { createFactTaker, knownTo } from './take.jobs.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault' | 'config'>

const tags = ['connectors']
const settings = z.record(z.string(), z.unknown()).catch({})
const idParam = z.object({ id: z.uuid() })
const thing = { zh: '连接器', en: 'connector' }
const maxBody = 2 * 1_048_576
const shapes = { orders: orderInput, products: productInput, members: memberInput, events: eventInput } as const

/** 连接器: other systems that are read, that tell us, or that put files into a folder. */
export function connectorsRoutes(services: Needs): Api {
  const { db, clock, vault, config } = services
  const api = createApi()
  const takeFacts = createFactTaker(services)
  const load = async (corpId: number, id: string) => {
    const found = await findConnector(db, id, corpId)
    if (found === undefined) throw notFound(thing)
    return found
  }
  const present = (found: StoredConnector, language: 'zh' | 'en'): z.infer<typeof connectorView> => {
    const kind = connectorOf(found.kind)
    return {
      ...{ id: found.id, kind: found.kind, kind_name: kind?.name[language] ?? found.kind, name: found.name },
      config: settings.parse(found.config),
      ...{ enabled: found.enabled, pulls: kind?.pull !== undefined, receives: kind?.receive !== undefined },
      address: kind?.receive === undefined ? null : `${config.publicUrl}/callbacks/connectors/${found.id}`,
      folder: found.kind === 'folder' ? join(config.dataDir, 'connectors', found.id) : null,
      ...{ version: found.version, failures: found.failures, next_try_at: found.nextAt?.toISOString() ?? null },
      last_try_at: found.lastTryAt?.toISOString() ?? null,
      last_ok_at: found.lastOkAt?.toISOString() ?? null,
      failure: found.failure?.[language] ?? null,
      latest_fact_at: found.latestFactAt?.toISOString() ?? null,
      ...{ lag_ms: found.lagMs, replay_from: found.replayFrom?.toISOString() ?? null },
      replayed_from: found.replayedFrom?.toISOString() ?? null,
      replayed_at: found.replayedAt?.toISOString() ?? null,
      ...{ accepted: found.accepted, unchanged: found.unchanged, rejected: found.rejected },
      created_at: found.createdAt.toISOString(),
    }
  }
  const checkedConfig = (kind: string, given: unknown): void => {
    try {
      connectorOf(kind)?.check(given)
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      throw wrongConfig(error)
    }
  }

  api.openapi(
    route(
      { gate: 'connectors.read' },
      {
        method: 'get',
        path: '/api/connectors',
        tags,
        responses: {
          200: jsonContent(z.object({ items: z.array(connectorView) }), 'All of the corp'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const found = await listConnectors(db, c.get('actor').corpId)
      return c.json({ items: found.map((one) => present(one, c.get('language'))) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.write', audit: 'connector.create' },
      {
        method: 'post',
        path: '/api/connectors',
        tags,
        request: { body: { content: { 'application/json': { schema: newConnector } }, required: true } },
        responses: {
          201: jsonContent(
            z.object({ connector: connectorView, secret: z.string().nullable() }),
            'The secret is shown this once',
          ),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const given = c.req.valid('json')
      checkedConfig(given.kind, given.config)
      const receives = connectorOf(given.kind)?.receive !== undefined
      const secret = receives ? randomBytes(24).toString('base64url') : null
      const id = uuid()
      await insertConnector(db, {
        ...{ id, corpId, ...given, createdAt: clock.now(), createdBy: accountId },
        secretSealed: secret === null ? null : vault.seal(secret),
      })
      noteAudit(c, { objectId: id, after: { kind: given.kind, name: given.name } })
      return c.json({ connector: present(await load(corpId, id), c.get('language')), secret }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.write', audit: 'connector.update' },
      {
        method: 'put',
        path: '/api/connectors/{id}',
        tags,
        request: {
          params: idParam,
          body: { content: { 'application/json': { schema: connectorChange } }, required: true },
        },
        responses: { 200: jsonContent(connectorView, 'As it is now'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const found = await load(corpId, c.req.valid('param').id)
      const { version, ...change } = c.req.valid('json')
      checkedConfig(found.kind, change.config)
      const changed = await db
        .transaction()
        .execute((tx) => changeConnector(tx, found.id, version, change, { accountId, at: clock.now() }))
      if (!changed) throw changedMeanwhile()
      noteAudit(c, {
        before: { version: found.version, name: found.name, enabled: found.enabled, config: found.config },
        after: { version: version + 1, ...change },
      })
      return c.json(present(await load(corpId, found.id), c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.read' },
      {
        method: 'get',
        path: '/api/connectors/{id}/versions',
        tags,
        request: { params: idParam },
        responses: {
          200: jsonContent(z.object({ items: z.array(connectorVersion) }), 'How it was set, the latest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { id } = await load(c.get('actor').corpId, c.req.valid('param').id)
      const items = (await versionsOf(db, id)).map(({ config: set, at, byName, ...rest }) => ({
        ...rest,
        ...{ config: settings.parse(set), at: at.toISOString(), by: byName },
      }))
      return c.json({ items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.write', audit: 'connector.replay' },
      {
        method: 'post',
        path: '/api/connectors/{id}/replay',
        tags,
        request: {
          params: idParam,
          body: {
            content: { 'application/json': { schema: z.object({ from: z.iso.datetime({ offset: true }) }) } },
            required: true,
          },
        },
        responses: {
          200: jsonContent(connectorView, 'It reads from the beginning and takes what is not older'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const found = await load(corpId, c.req.valid('param').id)
      if (connectorOf(found.kind)?.pull === undefined) throw cannotReplay()
      const { from } = c.req.valid('json')
      await beginReplay(db, found.id, new Date(from))
      noteAudit(c, { after: { from } })
      return c.json(present(await load(corpId, found.id), c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.read' },
      {
        method: 'get',
        path: '/api/connectors/{id}/faults',
        tags,
        request: { params: idParam, query: pageQuery },
        responses: {
          200: jsonContent(pageOf(connectorFault), 'What could not be taken, the newest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const { id } = await load(c.get('actor').corpId, c.req.valid('param').id)
      const { limit, cursor } = c.req.valid('query')
      const [before] = decodeCursor(z.tuple([z.int()]), cursor) ?? []
      const rows = await faultsOf(db, id, before, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      return c.json(
        {
          items: shown.map(({ at, number, field, said, hint }) => ({
            at: at.toISOString(),
            number,
            field,
            reason: said[language],
            hint: hint[language],
          })),
          next_cursor,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'connectors.read', audit: { none: 'Tries a mapping on a sample; nothing is kept.' } },
      {
        method: 'post',
        path: '/api/connectors/try',
        tags,
        request: { body: { content: { 'application/json': { schema: mappingTry } }, required: true } },
        responses: { 200: jsonContent(mappingTried, 'What the sample would be read as'), ...errorResponses },
      },
    ),
    (c) => {
      const { mapping, sample, format } = c.req.valid('json')
      const language = c.get('language')
      const facts =
        format === 'csv'
          ? rowsOfSample(sample).flatMap((row) => mapFacts({ ...mapping, items: '' }, row))
          : mapFacts(mapping, parsedSample(sample))
      return c.json(
        {
          facts: facts.slice(0, 20).map((fact) => {
            const [issue] = shapes[mapping.kind].safeParse(fact).error?.issues ?? []
            const fault = issue === undefined ? undefined : faultOf(issue)
            return {
              fact,
              field: fault?.field ?? null,
              reason: fault?.said[language] ?? null,
              hint: fault?.hint[language] ?? null,
            }
          }),
        },
        200,
      )
    },
  )

  api.post('/callbacks/connectors/:id', async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'))
    const found = id.success ? await findConnector(db, id.data) : undefined
    const kind = connectorOf(found?.kind ?? '')
    if (found?.secretSealed == null || !found.enabled || kind?.receive === undefined) throw notFound(thing)
    if (Number(c.req.header('content-length') ?? 0) > maxBody) throw tooLarge()
    const body = await c.req.text()
    if (body.length > maxBody) throw tooLarge()
    const now = systemClock.now()
    let facts: Facts
    try {
      facts = await kind.receive(found.config, {
        ...knownTo(services, found.corpId),
        ...{ body, secret: vault.open(found.secretSealed) },
        headers: { get: (name) => c.req.header(name) },
        // the sandbox signs by its own clock, which is ours
        now: clock.now(),
        machineNow: now,
      })
    } catch (error) {
      if (error instanceof BadSignature) throw unsigned()
      await noteFailure(db, found.id, wordsOf(error), now, now)
      throw unreadable(wordsOf(error))
    }
    const progress = await takeFacts({ corpId: found.corpId, cause: `connector:${found.id}` }, facts, null)
    await noteProgress(db, found, progress, now, now)
    return c.json({ accepted: progress.accepted, unchanged: progress.unchanged, rejected: progress.faults.length }, 200)
  })
  return api
}
