import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { figuresShape } from './report.schema.ts'
import { type ReportedRun, runById, runsOf } from './runs.store.ts'
import { partSums, snapshotOf } from './snapshots.store.ts'
import { differencesOf } from './sums.ts'
import { plantOpen, plantOrders, plantPersons, plantRun, specWith } from './testing.ts'
import { totalOfRuns } from './total.jobs.ts'
import { checkReports } from './upkeep.jobs.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
const clock = manualClock(at(2_000).toISOString())
let corpId = 0
let run: ReportedRun

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwsums', '品牌', ${at(-999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  const persons = Array.from({ length: 60 }, (_, place) => place + 1)
  await plantPersons(db, corpId, persons, at(-999))
  const recipients = persons.map((customerId) => {
    if (customerId > 50) return { customerId, fate: 'holdout' as const, bucket: 3, sender: 'u1', variant: null }
    if (customerId > 45) return { customerId, fate: 'excluded' as const, reason: 0, hits: 1, variant: null }
    const one = { customerId, sender: 'u1', task: 1, variant: customerId % 2 }
    return customerId > 30 ? one : { ...one, status: 1, sentAt: at(1) }
  })
  const tasks = [{ number: 1, sender: 'u1', askedAt: at(0), confirmedAt: at(1) }]
  const content = { text: '你好' }
  const variants = ['甲', '乙'].map((name) => ({ name, content, for: null, share: 1 }))
  const spec = specWith({
    ...{ variants, exclusions: [{ name: '近期投诉', whom: { rule: { all: [] } } }] },
    coupon: { batch: null, issued: null, claimed: 'claimed', redeemed: 'redeemed' },
  })
  const { runId, campaignId } = await plantRun(db, corpId, { at: at(0), state: 'ended', spec, recipients, tasks })
  await plantRun(db, corpId, { at: at(100), state: 'ended', spec, recipients, tasks, campaignId })
  await plantOrders(
    db,
    corpId,
    persons.filter((one) => one % 4 === 0).map((customerId) => ({ customerId, at: at(3), amount: 100 })),
  )
  await plantOpen(db, corpId, runId, 4, at(2))
  for (const one of await runsOf(db, corpId, { campaign: campaignId })) await refreshReport(db, one, clock.now())
  const found = await runById(db, corpId, runId)
  if (found === undefined) throw new Error('the run was planted')
  run = found
})

/** Numbers that no other number of the report counts too. */
const alone =
  /^(version|gmv_person|scope_gmv|applause|tasks\.(issued|in_time)|tasks\.senders_asked|opens\.(known|unknown)|credited\.first_|sides\.global\.(persons|gmv|delivered)|sides\.holdout\.(delivered|deleted)|reasons\.\d+\.reason|variants\.\d+\.(number|gmv)|channels\.\d+\.(cost|gmv|persons))/

it('every number of a report that others count too is found where it is wrong', async () => {
  const figures = (await snapshotOf(db, run.id))?.figures
  const parts = await partSums(db, run.id)
  if (figures === undefined) throw new Error('the report was worked out')
  expect(differencesOf(figures, parts)).toEqual([])
  const unseen = leaves(figures).filter((path) => {
    if (alone.test(path.join('.'))) return false
    return differencesOf(figuresShape.parse(moreBy(figures, path, 1_000_000)), parts).length === 0
  })
  expect(unseen.map((path) => path.join('.'))).toEqual([])
  for (const [place, { part, ...numbers }] of parts.entries())
    for (const name of Object.keys(numbers)) {
      if ((notOf[part] ?? []).includes(name)) continue
      const wrong = parts.map((one, other) => (other === place ? { ...one, [name]: 1_000_000 } : one))
      expect([part, name, differencesOf(figures, wrong).length]).toEqual([part, name, 1])
    }
})

/** What parts of a name do not tell of: who earns is of orders alone, and an hour of what was delivered in it. */
const notOf: Readonly<Record<string, readonly string[]>> = {
  hour: ['planned', 'asked', 'confirmed'],
  earner: ['planned', 'asked', 'confirmed', 'delivered', 'opened', 'converted', 'deleted', 'gmv'],
}

it('a wrong number in the total of all runs raises an alarm at night, which says which', async () => {
  const runs = await runsOf(db, corpId, { campaign: run.campaignId })
  await totalOfRuns(db, runs, clock.now())
  expect(await checkReports({ db, clock }, corpId)).toEqual([])
  const wrong = (path: string) =>
    sql`update campaign_totals set figures = jsonb_set(figures, ${path}::text[], '1000000') where campaign_id = ${run.campaignId}`.execute(
      db,
    )
  const titles = async () =>
    (await sql<{ zh: string }>`select title->>'zh' as zh from alarms where cleared_at is null`.execute(db)).rows
  const kept = (await sql<{ figures: unknown }>`select figures from campaign_totals`.execute(db)).rows[0]?.figures
  for (const path of [
    '{persons}',
    '{delivered}',
    '{converted}',
    '{opened}',
    '{deleted}',
    '{sends}',
    '{credited,net}',
    '{credited,orders}',
    '{treated,persons}',
    '{treated,converted}',
    '{holdout,converted}',
  ]) {
    await wrong(path)
    expect([path, (await checkReports({ db, clock }, corpId)).length]).toEqual([path, 1])
    expect((await titles())[0]?.zh).toContain('of all runs')
    await sql`update campaign_totals set figures = ${JSON.stringify(kept)}::jsonb`.execute(db)
  }
  expect(await checkReports({ db, clock }, corpId)).toEqual([])
})

type Path = readonly string[]

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, name]))
}

function moreBy(value: unknown, path: Path, more: number): unknown {
  const [name, ...rest] = path
  if (name === undefined) return typeof value === 'number' ? value + more : value
  if (Array.isArray(value)) return value.map((one, place) => (String(place) === name ? moreBy(one, rest, more) : one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === name ? moreBy(one, rest, more) : one]),
  )
}
