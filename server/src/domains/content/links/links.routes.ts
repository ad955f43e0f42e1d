import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { customerSite } from '../../../infra/customer-site.ts'
import { AppError, notFound, type Said } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
  rowNumber,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { linkAddress, linkSettings } from './link-settings.ts'
import { tokenIn, tokenOf } from './link-token.ts'
import { linkOfTask, linkSettingsShape, linkSettingsView, runInDetail, runOfLinks } from './links.schema.ts'
import { replaceDomain, saveLinkSettings, settingsOfCorp, siteOfCorp, stopLinks, tokenOwner } from './links.store.ts'
import { hoursOfRun, linksOfRun, placesOfRun, runsOfLinks } from './links-view.store.ts'
import { openedByRun } from './opens.store.ts'

const tags = ['links']
const thing: Said = { zh: '带短链的发送', en: 'run with links' }
const whole: Said = { zh: '短链与点击按全企业统计。', en: 'Links and their openings are counted for the whole corp.' }
const runsAsked = {
  campaign: z.uuid().optional(),
  link: z.string().max(300).optional().openapi({ description: 'A short link, whole or its token: the run it is of' }),
}
const params = z.object({ run: rowNumber })

/** 短链与点击: which links went out, who opened them, their domains; a stop, and another domain at once. */
export function linksRoutes({ db, clock, config, vault }: Pick<Services, 'db' | 'clock' | 'config' | 'vault'>): Api {
  const api = createApi()
  const settingsOf = async (corpId: number) => {
    const settings = await settingsOfCorp(db, corpId)
    const { urls, knowCustomers, parameter } = linkSettings(settings)
    const site = customerSite(config, settings)
    return { urls: [...urls], know_customers: knowCustomers, parameter: parameter ?? null, site }
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/links',
        tags,
        request: { query: pageQuery.extend(runsAsked) },
        responses: { 200: jsonContent(pageOf(runOfLinks), 'Runs with links, the latest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), whole)
      const { campaign: campaignId, link, cursor, limit } = c.req.valid('query')
      const before = decodeCursor(z.tuple([z.int()]), cursor)?.[0]
      const owner = link === undefined ? undefined : await tokenOwner(db, vault, corpId, tokenIn(link))
      if (link !== undefined && owner === undefined) return c.json({ items: [], next_cursor: null }, 200)
      const rows = await runsOfLinks(db, corpId, { campaignId, run: owner?.run, before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.run])
      const items = shown.map(({ campaignId: id, campaignName: name, plannedFor, ...rest }) => ({
        ...{ campaign: { id, name }, planned_for: plannedFor.toISOString() },
        ...rest,
      }))
      return c.json({ items, next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/links/settings',
        tags,
        responses: { 200: jsonContent(linkSettingsView, 'Domains and who is asked'), ...errorResponses },
      },
    ),
    async (c) => c.json(await settingsOf(c.get('actor').corpId), 200),
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'links.settings' },
      {
        method: 'put',
        path: '/api/links/settings',
        tags,
        request: { body: jsonContent(linkSettingsShape, 'Counts for links that went out too') },
        responses: { 200: jsonContent(linkSettingsView, 'Saved'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { urls, know_customers: knowCustomers, parameter } = c.req.valid('json')
      noteAudit(c, { objectKind: 'corp', before: await settingsOf(corpId), after: { ...c.req.valid('json') } })
      await saveLinkSettings(db, corpId, { urls, knowCustomers, parameter: parameter ?? undefined })
      return c.json(await settingsOf(corpId), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'links.replace_domain' },
      {
        method: 'post',
        path: '/api/links/replace-domain',
        tags,
        request: { body: jsonContent(z.object({ blocked: z.string().max(200) }), 'The domain in use that is blocked') },
        responses: { 200: jsonContent(linkSettingsView, 'The next is in use'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), whole)
      const { blocked } = c.req.valid('json')
      if (!(await replaceDomain(db, corpId, blocked)))
        throw notReplaced(linkSettings(await settingsOfCorp(db, corpId)).urls)
      const after = await settingsOf(corpId)
      noteAudit(c, { objectKind: 'corp', before: { site: blocked }, after: { site: after.site } })
      return c.json(after, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/links/{run}',
        tags,
        request: { params },
        responses: { 200: jsonContent(runInDetail, 'By address and by hour'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), whole)
      const { run } = c.req.valid('param')
      const places = await placesOfRun(db, corpId, run)
      if (places.length === 0) throw notFound(thing)
      const hours = await hoursOfRun(db, corpId, run)
      return c.json(
        {
          stopped: places.every((one) => one.stopped),
          ...(await openedByRun(db, run)),
          places: places.map(({ stopped: _stopped, ...one }) => one),
          hours: hours.map(({ at, ...one }) => ({ at: at.toISOString(), ...one })),
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
        path: '/api/links/{run}/tasks',
        tags,
        request: { params, query: pageQuery },
        responses: { 200: jsonContent(pageOf(linkOfTask), 'By task and address'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), whole)
      const { cursor, limit } = c.req.valid('query')
      const after = decodeCursor(z.tuple([z.int(), z.int()]), cursor)
      const rows = await linksOfRun(db, corpId, c.req.valid('param').run, after, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.task, last.place])
      const site = await siteOfCorp(db, config, corpId)
      const items = shown.map(({ id, senderName, ...rest }) => ({
        ...{ address: linkAddress(site, tokenOf(id, vault)), sender_name: senderName },
        ...rest,
      }))
      return c.json({ items, next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'links.stop' },
      {
        method: 'post',
        path: '/api/links/{run}/stop',
        tags,
        request: {
          params,
          body: jsonContent(z.object({ stopped: z.boolean() }), 'true: who opens one is told that it is over'),
        },
        responses: { 200: jsonContent(z.object({ links: z.int() }), 'How many'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), whole)
      const { run } = c.req.valid('param')
      const { stopped } = c.req.valid('json')
      const links = await stopLinks(db, corpId, run, stopped ? clock.now() : null)
      if (links === 0) throw notFound(thing)
      noteAudit(c, { objectId: String(run), count: links, after: { stopped } })
      return c.json({ links }, 200)
    },
  )
  return api
}

function notReplaced(urls: readonly string[]): AppError {
  if (urls.length > 1)
    return new AppError(
      'conflict',
      { zh: '正在使用的域名已经换过了。', en: 'The domain in use was replaced meanwhile.' },
      { hint: { zh: '请刷新页面再看。', en: 'Reload the page and look again.' } },
    )
  return new AppError(
    'rule',
    { zh: '没有可替换的备用域名。', en: 'There is no other domain to use instead.' },
    {
      hint: {
        zh: '请先在短链设置里再登记一个已备案、已指向本服务的域名。',
        en: 'First name another domain in the settings of links that is registered and leads here.',
      },
    },
  )
}
