import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { countMembers, foldChanges, markOf, noteChanges, personFacts } from '../../audiences/index.ts'
import { people, rules, today } from '../../audiences/rules/testing.ts'
import { computeStages, restage } from './stage.jobs.ts'
import type { Stage } from './stage.schema.ts'
import { addVersion, ensureLifeCycle } from './stage.store.ts'
import { nextStage, stageFaults } from './stage.ts'
import { stageFigures } from './stage-figures.store.ts'
import { openStays, staysOf } from './stage-stays.store.ts'

const { db } = await testDatabase()
const at = (day = today) => new Date(day * 86_400_000 + 3_600_000)
const by = { account: '00000000-0000-7000-8000-000000000000', at: at() }
const { id: corpId } = await db
  .insertInto('corps')
  .values({ corpid: 'ww1', name: '品牌', created_at: at() })
  .returning('id')
  .executeTakeFirstOrThrow()

beforeEach(async () => {
  for (const table of ['life_cycles', 'stage_stays', 'rfm_people', 'customers', 'events'] as const)
    await db.deleteFrom(table).execute()
  for (const table of ['bits', 'changes', 'people', 'relations', 'orders', 'lines', 'buyers', 'behaviours'] as const)
    await db.deleteFrom(`audience_${table}`).execute()
})

const persons = async (count: number) => {
  await db
    .insertInto('customers')
    .values(Array.from({ length: count }, (_, n) => ({ id: n + 1, corp_id: corpId, created_at: at() })))
    .execute()
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      Array.from({ length: count }, (_, n) => ({ customerId: n + 1, kind: 'person', present: true }) as const),
    ),
  )
}
const buys = (customerId: number, day: number, id = customerId * 10_000 + day) =>
  db
    .transaction()
    .execute((tx) =>
      noteChanges(tx, corpId, [{ customerId, kind: 'order', id, order: { id, day, net: 100, lines: [] } }]),
    )
const compute = (day = today, cause: 'time' | 'version' = 'time') => computeStages(db, corpId, at(day), cause, 'test')
const look = (ids: readonly number[], day = today) =>
  db.transaction().execute((tx) => restage(tx, corpId, ids, { today: day, at: at(day) }))
const define = async (stages: readonly Stage[], after: number) => {
  await db.transaction().execute(async (tx) => {
    await ensureLifeCycle(tx, corpId, at())
    expect(await addVersion(tx, corpId, after, { stages, note: '' }, by)).toBe(after + 1)
  })
}
const told = async () =>
  (
    await db
      .selectFrom('events')
      .select(['customer_id', 'payload'])
      .where('kind', '=', 'stage.entered')
      .orderBy('id')
      .execute()
  ).map(({ customer_id, payload }) => ({ customer_id, ...z.looseObject({}).parse(payload) }))
const inStage = (id: string) =>
  countMembers(db, corpId, { is: 'stage', any: [id] }, today).then((counted) => counted.count)

describe('everybody at once and one by one', () => {
  const stageLists = fc
    .array(fc.record({ entry: rules, exit: fc.option(rules, { nil: undefined }) }), { minLength: 1, maxLength: 3 })
    .map((list) =>
      list.map(({ entry, exit }, n): Stage => ({ id: `s${n}`, name: `${n}`, entry, ...(exit ? { exit } : {}) })),
    )
    .filter((list) => stageFaults(list).length === 0)
  const population = fc.sample(people, { numRuns: 80, seed: 20261122 })

  it('come to the same stages, on any rules and persons, from whatever stage they come', {
    timeout: 120_000,
  }, async () => {
    await persons(population.length)
    await db.transaction().execute((tx) =>
      noteChanges(
        tx,
        corpId,
        population.flatMap((person, n) => [
          ...[...person.marks]
            .filter((key) => !key.startsWith('stage:'))
            .map((key) => ({ customerId: n + 1, kind: 'mark', key, present: true }) as const),
          ...[...person.numbers].map(
            ([field, value]) => ({ customerId: n + 1, kind: 'number', field, value }) as const,
          ),
          ...person.relations.map((relation) => ({ customerId: n + 1, kind: 'relation', relation }) as const),
          ...person.orders.map(
            (order) => ({ customerId: n + 1, kind: 'order', id: n * 100 + order.id, order }) as const,
          ),
          ...person.behaviours.map((behaviour) => ({ customerId: n + 1, kind: 'behaviour', behaviour }) as const),
        ]),
      ),
    )
    await foldChanges(db, corpId)
    const ids = population.map((_, n) => n + 1)
    let version = 1
    await compute()
    await fc.assert(
      fc.asyncProperty(stageLists, async (stages) => {
        const before = await openStays(db, ids)
        await define(stages, version)
        version += 1
        // what each comes to in memory, from where he stands
        const facts = await personFacts(db, corpId, stages.flatMap(rulesOf), ids)
        const expected = ids.flatMap((id) => {
          const person = facts.get(id)
          const own = before.get(id)
          const marks = new Set([...(person?.marks ?? []), ...(own === undefined ? [] : [markOf.stage(own)])])
          const next = person && nextStage(stages, { ...person, marks }, today)
          return next ? [[id, next] as const] : []
        })
        await compute(today, 'version')
        expect([...(await openStays(db, ids))].toSorted(([a], [b]) => a - b)).toEqual(expected)
        for (const { id } of stages) expect(await inStage(id)).toBe(expected.filter(([, stage]) => stage === id).length)
        // and looked at one by one nobody moves
        expect(await look(ids)).toEqual([])
        expect(await compute()).toBe(0)
      }),
      { numRuns: 20 },
    )
  })
})

const rulesOf = ({ entry, exit }: Stage) => (exit ? [entry, exit] : [entry])

describe('a person’s way', () => {
  it('begins without events, goes on by facts, and is told once', async () => {
    await persons(2)
    await buys(2, today)
    await compute()
    expect(await told()).toEqual([])
    await buys(1, today)
    await look([1, 2])
    await look([1, 2])
    await compute()
    expect(await told()).toEqual([
      { customer_id: 1, stage: 'first', name: '首购', from: 'potential', version: 1, cause: 'fact', recomputed: false },
    ])
    expect(await staysOf(db, [1])).toMatchObject([
      { stage: 'first', cause: 'fact', leftAt: null },
      { stage: 'potential', cause: 'start' },
    ])
    expect([await inStage('first'), await inStage('potential')]).toEqual([2, 0])
  })

  it('goes on by time at night, marked so that nobody takes it for a fact of that moment', async () => {
    await persons(1)
    await buys(1, today)
    await compute()
    expect(await compute(today + 200)).toBe(1)
    expect(await told()).toMatchObject([{ stage: 'dormant', from: 'first', cause: 'time', recomputed: true }])
  })

  it('keeps what it was under other rules: a new version moves, marked, and never twice', async () => {
    await persons(2)
    await buys(1, today)
    await compute()
    const buyer = { id: 'buyer', name: '买家', entry: { is: 'orders', measure: 'count', from: 1 } } as const
    await define([buyer], 1)
    expect(await compute(today, 'version')).toBe(2)
    expect(await compute(today, 'version')).toBe(0)
    expect(await told()).toMatchObject([
      { customer_id: 1, stage: 'buyer', version: 2, cause: 'version', recomputed: true },
    ])
    expect((await staysOf(db, [1])).map(({ stage, version }) => [stage, version])).toEqual([
      ['buyer', 2],
      ['first', 1],
    ])
    // the second stands nowhere any more, and in no mark
    expect(await openStays(db, [2])).toEqual(new Map())
    expect(await inStage('potential')).toBe(0)
  })

  it('is one way when homes are joined, and exact again when they part', async () => {
    await persons(2)
    await buys(1, today)
    await compute()
    await db.updateTable('customers').set({ merged_into: 1 }).where('id', '=', 2).execute()
    const gone = { customerId: 2, kind: 'person' } as const
    await db.transaction().execute((tx) => noteChanges(tx, corpId, [{ ...gone, present: false }]))
    expect(await look([1])).toEqual([{ customerId: 2, from: 'potential', to: null }])
    await db.updateTable('customers').set({ merged_into: null }).where('id', '=', 2).execute()
    await db.transaction().execute((tx) => noteChanges(tx, corpId, [{ ...gone, present: true }]))
    await look([1, 2])
    expect([...(await openStays(db, [1, 2]))]).toEqual([
      [1, 'first'],
      [2, 'potential'],
    ])
  })

  it('whoever was joined to another leaves his stage at night, though no event told it', async () => {
    await persons(2)
    await compute()
    await db.updateTable('customers').set({ merged_into: 1 }).where('id', '=', 2).execute()
    expect(await compute()).toBe(1)
    expect([...(await openStays(db, [1, 2])).keys()]).toEqual([1])
  })
})

it('figures count entries, where they led, and how long stays lasted; the first computation is no entry', async () => {
  await persons(3)
  await compute()
  for (const id of [1, 2]) await buys(id, today)
  await look([1, 2])
  await buys(1, today + 10)
  await look([1], today + 10)
  const figures = await stageFigures(db, corpId, at(today - 30))
  expect(figures.find((one) => one.stage === 'first')).toEqual({
    ...{ stage: 'first', entered: 2, left: 1, medianDwellDays: 10 },
    next: [{ stage: 'repeat', persons: 1 }],
  })
  expect(figures.find((one) => one.stage === 'potential')).toMatchObject({ entered: 0, left: 2, medianDwellDays: 0 })
})
