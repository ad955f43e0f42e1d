import type { BatchAnswer, CustomerRef, OrderInput } from '@nuanyu/client'
import { batchAnswer, memberView, orderView, productView } from '@nuanyu/client/shapes'
import { z } from 'zod'
import { keyScopes } from '../../infra/auth/caller.ts'
import { manualClock } from '../../infra/clock.ts'
import type { Api } from '../../infra/http/api.ts'
import { testSite } from '../../infra/http/testing.ts'
import type { Services } from '../../infra/services.ts'
import { madeApiKey } from './api-keys.schema.ts'
import { apiKeysRoutes, ordersRoutes, productsRoutes, v1Routes } from './index.ts'

/** The console's and the other systems' side of the room, with a key that may do everything. */
export async function commerceSite(more: readonly ((services: Services) => Api)[] = []) {
  const machine = manualClock('2026-11-11T10:00:00+08:00')
  const site = await testSite({
    routes: (services) => [
      apiKeysRoutes(services),
      ordersRoutes(services),
      productsRoutes(services),
      v1Routes(services, { machine }),
      ...more.map((routes) => routes(services)),
    ],
  })
  const administrator = await site.as('administrator')
  const makeKey = async (scopes: readonly string[] = keyScopes, perMinute = 60_000) =>
    (await administrator.post('/api/keys', { name: '商城', scopes, per_minute: perMinute })).as(madeApiKey)
  const { secret } = await makeKey()

  const call = (path: string, body?: unknown, key: string | undefined = secret, headers: Record<string, string> = {}) =>
    site.app.request(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  /** Sends rows of a kind; the request as a whole must be taken. */
  const tell = async (kind: string, rows: readonly unknown[], key?: string): Promise<BatchAnswer> => {
    const response = await call(`/v1/${kind}`, { [kind]: rows }, key)
    const body: unknown = await response.json()
    if (response.status !== 200) throw new Error(`/v1/${kind} answered ${response.status}: ${JSON.stringify(body)}`)
    return batchAnswer.parse(body)
  }
  /** What the interface lists; every row must have its shape. */
  const list = async <K extends keyof typeof views>(kind: K, query: string, key: string = secret) => {
    const body: unknown = await (await call(`/v1/${kind}?${query}`, undefined, key)).json()
    return z.object({ items: z.array(views[kind]) }).parse(body).items
  }
  return { ...site, machine, administrator, secret, makeKey, call, tell, list }
}

const views = { orders: orderView, products: productView, members: memberView } as const

export const at = (minute: number) => new Date(Date.parse('2026-11-01T10:00:00+08:00') + minute * 60_000).toISOString()

/** A paid order of 20 yuan over two lines. */
export function order(number: string, customer: CustomerRef, more: Partial<OrderInput> = {}): OrderInput {
  return {
    source: 'shop',
    number,
    updated_at: at(1),
    customer,
    ordered_at: at(0),
    paid_at: at(1),
    amount: 2_000,
    lines: [
      { product: 'durian', name: '榴莲', category: 'fruit', quantity: 1, price: 1_500 },
      { product: 'milk', name: '鲜奶', category: 'dairy', quantity: 1, price: 500 },
    ],
    ...more,
  }
}
