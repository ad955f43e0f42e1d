import { expect, it } from 'vitest'
import { z } from 'zod'
import { saveApp } from './domains/organisation/index.ts'
import { pathStage } from './path-stage.ts'

// the platform's clock stands: everything below happens within one second
const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()

const made = z.object({ id: z.string(), externalUserId: z.string() })
const summary = z.object({
  adds: z.object({ total: z.number() }),
  welcomes: z.object({ sent: z.number(), pending: z.number(), duplicates: z.number() }),
})

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function addAll(count: number, userid: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const person = made.parse(await admin('POST', '/people', { role: 'customer', name: `双十一顾客${n}` }))
      await admin('POST', `/people/${person.id}/add`, { userid })
      return person.externalUserId
    }),
  )
}

/** How many messages of the member reached each person. */
async function welcomesOf(people: readonly string[]): Promise<Map<string, number>> {
  const { columns, rows } = z
    .object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) })
    .parse(await admin('GET', '/oracle/adds?limit=1000'))
  const id = columns.indexOf('externalUserId')
  const count = columns.indexOf('welcomes')
  const found = new Map(rows.map((row) => [String(row[id]), Number(row[count])]))
  return new Map(people.map((person) => [person, found.get(person) ?? -1]))
}

it('500 adds of one member within one second are 500 customers and 500 welcomes', { timeout: 60_000 }, async () => {
  const people = await addAll(500, 'chenxiaoyu')
  await stage.settled()
  const seconds = await db
    .selectFrom('callbacks')
    .select('created_at')
    .where('kind', '=', 'customer.added')
    .distinct()
    .execute()
  expect(seconds).toHaveLength(1)
  const relations = await db
    .selectFrom('relations')
    .select(['customer_id', 'external_userid'])
    .where('userid', '=', 'chenxiaoyu')
    .where('status', '=', 'alive')
    .where('external_userid', 'in', people)
    .execute()
  expect(new Set(relations.map((one) => one.customer_id)).size).toBe(500)
  expect(new Set(relations.map((one) => one.external_userid)).size).toBe(500)
  const events = await db.selectFrom('events').select('customer_id').where('kind', '=', 'relation.added').execute()
  expect(new Set(events.map((one) => one.customer_id)).size).toBe(500)
  expect(events).toHaveLength(500)
  expect([...(await welcomesOf(people)).values()]).toEqual(people.map(() => 1))
  const sends = await db.selectFrom('welcome_sends').select('outcome').execute()
  expect(sends.map((one) => one.outcome)).toEqual(people.map(() => 'sent'))
})

it('the same add told to two apps is one event and one welcome', { timeout: 60_000 }, async () => {
  const { corps } = z
    .object({ corps: z.array(z.object({ apps: z.array(z.object({ appKey: z.string(), secret: z.string() })) })) })
    .parse(await admin('GET', '/corps'))
  const crm = corps[0]?.apps.find((one) => one.appKey === 'crm')
  const callback = { token: 'sharedtoken', aesKey: 'a'.repeat(43) }
  const app = { corpId: corp.id, appKey: 'crm', kind: 'app' as const, name: 'CRM', secret: crm?.secret, callback }
  const appId = await saveApp(stage.services.db, stage.services.vault, app, stage.clock.now())
  await stage.path.intake.apps.refresh()
  const url = `${stage.url}/callbacks/wecom/${corp.corpid}/crm`
  await admin('PUT', `/corps/${corp.corpid}/apps/crm/callback`, { url, ...callback })
  const people = await addAll(40, 'chenxiaoyu')
  await stage.settled()
  const copies = await db
    .selectFrom('callbacks')
    .select(['subject', 'app_id'])
    .where('kind', '=', 'customer.added')
    .where('subject', 'in', people)
    .execute()
  expect(copies).toHaveLength(80)
  expect(copies.filter((one) => one.app_id === appId)).toHaveLength(40)
  const events = await db
    .selectFrom('events as e')
    .innerJoin('relations as r', 'r.customer_id', 'e.customer_id')
    .select('e.kind')
    .where('r.external_userid', 'in', people)
    .execute()
  expect(Map.groupBy(events, (one) => one.kind).get('relation.added')).toHaveLength(40)
  expect(Map.groupBy(events, (one) => one.kind).get('welcome.sent')).toHaveLength(40)
  expect([...(await welcomesOf(people)).values()]).toEqual(people.map(() => 1))
})

it('the platform agrees', async () => {
  const told = summary.parse(await admin('GET', '/oracle/summary'))
  expect(told).toMatchObject({ adds: { total: 540 }, welcomes: { sent: 540, pending: 0, duplicates: 0 } })
})
