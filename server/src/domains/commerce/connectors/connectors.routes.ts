import { randomBytes } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { v7 as uuid } from 'uuid'
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
import { connectorOf } from './all.ts'
import { connectorChange, connectorFault, connectorVersion, connectorView, newConnector } from './connectors.schema.ts'
import {
  beginReplay,
  changeConnector,
  faultsOf,
  findConnector,
  insertConnector,
  listConnectors,
  type StoredConnector,
  versionsOf,
} from './connectors.store.ts'
import { presentConnector, presentFault, presentVersion } from './connectors.view.ts'
import { cannotReplay, changedMeanwhile, noSuchConnector, wrongConfig } from './refusals.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault' | 'config'>

const tags = ['connectors']
const idParam = z.object({ id: z.uuid() })

/** The connectors of a corp: made, changed by versions, read again, with what could not be taken. */
export function connectorsRoutes(services: Needs): Api {
  const { db, clock, vault, config } = services
  const api = createApi()
  const load = async (corpId: number, id: string) => {
    const found = await findConnector(db, id, corpId)
    if (found === undefined) throw noSuchConnector()
    return found
  }
  const shown = (found: StoredConnector, language: 'zh' | 'en') => presentConnector(found, language, config)
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
      return c.json({ items: found.map((one) => shown(one, c.get('language'))) }, 200)
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
      return c.json({ connector: shown(await load(corpId, id), c.get('language')), secret }, 201)
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
      return c.json(shown(await load(corpId, found.id), c.get('language')), 200)
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
      return c.json({ items: (await versionsOf(db, id)).map(presentVersion) }, 200)
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
      return c.json(shown(await load(corpId, found.id), c.get('language')), 200)
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
      const { shown: faults, next_cursor } = page(rows, limit, (last) => [last.id])
      return c.json({ items: faults.map((one) => presentFault(one, language)), next_cursor }, 200)
    },
  )
  return api
}
