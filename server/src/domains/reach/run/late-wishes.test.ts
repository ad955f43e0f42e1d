import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { packed, secondOf, type Wish } from '../governor/touch.ts'
import { noteWish } from '../governor/wishes.store.ts'
import { plainSpec, runStage } from './run-stage.ts'

const stage = await runStage({ staff: 4, people: 30, relations: 40 })
const { db, corpId, clock } = stage

beforeAll(() => stage.sync())

const recipients = (runId: number) =>
  db.selectFrom('campaign_recipients').selectAll().where('run_id', '=', runId).orderBy('customer_id').execute()
const wishes = (customerId: number, wish: Wish, ms: number) => {
  const by = { account: null, through: 'link', at: new Date(clock.now().getTime() + ms) } as const
  return db.transaction().execute((tx) => noteWish(tx, corpId, customerId, { wish, reason: '' }, by))
}

it('who wants nothing after the plan was made is asked of nobody; who changed his mind back is', async () => {
  const runId = await stage.planned()
  const [first, second, third] = await recipients(runId)
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few people')
  await wishes(first.customer_id, 'none', 1_000)
  await wishes(second.customer_id, 'none', 1_000)
  await wishes(second.customer_id, 'all', 2_000)
  // what was said before the plan was the plan's to see
  await wishes(third.customer_id, 'none', -60_000)
  const before = (await stage.tasks(runId)).reduce((sum, task) => sum + task.recipients, 0)
  await stage.begin(runId)
  await stage.round()
  const after = await recipients(runId)
  expect(after.find((one) => one.customer_id === first.customer_id)).toMatchObject({ fate: 2, reason: 0, task: null })
  expect(after.filter((one) => one.fate !== 0)).toHaveLength(1)
  expect((await stage.tasks(runId)).reduce((sum, task) => sum + task.recipients, 0)).toBe(before - 1)
  const told = await db
    .selectFrom('events')
    .select(['customer_id', 'kind', 'payload'])
    .where('kind', 'like', 'touch.%')
    .execute()
  expect(told).toMatchObject([
    { customer_id: first.customer_id, kind: 'touch.dropped', payload: { run: runId, reason: 'opted_out' } },
  ])
  const asked = (await stage.broadcasts()).reduce((sum, one) => sum + one.counts.targets, 0)
  expect(asked).toBe(before - 1)
})

it('who wants less after the plan was made is asked of nobody where he has had as much this week, by whatever else', async () => {
  const [otherRun, runId] = [await stage.planned(), await stage.planned()]
  const [had, reserved, before, fresh] = (await recipients(runId)).slice(10).map((one) => one.customer_id)
  if (had === undefined || reserved === undefined || before === undefined || fresh === undefined)
    throw new Error('too few people')
  const now = secondOf(clock.now())
  const felt = (person: number, ago: number) =>
    sql`
    insert into recent_touches (customer_id, corp_id, latest)
    values (${person}, ${corpId}, array[${packed({ second: now - ago, channel: 'customer_send', weight: 100 })}]::bigint[])`.execute(
      db,
    )
  const week = 7 * 86_400
  // a week is the last 7 × 24 hours: to the second
  await felt(had, week - 1)
  await felt(before, week)
  for (const run of [otherRun, runId])
    await sql`insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
      select id, ${run}, ${corpId}, ${clock.now()}, 'customer_send', 100
      from unnest(${run === runId ? [had, reserved, before, fresh] : [reserved]}::bigint[]) as given(id)`.execute(db)
  for (const person of [had, reserved, before, fresh]) await wishes(person, 'less', 1_000)
  await stage.begin(runId)
  await stage.round()
  const after = new Map((await recipients(runId)).map((one) => [one.customer_id, one]))
  for (const person of [had, reserved]) expect(after.get(person)).toMatchObject({ fate: 2, reason: 2, task: null })
  for (const person of [before, fresh]) expect(after.get(person)).toMatchObject({ fate: 0, status: 0 })
  const { rows: left } = await sql<{ id: number }>`
    select customer_id as id from touch_reservations where run_id = ${runId} order by 1`.execute(db)
  expect(left.map(({ id }) => id)).toEqual([before, fresh].toSorted((a, b) => a - b))
  const { rows: told } = await sql`
    select customer_id as id, kind from events
    where (payload->>'run')::int = ${runId} and payload->>'reason' = 'wished_less' order by 1`.execute(db)
  expect(told).toEqual([had, reserved].toSorted((a, b) => a - b).map((id) => ({ id, kind: 'touch.dropped' })))
})

it('whom the lot kept out and who refuses meanwhile is compared with nobody, as who would have got it is not', async () => {
  const runId = await stage.planned()
  const [out, other] = (await recipients(runId)).filter((one) => one.sender !== null).slice(-2)
  if (out === undefined || other === undefined) throw new Error('too few people')
  await db
    .updateTable('campaign_recipients')
    .set({ fate: 4, task: null })
    .where('run_id', '=', runId)
    .where('customer_id', 'in', [out.customer_id, other.customer_id])
    .execute()
  await wishes(out.customer_id, 'none', 1_000)
  await stage.begin(runId)
  await stage.round()
  const after = await recipients(runId)
  expect(after.find((one) => one.customer_id === out.customer_id)).toMatchObject({ fate: 4, hits: 1 << 16 })
  expect(after.find((one) => one.customer_id === other.customer_id)).toMatchObject({ fate: 4, hits: 0 })
})

it('what is no marketing is sent all the same', async () => {
  const runId = await stage.planned({ ...plainSpec, marketing: false })
  const [first] = await recipients(runId)
  await wishes(first?.customer_id ?? 0, 'none', 5_000)
  await stage.begin(runId)
  await stage.round()
  expect((await recipients(runId)).every((one) => one.fate === 0)).toBe(true)
})

it('who is found to be another recipient is sent to once, and refuses as whichever of the two he speaks', async () => {
  const runId = await stage.planned()
  const [first, second, third, fourth] = (await recipients(runId)).slice(5)
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('too few people')
  const merge = (one: number, into: number) =>
    db.updateTable('customers').set({ merged_into: into }).where('id', '=', one).execute()
  // the later is whom the earlier turned out to be, and the other way round: the one who stands first is asked
  await merge(first.customer_id, second.customer_id)
  await merge(fourth.customer_id, third.customer_id)
  await wishes(third.customer_id, 'none', 1_000)
  await stage.begin(runId)
  await stage.round()
  const after = new Map((await recipients(runId)).map((one) => [one.customer_id, one]))
  expect(after.get(first.customer_id)).toMatchObject({ fate: 0, status: 0 })
  expect(after.get(second.customer_id)).toMatchObject({ fate: 6, reason: 9, task: null })
  expect(after.get(third.customer_id)).toMatchObject({ fate: 2, reason: 0, task: null })
  expect(after.get(fourth.customer_id)?.task ?? null).toBeNull()
  expect((await stage.tasks(runId)).reduce((sum, task) => sum + task.recipients, 0)).toBe(
    [...after.values()].filter((one) => one.fate === 0).length,
  )
})
