import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { customerStage } from '../customers/customer-stage.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail } from './campaigns/campaigns.schema.ts'
import { sendStage } from './send-stage.ts'

const { stage, due, operations, upkeep, author, approver, ...sends } = await sendStage((site) =>
  customerStage({ ...{ staff: 4, people: 40, relations: 50 }, site }),
)
const { pass, rehearse, agree } = sends
const { db, admin, clock } = stage

const deliveries = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })
const tasks = async () => {
  const { rows } = await sql<{
    run: number
    state: string
    sender: string
    msgid: string | null
    sent: number
    answered: number
    recipients: number
  }>`
    select run_id as run, state, sender, msgid, sent, sent + no_friend + over_cap as answered, recipients from campaign_tasks order by run_id, number`.execute(
    db,
  )
  return rows
}
const write = (more: object = {}) => sends.write('新品到店', { ...sound, holdout_permille: 0, ...more })

beforeAll(async () => {
  await sends.meet()
  await admin('PATCH', '/sandbox/settings', {
    reach: { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender', dispatchMs: 3_000 },
  })
})

describe('a campaign', () => {
  it('is written, rehearsed, agreed to, planned, asked, confirmed and read to its end: everybody once', async () => {
    const [variant] = sound.variants
    const text = '{品牌}上新 https://shop.example/p/1?guide={员工ID} {少打扰}'
    const id = await write({ variants: [{ ...variant, content: { text, attachments: [] } }] })
    const rehearsed = await rehearse(id)
    expect(rehearsed.fates.sent_to).toBeGreaterThan(20)
    await agree(id)
    await due.run()
    await operations.run()
    await upkeep.pass()
    const asked = await tasks()
    expect(asked.length).toBeGreaterThan(1)
    expect(asked.map((task) => task.state)).toEqual(asked.map(() => 'asked'))
    expect(asked.reduce((sum, task) => sum + task.recipients, 0)).toBe(rehearsed.fates.sent_to)
    // each member's link leads to the address that names him
    const { rows: targets } = await sql<{ target: string }>`select target from links order by task`.execute(db)
    expect(targets.map((row) => row.target)).toEqual(
      asked.map(({ sender }) => `https://shop.example/p/1?guide=${encodeURIComponent(sender)}`),
    )
    await pass(2)
    for (const { sender, msgid } of asked) await admin('POST', `/sandbox/people/${sender}/tasks/${msgid}/confirm`)
    for (let round = 0; round < 3; round++) await pass(10)
    const got = deliveries.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000')).rows
    const reached = got.map((row) => row[3])
    expect(new Set(reached).size).toBe(reached.length)
    expect(reached).toHaveLength((await tasks()).reduce((sum, task) => sum + task.sent, 0))
    // the ledger has each of them, with all that is known of it
    const ledger = await sql`
      select distinct channel, kind, campaign_id as campaign, weight, effect like 'campaign:%' as named, sender is not null as sent,
        at > ${clock.now()}::timestamptz - interval '1 hour' as timely from touches where channel = 'customer_send'`.execute(
      db,
    )
    const touch = { channel: 'customer_send', kind: 'marketing', campaign: id, weight: 100 }
    expect(ledger.rows).toEqual([{ ...touch, named: true, sent: true, timely: true }])
    expect(
      await db.selectFrom('touches').select('customer_id').where('channel', '=', 'customer_send').execute(),
    ).toHaveLength(reached.length)
    // the platform's word came for everybody who was planned
    expect((await tasks()).reduce((sum, task) => sum + task.answered, 0)).toBe(rehearsed.fates.sent_to)
    const detail = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    expect([detail.state, detail.runs.map((run) => [run.rehearsal, run.state])]).toEqual([
      'ended',
      [
        [false, 'ended'],
        [true, 'planned'],
      ],
    ])
  })

  it('that outgrew its approval asks nobody, and is a draft again', async () => {
    const settings = { brand: null, one_approval_most: 1_000, two_for_tiers: [], global_holdout_permille: 0 }
    const id = await write({ marketing: false })
    await rehearse(id)
    await agree(id)
    // since then the corp lets one person agree to ten only
    expect((await approver.put('/api/reach/settings', { ...settings, one_approval_most: 10 })).status).toBe(200)
    const before = (await tasks()).length
    await due.run()
    await operations.run()
    await upkeep.pass()
    const detail = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    expect([detail.state, detail.runs[0]?.state, detail.runs[0]?.why]).toEqual([
      'draft',
      'cancelled',
      'outgrew_approval',
    ])
    expect((await tasks()).slice(before).map((task) => task.state)).not.toContain('asked')
    await approver.put('/api/reach/settings', settings)
  })

  it('is cancelled with its runs, and what nobody confirmed reaches nobody', async () => {
    const id = await write({ marketing: false })
    await rehearse(id)
    await agree(id)
    const before = deliveries.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000')).rows.length
    await due.run()
    await operations.run()
    await upkeep.pass()
    expect((await author.post(`/api/campaigns/${id}/cancel`)).as(campaignDetail).state).toBe('cancelled')
    for (let round = 0; round < 3; round++) await pass(5)
    const { runs } = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    expect(runs.filter((run) => !run.rehearsal).map((run) => run.state)).toEqual(['cancelled'])
    const own = runs.find((run) => !run.rehearsal)?.id
    for (const { sender, msgid } of (await tasks()).filter((task) => task.run === own))
      if (msgid !== null) await admin('POST', `/sandbox/people/${sender}/tasks/${msgid}/confirm`).catch(() => undefined)
    const after = deliveries.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000')).rows.length
    expect(after).toBe(before)
  })
})
