import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { competition, most } from './competing-stage.ts'
import { openPolicy } from './governor/policy.ts'

const free = await competition({ 'broadcast.cap_mode': 'monthly_days' })
const late = await competition({ 'broadcast.cap_mode': 'legacy_4_per_month' })
const weekly = await competition({ 'broadcast.cap_mode': 'weekly_7', 'broadcast.weekly_cap': 2 })

const hold = (hours: number, priority: number) => ({ when_capped: 'hold', wait_hours: hours, priority })
const drop = (priority: number) => ({ when_capped: 'drop', wait_hours: 0, priority })
const again = (weekdays: readonly number[], minutes: readonly number[]) => ({
  kind: 'recurring',
  ...{ weekdays, minutes: minutes.map((hour) => hour * 60), until: '2030-01-01' },
})

/** Five that want everybody: at once, again and again, before the quiet hours and within them, patient and not. */
async function five({ campaign }: typeof free): Promise<void> {
  await campaign('上新', { governed: hold(72, 9), expires_hours: 30 })
  await campaign('满减', { governed: drop(5) })
  await campaign('上午', { governed: hold(20, 3), schedule: again([0, 2, 3, 5], [10]), expires_hours: 20 })
  await campaign('晚间', { governed: drop(7), schedule: again([0, 2, 4], [20]), expires_hours: 40 })
  await campaign('夜里', { governed: hold(48, 8), schedule: again([1, 5], [23]) })
}

/** A week in small steps; after it only what is sent in the morning and taken back for the night. */
const closely = [9.5, 12, 18, 20.95, 23.2]
async function live({ until }: typeof free, days: number): Promise<void> {
  for (let day = 1; day <= days; day += 1) for (const hour of day <= 8 ? closely : [12, 20.95]) await until(day, hour)
}

const reasonsOf = async ({ stage: { db } }: typeof free) => {
  const { rows } = await sql<{ reason: string }>`
    select distinct payload->>'reason' as reason from events where kind in ('touch.held', 'touch.dropped') order by 1`.execute(
    db,
  )
  return rows.map((row) => row.reason)
}
/** What happened to tasks: confirmed on a later day than they were asked, taken back and made anew, never confirmed. */
const tasks = async ({ stage: { db } }: typeof free) => {
  const { rows } = await sql<{ late: number; anew: number; expired: number }>`
    select count(*) filter (where state = 'confirmed'
        and (confirmed_at at time zone 'Asia/Shanghai')::date > (asked_at at time zone 'Asia/Shanghai')::date)::int as late,
      count(*) filter (where attempt > 1)::int as anew, count(*) filter (where state = 'expired')::int as expired
    from campaign_tasks`.execute(db)
  return rows[0] ?? { late: 0, anew: 0, expired: 0 }
}
const caps = [
  { channel: null, per: 'day', most: 1, kept: 0 },
  { channel: null, per: 'week', most: 3, kept: 1 },
  { channel: 'customer_send', per: 'week', most: 4, kept: 0 },
  { channel: null, per: 'month', most: 7, kept: 0 },
] as const

it('five competing campaigns bring nobody more than any cap allows in 34 days, by the platform’s own count of what arrived', async () => {
  await free.policy({
    ...openPolicy,
    caps: [...caps],
    kept_from: 8,
    gap_minutes: 600,
    quiet: { from: 1_260, until: 540 },
  })
  await five(free)
  await live(free, 34)
  const { reached } = await free.reached()
  expect([most(reached, 'day'), most(reached, 7), most(reached, 30)]).toEqual([1, 3, 7])
  // what could have gone wrong was there: every cap stood in somebody's way, tasks were taken back for the night or expired
  expect(await reasonsOf(free)).toEqual(expect.arrayContaining(['day_cap', 'gap', 'month_cap', 'quiet', 'week_cap']))
  const { anew, expired } = await tasks(free)
  expect(Math.min(anew, expired)).toBeGreaterThan(0)
}, 300_000)

it('members who confirm on a later day bring nobody over a cap of any day either', async () => {
  await late.policy({ ...openPolicy, caps: [...caps], kept_from: 8 })
  await five(late)
  await live(late, 8)
  const { reached, refused } = await late.reached()
  expect([most(reached, 'day'), most(reached, 7), refused]).toEqual([1, 3, 0])
  expect((await tasks(late)).late).toBeGreaterThan(0)
}, 300_000)

it('where the platform alone limits, it refuses nobody of ours: who has nothing left is not asked for', async () => {
  await five(weekly)
  await live(weekly, 9)
  const { reached, refused } = await weekly.reached()
  expect([most(reached, 7), refused]).toEqual([2, 0])
  expect(await reasonsOf(weekly)).toEqual(['quota'])
}, 300_000)
