import { z } from '@hono/zod-openapi'
import { v7 as uuid } from 'uuid'
import { notFound } from '../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { apiKeyView, madeApiKey, newApiKey } from './api-keys.schema.ts'
import { type ApiKey, findApiKey, insertApiKey, listApiKeys, revokeApiKey } from './api-keys.store.ts'
import { newSecret } from './api-keys.ts'

const thing = { zh: '接口密钥', en: 'API key' }
const idParam = z.object({ id: z.uuid() })
const cursorShape = z.tuple([cursorMoment, z.uuid()])

/** 设置 › 开放 API: the keys by which other systems tell us facts and read them. */
export function apiKeysRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'keys.read' },
      {
        method: 'get',
        path: '/api/keys',
        tags: ['keys'],
        request: { query: pageQuery },
        responses: { 200: jsonContent(pageOf(apiKeyView), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)
      const rows = await listApiKeys(db, c.get('actor').corpId, { before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.createdAt, last.id])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'keys.write', audit: 'key.create' },
      {
        method: 'post',
        path: '/api/keys',
        tags: ['keys'],
        request: { body: { required: true, ...jsonContent(newApiKey, 'The key to be made') } },
        responses: { 201: jsonContent(madeApiKey, 'Made; the secret is never shown again'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const { name, scopes, per_minute } = c.req.valid('json')
      const { secret, hash, prefix } = newSecret()
      const id = uuid()
      const wanted = { id, corpId, name, hash, prefix, scopes: [...new Set(scopes)], perMinute: per_minute }
      await insertApiKey(db, { ...wanted, createdBy: accountId }, clock.now())
      noteAudit(c, { objectId: id, after: { name, scopes: wanted.scopes, per_minute, prefix } })
      const key = await findApiKey(db, corpId, id)
      if (key === undefined) throw notFound(thing)
      return c.json({ key: present(key), secret }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'keys.write', audit: 'key.revoke' },
      {
        method: 'post',
        path: '/api/keys/{id}/revoke',
        tags: ['keys'],
        request: { params: idParam },
        responses: { 200: jsonContent(apiKeyView, 'It opens nothing from now on'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const { id } = c.req.valid('param')
      await revokeApiKey(db, corpId, id, accountId, clock.now())
      const key = await findApiKey(db, corpId, id)
      if (key === undefined) throw notFound(thing)
      noteAudit(c, { after: { name: key.name, prefix: key.prefix } })
      return c.json(present(key), 200)
    },
  )
  return api
}

function present(key: ApiKey): z.infer<typeof apiKeyView> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: [...key.scopes],
    per_minute: key.perMinute,
    created_at: key.createdAt.toISOString(),
    created_by: key.createdByName,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  }
}
