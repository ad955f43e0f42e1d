import { expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import type { OperationRequest } from '../../../infra/operations/operations.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { dayMs } from '../../../infra/zone.ts'
import { members } from '../counts/counts.store.ts'
import type { Change } from '../rules/change.ts'
import { inMemory } from '../rules/check.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { computeNow, watchStock } from '../saved/compute.jobs.ts'
import { membersAfter, peopleOf } from '../saved/member.store.ts'
import { addAudience, lockRules } from '../saved/saved.store.ts'
import { noteChanges } from './changes.store.ts'
import { personFacts } from './value-facts.store.ts'

const today = 20_768
const { db } = await testDatabase()
const clock = manualClock(new Date(today * dayMs + 4 * 3_600_000).toISOString())
const { id: corpId } = await db
  .insertInto('corps')
  .values({ corpid: 'ww', name: '测试', created_at: clock.now() })
  .returning('id')
  .executeTakeFirstOrThrow()
const begun: OperationRequest[] = []
const operations = {
  async begin(request: OperationRequest) {
    begun.push(request)
    return ''
  },
}
const stores = ['01930000-0000-7000-8000-000000000001', '01930000-0000-7000-8000-000000000002'] as const
for (const [at, id] of stores.entries())
  await db
    .insertInto('stores')
    .values({ id, corp_id: corpId, code: `S${at}`, name: `店${at}`, created_at: clock.now() })
    .execute()
const { id: crystal } = await db
  .insertInto('products')
  .values({
    ...{ corp_id: corpId, source: 'shop', number: 'crystal', name: '水晶红富士' },
    ...{ version_at: clock.now(), learnt_at: clock.now(), digest: Buffer.alloc(16) },
  })
  .returning('id')
  .executeTakeFirstOrThrow()
const stockOf = (store: string, stock: number) =>
  db
    .insertInto('product_stocks')
    .values({ product_id: crystal, corp_id: corpId, store_code: store, stock })
    .onConflict((on) => on.columns(['product_id', 'store_code']).doUpdateSet({ stock }))
    .execute()
for (const id of [1, 2, 3])
  await db.insertInto('customers').values({ id, corp_id: corpId, created_at: clock.now() }).execute()
const customerOf = (customerId: number, store: string | undefined, ended?: number): Change => ({
  ...{ customerId, kind: 'relation' },
  relation: { staff: `u${customerId}`, departments: [], store, since: today - 9, ended },
})
await db
  .transaction()
  .execute((tx) =>
    noteChanges(tx, corpId, [
      ...[1, 2, 3].map((customerId): Change => ({ customerId, kind: 'person', present: true })),
      customerOf(1, stores[0]),
      customerOf(2, stores[1]),
      customerOf(3, stores[0], today - 1),
    ]),
  )
const asked = (where: 'own' | 'anywhere'): Rule => ({ is: 'stock', product: 'crystal', where })
const bySql = async (rule: Rule) => (await members(db, corpId, rule, today)).toSorted()
const inProcess = async (rule: Rule) => {
  const facts = await personFacts(db, corpId, [rule], [1, 2, 3])
  return [...facts].filter(([, person]) => inMemory(rule, person, today).holds).map(([id]) => id)
}

it('goods are in stock for those whose store has them, or for everybody, by SQL as in memory', async () => {
  for (const [rows, own, anywhere] of [
    [[], [], []],
    [[['S0', 4]], [1], [1, 2, 3]],
    [
      [
        ['S0', 0],
        ['S1', 2],
      ],
      [2],
      [1, 2, 3],
    ],
    [
      [
        ['S0', 0],
        ['S1', 0],
      ],
      [],
      [],
    ],
  ] as const) {
    for (const [store, stock] of rows) await stockOf(store, stock)
    for (const answer of [bySql, inProcess]) {
      expect((await answer(asked('own'))).toSorted()).toEqual(own)
      expect((await answer(asked('anywhere'))).toSorted()).toEqual(anywhere)
      expect((await answer({ not: asked('anywhere') })).toSorted()).toEqual(anywhere.length > 0 ? [] : [1, 2, 3])
    }
  }
})

it('what is off sale is not in stock, whatever is left of it', async () => {
  await db.updateTable('products').set({ stock: 5 }).where('id', '=', crystal).execute()
  expect(await bySql(asked('anywhere'))).toEqual([1, 2, 3])
  await db.updateTable('products').set({ on_sale: false }).where('id', '=', crystal).execute()
  expect(await bySql(asked('anywhere'))).toEqual([])
  expect(await inProcess(asked('anywhere'))).toEqual([])
  await db.updateTable('products').set({ on_sale: true, stock: 0 }).where('id', '=', crystal).execute()
})

it('a live audience is computed anew when its goods come or go, and tells who left; when nothing turned it is not', async () => {
  await stockOf('S0', 3)
  const input = {
    name: 'R2',
    description: '',
    kind: 'live' as const,
    rule: asked('own'),
    everyHours: 24,
    atMinute: 180,
  }
  const id = await db.transaction().execute(async (tx) => {
    await lockRules(tx, corpId)
    const saving = { corpId, by: null, at: clock.now(), note: '' }
    return addAudience(tx, { ...input, driftPercent: null }, saving)
  })
  await computeNow({ db, clock }, corpId, id, 'start', 'test')
  const inside = async () =>
    (await peopleOf(db, corpId, await membersAfter(db, corpId, id, -1, 10))).map((one) => one.id)
  const watch = () => watchStock({ db, operations: operations as never })
  await watch()
  expect(await watch(), 'nothing turned since').toBe(0)
  expect(await inside()).toEqual([1])
  // less of it is still some of it
  await stockOf('S0', 1)
  expect(await watch()).toBe(0)
  await stockOf('S0', 0)
  begun.length = 0
  expect(await watch()).toBe(1)
  expect(begun).toMatchObject([{ kind: 'audiences.compute', input: { ids: [id], cause: 'stock' } }])
  await computeNow({ db, clock }, corpId, id, 'stock', 'test')
  expect(await inside()).toEqual([])
  const told = await db
    .selectFrom('events')
    .select(['kind', 'customer_id'])
    .where('kind', '=', 'audience.left')
    .execute()
  expect(told).toEqual([{ kind: 'audience.left', customer_id: 1 }])
  expect(await db.selectFrom('alarms').selectAll().execute(), 'an empty shelf is no drift').toEqual([])
})
