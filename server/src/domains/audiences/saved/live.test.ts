import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { dayMs } from '../../../infra/zone.ts'
import { foldChanges, members } from '../counts/counts.store.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { numbersOf } from '../kept/marks.store.ts'
import type { Change } from '../rules/change.ts'
import { markOf } from '../rules/facts.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { people, rules, today } from '../rules/testing.ts'
import { computeNow } from './compute.jobs.ts'
import { keepLive } from './live.jobs.ts'
import { membersAfter, peopleOf } from './member.store.ts'
import { type AudienceInput, addAudience, audiencesOf, changeAudience, holdAudience, lockRules } from './saved.store.ts'

const { db } = await testDatabase()
const { id: corpId } = await db
  .insertInto('corps')
  .values({ corpid: 'ww', name: '测试', created_at: new Date() })
  .returning('id')
  .executeTakeFirstOrThrow()
const clock = manualClock(new Date(today * dayMs + 4 * 3_600_000).toISOString())
const services = { db, clock }
const persons = Array.from({ length: 12 }, (_, at) => at + 1)
for (const id of persons)
  await db.insertInto('customers').values({ id, corp_id: corpId, created_at: clock.now() }).execute()

const input = (name: string, rule: Rule): AudienceInput => ({
  ...{ name, description: '', kind: 'live', rule, everyHours: 24, atMinute: 180, driftPercent: null },
})
let made = 0

async function make(rule: Rule): Promise<string> {
  made += 1
  const id = await db.transaction().execute(async (tx) => {
    await lockRules(tx, corpId)
    return addAudience(tx, input(`a${made}`, rule), { corpId, by: null, at: clock.now(), note: '' })
  })
  await computeNow(services, corpId, id, 'start', 'test')
  return id
}

const note = (changes: readonly Change[]) => db.transaction().execute((tx) => noteChanges(tx, corpId, changes))
async function settle(): Promise<void> {
  while ((await keepLive(services)) > 0);
}
const memberIds = async (id: string) =>
  (await peopleOf(db, corpId, await membersAfter(db, corpId, id, -1, 1_000))).map((one) => one.id)
const told = async (id: string) => {
  const rows = await db.selectFrom('events').select(['kind', 'customer_id', 'payload']).orderBy('id').execute()
  const ofOne = rows.filter(({ payload }) => Reflect.get(Object(payload), 'audienceId') === id)
  return ofOne.filter(({ kind }) => kind === 'audience.joined' || kind === 'audience.left')
}
const todayNow = () => Math.floor((clock.now().getTime() + 8 * 3_600_000) / dayMs)

afterEach(async () => {
  await db.deleteFrom('events').execute()
  await db.updateTable('audiences').set({ archived_at: clock.now() }).execute()
})

await note(persons.map((customerId) => ({ customerId, kind: 'person', present: true })))

const vip: Rule = { is: 'tags', mode: 'any', tags: ['vip'] }
const tagged = (customerId: number, present: boolean): Change => ({
  ...{ customerId, kind: 'mark', key: markOf.tag('vip'), present },
})

it('who joins and leaves a live audience is told once, with the reason; computing it in full tells nothing again', async () => {
  await note([tagged(1, true)])
  const id = await make(vip)
  expect(await told(id), 'who is in it at its first time is no news').toEqual([])
  await note([tagged(2, true), tagged(1, false)])
  await note([tagged(2, true)])
  await settle()
  expect(await memberIds(id)).toEqual([2])
  const events = await told(id)
  expect(events.map(({ kind, customer_id }) => [kind, customer_id]).toSorted()).toEqual([
    ['audience.joined', 2],
    ['audience.left', 1],
  ])
  expect(events[0]?.payload).toMatchObject({ reason: 'fact', version: 1, because: [expect.stringContaining('vip')] })
  await computeNow(services, corpId, id, 'check', 'test')
  await foldChanges(db, corpId)
  await computeNow(services, corpId, id, 'check', 'test')
  await settle()
  expect(await told(id)).toHaveLength(2)
  expect((await audiencesOf(db, corpId)).find((one) => one.id === id)).toMatchObject({ size: 1, ofPersons: 12 })
  await note([tagged(2, false)])
})

it('what a rule does not read touches nobody', async () => {
  await settle()
  await make(vip)
  await note([{ customerId: 3, kind: 'mark', key: markOf.tag('other'), present: true }])
  expect(await keepLive(services)).toBe(0)
})

it('time alone turns answers at midnight, and says so', async () => {
  const id = await make({ is: 'events', name: 'seen', measure: 'count', window: { days: 3 }, from: 1 })
  await note([{ customerId: 5, kind: 'behaviour', behaviour: { name: 'seen', day: todayNow(), times: 1 } }])
  await settle()
  expect(await memberIds(id)).toEqual([5])
  clock.advance(3 * dayMs)
  await computeNow(services, corpId, id, 'time', 'test')
  expect(await memberIds(id)).toEqual([])
  expect((await told(id)).map(({ kind, payload }) => [kind, Reflect.get(Object(payload), 'reason')])).toEqual([
    ['audience.joined', 'fact'],
    ['audience.left', 'time'],
  ])
})

it('a live audience follows another one, and a new rule tells only who it moved', async () => {
  const inner = await make(vip)
  const outer = await make({ not: { is: 'audience', id: inner } })
  await note([tagged(7, true)])
  await settle()
  expect((await told(outer)).map(({ kind, customer_id }) => [kind, customer_id])).toEqual([['audience.left', 7]])
  await db.transaction().execute(async (tx) => {
    await lockRules(tx, corpId)
    const before = await holdAudience(tx, corpId, inner)
    if (before)
      await changeAudience(tx, before, input('renamed', { any: [vip, { is: 'stage', any: ['s'] }] }), {
        ...{ corpId, by: null, at: clock.now(), note: '' },
      })
  })
  await note([{ customerId: 8, kind: 'mark', key: markOf.stage('s'), present: true }])
  await computeNow(services, corpId, inner, 'rule', 'test')
  await settle()
  expect(await memberIds(inner)).toEqual([7, 8])
  expect((await told(inner)).map(({ customer_id }) => customer_id)).toEqual([7, 8])
  expect((await told(outer)).map(({ customer_id }) => customer_id)).toEqual([7, 8])
  await note([tagged(7, false), { customerId: 8, kind: 'mark', key: markOf.stage('s'), present: false }])
})

it('live equals full recomputation after any changes, and its events are exactly its moves', {
  timeout: 120_000,
}, async () => {
  const change = fc.record({ customerId: fc.constantFrom(...persons), person: people })
  await fc.assert(
    fc.asyncProperty(
      fc.array(rules, { minLength: 1, maxLength: 3 }),
      fc.array(change, { maxLength: 6 }),
      async (some, changes) => {
        const ids: string[] = []
        for (const rule of some) ids.push(await make(rule))
        const before = new Map<string, readonly number[]>()
        for (const id of ids) before.set(id, await memberIds(id))
        for (const [at, { customerId, person }] of changes.entries()) {
          await note([
            ...[...person.marks].map(
              (key, n): Change => ({ customerId, kind: 'mark', key, present: (n + at) % 3 > 0 }),
            ),
            ...[...person.numbers].map(([field, value]): Change => ({ customerId, kind: 'number', field, value })),
            ...person.relations.map((relation): Change => ({ customerId, kind: 'relation', relation })),
            ...person.orders.map(
              (order): Change => ({ customerId, kind: 'order', id: customerId * 100 + order.id, order }),
            ),
            ...person.behaviours.map((behaviour): Change => ({ customerId, kind: 'behaviour', behaviour })),
            { customerId, kind: 'person', present: at % 5 < 4 },
          ])
          if (at % 2 === 0) await settle()
          if (at % 3 === 2) await foldChanges(db, corpId)
        }
        await settle()
        for (const [at, id] of ids.entries()) {
          const rule = some[at]
          const live = await memberIds(id)
          if (rule) expect(live).toEqual((await members(db, corpId, rule, todayNow())).toSorted((a, b) => a - b))
          const moved = new Map<number, number>()
          for (const { kind, customer_id } of await told(id))
            moved.set(customer_id, (moved.get(customer_id) ?? 0) + (kind === 'audience.joined' ? 1 : -1))
          const alive = new Set(await members(db, corpId, { not: { is: 'list', id: 'nobody' } }, todayNow()))
          for (const person of alive) {
            const [was, is] = [before.get(id)?.includes(person), live.includes(person)]
            // who was no person for a while left untold
            expect(Math.abs(moved.get(person) ?? 0), `${person}: ${was} to ${is}`).toBeLessThanOrEqual(1)
          }
          const runs = await told(id)
          await computeNow(services, corpId, id, 'check', 'test')
          expect(await told(id)).toHaveLength(runs.length)
          expect((await numbersOf(db, corpId, live)).size).toBe(live.length)
        }
        await db.updateTable('audiences').set({ archived_at: clock.now() }).execute()
        await db.deleteFrom('events').execute()
      },
    ),
    { numRuns: 25 },
  )
})
