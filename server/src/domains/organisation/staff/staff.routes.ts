import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { notFound, type Said } from '../../../infra/errors.ts'
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
import { route } from '../../../infra/http/route.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { corpBasics } from '../corps.store.ts'
import { findMember, listStaff, type StaffAsked, type StaffMember, staffFacets } from './staff.store.ts'
import { readinesses, readinessWords } from './staff.ts'

const memberView = z
  .object({
    userid: z.string(),
    name: z.string(),
    position: z.string().nullable(),
    departments: z.array(z.object({ id: z.int(), name: z.string() })),
    store: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    status: z
      .int()
      .nullable()
      .openapi({ description: '1 active, 2 disabled, 4 not activated, 5 left; null: not read' }),
    readiness: z.enum(readinesses),
    /** In the reader's language. */
    why: z.string(),
    mend: z.string(),
    menu_path: z.string().nullable(),
    follows: z.boolean(),
    visible: z.boolean().nullable(),
    addable: z.enum(['unknown', 'yes', 'no']),
    customers: z.int(),
    cap: z.int(),
    adds_today: z.int(),
    losses_today: z.int(),
    net7: z.int().openapi({ description: 'adds less losses of the last 7 whole days' }),
    codes: z.int().openapi({ description: 'codes at the platform that he stands behind now' }),
    seen_at: z.iso.datetime(),
    gone_at: z.iso.datetime().nullable(),
    leave: z
      .object({ from: z.iso.datetime(), until: z.iso.datetime() })
      .nullable()
      .openapi({ description: 'The leave that he has, or the next' }),
  })
  .openapi('StaffMember')

const listQuery = pageQuery.extend({
  q: z.string().max(100).optional(),
  department: rowNumber.optional(),
  store: z.union([z.uuid(), z.literal('none')]).optional(),
  status: z.enum(['present', 'gone']).optional(),
  readiness: z.enum([...readinesses, 'blocked']).optional(),
})
const facetsView = z
  .object({
    departments: z.array(z.object({ id: z.int(), name: z.string(), parent_id: z.int() })),
    stores: z.array(z.object({ id: z.uuid(), name: z.string() })),
    readiness: z.array(z.object({ readiness: z.enum(readinesses), count: z.int(), said: z.string() })),
  })
  .openapi('StaffFacets')
const cursor = z.tuple([z.string(), z.string()])
const tags = ['staff']

/** 员工: who is there, whether a customer can add them, and what mends it where not. */
export function staffRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'staff.read' },
      {
        method: 'get',
        path: '/api/staff',
        tags,
        request: { query: listQuery },
        responses: { 200: jsonContent(pageOf(memberView), 'Members by their names in pinyin'), ...errorResponses },
      },
    ),
    async (c) => {
      const { cursor: at, limit, ...filter } = c.req.valid('query')
      const found = await listStaff(db, await askedBy(c.get('actor')), filter, decodeCursor(cursor, at), limit + 1)
      const { shown, next_cursor } = page(found, limit, (last) => [last.pinyin, last.userid])
      return c.json({ items: shown.map((member) => present(member, c.get('language'))), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'staff.read' },
      {
        method: 'get',
        path: '/api/staff-facets',
        tags,
        responses: { 200: jsonContent(facetsView, 'What the list can be narrowed by'), ...errorResponses },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const facets = await staffFacets(db, await askedBy(c.get('actor')))
      return c.json(
        {
          departments: facets.departments.map((one) => ({ id: one.id, name: one.name, parent_id: one.parentId })),
          stores: [...facets.stores],
          readiness: readinesses.map((one) => ({
            readiness: one,
            count: facets.readiness[one] ?? 0,
            said: readinessWords[one].said[language],
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'staff.read' },
      {
        method: 'get',
        path: '/api/staff/{userid}',
        tags,
        request: { params: z.object({ userid: z.string().min(1).max(64) }) },
        responses: { 200: jsonContent(memberView, 'The member'), ...errorResponses },
      },
    ),
    async (c) => {
      const member = await findMember(db, await askedBy(c.get('actor')), c.req.valid('param').userid)
      if (member === undefined) throw notFound({ zh: '员工', en: 'member' })
      return c.json(present(member, c.get('language')), 200)
    },
  )
  return api

  async function askedBy(actor: Actor): Promise<StaffAsked> {
    const corp = await corpBasics(db, actor.corpId)
    const memberCap = profileOf(corp?.limits).value('customer.per_member')
    const at = clock.now()
    return { actor, memberCap, today: businessDay(at, corp?.timeZone ?? 'Asia/Shanghai'), at }
  }
}

function present(member: StaffMember, language: keyof Said): z.input<typeof memberView> {
  const words = readinessWords[member.readiness]
  return {
    userid: member.userid,
    name: member.name,
    position: member.position,
    departments: [...member.departments],
    store: member.storeId === null ? null : { id: member.storeId, name: member.storeName ?? '' },
    status: member.status,
    readiness: member.readiness,
    why: words.said[language],
    mend: words.mend[language],
    menu_path: words.menuPath?.[language] ?? null,
    follows: member.follows,
    visible: member.visible,
    addable: member.addable,
    customers: member.customers,
    cap: member.cap,
    adds_today: member.addsToday,
    losses_today: member.lossesToday,
    net7: member.net7,
    codes: member.codes,
    seen_at: member.seenAt.toISOString(),
    gone_at: member.goneAt?.toISOString() ?? null,
    leave: member.leave === null ? null : { from: utc(member.leave.from), until: utc(member.leave.until) },
  }
}

const utc = (moment: string) => new Date(moment).toISOString()
