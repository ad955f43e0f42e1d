import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { commerceSite } from './testing.ts'

const site = await commerceSite()
const { db, corpId, tell } = site

beforeAll(async () => {
  for (const userid of ['ann', 'bob'])
    await sql`insert into staff (corp_id, userid, name, follows, status, first_seen_at, seen_at)
      values (${corpId}, ${userid}, ${userid}, true, 1, now(), now())`.execute(db)
  await sql`insert into customers (id, corp_id, created_at) values (900, ${corpId}, now())`.execute(db)
  await sql`insert into identities (corp_id, kind, value, customer_id, seen_at) values (${corpId}, 'external_userid', 'wmA', 900, now())`.execute(
    db,
  )
  await sql`insert into relations (customer_id, corp_id, userid, external_userid, added_at)
    values (900, ${corpId}, 'ann', 'wmA', '2026-01-01')`.execute(db)
})
const statuses = (answer: { results: readonly { status: string }[] }) => answer.results.map(({ status }) => status)
const relation = async () => {
  const { rows } = await sql<{ owned: boolean; chatted: Date | null }>`
    select owned_at is not null as owned, chatted_at as chatted from relations where customer_id = 900`.execute(db)
  return rows[0]
}

describe('an archive', () => {
  it('tells who last chatted, as often as it likes and in any order: the latest counts', async () => {
    const chat = (at: string, userid = 'ann', external_userid = 'wmA') => ({ external_userid, userid, at })
    const rows = [
      chat('2026-11-01T10:00:00+08:00'),
      chat('2026-11-01T10:00:00Z', 'bob'),
      chat('2026-11-01T10:00:00Z', 'ann', 'x'),
    ]
    expect(statuses(await tell('chats', rows))).toEqual(['accepted', 'rejected', 'rejected'])
    expect(statuses(await tell('chats', rows.slice(0, 1)))).toEqual(['unchanged'])
    expect(statuses(await tell('chats', [chat('2026-10-01T10:00:00Z')]))).toEqual(['unchanged'])
    expect(statuses(await tell('chats', [chat('2026-11-02T10:00:00Z')]))).toEqual(['accepted'])
    expect((await relation())?.chatted).toEqual(new Date('2026-11-02T10:00:00Z'))
    expect(statuses(await tell('chats', [chat('2099-01-01T00:00:00Z')]))).toEqual(['rejected'])
  })
})

it('another system sets and takes away exclusive owners', async () => {
  const own = (userid: string | null, external_userid = 'wmA') => ({ external_userid, userid })
  expect(statuses(await tell('owners', [own('ann'), own('bob', 'x'), own('bob')]))).toEqual([
    'accepted',
    'rejected',
    'rejected',
  ])
  expect((await relation())?.owned).toBe(true)
  expect(statuses(await tell('owners', [own('ann')]))).toEqual(['unchanged'])
  expect(statuses(await tell('owners', [own(null)]))).toEqual(['accepted'])
  expect((await relation())?.owned).toBe(false)
})

it('another system notes leave, and what of it is not to be', async () => {
  const from = site.clock.now()
  const until = new Date(from.getTime() + 86_400_000)
  const leave = { userid: 'ann', from: from.toISOString(), until: until.toISOString() }
  expect(statuses(await tell('leaves', [leave, { ...leave, userid: 'nobody' }]))).toEqual(['accepted', 'rejected'])
  expect(statuses(await tell('leaves', [leave]))).toEqual(['unchanged'])
  expect(statuses(await tell('leaves', [{ ...leave, cancelled: true }]))).toEqual(['accepted'])
  expect(statuses(await tell('leaves', [{ ...leave, cancelled: true }]))).toEqual(['unchanged'])
})
