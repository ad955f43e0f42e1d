import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { accountOfAppid } from '../../weixin/index.ts'
import { saveLandingSettings } from '../landing/landing.store.ts'
import { landingSettings } from '../landing/landing-address.ts'
import { readQuota } from './link-quota.store.ts'

const quotaSchema = z
  .object({
    total: z.int().openapi({ description: 'used so far' }),
    balance: z.int(),
    lots: z.array(z.object({ expires_at: z.string(), balance: z.int() })),
    read_at: z.string(),
  })
  .openapi('LinkQuota')

const settingsSchema = z
  .object({
    url: z
      .url()
      .nullable()
      .openapi({ description: 'own domain of the pages that customers see; null: the server’s address' }),
    know_customers: z.boolean().openapi({ description: 'ask WeChat who it is; the domain must be trusted for OAuth' }),
    asked_by: z
      .string()
      .max(64)
      .nullable()
      .default(null)
      .openapi({ description: 'appid of the Official Account that asks, silently; null: the app of WeCom does' }),
  })
  .openapi('LandingSettings')

/** What all link channels and landing pages of the corp share. */
export function linkRoutes({ db }: Services): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/link-quota',
        tags: ['channels'],
        responses: {
          200: jsonContent(z.object({ quota: quotaSchema.nullable() }), 'null: not read yet'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const stored = await readQuota(db, c.get('actor').corpId)
      if (stored === undefined) return c.json({ quota: null }, 200)
      const { readAt, lots, ...rest } = stored
      return c.json({ quota: { ...rest, lots: [...lots], read_at: readAt.toISOString() } }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/landing-settings',
        tags: ['channels'],
        responses: { 200: jsonContent(settingsSchema, 'The settings'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { settings } = await db
        .selectFrom('corps')
        .select('settings')
        .where('id', '=', corpId)
        .executeTakeFirstOrThrow()
      const { url, knowCustomers, askedBy } = landingSettings(settings)
      return c.json({ url: url ?? null, know_customers: knowCustomers, asked_by: askedBy ?? null }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'guide.write', audit: 'landing.settings' },
      {
        method: 'put',
        path: '/api/channels/landing-settings',
        tags: ['channels'],
        request: { body: jsonContent(settingsSchema, 'The settings') },
        responses: { 200: jsonContent(settingsSchema, 'Saved'), ...errorResponses },
      },
    ),
    async (c) => {
      const settings = c.req.valid('json')
      const { corpId } = c.get('actor')
      if (
        settings.asked_by !== null &&
        (await accountOfAppid(db, corpId, settings.asked_by))?.kind !== 'official_account'
      )
        throw notFound({ zh: '公众号', en: 'Official Account' })
      await saveLandingSettings(db, corpId, settings)
      noteAudit(c, { objectKind: 'corp', after: { ...settings } })
      return c.json(settings, 200)
    },
  )
  return api
}
