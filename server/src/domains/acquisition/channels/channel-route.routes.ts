import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { corpFacts } from '../codes/code-desk.store.ts'
import { channelId, channelThing } from './channel.routes.ts'
import { findStore, rerouteChannel, routings } from './channel-route.store.ts'
import { channelParts, listChannels } from './channel-view.store.ts'

const routingSchema = z
  .object({
    id: z.int(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    reason: z.string(),
    by: z.string(),
    at: z.string(),
  })
  .openapi('ChannelRouting')
const answer = z.object({ items: z.array(routingSchema) })

const bodySchema = z.object({
  store_id: z.uuid().nullable().openapi({ description: 'null: back to its own store' }),
  reason: z.string().trim().min(1).max(100),
})

/** Where a printed code leads, changed without printing it anew: who, when, why. */
export function channelRouteRoutes({ db, clock }: Services): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/{id}/routes',
        tags: ['channels'],
        request: { params: channelId },
        responses: { 200: jsonContent(answer, 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { id } = c.req.valid('param')
      await visible(c.get('actor'), id)
      return c.json({ items: await list(corpId, id) }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.reroute' },
      {
        method: 'post',
        path: '/api/channels/{id}/routes',
        tags: ['channels'],
        request: { params: channelId, body: jsonContent(bodySchema, 'Where to, and why') },
        responses: { 200: jsonContent(answer, 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { store_id: to, reason } = c.req.valid('json')
      const { storeId } = await visible(actor, id)
      const parts = await channelParts(db, actor.corpId, id)
      // what is led elsewhere is its own store's members; without them nothing would change for who scans it
      if (!parts?.members.some((member) => member.kind === 'store' && member.ref === storeId)) throw noStoreStaff()
      const target = to === null ? undefined : await findStore(db, actor.corpId, to)
      if (to !== null && target === undefined) throw notFound({ zh: '门店', en: 'store' })
      if (target?.closedAt && target.closedAt <= clock.now()) throw closedStore(target.name)
      const changed = await db
        .transaction()
        .execute((tx) => rerouteChannel(tx, actor.corpId, id, { to, reason, by: actor.name }, clock.now()))
      if (changed !== undefined) noteAudit(c, { before: { store: changed.from }, after: { store: changed.to }, reason })
      return c.json({ items: await list(actor.corpId, id) }, 200)
    },
  )
  return api

  async function visible(actor: Parameters<typeof listChannels>[1], id: string) {
    const { zone } = await corpFacts(db, actor.corpId)
    const [row] = await listChannels(db, actor, { id, limit: 1 }, businessDay(clock.now(), zone))
    if (row === undefined) throw notFound(channelThing)
    return row
  }
  async function list(corpId: number, id: string) {
    return (await routings(db, corpId, id)).map(({ fromName, toName, at, ...rest }) => ({
      ...rest,
      from: fromName,
      to: toName,
      at: at.toISOString(),
    }))
  }
}

function noStoreStaff(): AppError {
  return new AppError(
    'rule',
    {
      zh: '这个渠道不是按门店接待的，没有可改的门店。',
      en: 'This channel is not answered by a store, so there is none to change.',
    },
    { hint: { zh: '直接编辑接待员工即可，印好的码不变。', en: 'Edit its members; the printed code stays the same.' } },
  )
}

function closedStore(name: string): AppError {
  return new AppError(
    'rule',
    { zh: `「${name}」已闭店，不能把码指过去。`, en: `“${name}” is closed: a code cannot lead there.` },
    { hint: { zh: '选一家营业中的门店。', en: 'Choose a store that is open.' } },
  )
}
