import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'
import type { Due } from '../../../infra/due/due.ts'
import { testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { markOf } from '../../audiences/rules/facts.ts'
import { fates } from '../campaigns/recipient.ts'
import { type Channel, reasons, type Touch } from '../governor/touch.ts'
import { recordTouches } from '../governor/touches.store.ts'
import { releaseHeld } from './held.ts'
import { aRun, smallBrand } from './plan-stage.ts'
import { planRun } from './planning.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-11-11T10:00:00+08:00')
const corpId = 1
const senders = ['u0', 'u1', 'u2', 'gone']
await sql`insert into corps (corpid, name, created_at) values ('wwmoment', '品牌', now())`.execute(db)
await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 20, now())`.execute(
  db,
)
const people = Array.from({ length: 120 }, (_, at) => ({
  id: at + 1,
  marks: [markOf.tag(at % 2 === 0 ? 'even' : 'odd')],
  senders: [senders[at % 3] ?? '', ...(at % 5 === 0 ? ['gone'] : [])],
}))
await smallBrand(db, corpId, senders, people)
await sql`update staff set gone_at = now() where userid = 'gone'`.execute(db)
const content = { text: '你好', attachments: [] }
const share = (name: string) => ({ name, content, for: null, share: 50 })

async function planned(spec: Readonly<Record<string, unknown>>, rehearsal = false) {
  const { runId } = await aRun(db, corpId, { kind: 'moment', ...spec }, { at: clock.now(), rehearsal })
  const begun: number[] = []
  await planRun(
    { db, clock },
    { ...testRun({ id: 'x', corpId, input: {}, checkpoint: null }), input: { runId } },
    async (_tx, id) => {
      begun.push(id)
    },
  )
  const { plan } = await db.selectFrom('campaign_runs').select('plan').where('id', '=', runId).executeTakeFirstOrThrow()
  const moments = await db
    .selectFrom('campaign_moments')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('number')
    .execute()
  const tasks = await db
    .selectFrom('campaign_tasks')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('number')
    .execute()
  const recipients = await db.selectFrom('campaign_recipients').selectAll().where('run_id', '=', runId).execute()
  return { runId, plan: plan as unknown as Record<string, never>, moments, tasks, recipients, begun }
}

it('makes one Moment a variant, its canary apart, and one task a member of each, with what marking costs', async () => {
  const { plan, moments, tasks, recipients, begun } = await planned({
    variants: [share('A'), share('B')],
    canary: { permille: 100, hours: 4, most_deletes_permille: 20 },
  })
  const sentTo = recipients.filter(({ fate }) => fate === 0)
  expect(begun).toHaveLength(1)
  expect(tasks.map(({ variant, sender }) => `${variant} ${sender}`).sort()).toEqual(
    [0, 1].flatMap((variant) => ['u0', 'u1', 'u2'].map((sender) => `${variant} ${sender}`)),
  )
  expect(moments.map(({ canary }) => canary)).toEqual([true, false, false])
  for (const one of moments) {
    const own = tasks.filter(({ moment }) => moment === one.number)
    expect(own.every(({ variant, canary }) => variant === one.variant && canary === one.canary)).toBe(true)
    expect(one.to_mark).toBe(own.reduce((sum, { recipients: persons }) => sum + persons, 0))
    expect(one).toMatchObject({ own_tag: true, tags: [], state: 'planned', next_at: clock.now() })
  }
  expect(plan).toMatchObject({
    calls: { count: 3, per_minute: 8, minutes: 1 },
    quota: { mode: 'moments_a_month', most: 4, spent: 0 },
    moment: {
      ...{ by: 'audience', moments: 3, month: { most: 100_000, used: 0 } },
      marking: { marks: sentTo.length, per_minute: 8_500, minutes: 1 },
    },
  })
  const touches = await db.selectFrom('touch_reservations').select('channel').distinct().execute()
  expect(touches).toEqual([{ channel: 'moments' }])
})

it('says before what a run would cost, and keeps no Moment of a rehearsal', async () => {
  const { plan, moments } = await planned({ variants: [share('A'), share('B')] }, true)
  expect(plan).toMatchObject({ moment: { moments: 2, marking: { marks: expect.any(Number), minutes: 1 } } })
  expect(moments).toEqual([])
})

it('drops who has seen as many Moments this month as the corp allows, and counts no other channel and no other month', async () => {
  const touch = (customerId: number, place: number, channel: Channel, day: string): Touch => ({
    ...{ customerId, at: new Date(`2026-${day}T0${place}:00:00Z`), effect: `e${place}`, corpId, channel },
    kind: 'marketing',
  })
  await sql`delete from touch_reservations`.execute(db)
  await sql`update reach_settings set moments_a_month = 2`.execute(db)
  await db
    .transaction()
    .execute((tx) =>
      recordTouches(tx, [
        ...[1, 2].flatMap((place) => [
          touch(1, place, 'moments', '11-02'),
          touch(2, place, 'customer_send', '11-02'),
          touch(3, place, 'moments', '10-30'),
        ]),
        touch(4, 1, 'moments', '11-02'),
      ]),
    )
  const { plan, recipients } = await planned({}, true)
  const fateOf = (person: number) => recipients.find(({ customer_id }) => Number(customer_id) === person)
  expect(fateOf(1)).toMatchObject({ fate: fates.indexOf('dropped'), reason: reasons.indexOf('quota') })
  for (const person of [2, 3, 4]) expect(fateOf(person)?.fate).toBe(0)
  expect(plan).toMatchObject({
    dropped: [{ reason: 'quota', persons: 1 }],
    quota: { mode: 'moments_a_month', most: 2, spent: 1 },
  })
  // by tags nobody is dropped: the plan says how many have seen enough
  await sql`update relations set tag_ids = '{etX}' where customer_id in (1, 2)`.execute(db)
  const tagged = await planned({ whom: null, moment: { tags: ['etX'] } }, true)
  expect(tagged.plan).toMatchObject({ fates: { sent_to: 2 }, quota: { most: 2, spent: 1 } })
})

it('makes a Moment of its own of those whom it held, when their time has come', async () => {
  const { runId, moments, recipients } = await planned({
    governed: { when_capped: 'hold', wait_hours: 720, priority: 5 },
  })
  const held = recipients.filter(({ fate }) => fate === fates.indexOf('held'))
  expect(held.map(({ customer_id }) => Number(customer_id))).toEqual([1])
  expect(moments).toHaveLength(1)
  // the first of them is being marked meanwhile
  await sql`update campaign_moments set state = 'marking' where run_id = ${runId}`.execute(db)
  clock.set(new Date('2026-12-01T09:00:00+08:00'))
  const due = { schedule, unschedule } as Due
  const run = { ...testRun({ id: 'o', corpId, input: {}, checkpoint: null }), input: { runId } }
  await releaseHeld({ db, clock, due }, run, async () => undefined)
  const after = await db
    .selectFrom('campaign_moments')
    .select(['number', 'state', 'to_mark'])
    .where('run_id', '=', runId)
    .orderBy('number')
    .execute()
  expect(after).toEqual([
    { number: 1, state: 'marking', to_mark: moments[0]?.to_mark },
    { number: 2, state: 'planned', to_mark: 1 },
  ])
  await sql`update reach_settings set moments_a_month = null`.execute(db)
  clock.set(new Date('2026-11-11T10:00:00+08:00'))
})

it('keeps no more members in a Moment than the platform takes', async () => {
  await sql`update corps set limits = '{"moment.senders_max": 2}'::jsonb where id = ${corpId}`.execute(db)
  const { plan, moments, tasks } = await planned({})
  expect(moments).toHaveLength(2)
  expect(moments.map(({ number }) => tasks.filter(({ moment }) => moment === number).length)).toEqual([2, 1])
  expect(plan).toMatchObject({ moment: { moments: 2 } })
})

it('by tags reaches all who carry one at a member that may send, whatever else is written, and marks nobody', async () => {
  await sql`update relations set tag_ids = '{etA}' where userid = 'u1' and customer_id < 30`.execute(db)
  await sql`update relations set tag_ids = '{etB,etC}' where userid = 'gone'`.execute(db)
  await sql`insert into touch_wishes (customer_id, corp_id, wish, at, through) values (2, ${corpId}, 'none', now(), 'link')`.execute(
    db,
  )
  const { plan, moments, tasks, recipients } = await planned({
    ...{ whom: null, moment: { tags: ['etA', 'etB'] }, holdout_permille: 500, variants: [share('A'), share('B')] },
  })
  const carriers = people.filter(({ id, senders: own }) => (own.includes('u1') && id < 30) || own.includes('gone'))
  expect(recipients.map(({ customer_id }) => Number(customer_id)).sort((a, b) => a - b)).toEqual(
    carriers.map(({ id }) => id),
  )
  const reached = recipients.filter(({ fate }) => fate === 0)
  expect(new Set(reached.map(({ sender }) => sender))).toEqual(new Set(['u1']))
  // who wants nothing carries it all the same: the platform shows it to him, and the plan hides nothing
  expect(reached.map(({ customer_id }) => Number(customer_id))).toContain(2)
  expect(moments).toMatchObject([{ own_tag: false, tags: ['etA', 'etB'], to_mark: 0, state: 'ready', next_at: null }])
  expect(tasks).toMatchObject([{ sender: 'u1', moment: 1, recipients: reached.length, variant: 0 }])
  expect(plan).toMatchObject({ moment: { by: 'tags', moments: 1, marking: { marks: 0, minutes: 0 } } })
})

it('is not planned where the platform would refuse so many Moments, or so many tags', async () => {
  await sql`update corps set limits = '{"moment.tasks_per_month": 1}'::jsonb where id = ${corpId}`.execute(db)
  const two = { variants: [share('A'), share('B')] }
  await expect(planned(two)).rejects.toThrow('a corp has 1 in 30 days')
  await sql`update corps set limits = '{"tag.max_count": 1}'::jsonb where id = ${corpId}`.execute(db)
  await expect(planned(two)).rejects.toThrow('has room for 1 more')
  // by tags that stand it needs none of its own
  expect((await planned({ whom: null, moment: { tags: ['etA'] } })).moments).toHaveLength(1)
})
