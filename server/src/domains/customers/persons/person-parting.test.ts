import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { applySeen, writeSeenCards } from '../seen/seen.store.ts'
import type { SeenRelation } from '../seen/seen.ts'
import { joinPersons, keepApart } from './person-decisions.store.ts'
import { settleDue } from './person-due.store.ts'

const { db } = await testDatabase()
const vault = createVault('parting')
const at = new Date('2026-11-11T10:00:00+08:00')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
const decision = { reason: '核对过', by: '00000000-0000-7000-8000-000000000001', at: later(100) }

type Named = readonly [kind: string, value: string]
type Told = { readonly by: 'shop'; readonly named: readonly Named[]; readonly seconds: number }
type Shown = { readonly by: 'platform'; readonly external: string; readonly unionid: string; readonly seconds: number }
type Fact = Told | Shown

const seen = ({ external, unionid, seconds }: Shown): SeenRelation => ({
  ...{ userid: 'lin', externalUserid: external, unionid, name: external, gender: 0, kind: 1, createdAt: at },
  ...{ readAt: later(seconds), remark: '', description: '', mobiles: [], tagIds: [], avatar: undefined },
  ...{ corpName: undefined, remarkCorp: undefined, addWay: undefined, state: undefined, personalTags: undefined },
})

/** Facts come the ways they come in life: what the platform shows by readings of details, the rest by other systems. */
async function take(corpId: number, fact: Fact): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (fact.by === 'shop') {
      const identities = fact.named.map(([kind, value]) => ({ kind, value }))
      const told = { identities, source: 'order', reference: String(fact.seconds), at: later(fact.seconds) }
      await resolveIdentities(tx, { corpId, vault, learntAt: at }, [told])
      return
    }
    const context = { corpId, vault, at: later(fact.seconds), cause: 'detail', baseline: at, youngAfter: at }
    const { cards } = await applySeen(tx, [seen(fact)], { ...context, findMissed: false })
    await writeSeenCards(tx, corpId, cards, vault)
  })
}

interface World {
  /** Who is with whom, by what they are called. */
  readonly persons: readonly string[]
  /** Both sides of what cannot be, by what they are called. */
  readonly conflicts: readonly string[]
  /** The home of each identity, and the relations that stand with it: no merge touches them. */
  readonly homes: ReadonlyMap<string, number>
}

async function world(corpId: number): Promise<World> {
  await settleDue(db, corpId, at)
  const { rows } = await sql<{ root: number; names: string[]; homes: number[] }>`
    select coalesce(c.merged_into, c.id) as root, array_agg(i.kind || ' ' || i.value order by i.kind, i.value) as names,
      to_json(array_agg(i.customer_id order by i.kind, i.value)) as homes
    from identities i join customers c on c.id = i.customer_id where i.corp_id = ${corpId} group by 1`.execute(db)
  const nameOf = new Map(rows.flatMap(({ names, homes }) => homes.map((home) => [home, names.join(', ')])))
  const pairs = await db.selectFrom('identity_conflicts').selectAll().where('corp_id', '=', corpId).execute()
  const told = pairs.map((one) => [nameOf.get(one.low_id), nameOf.get(one.high_id)].sort().join(` ≠ ${one.kind} ≠ `))
  return {
    persons: rows.map(({ names }) => names.join(', ')).sort(),
    conflicts: [...new Set(told)].sort(),
    homes: new Map(rows.flatMap(({ names, homes }) => names.map((name, place) => [name, homes[place] ?? 0]))),
  }
}

const identity = fc.constantFrom<Named>(
  ...['1', '2', '3'].map((n): Named => ['external_userid', `wm${n}`]),
  ...['1', '2', '3'].map((n): Named => ['unionid', `o${n}`]),
  ...['1', '2', '3'].map((n): Named => ['member_no', n]),
  ['phone', 'f00d'],
  ['openid:wx1', 'a'],
)
const told = fc.record({
  by: fc.constant('shop' as const),
  named: fc.uniqueArray(identity, { minLength: 1, maxLength: 3, selector: ([kind, value]) => `${kind} ${value}` }),
  seconds: fc.integer({ min: 0, max: 5 }),
})
/** An external_userid of a corp and a unionid are names of one WeChat user: the platform gives them in pairs. */
const shown = fc
  .constantFrom('1', '2', '3')
  .map((n): Shown => ({ by: 'platform', external: `wm${n}`, unionid: `o${n}`, seconds: Number(n) }))
/** What joins two whatever else comes: most facts that are made up join nobody. */
const merging: readonly Named[][] = [
  [
    ['external_userid', 'wm1'],
    ['unionid', 'o1'],
  ],
  [
    ['unionid', 'o2'],
    ['member_no', '2'],
  ],
  [
    ['openid:wx1', 'a'],
    ['unionid', 'o3'],
  ],
]
const facts = fc.array(fc.oneof(told, told, shown), { minLength: 1, maxLength: 8 })

let corps = 0
const nextCorp = () => {
  corps += 1
  return corps
}

describe('persons whose facts come from the platform and from other systems', () => {
  it('are the same, with the same conflicts, in whatever order both tell', async () => {
    await fc.assert(
      fc.asyncProperty(facts, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), async (given, order) => {
        const [one, other] = [nextCorp(), nextCorp()]
        const turned = given.map((fact, place) => ({ fact, rank: order[place] ?? 0 })).sort((a, b) => a.rank - b.rank)
        for (const fact of given) await take(one, fact)
        for (const { fact } of turned) await take(other, fact)
        const [left, right] = [await world(one), await world(other)]
        expect(right.persons).toEqual(left.persons)
        expect(right.conflicts).toEqual(left.conflicts)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('are the same whether the platform told of the unionid before the shop or after it', async () => {
    const platform: Fact = { by: 'platform', external: 'wm1', unionid: 'o1', seconds: 1 }
    const shop: Fact = {
      ...{ by: 'shop', seconds: 0 },
      named: [
        ['member_no', '3'],
        ['unionid', 'o1'],
        ['external_userid', 'wm3'],
      ],
    }
    for (const order of [
      [platform, shop],
      [shop, platform],
    ]) {
      const corp = nextCorp()
      for (const fact of order) await take(corp, fact)
      const { persons, conflicts } = await world(corp)
      expect(persons).toEqual(['external_userid wm1, member_no 3, unionid o1', 'external_userid wm3'])
      expect(conflicts).toEqual([
        'external_userid wm1, member_no 3, unionid o1 ≠ external_userid ≠ external_userid wm3',
      ])
    }
  })

  it('wait with both sides when the platform gives one unionid with two customers, in one reading or in two', async () => {
    const one: Shown = { by: 'platform', external: 'wm1', unionid: 'o1', seconds: 1 }
    const two: Shown = { ...one, external: 'wm2' }
    for (const readings of [[[one], [two]], [[two, one, one]]]) {
      const corpId = nextCorp()
      const context = { corpId, vault, at, cause: 'detail', baseline: at, youngAfter: at, findMissed: false }
      for (const some of readings) await db.transaction().execute((tx) => applySeen(tx, some.map(seen), context))
      const { persons, conflicts } = await world(corpId)
      expect(persons).toEqual(['external_userid wm1, unionid o1', 'external_userid wm2'])
      expect(conflicts).toEqual(['external_userid wm1, unionid o1 ≠ external_userid ≠ external_userid wm2'])
    }
  })

  it('are both exactly what they were when a merge is undone, and one again when it is done again', async () => {
    let undone = 0
    await fc.assert(
      fc.asyncProperty(facts, told, async (given, more) => {
        const corp = nextCorp()
        // whoever is named is known already: what follows only says that they are one
        for (const named of more.named) await take(corp, { by: 'shop', named: [named], seconds: 0 })
        for (const fact of given) await take(corp, fact)
        const before = await world(corp)
        const last = await sql<{ id: number }>`select coalesce(max(id), 0)::int as id from person_merges`.execute(db)
        await take(corp, { ...more, seconds: 50 })
        const joined = await world(corp)
        // what waits as a conflict takes the place of what is undone: that is told by the next test
        fc.pre(joined.conflicts.length === 0)
        const { rows: merges } = await sql<{ homes: number[]; others: number[]; part: number; root: number }>`
          select to_json(homes) as homes, to_json(others) as others, customer_id as part, root_id as root from person_merges
          where corp_id = ${corp} and id > ${last.rows[0]?.id ?? 0} and kind = 'merged' order by id`.execute(db)
        for (const { homes, others } of merges)
          await db.transaction().execute((tx) => keepApart(tx, corp, homes, others, decision))
        const parted = await world(corp)
        expect(parted.persons).toEqual(before.persons)
        expect(parted.homes).toEqual(before.homes)
        undone += merges.length
        for (const { part, root } of merges)
          await db.transaction().execute((tx) => joinPersons(tx, corp, part, root, decision))
        expect((await world(corp)).persons).toEqual(joined.persons)
      }),
      {
        numRuns: 12,
        examples: merging.map((named) => [[], { by: 'shop' as const, named, seconds: 0 }] satisfies [Fact[], Told]),
      },
    )
    expect(undone).toBeGreaterThan(2)
  }, 120_000)

  it('let the other side of a conflict in when the one that was followed is undone, and say so in the log', async () => {
    const corp = nextCorp()
    const named = (n: string): readonly Named[] => [
      ['unionid', 'o1'],
      ['member_no', n],
    ]
    await take(corp, { by: 'platform', external: 'wm1', unionid: 'o1', seconds: 0 })
    for (const n of ['1', '2']) await take(corp, { by: 'shop', named: [['member_no', n]], seconds: 0 })
    for (const n of ['1', '2']) await take(corp, { by: 'shop', named: named(n), seconds: Number(n) })
    const both = await world(corp)
    expect(both.persons).toEqual(['external_userid wm1, member_no 1, unionid o1', 'member_no 2'])
    expect(both.conflicts).toEqual(['external_userid wm1, member_no 1, unionid o1 ≠ member_no ≠ member_no 2'])
    const { homes } = both
    const [customer = 0, member = 0] = [homes.get('unionid o1'), homes.get('member_no 1')]
    await db.transaction().execute((tx) => keepApart(tx, corp, [member], [customer], decision))
    const after = await world(corp)
    expect(after.persons).toEqual(['external_userid wm1, member_no 2, unionid o1', 'member_no 1'])
    expect(after.conflicts).toEqual([])
    const log = await db
      .selectFrom('person_merges')
      .select(['kind', 'customer_id', 'reason'])
      .where('corp_id', '=', corp)
      .orderBy('id')
      .execute()
    expect(log.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['merged', null],
      ['merged', '核对过'],
      ['parted', '核对过'],
    ])
  })
})
