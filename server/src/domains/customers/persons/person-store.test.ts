import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { type IdentityFact, resolveIdentities } from '../identities/identity-resolve.store.ts'
import { resolveCustomers } from '../relations/relation-facts.store.ts'
import { noteUnionids } from '../seen/newcomers.store.ts'
import type { SeenRelation } from '../seen/seen.ts'
import { keepApart } from './person-decisions.store.ts'
import { settleDue } from './person-due.store.ts'
import { homesOf, rootsOf } from './person-homes.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T10:00:00+08:00')
const second = (n: number) => new Date(at.getTime() + n * 1000)

type Named = readonly [kind: string, value: string]
const fact = (identities: readonly Named[], seconds = 0, source = 'order'): IdentityFact => ({
  identities: identities.map(([kind, value]) => ({ kind, value })),
  source,
  reference: String(seconds),
  at: second(seconds),
})
const vault = createVault('persons')
const take = async (corpId: number, facts: readonly IdentityFact[]) => {
  const places = await db.transaction().execute((tx) => resolveIdentities(tx, { corpId, vault, learntAt: at }, facts))
  return places.map(({ home }) => home)
}

const seen: SeenRelation = {
  ...{
    userid: 'lin',
    externalUserid: 'wmEarly',
    unionid: 'oEarly',
    name: '林',
    gender: 0,
    kind: 1,
    createdAt: at,
    readAt: at,
  },
  ...{
    remark: '',
    description: '',
    mobiles: [],
    tagIds: [],
    avatar: undefined,
    corpName: undefined,
    remarkCorp: undefined,
  },
  ...{ addWay: undefined, state: undefined, personalTags: undefined },
}

/** Who is with whom, by what they are called. */
async function persons(corp: number): Promise<readonly string[]> {
  const { rows } = await sql<{ names: string[] }>`
    select array_agg(i.kind || ' ' || i.value order by i.kind, i.value) as names
    from identities i join customers c on c.id = i.customer_id where i.corp_id = ${corp}
    group by coalesce(c.merged_into, c.id)`.execute(db)
  return rows.map(({ names }) => names.join(', ')).sort()
}

const conflicts = async (corp: number) =>
  (await db.selectFrom('identity_conflicts').select('kind').where('corp_id', '=', corp).execute()).map(
    (row) => row.kind,
  )

const anyFact = fc
  .record({
    identities: fc.uniqueArray(
      fc.constantFrom<Named>(
        ...(['A', 'B'] as const).map((value): Named => ['external_userid', value]),
        ...(['U', 'V'] as const).map((value): Named => ['unionid', value]),
        ...(['1', '2', '3'] as const).map((value): Named => ['member_no', value]),
        ['phone', 'f00d'],
        ['openid:wx1', 'o'],
      ),
      { minLength: 1, maxLength: 3, selector: ([kind, value]) => `${kind} ${value}` },
    ),
    seconds: fc.nat(4),
    source: fc.constantFrom('order', 'wecom'),
  })
  .map(({ identities, seconds, source }) => fact(identities, seconds, source))

describe('identities in the database', () => {
  it('end in the same persons and conflicts in any order, in any batches, with repeats, and point at roots alone', async () => {
    let corp = 100
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFact, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
        fc.integer({ min: 1, max: 4 }),
        async (facts, order, size) => {
          corp += 2
          await take(corp, facts)
          const shuffled = [...facts, ...facts.slice(0, 2)]
            .map((one, place) => ({ one, rank: order[place] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ one }) => one)
          for (let from = 0; from < shuffled.length; from += size)
            await take(corp + 1, shuffled.slice(from, from + size))
          expect(await persons(corp + 1)).toEqual(await persons(corp))
          expect((await conflicts(corp + 1)).length).toBe((await conflicts(corp)).length)
          const { rows } = await sql`
            select from customers c join customers r on r.id = c.merged_into where r.merged_into is not null`.execute(
            db,
          )
          expect(rows).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })

  it('give every fact the home of its strongest identity, and keep it after persons join', async () => {
    const [unknown] = await take(1, [fact([['unionid', 'U1']])])
    const [card] = await take(1, [fact([['external_userid', 'A1']])])
    expect(unknown).not.toBe(card)
    const [both] = await take(1, [
      fact(
        [
          ['unionid', 'U1'],
          ['external_userid', 'A1'],
        ],
        1,
        'wecom',
      ),
    ])
    expect(both).toBe(card)
    expect((await rootsOf(db, 1, [unknown ?? 0])).get(unknown ?? 0)).toBe(card)
    expect(await homesOf(db, 1, unknown ?? 0)).toEqual([unknown, card])
    expect(await take(1, [fact([['unionid', 'U1']], 9)])).toEqual([unknown])
    const merges = await db.selectFrom('person_merges').selectAll().where('corp_id', '=', 1).execute()
    expect(merges).toMatchObject([
      { kind: 'merged', customer_id: unknown, root_id: card, source: 'wecom', reference: '1' },
    ])
    const events = await db.selectFrom('events').selectAll().where('corp_id', '=', 1).execute()
    expect(events).toMatchObject([
      { kind: 'person.merged', customer_id: card, payload: { root: card, joined: [unknown] } },
    ])
  })

  it('never join one unionid with two members: both sides wait', async () => {
    await take(2, [
      fact(
        [
          ['unionid', 'U'],
          ['member_no', '1'],
        ],
        1,
      ),
      fact(
        [
          ['unionid', 'U'],
          ['member_no', '2'],
        ],
        2,
      ),
    ])
    expect(await persons(2)).toEqual(['member_no 1, unionid U', 'member_no 2'])
    expect(await conflicts(2)).toEqual(['member_no'])
  })

  it('wait in one row for two members, whatever else the orders name', async () => {
    const orders = [1, 2, 3].map((n) =>
      fact(
        [
          ['unionid', 'U'],
          ['phone', 'feed'],
          ['member_no', n === 1 ? '1' : '2'],
        ],
        n,
      ),
    )
    await take(6, orders)
    expect(await persons(6)).toEqual(['member_no 1, phone feed, unionid U', 'member_no 2'])
    expect(await conflicts(6)).toEqual(['member_no'])
    // decided once, both sides are settled
    const [row] = await db
      .selectFrom('identity_conflicts')
      .select(['low_id', 'high_id'])
      .where('corp_id', '=', 6)
      .execute()
    const decision = { reason: '两个人', by: '00000000-0000-7000-8000-000000000001', at }
    await db.transaction().execute((tx) => keepApart(tx, 6, [row?.low_id ?? 0], [row?.high_id ?? 0], decision))
    expect(await conflicts(6)).toEqual([])
  })

  it('propose, and never join, by a phone that was typed by hand', async () => {
    const homes = await take(3, [
      fact(
        [
          ['member_no', '1'],
          ['phone_typed', 'cafe'],
        ],
        1,
      ),
      fact(
        [
          ['member_no', '2'],
          ['phone', 'cafe'],
        ],
        2,
      ),
    ])
    expect(await persons(3)).toEqual(['member_no 1', 'member_no 2, phone cafe'])
    const proposals = await db.selectFrom('identity_proposals').selectAll().where('corp_id', '=', 3).execute()
    expect(proposals.map((one) => one.kind)).toEqual(['phone'])
    expect(homes).toContain(proposals[0]?.low_id)
  })

  it('join an order that came before the contact detail the moment the detail is known, and the card covers both', async () => {
    const [orders] = await take(5, [
      fact([
        ['unionid', 'oEarly'],
        ['member_no', '77'],
      ]),
    ])
    const card = await db.transaction().execute(async (tx) => {
      const found = await resolveCustomers(tx, [{ corpId: 5, externalUserid: 'wmEarly' }], at)
      const id = found.get('5 wmEarly') ?? 0
      await sql`insert into relations (customer_id, corp_id, userid, external_userid, added_at) values (${id}, 5, 'lin', 'wmEarly', ${at})`.execute(
        tx,
      )
      await noteUnionids(tx, 5, [seen], { ids: new Map([['wmEarly', id]]), fresh: new Set([id]) }, at)
      await refreshCards(tx, [id])
      return id
    })
    expect(await settleDue(db, 5, at)).toBe(2)
    expect(await persons(5)).toEqual(['external_userid wmEarly, member_no 77, unionid oEarly'])
    expect((await rootsOf(db, 5, [orders ?? 0])).get(orders ?? 0)).toBe(card)
    await db.transaction().execute((tx) => refreshCards(tx, [orders ?? 0]))
    const cards = await db
      .selectFrom('customer_cards')
      .select(['customer_id', 'userids'])
      .where('corp_id', '=', 5)
      .execute()
    expect(cards).toEqual([{ customer_id: card, userids: ['lin'] }])
  })

  it('make one home of one identity, and one person, when many say so at once', async () => {
    const rounds = Array.from({ length: 12 }, (_, n) =>
      take(4, [
        fact(
          [
            ['unionid', `U${n % 3}`],
            ['member_no', `${n % 3}`],
          ],
          n,
        ),
        fact(
          [
            ['member_no', `${(n + 1) % 3}`],
            ['phone', `p${(n + 1) % 3}`],
          ],
          n,
        ),
      ]),
    )
    await Promise.all(rounds)
    expect(await persons(4)).toEqual([0, 1, 2].map((n) => `member_no ${n}, phone p${n}, unionid U${n}`))
  })
})
