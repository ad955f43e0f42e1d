import { z } from '@hono/zod-openapi'
import { notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { findCustomer, homesOf } from '../customers/index.ts'
import { accountKinds } from './accounts.ts'
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
      const rows = await standingsOfHomes(db, actor.corpId, await homesOf(db, actor.corpId, id))
      return c.json({ items: rows.map(present) }, 200)
    },
  )
  return api
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
