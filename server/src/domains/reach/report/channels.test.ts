import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { sideBySideOf } from './channels.ts'
import { comparisonsMost } from './comparison.schema.ts'
import { addComparison, comparisonsOf } from './comparisons.store.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'
import { differencesOfRun } from './sums.jobs.ts'
import { type PlantedOrder, type PlantedRecipient, plantOrders, plantPersons, plantRun, specWith } from './testing.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
const account = '0199a0a0-0000-7000-8000-0000000000b1'
let corpId = 0

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwchannels', '品牌', ${at(-9_999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  await sql`insert into staff (corp_id, userid, name, first_seen_at, seen_at) values (${corpId}, 'u1', '小红', ${at(-999)}, ${at(-999)})`.execute(
    db,
  )
})

interface Told {
  readonly customerId: number
  readonly name: string
  readonly at: Date
  readonly batch?: string
}

const tell = (events: readonly Told[]) =>
  sql`
    insert into behaviours (customer_id, at, corp_id, name, source, properties)
    select customer_id, at, ${corpId}, name, 'shop', jsonb_build_object('batch', batch) from unnest(
      ${numberArray(events.map((one) => one.customerId))}::bigint[], ${textArray(events.map((one) => one.at.toISOString()))}::timestamptz[],
      ${textArray(events.map((one) => one.name))}::text[], ${textArray(events.map((one) => one.batch ?? 'K'))}::text[]
    ) as told(customer_id, at, name, batch)`.execute(db)

const coupon = {
  ...{ issued: null, claimed: 'coupon.claimed', redeemed: 'coupon.redeemed' },
  batch: { property: 'batch', value: 'K' },
}
const sms = {
  event: 'sms.sent',
  property: { name: 'batch', value: 'K' },
  from: at(0).toISOString(),
  until: at(48).toISOString(),
}

async function reportOf(runId: number) {
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run was planted')
  const { figures } = await refreshReport(db, run, at(24 * 60))
  const shown = sideBySideOf(figures, run.spec)
  if (shown === null) throw new Error('the run names channels')
  expect(await differencesOfRun(db, run)).toEqual([])
  return { figures, shown, of: (key: string) => shown.rows.find((row) => row.key === key) }
}

const name = (
  runId: number,
  who: Parameters<typeof addComparison>[3]['who'],
  as = '短信',
  cost: number | null = 5_000,
) => db.transaction().execute((tx) => addComparison(tx, corpId, runId, { name: as, who, cost }, { account, at: at(9) }))

describe('a coupon of which guides send to those whom they chose, and an SMS to the rest (SC4)', () => {
  // who bought four times before buys again with 40 %, who never did with 10 %, whatever reaches him; a guide adds 10 points.
  // Guides chose 600 of 800 loyal people and 200 of 1,600 new ones, the SMS went to the others
  const persons = Array.from({ length: 2_500 }, (_, place) => 10_001 + place)
  const isLoyal = (place: number) => place < 800
  const isGuided = (place: number) => (isLoyal(place) ? place < 600 : place < 1_000)
  const isHeld = (place: number) => place >= 2_400
  const buys = (place: number): boolean => {
    const share = (isLoyal(place) ? 40 : 10) + (isGuided(place) ? 10 : 0)
    return (place * 37) % 100 < share
  }
  const had: PlantedOrder[] = persons.flatMap((customerId, place) =>
    isLoyal(place) ? [1, 2, 3, 4].map((week) => ({ customerId, at: at(-24 * 7 * week) })) : [],
  )
  let runId = 0

  beforeAll(async () => {
    await plantPersons(db, corpId, persons, at(-9_999))
    const recipients = persons.flatMap((customerId, place): PlantedRecipient[] => {
      if (isHeld(place)) return [{ customerId, fate: 'holdout', bucket: 5, variant: null, sender: 'u1' }]
      if (!isGuided(place)) return []
      return [{ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(1) }]
    })
    const planted = await plantRun(db, corpId, {
      ...{ at: at(0), state: 'ended', recipients },
      spec: specWith({ coupon }),
      tasks: [{ number: 1, sender: 'u1', askedAt: at(0), confirmedAt: at(1) }],
    })
    runId = planted.runId
    const buyers = persons.flatMap((customerId, place) =>
      !isHeld(place) && buys(place) ? [{ customerId, place }] : [],
    )
    await plantOrders(db, corpId, [
      ...had,
      ...buyers.map(({ customerId }) => ({ customerId, at: at(6), amount: 20_000 })),
    ])
    const elsewhere = persons.filter((_, place) => !isHeld(place) && !isGuided(place))
    await tell([
      ...elsewhere.map((customerId) => ({ customerId, name: 'sms.sent', at: at(2) })),
      // of another batch, before the window and after it: none of it counts
      { customerId: 10_001, name: 'sms.sent', at: at(2), batch: 'L' },
      { customerId: 10_001, name: 'coupon.redeemed', at: at(0.5) },
      { customerId: 10_002, name: 'coupon.redeemed', at: at(200) },
      ...buyers.flatMap(({ customerId }) => [
        { customerId, name: 'coupon.claimed', at: at(5) },
        { customerId, name: 'coupon.redeemed', at: at(6) },
      ]),
    ])
    expect(await name(runId, sms)).toBe(true)
  })

  it('shows the way of the coupon by channel, side by side', async () => {
    const { shown, of } = await reportOf(runId)
    const [redeemed, elsewhere] = [
      persons.filter((_, place) => isGuided(place) && buys(place)).length,
      persons.filter((_, place) => !isHeld(place) && !isGuided(place) && buys(place)).length,
    ]
    expect(shown.rows.map(({ how }) => how)).toEqual(['sent', 'held_out', 'brought'])
    expect(of('sent')).toMatchObject({
      persons: 800,
      reached: 800,
      issued: 800,
      claimed: redeemed,
      redeemed,
      gmv: redeemed * 20_000,
    })
    expect(of('holdout')).toMatchObject({ persons: 100, reached: null, issued: 0, redeemed: 0 })
    const [key] = (await comparisonsOf(db, runId)).map(({ id }) => id)
    expect(of(key ?? '')).toMatchObject({
      ...{ reached: 1_600, issued: 1_600, claimed: elsewhere, redeemed: elsewhere, cost: 5_000 },
      ...{ cost_redeemed: 5_000 / elsewhere, redeem_of_issued: elsewhere / 1_600, redeem_of_claimed: 1 },
    })
  })

  it('says the raw difference and the matched one, of which only the second holds what the guides did, and warns', async () => {
    const { shown } = await reportOf(runId)
    const [compared] = shown.comparisons
    expect(compared).toMatchObject({
      random: false,
      both: 0,
      matched: { left_out_a: 0, left_out_b: 0, persons_b: 1_600 },
    })
    expect(compared?.warning?.zh).toContain('非系统随机分组')
    expect(compared?.warning?.en).toContain('not random unless split by the system')
    expect(compared?.measures.map(({ measure, unit }) => [measure, unit])).toEqual([
      ['redeemed', 'share'],
      ['converted', 'share'],
      ['revenue', 'fen'],
    ])
    for (const { raw, matched, lift, unit } of compared?.measures ?? []) {
      // who buys pays 200 yuan
      const guide = unit === 'fen' ? 0.1 * 20_000 : 0.1
      expect(raw?.low).toBeGreaterThan(guide)
      expect((matched?.value ?? 0) / guide).toBeCloseTo(1, 0)
      expect(matched?.low).toBeLessThan(guide)
      expect(matched?.high).toBeGreaterThan(guide)
      expect(lift).toMatchObject({ significant: true })
    }
    const orders = compared?.matched?.traits.find(({ key }) => key === 'orders')
    expect(orders?.before).toBeGreaterThan(0.5)
    expect(orders?.after).toBeCloseTo(0, 10)
  })

  it('counts who had both on neither side, and leaves out who is like nobody', async () => {
    const { shown: before } = await reportOf(runId)
    await tell([10_001, 10_002, 10_601].map((customerId) => ({ customerId, name: 'sms.sent', at: at(3) })))
    const { shown } = await reportOf(runId)
    const [one, other] = [before.comparisons[0], shown.comparisons[0]]
    // the third was told twice, and had the SMS alone
    expect(other).toMatchObject({
      both: 2,
      matched: { persons_a: (one?.matched?.persons_a ?? 0) - 2, persons_b: 1_600 },
    })
    await sql`insert into stage_stays (customer_id, corp_id, stage, version, cause, entered_at)
      values (10003, ${corpId}, '沉睡', 1, 'start', ${at(-99)}), (10004, ${corpId}, '沉睡', 1, 'fact', ${at(2)})`.execute(
      db,
    )
    const { shown: alone } = await reportOf(runId)
    // what became of the fourth came after, and is nothing that was known before
    expect(alone.comparisons[0]?.matched).toMatchObject({ left_out_a: 1, left_out_b: 0 })
  })

  it('takes as many channels as can be read side by side, and each name once', async () => {
    expect(await name(runId, sms)).toBe(false)
    for (let more = 1; more < comparisonsMost; more += 1)
      expect(await name(runId, sms, `短信 ${more}`, null)).toBe(true)
    expect(await name(runId, sms, '再一个')).toBe(false)
    expect(await comparisonsOf(db, runId)).toHaveLength(comparisonsMost)
  })
})

describe('where the system drew who is reached by which channel', () => {
  it('all who were drawn are compared, reached or not, by lift of each against the holdout, without a warning', async () => {
    const persons = Array.from({ length: 900 }, (_, place) => 20_001 + place)
    await plantPersons(db, corpId, persons, at(-9_999))
    const aside = { sender: 'u1', variant: null, bucket: 5 }
    const { runId } = await plantRun(db, corpId, {
      ...{ at: at(0), state: 'ended' },
      spec: specWith({ coupon, elsewhere: { name: '短信', permille: 400, event: 'sms.drawn', cost: 4_000 } }),
      recipients: persons.map((customerId, place) => {
        if (place < 100) return { customerId, ...aside, fate: 'holdout' }
        if (place < 500) return { customerId, ...aside, fate: 'elsewhere', hits: place === 499 ? 1 << 16 : 0 }
        return {
          customerId,
          sender: 'u1',
          task: 1,
          status: place < 800 ? 1 : 0,
          ...(place < 800 ? { sentAt: at(1) } : {}),
        }
      }),
      tasks: [{ number: 1, sender: 'u1', askedAt: at(0), confirmedAt: at(1) }],
    })
    const buyers = persons.filter((_, place) => place % (place < 100 ? 20 : place < 500 ? 10 : 5) === 0)
    await plantOrders(
      db,
      corpId,
      buyers.map((customerId) => ({ customerId, at: at(5), amount: 1_000 })),
    )
    await tell(persons.slice(100, 400).map((customerId) => ({ customerId, name: 'sms.drawn', at: at(2) })))
    const { figures, shown, of } = await reportOf(runId)
    expect(figures.fates).toMatchObject({ sent_to: 400, elsewhere: 400, holdout: 100 })
    expect(of('drawn')).toMatchObject({ persons: 400, reached: 300, converted: 30, cost: 4_000 })
    const [compared] = shown.comparisons
    expect(compared).toMatchObject({ random: true, warning: null, matched: null })
    const converted = compared?.measures.find(({ measure }) => measure === 'converted')
    // one of the drawn would have been kept from it by the governor: he is on neither side
    expect(converted?.raw?.value).toBeCloseTo(80 / 400 - 40 / 399, 10)
    expect(converted?.lift?.value).toBeCloseTo(80 / 400 - 5 / 100, 10)
    expect(converted?.lift_other?.value).toBeCloseTo(40 / 399 - 5 / 100, 10)
    const revenue = compared?.measures.find(({ measure }) => measure === 'revenue')
    expect(revenue?.raw?.value).toBeCloseTo((80 / 400 - 40 / 399) * 1_000, 6)
    expect(revenue?.lift).toEqual(figures.gmv_person)
    expect(revenue?.lift?.value).toBeCloseTo((80 / 400 - 5 / 100) * 1_000, 6)
    expect(revenue?.lift_other?.value).toBeCloseTo((40 / 399 - 5 / 100) * 1_000, 6)
    expect(revenue?.lift_other?.low).toBeLessThan(revenue?.lift_other?.value ?? 0)
    expect(revenue?.matched).toBeNull()
  })
})
