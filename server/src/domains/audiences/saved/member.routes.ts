import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { nameFor } from '../../../infra/auth/mask.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { heldMarks, numbersOf } from '../kept/marks.store.ts'
import { personFacts } from '../kept/value-facts.store.ts'
import { markOf } from '../rules/facts.ts'
import { namesFor } from '../rules/names.store.ts'
import { type WhyPart, whyOf } from '../rules/why.ts'
import { seesAll } from './audience.refusals.ts'
import { audienceThing } from './audience.routes.ts'
import { audienceMember, customerAudiences, type WhyShape, whyAnswer } from './audience.schema.ts'
import type { Audience } from './audience.ts'
import { type MemberRow, membersAfter, peopleOf, rootInScope } from './member.store.ts'
import { audiencesOf, findAudience } from './saved.store.ts'

const customerThing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.uuid() })

export function presentMember(actor: Actor, row: MemberRow) {
  return {
    ...{ customer_id: row.id, name: nameFor(actor, row.name ?? ''), has_page: row.hasPage, status: row.status },
    last_added_at: row.lastAddedAt?.toISOString() ?? null,
    staff: [...row.staff],
  }
}

/** Who is in an audience, and why somebody is or is not. */
export function audienceMemberRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  /** Of one person: each of these audiences with whether he is in it and why. */
  const whys = async (corpId: number, customerId: number, audiences: readonly Audience[]) => {
    const { dayNumber: today } = localTime(clock.now(), await zoneOfCorp(db, corpId))
    const rules = audiences.map((one) => one.rule)
    const facts = (await personFacts(db, corpId, rules, [customerId])).get(customerId)
    const no = (await numbersOf(db, corpId, [customerId])).get(customerId)
    const keys = audiences.map((one) => markOf.audience(one.id))
    const held = no === undefined ? undefined : (await heldMarks(db, corpId, keys, [no])).get(no)
    const names = await namesFor(db, corpId, rules)
    return audiences.map((audience) => {
      const why = facts && whyOf(audience.rule, facts, today, names)
      return {
        audience,
        member: held?.has(markOf.audience(audience.id)) === true,
        why: why && { holds: why.holds, tree: shapeOf(why.tree), turns_on: why.turnsOn },
      }
    })
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences/{id}/members',
        tags: ['audiences'],
        request: { params: idParam, query: pageQuery },
        responses: {
          200: jsonContent(pageOf(audienceMember), 'Its members, who was met first first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      const { limit, cursor } = c.req.valid('query')
      if (!(await findAudience(db, actor.corpId, id))) throw notFound(audienceThing)
      const after = decodeCursor(z.tuple([z.int()]), cursor)?.[0] ?? -1
      const numbers = await membersAfter(db, actor.corpId, id, after, limit + 1)
      const { shown, next_cursor } = page(numbers, limit, (last) => [last])
      const rows = await peopleOf(db, actor.corpId, shown)
      return c.json({ items: rows.map((row) => presentMember(actor, row)), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences/{id}/members/{customer}/why',
        tags: ['audiences'],
        request: { params: idParam.extend({ customer: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(whyAnswer, 'Condition by condition, with the facts'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = seesAll(c.get('actor'))
      const { id, customer } = c.req.valid('param')
      const audience = await findAudience(db, actor.corpId, id)
      if (!audience) throw notFound(audienceThing)
      const [found] = await whys(actor.corpId, customer, [audience])
      if (!found?.why) throw notFound(customerThing)
      return c.json({ ...found.why, member: found.member }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/audiences',
        tags: ['audiences'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(customerAudiences, 'The audiences that he is in, and why'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const root = await rootInScope(db, actor, c.req.valid('param').id)
      if (root === undefined) throw notFound(customerThing)
      const found = await whys(actor.corpId, root, await audiencesOf(db, actor.corpId))
      return c.json(
        {
          items: found
            .filter(({ member }) => member)
            .map(({ audience, why, member }) => ({
              ...{ id: audience.id, name: audience.name, kind: audience.kind },
              computed_at: audience.computedAt?.toISOString() ?? null,
              why: why ? { ...why, member } : null,
            })),
        },
        200,
      )
    },
  )
  return api
}

function shapeOf(part: WhyPart): WhyShape {
  return { join: part.join, holds: part.holds, words: part.words, parts: part.parts.map(shapeOf) }
}
