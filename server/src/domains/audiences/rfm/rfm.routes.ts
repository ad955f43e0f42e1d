import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { nameFor } from '../../../infra/auth/mask.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { dayText, localTime } from '../../../infra/zone.ts'
import { rulesOfTiers } from '../rules/governed.store.ts'
import { valuesKind } from './rfm.jobs.ts'
import { customerValue, rfmCustomer, rfmMap, rfmQuery, tiersInput } from './rfm.schema.ts'
import { latestSnapshot } from './rfm.store.ts'
import { recencyOf } from './rfm.ts'
import { cellsOf, listBuyers, tierTotals, valueOfCustomer } from './rfm-view.store.ts'
import { tiersOf, writeTiers } from './value.store.ts'
import { tierFaults, tierWords } from './value.ts'

const thing = { zh: '客户', en: 'customer' }
const begun = z.object({ operation_id: z.uuid() })

const seesAll = (actor: Actor) =>
  wholeCorp(actor, {
    zh: 'RFM 按整个企业的买家计分，你的数据范围只是其中一部分。',
    en: 'RFM is counted over all buyers of the corp; you see a part of them.',
  })

/** A tier that is no more would leave its people to other policies, and its sends to one who agrees. */
function stillRuled(
  gone: readonly { readonly name: string }[],
  { policies, approvals }: { readonly policies: readonly string[]; readonly approvals: boolean },
): AppError {
  const names = gone.map(({ name }) => name)
  const by = {
    zh: [...policies.map((name) => `触达策略「${name}」`), ...(approvals ? ['发送设置里的两人审批'] : [])].join('、'),
    en: [...policies.map((name) => `the touch policy “${name}”`), ...(approvals ? ['approvals by two'] : [])].join(
      ', ',
    ),
  }
  return new AppError(
    'rule',
    {
      zh: `要去掉的层级（${names.join('、')}）还被用着：${by.zh}。`,
      en: `A tier that goes (${names.join(', ')}) is used by ${by.en}.`,
    },
    {
      hint: {
        zh: '请先在触达治理和发送设置里改用其他层级；只改名称或条件不受影响。',
        en: 'Choose other tiers there first; another name or condition of a tier changes nothing.',
      },
      details: policies,
    },
  )
}

/** RFM 价值分层: the map of buyers, who stands where, and the tiers. */
export function rfmRoutes({ db, clock, operations }: Pick<Services, 'db' | 'clock' | 'operations'>): Api {
  const api = createApi()
  const todayOf = async (corpId: number) => localTime(clock.now(), await zoneOfCorp(db, corpId)).dayNumber

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/rfm',
        tags: ['values'],
        responses: { 200: jsonContent(rfmMap, 'Buyers and money by score, and by tier'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const snapshot = await latestSnapshot(db, corpId)
      const totals = await tierTotals(db, corpId)
      const tiers = (await tiersOf(db, corpId)).map((tier) => ({
        ...tier,
        buyers: totals.get(tier.id)?.buyers ?? 0,
        net: totals.get(tier.id)?.net ?? 0,
        words: tierWords(tier),
      }))
      const of = snapshot && {
        at: snapshot.at.toISOString(),
        buyers: snapshot.buyers,
        bounds: { r: [...snapshot.bounds.r], f: [...snapshot.bounds.f], m: [...snapshot.bounds.m] },
      }
      return c.json({ snapshot: of ?? null, cells: [...(await cellsOf(db, corpId))], tiers }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/rfm/customers',
        tags: ['values'],
        request: { query: rfmQuery },
        responses: { 200: jsonContent(pageOf(rfmCustomer), 'Who spent most first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, ...filter } = c.req.valid('query')
      const key = decodeCursor(z.tuple([z.number(), z.int()]), cursor)
      const after = key && { net: key[0], personNo: key[1] }
      const rows = await listBuyers(db, actor, { ...filter, after, limit: limit + 1 })
      const today = await todayOf(actor.corpId)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.net, last.personNo])
      return c.json(
        {
          items: shown.map(({ personNo: _, customerId, name, hasPage, lastDay, ...scored }) => ({
            ...{ customer_id: customerId, name: name === null ? '' : nameFor(actor, name), has_page: hasPage },
            ...{ last_day: dayText(lastDay), recency_days: recencyOf(lastDay, today), ...scored },
          })),
          next_cursor,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/value',
        tags: ['values'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(customerValue, 'R, F, M and the value tier'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const value = await valueOfCustomer(db, actor, c.req.valid('param').id)
      if (value === undefined) throw notFound(thing)
      const snapshot = await latestSnapshot(db, actor.corpId)
      const tier = value && (await tiersOf(db, actor.corpId)).find((one) => one.id === value.tier)
      const today = await todayOf(actor.corpId)
      return c.json(
        {
          as_of: snapshot?.at.toISOString() ?? null,
          value: value && {
            ...{ last_day: dayText(value.lastDay), recency_days: recencyOf(value.lastDay, today) },
            ...{ orders: value.orders, net: value.net, r: value.r, f: value.f, m: value.m },
            tier: tier
              ? { id: tier.id, name: tier.name, since: value.tierSince.toISOString(), words: tierWords(tier) }
              : null,
          },
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'value.define' },
      {
        method: 'put',
        path: '/api/rfm/tiers',
        tags: ['values'],
        request: { body: jsonContent(tiersInput, 'The tiers, the first that fits counts') },
        responses: { 200: jsonContent(begun, 'Everybody is computed anew'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const { tiers } = c.req.valid('json')
      const faults = tierFaults(tiers)
      const [first] = faults
      if (first) throw new AppError('rule', first, { details: faults })
      const before = await tiersOf(db, corpId)
      const gone = before.filter((tier) => !tiers.some(({ id }) => id === tier.id))
      const { policies, approvals } = await rulesOfTiers(
        db,
        corpId,
        gone.map((tier) => tier.id),
      )
      if (policies.length > 0 || approvals) throw stillRuled(gone, { policies, approvals })
      const id = await db.transaction().execute(async (tx) => {
        await writeTiers(tx, corpId, tiers, { at: clock.now(), account: accountId })
        return operations.begin({ kind: valuesKind, corpId, input: {}, startedBy: accountId }, tx)
      })
      noteAudit(c, { objectKind: 'value_tiers', objectId: String(corpId), before: { tiers: before }, after: { tiers } })
      return c.json({ operation_id: id }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'value.refresh' },
      {
        method: 'post',
        path: '/api/rfm/refresh',
        tags: ['values'],
        responses: { 200: jsonContent(begun, 'Everybody is computed anew'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const id = await operations.begin({ kind: valuesKind, corpId, input: {}, startedBy: accountId })
      noteAudit(c, { objectKind: 'value_tiers', objectId: String(corpId) })
      return c.json({ operation_id: id }, 200)
    },
  )
  return api
}
