import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { ownCustomers } from './own.ts'
import { defineOwners } from './owners.jobs.ts'
import { ownersRoutes } from './owners.routes.ts'
import { sendersView } from './owners.schema.ts'
import { writeChats } from './owners.store.ts'
import { decideOwners, ownerOf, type Standing } from './owners.ts'

const operations = heldOperations(() => site.db)
const site = await testSite({ routes: (services) => [ownersRoutes(services)], services: { operations } })
const { db, corpId, clock } = site
defineOwners({ db, clock, operations })
const operator = await site.as('operator')
const at = (day: number) => new Date(Date.UTC(2026, 5, day))

beforeAll(async () => {
  for (const userid of ['ann', 'bob', 'cat', 'off'])
    await sql`insert into staff (corp_id, userid, name, follows, status, first_seen_at, seen_at)
      values (${corpId}, ${userid}, ${userid}, true, 1, now(), now())`.execute(db)
  await sql`update staff set gone_at = now() where userid = 'off'`.execute(db)
  // the person 1 has another home, which ann and cat know
  const people: readonly (readonly [number, readonly string[], number | null])[] = [
    [1, ['ann', 'bob'], null],
    [2, ['ann', 'cat'], 1],
    [3, ['bob', 'off'], null],
    [4, [], null],
  ]
  for (const [id, members, into] of people) {
    await sql`insert into customers (id, corp_id, name, merged_into, created_at) values (${id}, ${corpId}, ${`客户${id}`}, ${into}, now())`.execute(
      db,
    )
    await sql`insert into identities (corp_id, kind, value, customer_id, seen_at) values (${corpId}, 'external_userid', ${`wm${id}`}, ${id}, now())`.execute(
      db,
    )
    for (const [place, userid] of members.entries())
      await sql`insert into relations (customer_id, corp_id, userid, external_userid, added_at)
        values (${id}, ${corpId}, ${userid}, ${`wm${id}`}, ${at(place + 1)})`.execute(db)
  }
})

const senders = async (id: number) => (await operator.get(`/api/customers/${id}/senders`)).as(sendersView)
const turns = async (id: number) => (await senders(id)).items.map(({ userid, because }) => `${userid} ${because}`)
const own = (id: number, userid: string | null) => operator.put(`/api/customers/${id}/owner`, { userid })
const chat = (customerId: number, userid: string, when: Date) =>
  db.transaction().execute((tx) => writeChats(tx, corpId, [{ customerId, userid, at: when }]))

describe('an exclusive owner', () => {
  it('comes before who last chatted, and he before who was added last, over all homes of a person', async () => {
    expect(await turns(1)).toEqual(['bob latest', 'cat contact', 'ann contact'])
    expect((await senders(1)).chats_told).toBe(false)
    await chat(2, 'ann', at(9))
    expect(await turns(1)).toEqual(['ann chat', 'bob latest', 'cat contact'])
    expect((await own(2, 'cat')).status).toBe(200)
    expect(await turns(1)).toEqual(['cat owner', 'ann chat', 'bob latest'])
    expect(site.audited.at(-1)).toMatchObject({
      ...{ action: 'customer.owner', objectId: '2', before: { owner: null }, after: { owner: 'cat' } },
    })
    const { rows } = await sql`select kind, customer_id, payload from events where kind like 'owner.%'`.execute(db)
    expect(rows).toEqual([{ kind: 'owner.set', customer_id: 1, payload: { before: null } }])
  })

  it('is one a person, through whichever home, and none when that is said', async () => {
    await own(1, 'bob')
    expect((await senders(2)).owner).toMatchObject({ userid: 'bob' })
    const { rows } = await sql`select userid from relations where owned_at is not null`.execute(db)
    expect(rows).toEqual([{ userid: 'bob' }])
    await own(1, null)
    expect((await senders(1)).owner).toBeNull()
  })

  it('is a member who has the customer as a contact, and is there', async () => {
    expect((await own(3, 'ann')).status).toBe(422)
    expect((await own(3, 'off')).status).toBe(422)
    expect((await own(9, 'ann')).status).toBe(404)
    expect(
      (await (await site.as('guide', { kind: 'self', userid: 'bob' })).put('/api/customers/3/owner', { userid: 'bob' }))
        .status,
    ).toBe(403)
  })

  it('ends with the relation, and does not come back with a new one', async () => {
    await own(3, 'bob')
    expect((await senders(3)).owner?.userid).toBe('bob')
    const now = clock.now().getTime()
    await sql`update relations set ended_at = ${new Date(now + 1_000)} where customer_id = 3 and userid = 'bob'`.execute(
      db,
    )
    expect((await senders(3)).owner).toBeNull()
    await sql`update relations set added_at = ${new Date(now + 2_000)} where customer_id = 3 and userid = 'bob'`.execute(
      db,
    )
    expect(await turns(3)).toEqual(['bob latest', 'off contact'])
  })
})

describe('who last chatted', () => {
  it('is told again and again in any order, and the latest counts', async () => {
    const told = [at(12), at(20), at(12), at(11)]
    const later = []
    for (const when of told) later.push((await chat(1, 'ann', when)).get('1 ann'))
    expect(later).toEqual([true, true, false, false])
    const { rows } = await sql<{
      at: Date
    }>`select chatted_at as at from relations where customer_id = 1 and userid = 'ann'`.execute(db)
    expect(rows).toEqual([{ at: at(20) }])
    // who is no contact has nothing to be written on
    expect(await chat(1, 'cat', at(1))).toEqual(new Map())
  })
})

describe('owners of many', () => {
  const result = z.object({
    ...{ preview: z.boolean(), persons: z.int(), set: z.int(), same: z.int(), no_relation: z.int(), unknown: z.int() },
    ...{ taken_over: z.int(), removed: z.int() },
    refused: z.array(z.object({ customer: z.string(), userid: z.string().nullable(), why: z.string() })),
  })
  const bulk = async (body: object) => {
    const { operation_id } = (await operator.post('/api/customer-owners', body)).as(
      z.object({ operation_id: z.uuid() }),
    )
    return result.parse(await operations.run(operation_id))
  }
  const list = [
    { external_userid: 'wm1', userid: 'ann' },
    { external_userid: 'wm3', userid: 'cat' },
    { external_userid: 'wm4', userid: 'bob' },
    { external_userid: 'strange', userid: 'bob' },
  ]

  it('are counted first, with how many have no relation with the member, and nothing changes', async () => {
    await own(1, 'bob')
    const counted = await bulk({ preview: true, who: { list } })
    expect(counted).toMatchObject({ persons: 4, set: 1, taken_over: 1, no_relation: 2, unknown: 1, preview: true })
    expect(counted.refused).toEqual([
      { customer: 'wm3', userid: 'cat', why: 'no_relation' },
      { customer: 'wm4', userid: 'bob', why: 'no_relation' },
      { customer: 'strange', userid: 'bob', why: 'unknown_customer' },
    ])
    expect((await senders(1)).owner?.userid).toBe('bob')
  })

  it('are set then, and setting them twice changes nothing more', async () => {
    expect(await bulk({ preview: false, who: { list } })).toMatchObject({ set: 1, taken_over: 1 })
    expect((await senders(1)).owner?.userid).toBe('ann')
    expect(await bulk({ preview: false, who: { list } })).toMatchObject({ set: 0, same: 1 })
  })

  it('are for whoever sees the whole corp, and for members who are there', async () => {
    const manager = await site.as('store_manager', { kind: 'store', storeIds: [] })
    expect((await manager.post('/api/customer-owners', { preview: true, who: { list } })).status).toBe(403)
    const strange = [{ external_userid: 'wm1', userid: 'off' }]
    expect((await operator.post('/api/customer-owners', { preview: true, who: { list: strange } })).status).toBe(422)
  })
})

it('of any words about persons, the last possible one counts, and each person has one owner at most', async () => {
  const member = fc.constantFrom('a', 'b', 'c')
  const person = fc.integer({ min: 1, max: 3 })
  await fc.assert(
    fc.property(
      fc.array(fc.record({ root: person, home: fc.integer({ min: 0, max: 1 }), userid: member, alive: fc.boolean() })),
      fc.array(fc.record({ customerId: fc.integer({ min: 1, max: 4 }), userid: fc.option(member) }), { maxLength: 8 }),
      (given, asked) => {
        const rows: Standing[] = [
          ...new Map(given.map((one) => [`${one.root} ${one.home} ${one.userid}`, one])).values(),
        ].map((one) => ({ ...one, home: one.root + one.home * 10, ownedAt: null }))
        const homes = new Map([1, 2, 3].map((root) => [root, { root, homes: [root, root + 10] }]))
        const { outcomes, owners } = decideOwners(asked, homes, rows)
        const wanted = new Map<number, string | null>()
        for (const [place, { customerId, userid }] of asked.entries()) {
          const can = rows.some((one) => one.root === customerId && one.userid === userid && one.alive)
          const known = homes.has(customerId)
          if (!known) expect(outcomes[place]).toBe('unknown_customer')
          else if (userid !== null && !can) expect(outcomes[place]).toBe('no_relation')
          else wanted.set(customerId, userid)
        }
        const made = new Map(owners.map(({ home, userid }) => [home % 10, userid]))
        expect(made.size).toBe(owners.length)
        for (const [root, userid] of wanted) expect(made.get(root) ?? null).toBe(userid)
        for (const { home, userid } of owners)
          expect(rows.some((one) => one.home === home && one.userid === userid && one.alive)).toBe(true)
      },
    ),
  )
})

it('of two owners that two joined persons had, the one named last is it', () => {
  const standing = (userid: string, day: number | null): Standing => ({
    ...{ home: 1, root: 1, userid, alive: true, ownedAt: day === null ? null : at(day) },
  })
  expect(ownerOf([standing('a', 1), standing('b', 3), standing('c', null)])?.userid).toBe('b')
  expect(ownerOf([standing('c', null)])).toBeUndefined()
})

it('a word about nobody changes nothing', async () => {
  const by = { at: clock.now(), cause: 'test' }
  const done = await db.transaction().execute((tx) => ownCustomers(tx, corpId, [{ customerId: 0, userid: 'ann' }], by))
  expect(done).toEqual([{ outcome: 'unknown_customer', takesFrom: false }])
})
