import { z } from '@hono/zod-openapi'
import { permissions, permissionsOf, roleNames, seesPersonalDataIn } from '../../../infra/auth/actor.ts'
import { endSessions } from '../../../infra/auth/sessions.store.ts'
import { type Clock, systemClock } from '../../../infra/clock.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { accountOf, changeAccount, deleteAccount, makeAccount } from './accounts.change.ts'
import {
  accountChange,
  accountsQuery,
  accountView,
  ended,
  idParam,
  newAccount,
  ok,
  rolesView,
} from './accounts.schema.ts'
import { listAccounts } from './accounts.store.ts'
import { mayManage, scopesOf } from './accounts.ts'
import { auditedAccount, presentAccount } from './accounts.view.ts'
import { meRoutes } from './me.routes.ts'
import { scanRoutes } from './scan.routes.ts'
import { scopeOptionsRoutes } from './scope-options.routes.ts'
import { signInRoutes } from './sign-in.routes.ts'

const cursor = z.tuple([cursorMoment, z.uuid()])
const json = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

type Needs = Pick<Services, 'config' | 'db' | 'vault' | 'platform' | 'log' | 'clock'>

/** Logging in, oneself, and the accounts of a corp. `machine` is the time of sessions and locks. */
export function accountsRoutes(services: Needs, options: { machine?: Clock; scanSite?: string } = {}): Api {
  const machine = options.machine ?? systemClock
  const api = createApi()
  api.route('/', signInRoutes(services, machine))
  api.route('/', scanRoutes(services, machine, options.scanSite))
  api.route('/', meRoutes(services, machine))
  api.route('/', scopeOptionsRoutes(services))
  api.route('/', managementRoutes(services))
  return api
}

function managementRoutes({ db, clock }: Needs): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'accounts.read' },
      {
        method: 'get',
        path: '/api/roles',
        responses: { 200: jsonContent(rolesView, 'What each role may do'), ...errorResponses },
      },
    ),
    (c) =>
      c.json(
        {
          permissions: [...permissions],
          roles: roleNames.map((role) => ({
            role,
            permissions: [...permissionsOf[role]],
            scopes: [...scopesOf[role]],
            sees_personal_data: seesPersonalDataIn(role),
          })),
        },
        200,
      ),
  )

  api.openapi(
    route(
      { gate: 'accounts.read' },
      {
        method: 'get',
        path: '/api/accounts',
        request: { query: accountsQuery },
        responses: { 200: jsonContent(pageOf(accountView), 'Accounts, newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { q, role, status, limit, cursor: from } = c.req.valid('query')
      const who = c.get('actor')
      const before = decodeCursor(cursor, from)
      const accounts = await listAccounts(
        db,
        { corpId: who.corpId, installation: who.installation === true },
        { q, role, disabled: status === undefined ? undefined : status === 'disabled' },
        { before, limit: limit + 1 },
      )
      const { shown, next_cursor } = page(accounts, limit, (last) => [last.createdAt, last.id])
      return c.json(
        { items: shown.map((account) => presentAccount(account, mayManage(who, account))), next_cursor },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'accounts.read' },
      {
        method: 'get',
        path: '/api/accounts/{id}',
        request: { params: idParam },
        responses: { 200: jsonContent(accountView, 'The account'), ...errorResponses },
      },
    ),
    async (c) => {
      const who = c.get('actor')
      return c.json(presentAccount(await accountOf(db, who, c.req.valid('param').id), true), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'accounts.write', audit: 'account.create' },
      {
        method: 'post',
        path: '/api/accounts',
        request: json(newAccount),
        responses: { 201: jsonContent(accountView, 'Made'), ...errorResponses },
      },
    ),
    async (c) => {
      const account = await makeAccount(db, c.get('actor'), c.req.valid('json'), clock.now())
      noteAudit(c, { objectId: account.id, after: auditedAccount(account) })
      return c.json(presentAccount(account, true), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'accounts.write', audit: 'account.update' },
      {
        method: 'patch',
        path: '/api/accounts/{id}',
        request: { params: idParam, ...json(accountChange) },
        responses: { 200: jsonContent(accountView, 'Changed'), ...errorResponses },
      },
    ),
    async (c) => {
      const wish = c.req.valid('json')
      const changed = await changeAccount(db, c.get('actor'), c.req.valid('param').id, wish, clock.now())
      noteAudit(c, {
        before: auditedAccount(changed.before),
        after: { ...auditedAccount(changed.after), new_credential: wish.password !== undefined },
        count: changed.ended,
      })
      return c.json(presentAccount(changed.after, true), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'accounts.write', audit: 'account.delete' },
      {
        method: 'delete',
        path: '/api/accounts/{id}',
        request: { params: idParam },
        responses: { 200: jsonContent(ok, 'Deleted'), ...errorResponses },
      },
    ),
    async (c) => {
      const before = await deleteAccount(db, c.get('actor'), c.req.valid('param').id)
      noteAudit(c, { before: auditedAccount(before) })
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'accounts.write', audit: 'account.end_sessions' },
      {
        method: 'post',
        path: '/api/accounts/{id}/end-sessions',
        request: { params: idParam },
        responses: { 200: jsonContent(ended, 'So many sessions were ended'), ...errorResponses },
      },
    ),
    async (c) => {
      const account = await accountOf(db, c.get('actor'), c.req.valid('param').id)
      const count = await endSessions(db, account.id)
      noteAudit(c, { count })
      return c.json({ ended: count }, 200)
    },
  )
  return api
}
