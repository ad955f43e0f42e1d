import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { numberArray } from '../../../infra/db/arrays.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { bucketOf, globalSeed } from '../plan/bucket.ts'
import { workOutProgramme } from './programme.jobs.ts'
import { programmeRoutes } from './programme.routes.ts'
import { programmeView } from './programme.schema.ts'
import { quarterOf } from './programme.ts'
import { plantDelete, plantOrders, plantPersons, plantRun, specWith } from './testing.ts'
import { createReportUpkeep } from './upkeep.jobs.ts'

const site = await testSite({ routes: (services) => [programmeRoutes(services)] })
const { db, corpId, clock, services } = site
const people = Array.from({ length: 4_000 }, (_, place) => place + 1)
const seed = globalSeed(corpId, '2026-11-11')
const bucket = (id: number) => bucketOf(seed, id)
const held = people.filter((id) => bucket(id) < 1_000)
const others = people.filter((id) => bucket(id) >= 1_000)
const hour = 3_600_000
const before = new Date(clock.now().getTime() - 40 * 24 * hour)
const began = new Date(clock.now().getTime() - 48 * hour)
const later = new Date(began.getTime() + hour)
const operator = await site.as('operator')
const seen = async () => (await operator.get('/api/experiments/programme')).as(programmeView)
const setHeld = (permille: number) =>
  sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, ${permille}, ${before})
    on conflict (corp_id) do update set global_holdout_permille = excluded.global_holdout_permille`.execute(db)

const befriend = (ids: readonly number[], at: Date) =>
  sql`insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at)
    select id, ${corpId}, 'ann', 'wm' || id, ${at}, ${at} from unnest(${numberArray(ids)}::bigint[]) as id`.execute(db)

beforeAll(async () => {
  await plantPersons(db, corpId, [...people, 9_001], before)
  await befriend(people, before)
  await setHeld(100)
})

it('before a campaign of the quarter has begun there is nothing to say, and no round says it', async () => {
  await createReportUpkeep(services).pass()
  expect(await seen()).toMatchObject({ quarter: '2026Q4', programme: null })
})

it('where nobody is held out there is nothing to compare with', async () => {
  const elsewhere = await plantRun(db, corpId, { at: before, spec: specWith({ marketing: true }), recipients: [] })
  await setHeld(0)
  await createReportUpkeep(services).pass()
  expect((await seen()).programme).toBeNull()
  await setHeld(100)
  await sql`update campaign_runs set rehearsal = true where id = ${elsewhere.runId}`.execute(db)
})

it('everybody who was a customer when the first campaign began stands on one side by the lot, whoever was sent to', async () => {
  await plantRun(db, corpId, { at: began, spec: specWith({ marketing: true }), recipients: [] })
  // a friend only afterwards: no campaign of before could reach him
  await befriend([9_001], later)
  const bought = [...held.slice(0, 20), ...others.slice(0, 400)]
  await plantOrders(db, corpId, [
    ...bought.map((customerId) => ({ customerId, at: later, amount: 1_000 })),
    // twice, once before it began, once given back
    { customerId: others[0] ?? 0, at: later, amount: 500 },
    { customerId: others[500] ?? 0, at: new Date(began.getTime() - hour), amount: 9_999 },
    { customerId: others[501] ?? 0, at: later, amount: 9_999, status: 'refunded' },
    { customerId: 9_001, at: later, amount: 9_999 },
  ])
  await plantDelete(db, corpId, held[0] ?? 0, later)
  for (const id of others.slice(0, 3)) await plantDelete(db, corpId, id, later)
  await sql`insert into touches (customer_id, at, effect, corp_id, channel, kind, weight) values
    (${held[1]}, ${later}, 'own', ${corpId}, 'mass_send', 'marketing', 100),
    (${held[2]}, ${later}, 'service', ${corpId}, 'mass_send', 'service', 0)`.execute(db)
  await createReportUpkeep(services).pass()
  const { programme } = await seen()
  expect(programme).toMatchObject({
    began_at: began.toISOString(),
    held: { persons: held.length, converted: 20, deleted: 1, gmv: 20_000 },
    others: { persons: others.length, converted: 400, deleted: 3, gmv: 400_500 },
    touched: 1,
  })
  const lift = 400 / others.length - 20 / held.length
  expect(programme?.conversion?.value).toBeCloseTo(lift)
  expect(programme?.conversion?.low).toBeLessThan(lift)
  expect(programme?.conversion?.significant).toBe(true)
  expect(programme?.gmv?.value).toBeCloseTo((400_500 / others.length - 20_000 / held.length) * others.length)
})

it('who was merged counts once, as the person he is', async () => {
  const [root = 0, other = 0] = [others[600], held[50]]
  await sql`update customers set merged_into = ${root} where id = ${other}`.execute(db)
  await plantOrders(db, corpId, [{ customerId: other, at: later, amount: 70 }])
  await workOutProgramme(services, corpId)
  expect((await seen()).programme).toMatchObject({
    held: { persons: held.length - 1, gmv: 20_000 },
    others: { persons: others.length, converted: 401, gmv: 400_570 },
  })
})

it('a share that is changed within the quarter leaves out who was on both sides', async () => {
  await setHeld(50)
  await workOutProgramme(services, corpId)
  const merged = held[50] ?? 0
  const always = held.filter((id) => bucket(id) < 500 && id !== merged)
  expect((await seen()).programme).toMatchObject({
    held: { persons: always.length },
    others: { persons: others.length },
  })
  await setHeld(100)
  await workOutProgramme(services, corpId)
  expect((await seen()).programme).toMatchObject({ held: { persons: always.length } })
})

it('a quarter begins at midnight in the corp’s zone', () => {
  expect(quarterOf(new Date('2026-09-30T15:59:59Z'), 'Asia/Shanghai')).toMatchObject({ name: '2026Q3' })
  expect(quarterOf(new Date('2026-09-30T16:00:00Z'), 'Asia/Shanghai')).toEqual({
    name: '2026Q4',
    from: new Date('2026-09-30T16:00:00Z'),
  })
  expect(quarterOf(new Date('2026-03-29T12:00:00Z'), 'America/New_York')).toMatchObject({
    from: new Date('2026-01-01T05:00:00Z'),
  })
})

it('who does not see the whole brand does not see what it earned', async () => {
  expect((await (await site.as('guide')).get('/api/experiments/programme')).status).toBe(403)
})
