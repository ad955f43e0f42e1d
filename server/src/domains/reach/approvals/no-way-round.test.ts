import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { keyScopes } from '../../../infra/auth/caller.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import { createVisitors, declaredRoutes, type Reply } from '../../../infra/http/testing.ts'
import { saved } from '../campaigns/campaigns.schema.ts'
import { addRun, findCampaign, turnCampaign } from '../campaigns/campaigns.store.ts'
import { planKind, startDue } from '../campaigns/start.jobs.ts'
import { heldDue } from '../plan/held.ts'
import { steerDue } from '../run/steer.ts'
import { type Account, type KindOfSend, noWayStage } from './no-way-stage.ts'

const stage = await noWayStage()
const { db, corpId, services, operations } = stage
const kinds = Object.keys(stage.specs) as KindOfSend[]
const settings = { brand: null, two_for_tiers: [], global_holdout_permille: 0 }
const author = await stage.as('operator')
const approver = await stage.as('administrator')
const setter = await stage.as('administrator')
const oneAgrees = async (most: number) =>
  expect((await setter.put('/api/reach/settings', { ...settings, one_approval_most: most })).status).toBe(200)

/** Everything of campaigns and of what works on them, and whatever could begin, steer or plan one. */
const near =
  /campaign|run|rehears|approv|held|compar|calendar|operation|job|reach|sender|governor|audience|link|app-message|export/
type Method = 'post' | 'put' | 'patch' | 'delete'
const methodOf = (name: string): Method => z.enum(['post', 'put', 'patch', 'delete']).parse(name.toLowerCase())

interface Way {
  readonly name: string
  readonly method: Method
  readonly path: string
}

const ofCampaigns = ({ path }: Way) => path.startsWith('/api/campaign')

/** The writing routes, those that end a campaign last; what changes it comes before another round of those of campaigns. */
function waysOf(app: Api): readonly Way[] {
  const ways = declaredRoutes(app)
    .filter((one) => !['GET', 'HEAD'].includes(one.method) && near.test(one.path))
    .map((one) => ({ name: `${one.method} ${one.path}`, method: methodOf(one.method), path: one.path }))
  const ends = (one: Way) => one.method === 'delete' || /\/(refuse|cancel)$/.test(one.path)
  const changes = (one: Way) => one.method === 'put'
  const mild = ways.filter((one) => !ends(one) && !changes(one))
  const last = ways.filter(ends).toSorted((a, b) => Number(a.method === 'delete') - Number(b.method === 'delete'))
  return [...mild, ...ways.filter(changes), ...mild.filter(ofCampaigns), ...last]
}

/** How often the walk came past what only looks at the shape of a request. */
const heard = new Map<string, number>()
const note = (way: Way, { status }: Reply) =>
  heard.set(way.name, (heard.get(way.name) ?? 0) + ([400, 401, 403, 404, 405].includes(status) ? 0 : 1))

/** The one account asks every route for its campaign; answers those after which the campaign went on without its approval. */
async function walk(app: Api, by: Account, id: string, spec: object): Promise<readonly string[]> {
  const through: string[] = []
  const look = async (name: string) => {
    await stage.settle()
    const state = await stage.standing(id)
    if ((await stage.runs()) + (await stage.asked()) > 0 || state === 'live' || state === 'approved') through.push(name)
  }
  for (const way of waysOf(app)) {
    const run = await stage.rehearsalOf(id)
    const version = await stage.versionOf(id)
    const operation = operations.begun.at(-1)?.id ?? id
    const at = way.path
      .replace('{run}', String(run))
      .replace('{id}', way.path.includes('operations') ? operation : id)
      .replace('{comparison}', id)
      .replaceAll(/\{\w+\}/g, 'campaign.approval')
    const plausible = {
      ...{ version, after: version, name: '改', spec, words: '可以', verdict: 'agree', state: 'approved' },
      ...{ take_back: true, template: false, campaign_id: id, run_id: run, kind: planKind, input: { runId: run } },
      ...{ ...settings, one_approval_most: 10_000_000, items: [], userids: [], rule: { all: [] } },
      ...{ who: { audience: id, at: stage.now().toISOString() }, cost: null },
    }
    note(way, await by[way.method](at, plausible))
    if (way.method === 'post' && ofCampaigns(way)) note(way, await by.post(at))
    await look(way.name)
    if (through.length > 0) return through
  }
  return through
}

/** What no route lets a person begin, begun all the same. */
async function byHand(id: string): Promise<void> {
  const runId = await stage.rehearsalOf(id)
  for (const kind of [planKind, heldDue])
    await operations.begin({ kind, corpId, input: { runId }, startedBy: author.accountId })
  const at = stage.now()
  const version = await stage.versionOf(id)
  await services.due.schedule(db, [
    { corpId, kind: startDue, key: id, at, payload: { version } },
    ...[steerDue, heldDue].map((kind) => ({ corpId, kind, key: String(runId), at })),
  ])
  await stage.settle()
}

/** Who asks, for a campaign that stands how; none of them could send it without another's word. */
const standings = {
  'its author, while it is a draft': async (spec: object) => [author, await stage.written(author, spec)] as const,
  'its author, while it waits': async (spec: object) => {
    const id = await stage.written(author, spec)
    expect(await stage.submit(author, id)).toBe('waiting')
    return [author, id] as const
  },
  'an administrator who wrote it, while it waits': async (spec: object) => {
    const id = await stage.written(approver, spec)
    expect(await stage.submit(approver, id)).toBe('waiting')
    return [approver, id] as const
  },
  'one of two who must agree, who has': async (spec: object) => {
    const id = await stage.written(author, spec)
    await stage.submit(author, id)
    const said = await approver.post(`/api/campaigns/${id}/approve`, { version: 1 })
    expect(said.as(saved).state).toBe('waiting')
    return [approver, id] as const
  },
  'an administrator, while nobody has submitted it': async (spec: object) =>
    [approver, await stage.written(author, spec)] as const,
}

describe('what was not agreed to', () => {
  // however few it reaches, two must agree
  beforeAll(() => oneAgrees(0))

  it.each(kinds.flatMap((kind) => Object.entries(standings).map(([who, set]) => [kind, who, set] as const)))(
    'as a %s is sent by no route that is asked by %s',
    async (kind, _, set) => {
      const spec = stage.specs[kind]
      await oneAgrees(0)
      const [by, id] = await set(spec)
      await byHand(id)
      expect(await walk(stage.app, by, id, spec)).toEqual([])
    },
  )

  it('was asked for in words that the routes of campaigns understand', () => {
    const campaigns = [
      ...new Set(
        waysOf(stage.app)
          .filter(ofCampaigns)
          .map(({ name }) => name),
      ),
    ]
    expect(campaigns.length).toBeGreaterThan(10)
    // what stands beside a run that went out: there is none
    const beside = (name: string) => name.includes('/runs/{run}/comparisons')
    expect(campaigns.filter((name) => !beside(name) && (heard.get(name) ?? 0) === 0)).toEqual([])
  })

  it('is sent by no key of another system', async () => {
    const made = await setter.post('/api/keys', { name: '全部', scopes: keyScopes, per_minute: 60_000 })
    const { secret } = made.as(z.object({ secret: z.string() }))
    const id = await stage.written(author, stage.specs.customer_send)
    await stage.submit(author, id)
    const { paths = {} } = stage.app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'test', version: '0' } })
    const keyed = Object.keys(paths).filter((at) => at.startsWith('/v1/'))
    expect(keyed.length).toBeGreaterThan(3)
    const everything = [...keyed, ...waysOf(stage.app).map(({ path }) => path)]
    for (const at of everything)
      for (const method of ['POST', 'PUT', 'DELETE'])
        await stage.app.request(at.replaceAll(/\{\w+\}/g, id), {
          method,
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ version: 1, words: '可以', campaign_id: id, kind: planKind, events: [], orders: [] }),
        })
    await stage.settle()
    expect([await stage.standing(id), await stage.runs(), await stage.asked()]).toEqual(['waiting', 0, 0])
  })

  it('is still not sent a day later', async () => {
    await stage.pass(24 * 60)
    expect([await stage.runs(), await stage.asked()]).toEqual([0, 0])
    const states = await db.selectFrom('campaigns').select('state').distinct().execute()
    expect(states.map(({ state }) => state).filter((state) => state === 'live' || state === 'approved')).toEqual([])
  })

  it('would be seen to be sent by a route that goes round its approval', async () => {
    const planted = createApi()
    const params = z.object({ id: z.uuid() })
    planted.openapi(
      route(
        { gate: 'campaigns.write', audit: { none: 'planted by a test' } },
        {
          method: 'post',
          path: '/api/campaigns/{id}/hurry',
          request: { params },
          responses: { 200: jsonContent(z.object({}), ''), ...errorResponses },
        },
      ),
      async (c) => {
        await db.transaction().execute(async (tx) => {
          const campaign = await findCampaign(tx, corpId, c.req.valid('param').id)
          if (campaign === undefined) return
          const runId = await addRun(tx, campaign, stage.now(), stage.now())
          await turnCampaign(tx, campaign.id, 'live', stage.now())
          await operations.begin({ kind: planKind, corpId, input: { runId }, startedBy: 'planted' }, tx)
        })
        return c.json({}, 200)
      },
    )
    const app = stage.composed([planted])
    const by = await createVisitors(app, services).as(corpId)('operator')
    const id = await stage.written(by, stage.specs.customer_send)
    expect(await walk(app, by, id, stage.specs.customer_send)).toEqual(['POST /api/campaigns/{id}/hurry'])
  })
})

describe('what was agreed to and changed since', () => {
  beforeAll(() => oneAgrees(1_000))

  const atTime = () => ({ schedule: { kind: 'at', at: new Date(stage.now().getTime() + 3_600_000).toISOString() } })
  const approved = async (spec: object) => {
    const id = await stage.written(author, { ...spec, ...atTime() })
    await stage.submit(author, id)
    expect((await approver.post(`/api/campaigns/${id}/approve`, { version: 1 })).as(saved).state).toBe('approved')
    // what happens in the very second of the submission is before it
    await stage.pass(1)
    return id
  }
  const id = z.object({ id: z.uuid() })
  let named = 0
  const audience = async (rule: object) => {
    named += 1
    const body = { name: `分群 ${named}`, kind: 'refreshed', rule }
    return (await author.post('/api/audiences', body)).as(id).id
  }
  const rewrite = (which: string, rule: object) =>
    author.put(`/api/audiences/${which}`, { name: `改 ${which}`, kind: 'refreshed', rule, version: 1 })
  const set = async () => {
    named += 1
    const { userid } = await db.selectFrom('staff').select('userid').executeTakeFirstOrThrow()
    return (await author.post('/api/sender-sets', { name: `组 ${named}`, userids: [userid] })).as(id).id
  }
  const everybody = { not: { is: 'tags', mode: 'any', tags: ['nobody'] } }
  const others = { not: { is: 'tags', mode: 'any', tags: ['others'] } }
  const plain = stage.specs.customer_send
  const [variant] = z.object({ variants: z.array(z.looseObject({})) }).parse(plain).variants
  const change = (more: object) => async () => {
    const campaign = await approved(plain)
    return [
      campaign,
      await author.put(`/api/campaigns/${campaign}`, { after: 1, name: '改', spec: { ...plain, ...more } }),
    ] as const
  }
  const follow = (which: string, keep: number | null = null) =>
    author.put(`/api/tags/${stage.tagId}/rule`, { audience_id: which, keep_days: keep })
  const restage = async (entry: object) => {
    const { version } = (await setter.get('/api/life-cycle')).as(z.object({ version: z.int() }))
    return setter.put('/api/life-cycle', { version, stages: [{ id: 'nobody', name: '无', entry }], note: '' })
  }
  type Changing = () => Promise<readonly [campaign: string, reply: Reply]>

  const voids: Readonly<Record<string, Changing>> = {
    'its text': change({ variants: [{ ...variant, content: { text: '{品牌}：别的话 {少打扰}', attachments: [] } }] }),
    'its media': change({
      variants: [
        {
          ...variant,
          content: {
            text: '{品牌} {少打扰}',
            attachments: [{ kind: 'link', title: '新品', desc: '', url: 'https://shop.example/other' }],
          },
        },
      ],
    }),
    'whom it is for': change({ whom: { rule: everybody } }),
    'whom it leaves out': change({ exclusions: [{ name: '无', whom: { rule: others } }] }),
    'when it goes out': change({ schedule: { kind: 'now' } }),
    'what it is for': change({ goal: { metric: 'open', window_hours: 24, baseline: null } }),
    'who sends it': async () => change({ senders: { set: await set(), most: null } })(),
    'the audience that it is for': async () => {
      const one = await audience(everybody)
      return [await approved({ ...plain, whom: { audience: one } }), await rewrite(one, others)] as const
    },
    'an audience that its audience reads': async () => {
      const inner = await audience(everybody)
      const outer = await audience({ is: 'audience', id: inner })
      return [await approved({ ...plain, whom: { audience: outer } }), await rewrite(inner, others)] as const
    },
    'an audience that its own rule reads as a list': async () => {
      const one = await audience(everybody)
      return [
        await approved({ ...plain, whom: { rule: { is: 'list', id: one } } }),
        await rewrite(one, others),
      ] as const
    },
    'an audience that it leaves out': async () => {
      const one = await audience(everybody)
      const exclusions = [{ name: '不要', whom: { audience: one } }]
      return [await approved({ ...plain, exclusions }), await rewrite(one, others)] as const
    },
    'the audience of one of its variants': async () => {
      const one = await audience(everybody)
      const variants = [{ ...variant, name: '老客', for: { audience: one } }, variant]
      return [await approved({ ...plain, variants }), await rewrite(one, others)] as const
    },
    'its audience, which was put away': async () => {
      const one = await audience(everybody)
      return [
        await approved({ ...plain, whom: { audience: one } }),
        await author.delete(`/api/audiences/${one}`),
      ] as const
    },
    'the members of its sender set': async () => {
      const one = await set()
      const campaign = await approved({ ...plain, senders: { set: one, most: null } })
      const staff = await db.selectFrom('staff').select('userid').execute()
      const body = { name: `组 ${one}`.slice(0, 20), userids: staff.map(({ userid }) => userid) }
      return [campaign, await author.put(`/api/sender-sets/${one}`, body)] as const
    },
    'the words that are forbidden': async () => {
      const campaign = await approved(plain)
      return [campaign, await setter.put('/api/reach/forbidden-words', { items: [{ word: '新品' }] })] as const
    },
    'the name of the brand that it says': async () => {
      const campaign = await approved(plain)
      const other = { ...settings, one_approval_most: 1_000, brand: '别家 https://other.example' }
      return [campaign, await setter.put('/api/reach/settings', other)] as const
    },
    'the domain of its links': async () => {
      const campaign = await approved(plain)
      const other = { urls: ['https://other.example'], know_customers: false, parameter: null }
      return [campaign, await setter.put('/api/links/settings', other)] as const
    },
    'the rule of a tag that its audience reads': async () => {
      const [followed, other] = [await audience(others), await audience(others)]
      await follow(followed)
      const one = await audience({ not: { is: 'tags', mode: 'any', tags: [stage.tagId] } })
      return [await approved({ ...plain, whom: { audience: one } }), await follow(other)] as const
    },
    'how long a tag that it leaves out is kept': async () => {
      const followed = await audience(others)
      await follow(followed)
      const exclusions = [{ name: '不要', whom: { rule: { is: 'tags', mode: 'any', tags: [stage.tagId] } } }]
      return [await approved({ ...plain, exclusions }), await follow(followed, 30)] as const
    },
    'a tag that it leaves out, which follows nothing any more': async () => {
      await follow(await audience(others))
      const exclusions = [{ name: '不要', whom: { rule: { is: 'tags', mode: 'any', tags: [stage.tagId] } } }]
      return [await approved({ ...plain, exclusions }), await author.delete(`/api/tags/${stage.tagId}/rule`)] as const
    },
    'the audience that a tag follows which it leaves out': async () => {
      const followed = await audience(others)
      await follow(followed)
      const exclusions = [{ name: '不要', whom: { rule: { is: 'tags', mode: 'any', tags: [stage.tagId] } } }]
      return [await approved({ ...plain, exclusions }), await rewrite(followed, { all: [others, others] })] as const
    },
    'the rule of a stage that its audience reads': async () => {
      const rule = { not: { is: 'stage', any: ['nobody'] } }
      return [await approved({ ...plain, whom: { rule } }), await restage({ all: [everybody] })] as const
    },
    'the rule of a tag that a stage reads which it leaves out': async () => {
      const [followed, other] = [await audience(others), await audience(others)]
      await follow(followed)
      const staged = await restage({ is: 'tags', mode: 'any', tags: [stage.tagId] })
      expect([staged.status, staged.body]).toMatchObject([200, staged.body])
      const exclusions = [{ name: '不要', whom: { rule: { is: 'stage', any: ['nobody'] } } }]
      return [await approved({ ...plain, exclusions }), await follow(other)] as const
    },
    'the tag that it goes by': async () => {
      const campaign = await approved(stage.specs['moment by tags'])
      return [campaign, await author.delete(`/api/tags/${stage.tagId}`)] as const
    },
  }

  afterEach(async () => {
    await setter.put('/api/links/settings', { urls: [], know_customers: false, parameter: null })
    await setter.put('/api/reach/forbidden-words', { items: [] })
    await oneAgrees(1_000)
  })

  it.each(Object.entries(voids))('is void and does not go out: %s', async (_, changing) => {
    const [campaign, reply] = await changing()
    expect([reply.status < 300, reply.body]).toMatchObject([true, reply.body])
    const before = await stage.asked()
    await stage.pass(120)
    expect([await stage.standing(campaign), await stage.runs(campaign), await stage.asked()]).toEqual([
      'draft',
      0,
      before,
    ])
  })

  it('is refused: the set that it is sent through cannot be deleted, nor an audience that another reads be put away', async () => {
    const one = await set()
    await approved({ ...plain, senders: { set: one, most: null } })
    expect((await author.delete(`/api/sender-sets/${one}`)).status).toBe(422)
    const inner = await audience(everybody)
    await audience({ is: 'audience', id: inner })
    expect((await author.delete(`/api/audiences/${inner}`)).status).toBe(422)
  })

  it('cannot be other media: a file that is kept is never changed or deleted by a route', () => {
    const writing = declaredRoutes(stage.app).filter(
      ({ method, path }) => method !== 'GET' && path.startsWith('/api/media'),
    )
    expect(writing.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/media'])
  })

  it('goes out at its time where nothing was changed', async () => {
    const campaign = await approved(plain)
    await stage.pass(120)
    expect([await stage.standing(campaign), await stage.runs(campaign)]).toEqual(['live', 1])
    expect(await stage.asked()).toBeGreaterThan(0)
  })
})
