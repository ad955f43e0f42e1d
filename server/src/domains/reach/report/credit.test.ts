import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { creditOf, type Touch } from './credit.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'
import {
  type PlantedRun,
  plantOpen,
  plantOrders,
  plantPersons,
  plantRecipients,
  plantRun,
  specWith,
} from './testing.ts'

const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
const touch = (by: Touch['by'], run: number, hour: number, hours = 24): Touch => ({ by, run, at: at(hour), hours })

describe('an order is credited', () => {
  it('to a click before a later send, to the last of several, and to nothing whose window is over', () => {
    expect(creditOf(at(20), [touch('click', 1, 2), touch('send', 2, 10)])).toMatchObject({ by: 'click', run: 1 })
    expect(creditOf(at(20), [touch('send', 1, 2), touch('send', 2, 10)])).toMatchObject({ run: 2, firstRun: 1 })
    expect(creditOf(at(20), [touch('click', 1, 2, 18), touch('send', 2, 10)])).toMatchObject({ by: 'send', run: 2 })
    expect(creditOf(at(20), [touch('send', 1, 21)])).toBeUndefined()
  })
})

const { db } = await testDatabase()

describe('in the database', () => {
  const hour = fc.integer({ min: 0, max: 60 })
  const person = fc.integer({ min: 0, max: 2 })
  const campaign = fc.record({
    click: fc.integer({ min: 1, max: 48 }),
    send: fc.integer({ min: 1, max: 24 }),
    sends: fc.uniqueArray(fc.record({ person, hour }), { selector: (one) => one.person, minLength: 1, maxLength: 3 }),
    clicks: fc.array(fc.record({ person, hour, home: fc.boolean() }), { maxLength: 4 }),
  })
  const world = fc.record({
    campaigns: fc.tuple(campaign, campaign, campaign),
    orders: fc.array(fc.record({ person, hour, home: fc.boolean() }), { minLength: 1, maxLength: 8 }),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  })
  // each of three persons has another home
  const homeOf = (one: { person: number; home: boolean }) => 1 + one.person + (one.home ? 10 : 0)

  it('every order goes where one order alone would go, once, in whatever order the reports are worked out', async () => {
    const { rows: corps } = await sql<{ id: number }>`
      insert into corps (corpid, name, created_at) values ('wwcredit', '品牌', ${at(-999)}) returning id`.execute(db)
    const corpId = corps[0]?.id ?? 0
    await plantPersons(db, corpId, [1, 2, 3, 11, 12, 13], at(-999))
    await sql`update customers set merged_into = id - 10 where id > 10`.execute(db)
    const planted: PlantedRun[] = []
    for (let place = 0; place < 3; place += 1) planted.push(await plantRun(db, corpId, { at: at(0), recipients: [] }))
    await fc.assert(
      fc.asyncProperty(world, async ({ campaigns, orders, order }) => {
        await sql`truncate orders, order_credits, link_opens, campaign_recipients`.execute(db)
        for (const [place, { campaignId, runId }] of planted.entries()) {
          const { click, send, sends, clicks } = campaigns[place] ?? campaigns[0]
          const spec = JSON.stringify(specWith({ attribution: { click_hours: click, send_hours: send } }))
          await sql`update campaign_versions set spec = ${spec}::jsonb where campaign_id = ${campaignId}`.execute(db)
          await plantRecipients(
            db,
            corpId,
            runId,
            sends.map((one) => ({ customerId: 1 + one.person, sender: 'u', task: 1, status: 1, sentAt: at(one.hour) })),
          )
          for (const one of clicks) await plantOpen(db, corpId, runId, homeOf(one), at(one.hour))
        }
        const told = orders.map((one) => ({ customerId: homeOf(one), at: at(one.hour) }))
        const first = await plantOrders(db, corpId, told)
        for (const place of order) {
          const run = await runById(db, corpId, planted[place]?.runId ?? 0)
          if (run !== undefined) await refreshReport(db, run, at(1_000))
        }
        const { rows: credited } = await sql<{ order: number; by: string; run: number; firstRun: number }>`
          select order_id as order, by, run_id as run, first_run as "firstRun" from order_credits order by order_id`.execute(
          db,
        )
        const expected = orders.flatMap((one, place) => {
          const touches = campaigns.flatMap(({ click, send, sends, clicks }, which): Touch[] => {
            const run = planted[which]?.runId ?? 0
            const his = <T extends { person: number }>(all: readonly T[]) =>
              all.filter(({ person: who }) => who === one.person)
            return [
              ...his(sends).map((sent) => touch('send', run, sent.hour, send)),
              ...his(clicks).map((opened) => touch('click', run, opened.hour, click)),
            ]
          })
          const credit = creditOf(at(one.hour), touches)
          return credit === undefined ? [] : [{ order: first + place, ...credit }]
        })
        expect(credited).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })
})
