import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { keepBuyers } from '../kept/buyers.store.ts'
import { noteChanges } from '../kept/changes.store.ts'
import type { Change } from '../rules/change.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { computeAll } from '../saved/compute.jobs.ts'
import { audiencesOf } from '../saved/saved.store.ts'
import { countMembers, estimateMembers, foldChanges } from './counts.store.ts'

const { db } = await testDatabase()
const corpId = 1
const today = 20_650
const clock = { now: () => new Date(today * 86_400_000) }
const persons = 40
const note = (changes: readonly Change[]) => db.transaction().execute((tx) => noteChanges(tx, corpId, changes))
const order = (customerId: number, id: number, day: number, net: number): Change => ({
  ...{ kind: 'order', customerId, id },
  order: { id, day, net, lines: [] },
})
const often: Rule = { is: 'orders', measure: 'count', window: { days: 200 }, from: 6 }
const spent: Rule = { is: 'orders', measure: 'sum', window: { periods: 3 }, from: 5_000 }
const looked: Rule = { is: 'events', name: 'view', measure: 'count', window: { days: 180 }, from: 3 }

beforeAll(async () => {
  const facts = (customerId: number): Change[] => [
    { kind: 'person', customerId, present: true },
    ...Array.from({ length: customerId % 10 }, (_, n) =>
      order(customerId, customerId * 100 + n, today - n * 15, 1_000),
    ),
    ...Array.from(
      { length: customerId % 4 },
      (_, n): Change => ({
        ...{ kind: 'behaviour', customerId },
        behaviour: { name: 'view', day: today - n, times: 1 },
      }),
    ),
  ]
  const ids = Array.from({ length: persons }, (_, n) => n + 1)
  await note(ids.slice(0, 20).flatMap(facts))
  // the others stand in the second chunk
  await sql`update audience_corps set next_no = 65540 where corp_id = ${corpId}`.execute(db)
  await note(ids.slice(20).flatMap(facts))
})

const expected = { often: 16, spent: 20, looked: 10 }

async function expectCounts(): Promise<void> {
  expect((await countMembers(db, corpId, often, today)).count).toBe(expected.often)
  expect((await countMembers(db, corpId, spent, today)).count).toBe(expected.spent)
  expect((await countMembers(db, corpId, looked, today)).count).toBe(expected.looked)
  const whole = await db.transaction().execute((tx) => countMembers(tx, corpId, looked, today))
  expect(whole).toEqual({ count: expected.looked, of: persons })
  expect(await estimateMembers(db, corpId, looked, today)).toMatchObject({ count: expected.looked, asked: persons })
}

const digits = async () =>
  (
    await sql`select key, chunk, bits::text from audience_bits where key like 'buyer%' and bit_count(bits) > 0
      order by key, chunk`.execute(db)
  ).rows

it('what is pending is counted, and what is folded, in both chunks', async () => {
  await expectCounts()
  await foldChanges(db, corpId)
  expect((await sql`select from audience_bought union all select from audience_behaved`.execute(db)).rows).toEqual([])
  await expectCounts()
  await note([{ kind: 'behaviour', customerId: 2, behaviour: { name: 'view', day: today, times: 1 } }])
  expect((await countMembers(db, corpId, looked, today)).count).toBe(expected.looked + 1)
})

it('a bound on a number is answered where nobody has most of its digits', async () => {
  await note([
    ...[18, 25, 35, 36].map((value, at): Change => ({ kind: 'number', customerId: at + 1, field: 'age', value })),
  ])
  const aged: Rule = { is: 'number', field: 'age', from: 25, to: 35 }
  expect((await countMembers(db, corpId, aged, today)).count).toBe(2)
  expect((await countMembers(db, corpId, { is: 'number', field: 'unknown', to: 35 }, today)).count).toBe(0)
  expect((await countMembers(db, corpId, { not: { is: 'number', field: 'unknown', to: 35 } }, today)).count).toBe(
    persons,
  )
  await foldChanges(db, corpId)
  expect((await countMembers(db, corpId, aged, today)).count).toBe(2)
})

it('digits made anew for everybody are those that folding leaves', async () => {
  const folded = await digits()
  expect(folded.length).toBeGreaterThan(20)
  await keepBuyers(db, corpId)
  expect(await digits()).toEqual(folded)
})

it('a few buyers and events wait until they are enough, marks do not', async () => {
  await note([order(1, 999, today, 1), { kind: 'mark', customerId: 1, key: 'tag:x', present: true }])
  expect(await foldChanges(db, corpId, 100)).toBe(1)
  const bought = await sql`select person_no from audience_bought`.execute(db)
  expect(bought.rows).toEqual([{ person_no: 0 }])
})

it('an audience that reads another is computed after it', async () => {
  const ids = ['a', 'b', 'c'].map(() => randomUUID())
  const rules: Rule[] = [{ is: 'audience', id: ids[1] ?? '' }, { is: 'audience', id: ids[2] ?? '' }, spent]
  for (const [at, rule] of rules.entries())
    await sql`insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
      values (${ids[at]}, ${corpId}, ${ids[at]}, 'refreshed', 1, ${JSON.stringify(rule)}, now(), now())`.execute(db)
  const told: number[] = []
  const computed = await computeAll(
    { db, clock },
    corpId,
    { ids, cause: 'start', because: 'test' },
    async ({ done }) => {
      told.push(done)
    },
  )
  expect({ computed, told }).toEqual({ computed: 3, told: [1, 2, 3] })
  expect((await audiencesOf(db, corpId)).map(({ size }) => size)).toEqual([
    expected.spent,
    expected.spent,
    expected.spent,
  ])
})
