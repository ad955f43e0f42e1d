import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createHttp, createPath } from './app.ts'
import { keyScopes } from './infra/auth/caller.ts'
import { createVisitors, testSite } from './infra/http/testing.ts'

const site = await testSite({ routes: () => [] })
const path = createPath(site.services)
const app = createHttp(
  site.services,
  path,
  { version: '0', databaseKind: 'embedded', migration: 'none', sandbox: true, ready: () => true },
  'http://127.0.0.1:9',
)
afterAll(() => path.intake.stop())

/** What is open to everybody outside /api, and what guards it instead of a session or a key. */
const open: Readonly<Record<string, string>> = {
  'GET /healthz': 'says only whether the server is well',
  'GET /metrics': 'figures without a person',
  'GET /:name{WW_verify_[A-Za-z0-9]+\\.txt}': 'the platform reads it to see whose domain this is',
  'GET /c/:code': 'a landing page for customers',
  'GET /l/:token': 'a tracked link; its token is signed and tells of nobody',
  'GET /p/:token': 'a customer’s page of preferences; its token is sealed',
  'POST /p/:token': 'what he chose there, under the same sealed token',
  'GET /callbacks/wecom/:corpId/:app': 'signed by the platform',
  'POST /callbacks/wecom/:corpId/:app': 'signed and encrypted by the platform',
  'GET /callbacks/weixin/:corpId/:appId': 'signed by the platform',
  'POST /callbacks/weixin/:corpId/:appId': 'signed by the platform',
  'POST /callbacks/connectors/:id': 'signed with the secret of the connector',
  'GET /*': 'the pages of the console',
  'POST /v1/mini-program/login': 'a code of the platform, which is asked whose it is',
  'POST /v1/mini-program/events': 'the token that the log-in gave',
  'POST /v1/mini-program/opens': 'the token that the log-in gave',
}

const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'test', version: '0' } })
const keyed = Object.entries(paths).flatMap(([at, methods]) =>
  Object.entries(methods ?? {}).flatMap(([method, operation]) => {
    const scope: unknown = operation?.['x-scope']
    return typeof scope === 'string' ? [{ name: `${method.toUpperCase()} ${at}`, method, at, scope }] : []
  }),
)
type Keyed = (typeof keyed)[number]

const visitor = await createVisitors(app, site.services).as(site.corpId)('administrator')
const made = z.object({ secret: z.string(), key: z.object({ id: z.string() }) })
async function makeKey(scopes: readonly string[]) {
  const reply = await visitor.post('/api/keys', { name: 'refusals', scopes, per_minute: 60_000 })
  return made.parse(reply.body)
}

/** A body that no schema wants: whoever gets past the checks is told 400, never 401 or 403. */
async function ask({ method, at }: Keyed, authorization: string | undefined) {
  const response = await app.request(at, {
    method: method.toUpperCase(),
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(method === 'get' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'get' ? {} : { body: '[]' }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

describe('every address outside the console’s interface', () => {
  it('takes a key with a scope that exists, or stands in the one list of what is open, with its reason', () => {
    const known = new Set(keyed.map(({ name }) => name))
    const found = app.routes
      .filter(({ method, path: at }) => method !== 'ALL' && !at.startsWith('/api/'))
      .map(({ method, path: at }) => `${method} ${at}`)
      .filter((name) => !known.has(name))
    expect([...new Set(found)].sort()).toEqual(Object.keys(open).sort())
    expect(keyed.filter(({ scope }) => !keyScopes.some((one) => one === scope))).toEqual([])
  })

  it('uses every scope that a key can have', () => {
    expect([...new Set(keyed.map(({ scope }) => scope))].sort()).toEqual([...keyScopes].sort())
  })
})

describe.each(keyed.map((one) => [one.name, one] as const))('%s', (_name, route) => {
  let all: Awaited<ReturnType<typeof makeKey>>
  let others: Awaited<ReturnType<typeof makeKey>>
  let only: Awaited<ReturnType<typeof makeKey>>
  beforeAll(async () => {
    all = await makeKey(keyScopes)
    others = await makeKey(keyScopes.filter((scope) => scope !== route.scope))
    only = await makeKey([route.scope])
  })

  it.each([
    ['no key', () => undefined],
    ['a key that is none', () => 'Bearer nyk_00000000000000000000000000000000'],
    ['a key in another scheme', () => `Basic ${all.secret}`],
  ])('answers 401 to %s', async (_what, header) => {
    const reply = await ask(route, header())
    expect([reply.status, reply.body]).toMatchObject([401, { code: 'unauthenticated' }])
  })

  it('answers 401 to a session of the console', async () => {
    const response = await visitor.send(route.at, { method: route.method.toUpperCase() })
    expect(response.status).toBe(401)
  })

  it('answers 403 to a key with every scope but its own', async () => {
    const reply = await ask(route, `Bearer ${others.secret}`)
    expect([reply.status, reply.body]).toMatchObject([403, { code: 'forbidden', details: { scope: route.scope } }])
  })

  it('lets a key with its scope alone in', async () => {
    expect([200, 400]).toContain((await ask(route, `Bearer ${only.secret}`)).status)
  })

  it('answers 401 to a key that was revoked', async () => {
    expect((await visitor.post(`/api/keys/${all.key.id}/revoke`)).status).toBeLessThan(300)
    expect((await ask(route, `Bearer ${all.secret}`)).status).toBe(401)
  })
})

describe('a mini program’s addresses for what happens there', () => {
  it('answers 401 without the token of a log-in', async () => {
    for (const authorization of [undefined, 'Bearer abc', `Bearer ${(await makeKey(keyScopes)).secret}`]) {
      const tell = (path: string, body: object) =>
        app.request(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
          body: JSON.stringify(body),
        })
      const at = '2026-11-11T10:00:00+08:00'
      const events = [{ name: 'view', number: '1', at }]
      expect((await tell('/v1/mini-program/events', { events })).status).toBe(401)
      expect((await tell('/v1/mini-program/opens', { link: 'a'.repeat(20), at })).status).toBe(401)
    }
  })
})
