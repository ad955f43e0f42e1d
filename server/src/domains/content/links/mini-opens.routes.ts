import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { miniVisitor, noMiniSession } from '../../weixin/index.ts'
import { linkOf, tokenIn } from './link-token.ts'
import { linksByNumber } from './links.store.ts'
import { keepOpens } from './opens.store.ts'

const dayMs = 86_400_000
/** A mini program that was offline tells what it kept; a clock may be a little ahead. */
const [keptMs, aheadMs] = [7 * dayMs, 10 * 60_000]

const openBody = z
  .object({
    link: z
      .string()
      .min(20)
      .max(500)
      .describe('The token that the page was opened with, or an address that ends in it'),
    at: z.iso.datetime({ offset: true }).describe('When; told again with the same time it counts once'),
  })
  .openapi('MiniProgramOpen')
const openAnswer = z
  .object({ known: z.boolean().describe('Whether the visitor is a customer whom we know') })
  .openapi('MiniProgramOpened')

/** A tracked link that led into the brand's mini program: who opened it is known by his log-in there, without OAuth. */
export function miniProgramOpenRoutes(services: Pick<Services, 'db' | 'clock' | 'vault'>): Api {
  const { db, clock, vault } = services
  const api = createApi()
  api.openapi(
    route(
      { gate: 'public', audit: { none: 'what a customer does in the mini program; his token says who he is' } },
      {
        method: 'post',
        path: '/v1/mini-program/opens',
        tags: ['v1'],
        request: { body: { required: true, ...jsonContent(openBody, 'Which link, and when') } },
        responses: { 200: jsonContent(openAnswer, 'Counted'), ...errorResponses },
      },
    ),
    async (c) => {
      const visitor = await miniVisitor(services, c.req.header('authorization'))
      if (visitor === undefined) throw noMiniSession()
      const { link: told, at: said } = c.req.valid('json')
      const [now, at] = [clock.now().getTime(), new Date(said)]
      if (at.getTime() > now + aheadMs || at.getTime() < now - keptMs) throw notThen()
      const token = tokenIn(told)
      const id = linkOf(token, vault)
      const [link] = id === undefined ? [] : await linksByNumber(db, [id])
      if (link === undefined || link.corpId !== visitor.corpId) throw notFound({ zh: '短链', en: 'link' })
      const { corpId, run, task } = link
      const open = { linkId: link.id, at, corpId, run, task, customerId: visitor.home ?? 0 }
      await keepOpens(db, [{ ...open, id: numberOf(visitor.openid, token) }])
      return c.json({ known: visitor.home !== undefined }, 200)
    },
  )
  return api
}

/** The same of one visitor and one link: with the time it is one opening. */
const numberOf = (openid: string, token: string) =>
  createHash('sha256').update(`open ${openid} ${token}`).digest('hex').slice(0, 32)

const notThen = () =>
  new AppError('invalid_request', {
    zh: '打开时间应在最近 7 天内，不能晚于现在。',
    en: 'The time must be within the last 7 days, and not ahead.',
  })
