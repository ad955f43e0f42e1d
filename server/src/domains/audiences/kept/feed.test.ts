import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { members } from '../counts/counts.store.ts'
import { markOf } from '../rules/facts.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { noteChanges } from './changes.store.ts'
import { reconcileFeeds } from './feed.jobs.ts'
import { feedPersons } from './feed.store.ts'
import { relationsOfPerson, withAbove } from './feed.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T02:00:00Z')
const today = 20_768
const zone = 'Asia/Shanghai'
const parents = new Map([
  [3, 2],
  [2, 1],
])
const { id: corpId } = await db
  .insertInto('corps')
  .values({ corpid: 'ww', name: '测试', created_at: at })
  .returning('id')
  .executeTakeFirstOrThrow()
for (const [department_id, parent_id] of [
  [1, 0],
  [2, 1],
  [3, 2],
] as const)
  await db
    .insertInto('departments')
    .values({ corp_id: corpId, department_id, name: `d${department_id}`, parent_id, seen_at: at })
    .execute()
const seen = { first_seen_at: at, seen_at: at }
await db
  .insertInto('staff')
  .values({ corp_id: corpId, userid: 'u1', name: '一', department_ids: [3], ...seen })
  .execute()
await db
  .insertInto('staff')
  .values({ corp_id: corpId, userid: 'u2', name: '二', department_ids: [1], ...seen })
  .execute()

const customer = (id: number) => db.insertInto('customers').values({ id, corp_id: corpId, created_at: at }).execute()
const relation = (customer_id: number, userid: string, ended?: Date) =>
  db
    .insertInto('relations')
    .values({
      ...{ customer_id, corp_id: corpId, userid, external_userid: `wm${customer_id}`, added_at: at },
      ended_at: ended ?? null,
    })
    .execute()
const feed = (ids: readonly number[], regrouped = false) =>
  db.transaction().execute((tx) => feedPersons(tx, corpId, ids, regrouped))
const who = async (rule: Rule) => (await members(db, corpId, rule, today)).toSorted((a, b) => a - b)
const contact = (by: 'anyone' | 'staff' | 'department', any: string[], state: 'alive' | 'ended' = 'alive'): Rule => ({
  ...{ is: 'relation', by, any, state },
})
const everybody: Rule = { not: { is: 'list', id: 'nobody' } }
const merge = (id: number, into: number | null) =>
  db.updateTable('customers').set({ merged_into: into }).where('id', '=', id).execute()

it('relations and groups flow in, and what is so already is not written again', async () => {
  for (const id of [1, 2, 3]) await customer(id)
  await relation(1, 'u1')
  await relation(2, 'u2', new Date(at.getTime() + 3_600_000))
  await db.insertInto('groups').values({ corp_id: corpId, chat_id: 'g1' }).execute()
  await db
    .insertInto('group_members')
    .values({ corp_id: corpId, chat_id: 'g1', kind: 'external', member_id: 'wm3', customer_id: 3, joined_at: at })
    .execute()
  expect(await feed([1, 2, 3])).toBeGreaterThan(0)
  expect(await who(contact('anyone', []))).toEqual([1])
  expect(await who(contact('department', ['1'])), 'who is below is meant too').toEqual([1])
  expect(await who(contact('staff', ['u2'], 'ended'))).toEqual([2])
  expect(await who({ is: 'group', any: ['g1'] })).toEqual([3])
  expect(await who(everybody)).toEqual([1, 2, 3])
  expect(await feed([1, 2, 3])).toBe(0)
})

it('a merge brings what a home had to the person, and parting brings it back', async () => {
  for (const id of [11, 12]) await customer(id)
  await relation(11, 'u1')
  await relation(12, 'u2')
  await feed([11, 12])
  const audience = '00000000-0000-7000-8000-000000000001'
  await db
    .insertInto('audiences')
    .values({
      ...{ id: audience, corp_id: corpId, name: 'a', kind: 'static', version: 1, rule: JSON.stringify(everybody) },
      ...{ created_at: at, updated_at: at },
    })
    .execute()
  for (const customer_id of [11, 12])
    await db.insertInto('behaviours').values({ customer_id, corp_id: corpId, at, name: 'seen', source: 's' }).execute()
  await db
    .insertInto('orders')
    .values({
      ...{
        customer_id: 12,
        id: 7,
        corp_id: corpId,
        source: 's',
        number: 'n',
        status: 'paid',
        amount: 100,
        refunded: 0,
      },
      ...{ ordered_at: at, lines: '[]', version_at: at, learnt_at: at },
    })
    .execute()
  await db.transaction().execute((tx) =>
    noteChanges(tx, corpId, [
      { kind: 'mark', customerId: 12, key: markOf.audience(audience), present: true },
      { kind: 'order', customerId: 12, id: 7, order: { id: 7, day: today, net: 100, lines: [] } },
      { kind: 'behaviour', customerId: 11, behaviour: { name: 'seen', day: today, times: 1 } },
      { kind: 'behaviour', customerId: 12, behaviour: { name: 'seen', day: today, times: 1 } },
    ]),
  )
  const bought: Rule = { is: 'orders', measure: 'count', from: 1 }
  const seenTwice: Rule = { is: 'events', name: 'seen', measure: 'count', from: 2 }
  expect([await who(bought), await who(seenTwice)]).toEqual([[12], []])
  await merge(12, 11)
  await feed([11, 12], true)
  expect(await who({ all: [contact('staff', ['u1']), contact('staff', ['u2'])] })).toEqual([11])
  expect([await who(bought), await who(seenTwice)]).toEqual([[11], [11]])
  expect(await who({ is: 'audience', id: audience })).toEqual([11])
  expect(await who(everybody)).not.toContain(12)
  await merge(12, null)
  await feed([11, 12], true)
  expect(await who(contact('staff', ['u2']))).toEqual([12])
  expect([await who(bought), await who(seenTwice)]).toEqual([[12], []])
})

it('what somebody asked for last, over all his homes, is a condition', async () => {
  for (const id of [13, 14]) await customer(id)
  const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
  const wish = (customer_id: number, said: string, hours: number) =>
    db
      .insertInto('touch_wishes')
      .values({ customer_id, at: later(hours), corp_id: corpId, wish: said })
      .execute()
  const choice = (personalised: boolean, hours: number) =>
    db
      .insertInto('personalisation_wishes')
      .values({ customer_id: 13, at: later(hours), corp_id: corpId, personalised, through: 'link' })
      .execute()
  const asked = async () =>
    Promise.all((['less', 'none', 'impersonal'] as const).map((one) => who({ is: 'wish', wish: one })))
  await wish(13, 'none', 1)
  await wish(14, 'less', 2)
  await choice(false, 1)
  await feed([13, 14])
  expect(await asked()).toEqual([[14], [13], [13]])
  // one person: the last word counts, whichever home it was said to
  await merge(14, 13)
  await feed([13, 14], true)
  expect(await asked()).toEqual([[13], [], [13]])
  await merge(14, null)
  await feed([13, 14], true)
  expect(await asked()).toEqual([[14], [13], [13]])
  await wish(13, 'all', 3)
  await choice(true, 3)
  await feed([13, 14])
  expect(await asked()).toEqual([[14], [], []])
})

it('the walk over everybody mends what was missed, and goes on from where it stopped', async () => {
  for (const id of [21, 22]) await customer(id)
  await relation(21, 'u1')
  await relation(22, 'u1')
  const points: unknown[] = []
  const run = { corpId, checkpoint: { after: 21, persons: 1, mended: 0 } }
  const progress = async ({ checkpoint }: { checkpoint?: unknown }) => void points.push(checkpoint)
  expect(await reconcileFeeds(db, { ...run, progress }, at)).toMatchObject({ persons: 2 })
  expect(await who(contact('anyone', []))).not.toContain(21)
  const { mended } = await reconcileFeeds(db, { corpId, checkpoint: undefined, progress }, at)
  expect(mended).toBeGreaterThan(0)
  expect(await who(contact('anyone', []))).toEqual(expect.arrayContaining([21, 22]))
  expect((await reconcileFeeds(db, { corpId, checkpoint: undefined, progress }, at)).mended).toBe(0)
  expect(points.at(-1)).toMatchObject({ after: 22 })
})

it('of several homes with the same member the living relation counts; half a relation is none', () => {
  const row = { staff: 'u', departments: [3], store: null, channel: 'c', firstAt: null, halfAt: null, endedAt: null }
  const old = { ...row, status: 'ended', addedAt: new Date('2026-01-02T00:00:00Z'), endedAt: at }
  const alive = { ...row, status: 'alive', addedAt: new Date('2026-01-01T20:00:00Z') }
  const [relation] = relationsOfPerson([old, alive], { zone, parents })
  expect(relation).toMatchObject({ since: 20_455, ended: undefined, channel: 'c', departments: ['1', '2', '3'] })
  const [half] = relationsOfPerson([{ ...row, status: 'half', addedAt: null, halfAt: at }], { zone, parents })
  expect(half?.ended).toBe(today)
  expect(withAbove([3], new Map([[3, 3]]))).toEqual(['3'])
})
