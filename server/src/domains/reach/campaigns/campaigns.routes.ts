import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { type CheckNeeds, checked } from './campaign.check.ts'
import { showCampaign } from './campaign.show.ts'
import { forWholeCorp } from './campaign.words.ts'
import { campaignDetail, campaignPage, campaignQuery, checkInput, checkView } from './campaigns.schema.ts'
import { listCampaigns } from './campaigns.store.ts'
import { presentCampaign, presentRun } from './campaigns.view.ts'
import { longestText } from './checks.ts'
import { contentOf, renderContent, urlsOf } from './content.ts'
import { contentLimits } from './content-limits.ts'
import { startDue } from './start.jobs.ts'

const tags = ['campaigns']
const params = z.object({ id: z.uuid() })
const cursor = z.tuple([cursorMoment, z.uuid()])

/** 客户群发: which there are, how one stands, and what is wrong with one while it is written. */
export function campaignRoutes(services: CheckNeeds & Pick<Services, 'db'>): Api {
  const { db } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns',
        tags,
        request: { query: campaignQuery },
        responses: { 200: jsonContent(campaignPage, 'The last changed first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { limit, cursor: token, template, ...asked } = c.req.valid('query')
      const rows = await listCampaigns(db, {
        ...{ corpId, startDue, template: template === 'yes', limit: limit + 1 },
        ...{ state: asked.state, kind: asked.kind, q: asked.q, after: decodeCursor(cursor, token) },
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.changedAt, last.id])
      const items = shown.map((one) => ({
        ...presentCampaign(one),
        run: one.run === null ? null : presentRun(one.run),
      }))
      return c.json({ items, next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: { none: 'nothing is changed: it only says what would stop an approval' } },
      {
        method: 'post',
        path: '/api/campaigns/check',
        tags,
        request: { body: jsonContent(checkInput, 'What has been written so far') },
        responses: { 200: jsonContent(checkView, 'What is wrong, and how it reads'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { spec } = c.req.valid('json')
      const { faults, facts } = await checked(services, db, corpId, spec)
      const most = contentLimits(spec.kind, facts.limits)
      const texts = spec.variants.map(({ content }) => {
        const example = contentOf(content, 'zhangsan')
        return {
          bytes: Buffer.byteLength(longestText(content, facts)),
          preview: renderContent(example, { ...facts, links: new Map() }).text,
          tracked: [...urlsOf(example)],
        }
      })
      return c.json(
        {
          faults: [...faults],
          text_limit_bytes: most.textBytes,
          text_limit_chars: most.textChars,
          attachments_limit: most.attachments,
          texts,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}',
        tags,
        request: { params },
        responses: { 200: jsonContent(campaignDetail, 'As it stands now'), ...errorResponses },
      },
    ),
    async (c) =>
      c.json(await showCampaign(services, wholeCorp(c.get('actor'), forWholeCorp), c.req.valid('param').id), 200),
  )

  return api
}
