import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { refusalOf } from '../channels/assignment.ts'
import { refusalWords } from '../channels/channel-words.ts'
import { corpFacts, loadStaff } from '../codes/code-desk.store.ts'
import { markStale, recheckNow } from '../codes/code-look.store.ts'
import { corpLoad, type MemberLoad, memberLoads, setMemberCap, unreadyStaff } from './capacity.store.ts'
import { capacityLevel, corpCap, forecast } from './capacity.ts'

const loadShape = {
  customers: z.int(),
  cap: z.int(),
  left: z.int(),
  per_day: z.number().openapi({ description: 'net adds a day, mean of the last 7 whole days' }),
  days_left: z.number().nullable().openapi({ description: 'null: at this pace never' }),
  level: z.enum(['ok', 'amber', 'red', 'full']),
}
const memberSchema = z
  .object({ userid: z.string(), name: z.string(), codes: z.int(), ...loadShape })
  .openapi('MemberCapacity')
const unreadySchema = z
  .object({
    userid: z.string(),
    name: z.string(),
    reason: z.string(),
    said: z.string(),
    mend: z.string(),
    channels: z.int(),
  })
  .openapi('UnreadyMember')
const answer = z.object({
  corp: z
    .object({ ...loadShape, next_cap: z.int() })
    .nullable()
    .openapi({ description: 'null: outside the data scope' }),
  members: z.array(memberSchema),
  unready: z.array(unreadySchema),
  as_of: z.string(),
})
const member = z.object({ userid: z.string().min(1).max(64) })

/** How full members and the corp are, when they will be full, and who cannot be put behind a code. */
export function capacityRoutes({ db, clock }: Services): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/capacity',
        tags: ['capacity'],
        request: { query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }) },
        responses: { 200: jsonContent(answer, 'The fullest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const language = c.get('language')
      const corp = await corpFacts(db, actor.corpId)
      const now = clock.now()
      const today = businessDay(now, corp.zone)
      const members = await memberLoads(db, actor, corp.memberCap, today, c.req.valid('query').limit)
      const unready = await unreadyStaff(db, actor, 200)
      const facts = await loadStaff(
        db,
        corp,
        unready.map((one) => one.userid),
      )
      return c.json(
        {
          corp: actor.scope.kind === 'corp' ? await wholeCorp(actor.corpId, today) : null,
          members: members.map((one) => ({ userid: one.userid, name: one.name, codes: one.codes, ...present(one) })),
          unready: unready.flatMap(({ userid, name, channels }) => {
            const reason = refusalOf({ userid, key: '', position: 0, weight: 1, dailyLimit: null }, facts.get(userid))
            if (reason === undefined) return []
            const { said, mend } = refusalWords[reason]
            return [{ userid, name, channels, reason, said: said[language], mend: mend[language] }]
          }),
          as_of: now.toISOString(),
        },
        200,
      )
    },
  )
  api.openapi(
    route(
      { gate: 'channels.write', audit: 'staff.recheck' },
      {
        method: 'post',
        path: '/api/capacity/{userid}/recheck',
        tags: ['capacity'],
        request: { params: member },
        responses: { 204: { description: 'He is tried again within seconds' }, ...errorResponses },
      },
    ),
    async (c) => {
      const { userid } = c.req.valid('param')
      const { corpId } = c.get('actor')
      if (!(await recheckNow(db, corpId, userid))) throw notFound({ zh: '员工', en: 'member' })
      await markStale(db, corpId)
      noteAudit(c, { objectKind: 'staff', objectId: userid })
      return c.body(null, 204)
    },
  )
  api.openapi(
    route(
      { gate: 'staff.write', audit: 'staff.cap' },
      {
        method: 'put',
        path: '/api/capacity/{userid}',
        tags: ['capacity'],
        request: {
          params: member,
          body: jsonContent(
            z.object({ cap: z.int().min(1).max(200_000).nullable() }),
            'What the platform granted him; null: the corp’s usual cap',
          ),
        },
        responses: { 204: { description: 'Noted' }, ...errorResponses },
      },
    ),
    async (c) => {
      const { userid } = c.req.valid('param')
      const { cap } = c.req.valid('json')
      const { corpId } = c.get('actor')
      const before = await setMemberCap(db, corpId, userid, cap)
      if (before === undefined) throw notFound({ zh: '员工', en: 'member' })
      await markStale(db, corpId)
      noteAudit(c, { objectKind: 'staff', objectId: userid, before: { cap: before.cap }, after: { cap } })
      return c.body(null, 204)
    },
  )
  return api

  async function wholeCorp(corpId: number, today: string) {
    const load = await corpLoad(db, corpId, today)
    const { limits } = await db.selectFrom('corps').select('limits').where('id', '=', corpId).executeTakeFirstOrThrow()
    const profile = profileOf(limits)
    const cap = profile.value('customer.per_corp')
    return {
      ...present({ ...load, cap }),
      next_cap: corpCap(Math.max(load.customers, cap), cap, profile.value('customer.per_corp_step')),
    }
  }
}

function present(load: Pick<MemberLoad, 'customers' | 'cap' | 'net7'>) {
  const { left, perDay, daysLeft } = forecast(load.customers, load.cap, Math.max(0, load.net7 / 7))
  return {
    customers: load.customers,
    cap: load.cap,
    left,
    per_day: perDay,
    days_left: daysLeft,
    level: capacityLevel(load.customers, load.cap),
  }
}
