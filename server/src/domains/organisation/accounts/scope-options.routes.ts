import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { scopeOptions, scopeOptionsQuery } from './accounts.schema.ts'
import { findScopeOptions } from './scope-options.store.ts'

/** What the form of an account offers for its data scope and its WeCom member. */
export function scopeOptionsRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'accounts.write' },
      {
        method: 'get',
        path: '/api/account-options',
        request: { query: scopeOptionsQuery },
        responses: {
          200: jsonContent(scopeOptions, 'Departments, stores and members to choose from'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { q, department, store_ids, userid } = c.req.valid('query')
      const storeIds = store_ids === undefined || store_ids === '' ? [] : store_ids.split(',')
      const found = await findScopeOptions(db, c.get('actor').corpId, q, { department, storeIds, userid })
      return c.json(
        {
          departments: found.departments.map((one) => ({ id: one.id, name: one.name, parent_id: one.parentId })),
          stores: [...found.stores],
          staff: found.staff.map((one) => ({ userid: one.userid, name: one.name, has_account: one.hasAccount })),
        },
        200,
      )
    },
  )
  return api
}
