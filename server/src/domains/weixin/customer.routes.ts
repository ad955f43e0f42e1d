import { z } from '@hono/zod-openapi'
import { notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { findCustomer, homesOf } from '../customers/index.ts'
import { accountKinds } from './accounts.ts'
import { type ConsentRow, consentsOfHomes } from './consents.store.ts'
import { messagesLeft } from './consents.ts'
import { type StandingRow, standingsOfHomes } from './people.store.ts'

const moment = z.iso.datetime().nullable()
export const customerWeixin = z
  .object({
    items: z.array(
      z.object({
        kind: z.enum(accountKinds),
        name: z.string(),
        appid: z.string(),
        /** Of an Official Account. */
        following: z.boolean(),
        followed_at: moment,
        ended_at: moment,
        /** How he found the account, in the platform's words: ADD_SCENE_QR_CODE … */
        scene: z.string().nullable(),
        /** Of the code that he followed by. */
        qr_scene: z.string().nullable(),
        scanned_at: moment,
        scanned_scene: z.string().nullable(),
        wrote_at: moment,
        visited_at: moment,
        visits: z.int(),
      }),
    ),
    /** Messages that he agreed to when he was asked, by template; the latest first. */
    consents: z.array(
      z.object({
        appid: z.string(),
        template_id: z.string(),
        /** null: not read from the account yet */
        title: z.string().nullable(),
        accepted: z.int(),
        rejected: z.int(),
        sent: z.int(),
        failed: z.int(),
        /** Messages that may still be sent: one for each agreement since he last turned it off. */
        left: z.int(),
        /** When he turned it off in his settings. */
        refused_at: moment,
        latest_at: z.iso.datetime(),
      }),
    ),
  })
  .openapi('CustomerWeixin')

/** 公众号与小程序 on a customer's page. */
export function customerWeixinRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/weixin',
        tags: ['customers'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(customerWeixin, 'How he stands to each account'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound({ zh: '客户', en: 'customer' })
      const homes = await homesOf(db, actor.corpId, id)
      const rows = await standingsOfHomes(db, actor.corpId, homes)
      const consents = await consentsOfHomes(db, actor.corpId, homes)
      return c.json({ items: rows.map(present), consents: consents.map(presentConsent) }, 200)
    },
  )
  return api
}

function presentConsent(row: ConsentRow) {
  const { appid, title, accepted, rejected, sent, failed } = row
  return {
    ...{ appid, template_id: row.templateId, title, accepted, rejected, sent, failed, left: messagesLeft(row) },
    refused_at: row.refusedAt?.toISOString() ?? null,
    latest_at: row.latestAt.toISOString(),
  }
}

function present(row: StandingRow) {
  const kind = accountKinds.find((one) => one === row.kind) ?? 'official_account'
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    kind,
    name: row.name,
    appid: row.appid,
    following: row.followedAt !== null && (row.endedAt === null || row.followedAt > row.endedAt),
    followed_at: iso(row.followedAt),
    ended_at: iso(row.endedAt),
    scene: row.scene,
    qr_scene: row.qrScene === '' ? null : row.qrScene,
    scanned_at: iso(row.scannedAt),
    scanned_scene: row.scannedScene === '' ? null : row.scannedScene,
    wrote_at: iso(row.wroteAt),
    visited_at: iso(row.visitedAt),
    visits: row.visits,
  }
}
