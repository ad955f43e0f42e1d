import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { noteChanges } from '../kept/changes.store.ts'
import type { Change } from '../rules/change.ts'
import { inMemory } from '../rules/check.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { ruleFaults } from '../rules/rule.ts'
import { keptLeaves, people, rules, today } from '../rules/testing.ts'
import { countMembers, estimateMembers, foldChanges, members } from './counts.store.ts'
import { markMembers } from './marked.store.ts'

const { db } = await testDatabase()
const corpId = 1
const population = fc.sample(people, { numRuns: 300, seed: 20261122 })
const dead = (id: number) => id % 29 === 0

beforeAll(async () => {
  const changes: Change[] = population.flatMap((person, index) => changesOf(person, index + 1))
  const half = Math.floor(changes.length / 2)
  // some are in the bits, some are still pending, some are both
  const first = changes.filter((change, at) => at < half || (at < half + 500 && change.kind !== 'behaviour'))
  await db.transaction().execute((tx) => noteChanges(tx, corpId, first))
  await foldChanges(db, corpId)
  await db.transaction().execute((tx) => noteChanges(tx, corpId, changes.slice(half)))
})

function changesOf(person: (typeof population)[number], customerId: number): Change[] {
  return [
    { customerId, kind: 'person', present: true },
    ...(dead(customerId) ? [{ customerId, kind: 'person', present: false } as const] : []),
    ...[...person.marks].map((key) => ({ customerId, kind: 'mark', key, present: true }) as const),
    ...[...person.numbers].map(([field, value]) => ({ customerId, kind: 'number', field, value }) as const),
    ...person.relations.map((relation) => ({ customerId, kind: 'relation', relation }) as const),
    ...person.orders.map((order) => ({ customerId, kind: 'order', id: customerId * 100 + order.id, order }) as const),
    ...person.behaviours.map((behaviour) => ({ customerId, kind: 'behaviour', behaviour }) as const),
  ]
}

async function expectAgreement(rule: Rule): Promise<void> {
  const expected = population.flatMap((person, index) =>
    !dead(index + 1) && inMemory(rule, person, today).holds ? [index + 1] : [],
  )
  expect((await members(db, corpId, rule, today)).toSorted((a, b) => a - b)).toEqual(expected)
  const alive = population.filter((_, index) => !dead(index + 1)).length
  expect(await countMembers(db, corpId, rule, today)).toEqual({ count: expected.length, of: alive })
  // so few persons are all asked
  expect(await estimateMembers(db, corpId, rule, today)).toMatchObject({
    count: expected.length,
    of: alive,
    asked: alive,
  })
}

it('SQL and the check in memory agree on every rule and person', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(rules, expectAgreement), { numRuns: 200 })
})

it('they agree on conditions on all orders, which are kept by digits', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(keptLeaves, expectAgreement), { numRuns: 150 })
})

it('a rule as large as a rule may be is answered', async () => {
  const tags = (from: number): Rule => ({
    ...{ is: 'tags', mode: 'any' },
    tags: [...Array.from({ length: 149 }, (_, n) => `x${from * 149 + n}`), 't1'],
  })
  const rule = { any: Array.from({ length: 5 }, (_, from) => tags(from)) }
  expect(ruleFaults(rule)).toEqual([])
  const expected = population.filter((person, index) => !dead(index + 1) && inMemory(rule, person, today).holds)
  expect((await countMembers(db, corpId, rule, today)).count).toBe(expected.length)
})

async function expectMarked(rule: Rule, others: readonly Rule[]): Promise<void> {
  const markings = [
    { column: 'hits', tells: 'hits', rules: others },
    { column: 'first', tells: 'first', rules: others },
  ] as const
  const steps = await markMembers(db, corpId, 'marked', rule, markings, today)
  for (const step of [...steps.rules, ...steps.members]) await step(db)
  const { rows } = await sql<{ customer_id: number; hits: number; first: number | null }>`
    select * from marked order by customer_id`.execute(db)
  await sql`drop table marked, marked_bits`.execute(db)
  const expected = population.flatMap((person, index) => {
    if (dead(index + 1) || !inMemory(rule, person, today).holds) return []
    const held = others.map((one) => inMemory(one, person, today).holds)
    const hits = held.reduce((sum, holds, at) => sum + (holds ? 2 ** at : 0), 0)
    return [{ customer_id: index + 1, hits, first: hits === 0 ? null : held.indexOf(true) }]
  })
  expect(rows).toEqual(expected)
}

it('of every member is told which other rules hold him', { timeout: 120_000 }, async () => {
  const others = fc.array(rules, { maxLength: 5 })
  await fc.assert(fc.asyncProperty(rules, others, expectMarked), { numRuns: 20 })
})

it('they agree when nothing is pending any more', { timeout: 120_000 }, async () => {
  await foldChanges(db, corpId)
  await fc.assert(fc.asyncProperty(fc.oneof(rules, keptLeaves), expectAgreement), { numRuns: 100 })
})
