import { afterAll, describe, expect, it } from 'vitest'
import { createHttp, createPath } from './app.ts'
import { may, permissions, roleNames } from './infra/auth/actor.ts'
import { passwordChangePaths, publicPaths } from './infra/auth/middleware.ts'
import { createVisitors, declaredRoutes, testSite, type Visitor } from './infra/http/testing.ts'

const site = await testSite({ routes: () => [] })
const path = createPath(site.services)
const app = createHttp(
  site.services,
  path,
  { version: '0', databaseKind: 'embedded', migration: 'none', sandbox: true, ready: () => true },
  undefined,
)
afterAll(() => path.intake.stop())

const { anonymous, as } = createVisitors(app, site.services)
const routes = declaredRoutes(app).filter((route) => route.path !== '/api/openapi.json')
const guarded = routes.filter((route) => route.gate !== 'public')
const writes = guarded.filter((route) => !['GET', 'HEAD'].includes(route.method))
const visitors = new Map(await Promise.all(roleNames.map(async (role) => [role, await as(site.corpId)(role)] as const)))
/** Somebody who still has the demo password where a real corp is connected. */
async function held(): Promise<Visitor> {
  const visitor = await as(site.corpId)('administrator')
  const flagged = site.db.updateTable('accounts').set({ must_change_password: true })
  await flagged.where('id', '=', visitor.accountId).execute()
  return visitor
}
const name = (route: { method: string; path: string }) => `${route.method} ${route.path}`

/** A body that no schema wants: whoever gets past the checks is told 400 or 404, never 401 or 403. */
const ask = (visitor: Visitor, route: { method: string; sample: string }) =>
  route.method === 'GET' ? visitor.get(route.sample) : visitor[bodyless(route.method)](route.sample, undefined)

function bodyless(method: string): 'post' | 'put' | 'patch' | 'delete' {
  const known = (['post', 'put', 'patch', 'delete'] as const).find((one) => one.toUpperCase() === method)
  if (known === undefined) throw new Error(`no test for the method ${method}`)
  return known
}

describe('every route of the assembled application', () => {
  it('is declared with a gate that exists, and every write with its audit action or why it has none', () => {
    expect(routes.length).toBeGreaterThan(20)
    const gates: readonly string[] = [...permissions, 'signed-in', 'public']
    expect(routes.filter((route) => route.gate === undefined || !gates.includes(route.gate)).map(name)).toEqual([])
    expect(writes.filter((route) => route.audit === undefined).map(name)).toEqual([])
  })

  it('is open without a session only if it stands in the one list', () => {
    const open = routes.filter((route) => route.gate === 'public').map((route) => route.path)
    expect([...new Set(open)].sort()).toEqual(publicPaths.filter((one) => one !== '/api/openapi.json').sort())
  })

  it.each(guarded.map((route) => [name(route), route] as const))(
    '%s answers 401 without a session',
    async (_name, route) => {
      const reply = await ask(anonymous, route)
      expect([reply.status, reply.body]).toMatchObject([401, { code: 'unauthenticated' }])
    },
  )

  it.each(guarded.map((route) => [name(route), route] as const))(
    '%s answers 403 to every role without its permission',
    async (_name, route) => {
      for (const [role, visitor] of visitors) {
        const permission = permissions.find((one) => one === route.gate)
        const reader = { accountId: '', name: '', role, corpId: 1, scope: { kind: 'corp' }, locale: 'zh' } as const
        if (permission === undefined || may(reader, permission)) continue
        const reply = await ask(visitor, route)
        expect([role, reply.status, reply.body]).toMatchObject([
          role,
          403,
          { code: 'forbidden', details: { permission } },
        ])
      }
    },
  )

  it.each(writes.map((route) => [name(route), route] as const))(
    '%s answers 403 without the CSRF token',
    async (_name, route) => {
      for (const visitor of visitors.values()) {
        const response = await visitor.send(route.sample, { method: route.method })
        expect([response.status, await response.json()]).toMatchObject([403, { code: 'csrf' }])
      }
    },
  )

  it.each(guarded.map((route) => [name(route), route] as const))(
    '%s answers a session that still has the demo password only if it changes it or leaves',
    async (_name, route) => {
      const reply = await ask(await held(), route)
      if (passwordChangePaths.includes(`${route.method} ${route.path}`))
        expect(reply.body).not.toMatchObject({ code: 'password_change_required' })
      else expect([reply.status, reply.body]).toMatchObject([403, { code: 'password_change_required' }])
    },
  )

  it('an address that no route has is refused without a session too', async () => {
    expect((await anonymous.get('/api/nothing/here')).status).toBe(401)
    expect((await anonymous.send('/api/auth/login/', { method: 'POST' })).status).toBe(401)
  })
})
