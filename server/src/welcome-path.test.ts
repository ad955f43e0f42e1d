import { expect, it } from 'vitest'
import { z } from 'zod'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database

const made = z.object({ id: z.string(), externalUserId: z.string() })
const storedTrace = z.object({
  asked: z.object({ stage: z.string() }),
  band: z.string().nullish(),
  bandStage: z.string().nullish(),
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
})

async function otherMembers(): Promise<string[]> {
  const { people } = z
    .object({ people: z.array(z.object({ userid: z.string() })) })
    .parse(await admin('GET', '/people?role=staff&limit=12'))
  return people.map(({ userid }) => userid).filter((userid) => userid !== 'chenxiaoyu')
}
