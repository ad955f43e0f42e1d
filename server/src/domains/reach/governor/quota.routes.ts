import { z } from '@hono/zod-openapi'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime, momentOf } from '../../../infra/zone.ts'
import { findCustomer, homesOf } from '../../customers/index.ts'
import { quotaFrameView, quotaView } from './quota.schema.ts'
import { groupQuotaFacts, groupReserved, quotaFacts } from './quota.store.ts'
import { quotaAt, quotaOf } from './quota.ts'

const tags = ['governor']
const customerThing = { zh: '客户', en: 'customer' }

/** What the platform's own cap of mass sends leaves: the rule that the corp has chosen, and one customer or group under it. */
export function quotaRoutes({ db, clock, platform }: Pick<Services, 'db' | 'clock' | 'platform'>): Api {
  const api = createApi()
  const frameOf = async (corpId: number, at: Date) => {
    const limits = await platform.limits(corpId)
    const frame = quotaAt(limits, at)
    const renewed = frame.renewed === null ? null : new Date(frame.renewed * 1000).toISOString()
    return {
      rule: (of: Date) => quotaAt(limits, of),
      frame,
      shown: { mode: frame.mode, most: frame.most, renewed_at: renewed },
    }
  }

  api.openapi(
    route(
      { gate: 'governor.read' },
      {
        method: 'get',
        path: '/api/governor/quota',
        tags,
        responses: { 200: jsonContent(quotaFrameView, 'The platform’s rule for this corp, now'), ...errorResponses },
      },
    ),
    async (c) => c.json((await frameOf(c.get('actor').corpId, clock.now())).shown, 200),
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/touch-quota',
        tags,
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(quotaView, 'What is left for this person'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(customerThing)
      const at = clock.now()
      const { rule, frame, shown } = await frameOf(actor.corpId, at)
      const facts = await quotaFacts(db, await homesOf(db, actor.corpId, head.id), frame, at)
      return c.json({ ...shown, ...quotaOf(rule, facts, at) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.read' },
      {
        method: 'get',
        path: '/api/governor/groups/{chat_id}/quota',
        tags,
        request: { params: z.object({ chat_id: z.string().min(1).max(64) }) },
        responses: { 200: jsonContent(quotaView, 'What is left for this group'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { corpId } = actor
      const chatId = c.req.valid('param').chat_id
      const at = clock.now()
      const zone = await zoneOfCorp(db, corpId)
      const reserved = await groupReserved(db, actor, chatId, momentOf(localTime(at, zone).dayNumber, 0, zone))
      const { rule, frame, shown } = await frameOf(corpId, at)
      const facts = (await groupQuotaFacts(db, corpId, [chatId], frame, at)).get(chatId)
      if (facts === undefined || reserved === undefined) throw notFound({ zh: '客户群', en: 'group' })
      return c.json({ ...shown, ...quotaOf(rule, { ...facts, reserved }, at) }, 200)
    },
  )
  return api
}
