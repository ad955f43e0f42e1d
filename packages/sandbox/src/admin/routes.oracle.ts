import { Hono } from 'hono'
import { z } from 'zod'
import type { Platform } from '../platform.ts'
import { queryOf } from './json.ts'
import type { AddsResponse, CallbacksResponse, CallsResponse, ReachedResponse, WeixinOracle } from './schema.ts'

const MOST = 5_000
const Page = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(200),
  appKey: z.string().optional(),
})
const CallsQuery = Page.extend({ path: z.string().optional(), errcode: z.coerce.number().int().optional() })
const CallbacksQuery = Page.extend({ event: z.string().optional() })
const MessagesQuery = Page.extend({ person: z.string().optional(), source: z.string().optional() })
const AddsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(10_000),
})

/** With `after`, what came since, oldest first; without, the newest, newest first. */
export function oracleRoutes(platform: Platform): Hono {
  const { oracle, world } = platform
  const routes = new Hono()

  routes.get('/oracle/summary', (c) => c.json(oracle.summary()))
  routes.get('/oracle/weixin', (c) => {
    const { followers, tally } = platform.weixin
    const { sinceMs, people } = tally
    return c.json({ sinceMs, people, followers: followers.total(), counts: tally.counts() } satisfies WeixinOracle)
  })
  routes.post('/oracle/reset', (c) => {
    platform.weixin.tally.reset()
    oracle.reset()
    return c.json({ ok: true })
  })
  routes.get('/oracle/calls', (c) => {
    const { after, limit, appKey, path, errcode } = queryOf(c, CallsQuery)
    const calls = take(after === undefined ? oracle.calls.newest() : oracle.calls.since(after), limit, (call) => {
      if (appKey !== undefined && call.appKey !== appKey) return false
      return (path === undefined || call.path.endsWith(path)) && (errcode === undefined || call.errcode === errcode)
    })
    return c.json({ total: oracle.calls.total, calls } satisfies CallsResponse)
  })
  routes.get('/oracle/callbacks', (c) => {
    const { after, limit, appKey, event } = queryOf(c, CallbacksQuery)
    const callbacks = take(
      after === undefined ? oracle.callbacks.newest() : oracle.callbacks.since(after),
      limit,
      (one) => {
        return (appKey === undefined || one.appKey === appKey) && (event === undefined || one.event.startsWith(event))
      },
    )
    return c.json({ total: oracle.callbacks.total, callbacks } satisfies CallbacksResponse)
  })
  routes.get('/oracle/messages', (c) => {
    const { after, limit, person, source } = queryOf(c, MessagesQuery)
    const customer = person === undefined ? undefined : world.customers.indexOf(person)
    const reader = customer === undefined ? person : `c${customer}`
    const found = take(after === undefined ? oracle.messages.newest() : oracle.messages.since(after), limit, (one) => {
      return (reader === undefined || one.person === reader) && (source === undefined || one.message.source === source)
    })
    const messages = found.map(({ person: who, message }) => ({ person: who, message }))
    return c.json({ total: oracle.messages.total, messages } satisfies ReachedResponse)
  })
  routes.get('/oracle/adds', (c) => {
    const { after, limit } = queryOf(c, AddsQuery)
    const rows: AddsResponse['rows'] = []
    for (const add of oracle.adds.rows(after)) {
      if (rows.length === limit) break
      rows.push([
        add.add,
        world.staff.at(add.staff)?.userid ?? '',
        world.customers.externalUserId(add.customer),
        add.scannedMs,
        add.firstAckMs,
        add.welcomedMs,
        add.welcomes,
        add.codes,
        add.rejected,
      ])
    }
    return c.json({ total: oracle.adds.total, columns: COLUMNS, rows } satisfies AddsResponse)
  })
  return routes
}

const COLUMNS: AddsResponse['columns'] = [
  'add',
  'userid',
  'externalUserId',
  'scannedMs',
  'firstAckMs',
  'welcomedMs',
  'welcomes',
  'codes',
  'rejectedWelcomes',
]

function take<T>(things: Iterable<T>, limit: number, fits: (thing: T) => boolean): T[] {
  const taken: T[] = []
  for (const thing of things) {
    if (taken.length === limit) break
    if (fits(thing)) taken.push(thing)
  }
  return taken
}
