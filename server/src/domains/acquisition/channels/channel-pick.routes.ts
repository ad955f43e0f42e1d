import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { corpFacts, loadStaff } from '../codes/code-desk.store.ts'
import { refusalOf } from './assignment.ts'
import { pickPlaces, pickStaff } from './channel-pick.store.ts'
import { refusalWords } from './channel-words.ts'

const query = z.object({
  q: z.string().trim().max(60).default(''),
  department: z.coerce.number().int().optional(),
  store: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})

const personSchema = z
  .object({
    userid: z.string(),
    name: z.string(),
    place: z.string().nullable(),
    unavailable: z.string().nullable().openapi({ description: 'why nobody can be sent to him now' }),
    mend: z.string().nullable(),
  })
  .openapi('ChannelCandidate')

const placeSchema = z
  .object({
    kind: z.enum(['department', 'store']),
    ref: z.string(),
    name: z.string(),
    depth: z.int(),
    staff: z.int(),
  })
  .openapi('ChannelPlace')

const tagGroupSchema = z
  .object({ id: z.string(), name: z.string(), tags: z.array(z.object({ id: z.string(), name: z.string() })) })
  .openapi('ChannelTagGroup')

/** Whom a channel can be given to, and what it can put on its customers. */
export function channelPickRoutes({ db, platform }: Services): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/candidates',
        tags: ['channels'],
        request: { query },
        responses: { 200: jsonContent(z.object({ items: z.array(personSchema) }), 'By pinyin'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const language = c.get('language')
      const people = await pickStaff(db, actor, c.req.valid('query'))
      const corp = await corpFacts(db, actor.corpId)
      const facts = await loadStaff(
        db,
        corp,
        people.map((person) => person.userid),
      )
      const items = people.map((person) => {
        const candidate = { userid: person.userid, key: '', position: 0, weight: 1, dailyLimit: null }
        const refusal = refusalOf(candidate, facts.get(person.userid))
        const words = refusal === undefined ? undefined : refusalWords[refusal]
        return { ...person, unavailable: words?.said[language] ?? null, mend: words?.mend[language] ?? null }
      })
      return c.json({ items }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/places',
        tags: ['channels'],
        responses: {
          200: jsonContent(z.object({ items: z.array(placeSchema) }), 'Departments in tree order, then stores'),
          ...errorResponses,
        },
      },
    ),
    async (c) => c.json({ items: [...(await pickPlaces(db, c.get('actor')))] }, 200),
  )
  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/tags',
        tags: ['channels'],
        responses: {
          200: jsonContent(z.object({ groups: z.array(tagGroupSchema) }), 'The corp’s tags as the platform has them'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const client = await platform.forCorp(c.get('actor').corpId)
      const answer = await client?.tags.list({}, { priority: 'interactive' })
      const groups = (answer?.tag_group ?? []).map((group) => ({
        id: group.group_id,
        name: group.group_name,
        tags: group.tag.map(({ id, name }) => ({ id, name })),
      }))
      return c.json({ groups }, 200)
    },
  )
  return api
}
