import { expect, it } from 'vitest'
import { z } from 'zod'
import { saveApp } from './domains/organisation/index.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database

const made = z.object({ id: z.string(), externalUserId: z.string() })
const storedTrace = z.object({
  asked: z.object({ stage: z.string() }),
  band: z.string().nullish(),
  bandStage: z.string().nullish(),
  tried: z.array(z.object({ app: z.string().nullish(), errcode: z.number().nullish() })).optional(),
})
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function someone() {
  return made.parse(await admin('POST', '/people', { role: 'customer', name: '顾客' }))
}

async function meet(person: { id: string }, what: 'add' | 'delete', userid: string): Promise<void> {
  await admin('POST', `/people/${person.id}/${what}`, what === 'add' ? { userid } : { peer: userid })
  await stage.settled()
  await admin('POST', '/clock', { advanceMs: 60_000 })
}

/** What each add of a customer was decided on, the oldest first. */
async function stagesOf(externalUserid: string) {
  const rows = await db
    .selectFrom('welcome_sends')
    .select(['userid', 'outcome', 'trace'])
    .where('external_userid', '=', externalUserid)
    .orderBy('added_at')
    .execute()
  return rows.map(({ userid, outcome, trace }) => `${userid} ${storedTrace.parse(trace).asked.stage} ${outcome}`)
}

it('knows a returning customer by what relations he had with anyone of the brand', async () => {
  const person = await someone()
  await meet(person, 'add', 'chenxiaoyu')
  await meet(person, 'delete', 'chenxiaoyu')
  await meet(person, 'add', 'chenxiaoyu')
  const [other = ''] = await otherMembers()
  await meet(person, 'add', other)
  expect(await stagesOf(person.externalUserId)).toEqual([
    'chenxiaoyu new sent',
    'chenxiaoyu returning sent',
    `${other} returning sent`,
  ])
  // each is a touch that the governor knows of
  const touches = db.selectFrom('touches').select(['channel', 'kind', 'sender'])
  expect(await touches.where('effect', 'like', `%${person.externalUserId}%`).orderBy('at').execute()).toEqual(
    ['chenxiaoyu', 'chenxiaoyu', other].map((sender) => ({ channel: 'welcome', kind: 'service', sender })),
  )
})

async function otherMembers(): Promise<string[]> {
  const { people } = z
    .object({ people: z.array(z.object({ userid: z.string() })) })
    .parse(await admin('GET', '/people?role=staff&limit=12'))
  return people.map(({ userid }) => userid).filter((userid) => userid !== 'chenxiaoyu')
}

it('greets with another app’s code while the platform refuses the first app’s, each once, and the trace says so', async () => {
  await connectCrm()
  const path = 'externalcontact/send_welcome_msg'
  await admin('POST', '/faults', { kind: 'errcode', errcode: 41050, match: { path, appKey: 'nuanyu' } })
  const people = await Promise.all(Array.from({ length: 12 }, someone))
  await Promise.all(people.map((person) => admin('POST', `/people/${person.id}/add`, { userid: 'chenxiaoyu' })))
  await stage.settled()
  await admin('DELETE', '/faults')
  const ids = people.map((person) => person.externalUserId)
  expect(await welcomesOf(ids)).toEqual(ids.map(() => 1))
  const sends = await db
    .selectFrom('welcome_sends')
    .select(['outcome', 'trace'])
    .where('external_userid', 'in', ids)
    .execute()
  expect(sends.map((one) => one.outcome)).toEqual(ids.map(() => 'sent'))
  const tried = sends.flatMap((one) => storedTrace.parse(one.trace).tried ?? [])
  expect(new Set(tried.map((one) => `${one.app} ${one.errcode}`))).toEqual(new Set(['暖域 41050', 'CRM 0']))
})

/** The second app of the brand, connected to us too: it gets a callback and a code of its own for every add. */
async function connectCrm(): Promise<void> {
  const { corps } = z
    .object({ corps: z.array(z.object({ apps: z.array(z.object({ appKey: z.string(), secret: z.string() })) })) })
    .parse(await admin('GET', '/corps'))
  const secret = corps[0]?.apps.find((one) => one.appKey === 'crm')?.secret
  const callback = { token: 'sharedtoken', aesKey: 'a'.repeat(43) }
  const app = { corpId: corp.id, appKey: 'crm', kind: 'app' as const, name: 'CRM', secret, callback }
  await saveApp(stage.services.db, stage.services.vault, app, stage.clock.now())
  await stage.path.intake.apps.refresh()
  const url = `${stage.url}/callbacks/wecom/${corp.corpid}/crm`
  await admin('PUT', `/corps/${corp.corpid}/apps/crm/callback`, { url, ...callback })
}

/** How many welcomes reached each, as the platform saw it. */
async function welcomesOf(people: readonly string[]): Promise<number[]> {
  const { columns, rows } = z
    .object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) })
    .parse(await admin('GET', '/oracle/adds?limit=1000'))
  const id = columns.indexOf('externalUserId')
  const count = columns.indexOf('welcomes')
  return people.map((person) => Number(rows.find((row) => row[id] === person)?.[count] ?? -1))
}
