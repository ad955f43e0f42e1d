import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import type { Actor, Scope } from './actor.ts'
import { staffInScope, storeInScope } from './scope.ts'

const { db } = await testDatabase()
const now = new Date('2026-11-11T00:00:00Z')
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

interface Member {
  readonly userid: string
  readonly departments: readonly number[]
  readonly store: number | null
}
interface Brand {
  /** parent of department i + 1; a parent may come later, may be missing, may make a circle */
  readonly parents: readonly number[]
  /** department of store i */
  readonly stores: readonly (number | null)[]
  readonly staff: readonly Member[]
}

const brand: fc.Arbitrary<Brand> = fc.record({
  parents: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }),
  stores: fc.array(fc.option(fc.integer({ min: 1, max: 9 })), { maxLength: 4 }),
  staff: fc
    .array(
      fc.record({
        departments: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
        store: fc.option(fc.integer({ min: 0, max: 4 })),
      }),
      { maxLength: 8 },
    )
    .map((members) => members.map((member, n) => ({ ...member, userid: `u${n}` }))),
})
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: 'corp' }),
  fc
    .uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 })
    .map((departmentIds): Scope => ({ kind: 'region', departmentIds })),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
    .map((n): Scope => ({ kind: 'store', storeIds: n.map(uuid) })),
  fc.integer({ min: 0, max: 9 }).map((n): Scope => ({ kind: 'self', userid: `u${n}` })),
)

function below(parents: readonly number[], roots: readonly number[]): ReadonlySet<number> {
  const found = new Set(roots)
  for (let grown = true; grown; ) {
    const before = found.size
    for (const [index, parent] of parents.entries()) if (found.has(parent)) found.add(index + 1)
    grown = found.size > before
  }
  return found
}

function seesMember(who: Scope, { parents }: Brand, member: Member): boolean {
  switch (who.kind) {
    case 'corp':
      return true
    case 'self':
      return member.userid === who.userid
    case 'store':
      return member.store !== null && who.storeIds.includes(uuid(member.store))
    case 'region': {
      const tree = below(parents, who.departmentIds)
      return member.departments.some((id) => tree.has(id))
    }
  }
}

function seesStore(who: Scope, { parents, staff }: Brand, store: number, department: number | null): boolean {
  switch (who.kind) {
    case 'corp':
      return true
    case 'self':
      return staff.some((member) => member.userid === who.userid && member.store === store)
    case 'store':
      return who.storeIds.includes(uuid(store))
    case 'region':
      return department !== null && below(parents, who.departmentIds).has(department)
  }
}

async function put(corp_id: number, { parents, stores, staff }: Brand): Promise<void> {
  const departments = parents.map((parent_id, n) => ({
    corp_id,
    department_id: n + 1,
    name: `d${n}`,
    parent_id,
    seen_at: now,
  }))
  if (departments.length > 0) await db.insertInto('departments').values(departments).execute()
  const rows = stores.map((department_id, n) => ({
    id: uuid(corp_id === 1 ? n : n + 100),
    corp_id,
    code: `s${n}`,
    name: `s${n}`,
    department_id,
    created_at: now,
  }))
  if (rows.length > 0) await db.insertInto('stores').values(rows).execute()
  const members = staff.map((member) => ({
    corp_id,
    userid: member.userid,
    name: member.userid,
    department_ids: [...member.departments],
    store_id: member.store === null ? null : uuid(member.store),
    first_seen_at: now,
    seen_at: now,
  }))
  if (members.length > 0) await db.insertInto('staff').values(members).execute()
}

const actorOf = (who: Scope): Actor => ({
  accountId: uuid(1),
  name: 'a',
  role: 'operator',
  corpId: 1,
  scope: who,
  locale: 'zh',
})

beforeEach(() => sql`truncate departments, stores, staff`.execute(db))

describe('the data scope in SQL', () => {
  it('shows exactly the members that the plain rule shows, whatever the tree', async () => {
    await fc.assert(
      fc.asyncProperty(brand, brand, scope, async (own, other, who) => {
        await sql`truncate departments, stores, staff`.execute(db)
        await put(1, own)
        await put(2, other)
        const seen = await db
          .selectFrom('staff')
          .select('userid')
          .where('corp_id', '=', 1)
          .where(staffInScope(actorOf(who), 'staff.userid'))
          .orderBy('userid')
          .execute()
        const wanted = own.staff.filter((member) => seesMember(who, own, member)).map((member) => member.userid)
        expect(seen.map((row) => row.userid)).toEqual(wanted.sort())
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('shows exactly the stores that the plain rule shows', async () => {
    await fc.assert(
      fc.asyncProperty(brand, brand, scope, async (own, other, who) => {
        await sql`truncate departments, stores, staff`.execute(db)
        await put(1, own)
        await put(2, other)
        const seen = await db
          .selectFrom('stores')
          .select('id')
          .where('corp_id', '=', 1)
          .where(storeInScope(actorOf(who), 'stores.id'))
          .orderBy('id')
          .execute()
        const wanted = own.stores.flatMap((department, n) => (seesStore(who, own, n, department) ? [uuid(n)] : []))
        expect(seen.map((row) => row.id)).toEqual(wanted)
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('shows nothing to a scope without stores or departments', async () => {
    await put(1, { parents: [0], stores: [1], staff: [{ userid: 'u0', departments: [1], store: 0 }] })
    for (const who of [
      { kind: 'store', storeIds: [] },
      { kind: 'region', departmentIds: [] },
    ] satisfies Scope[]) {
      const seen = await db
        .selectFrom('staff')
        .select('userid')
        .where(staffInScope(actorOf(who), 'staff.userid'))
        .execute()
      expect(seen).toEqual([])
    }
  })
})
