import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { saveAsset } from '../../content/media/media.store.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { recipientsOf } from '../plan/recipients.store.ts'
import { momentStage } from './moment-stage.ts'

const stage = await momentStage({
  staff: 8,
  people: 90,
  relations: 150,
  reach: { moments: { looks: 1, likes: 0.5, comments: 0.3 } },
})
const { db } = stage

beforeAll(async () => {
  await stage.sync()
})

const touches = async (runId: number) => {
  const { rows } = await sql<{ customerId: number; channel: string; effect: string; sender: string }>`
    select customer_id as "customerId", channel, effect, sender from touches where effect like ${`campaign:${runId}%`}`.execute(
    db,
  )
  return rows
}
const reserved = async (runId: number) => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from touch_reservations where run_id = ${runId}`.execute(db)
  return rows[0]?.n
}

describe('a Moment', () => {
  it('is asked for once for all members, published by each, seen, liked and commented on; everybody is touched once', async () => {
    const runId = await stage.ready()
    expect(await reserved(runId)).toBeGreaterThan(20)
    await stage.begin(runId)
    await stage.round()
    expect((await stage.moments(runId)).map((one) => one.state)).toEqual(['made'])
    await stage.pass(1)
    const asked = await stage.parts(runId)
    expect(asked.map((one) => one.state)).toEqual(asked.map(() => 'asked'))
    const before = await recipientsOf(db, { runId, fate: fateNumber('sent_to'), after: 0, limit: 500 })
    expect(before.some((one) => one.taskState === 'confirmed')).toBe(false)
    expect(await stage.calls('/add_moment_task')).toBe(1)
    await stage.publishAll(runId)
    for (let round = 0; round < 4; round += 1) await stage.pass(15)
    expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
    const seen = await stage.seen()
    // only carriers see it, and each at his own member
    const { rows: people } = await sql<{ id: string; sender: string; status: number }>`
      select external_userid as id, sender, status from campaign_recipients where run_id = ${runId}`.execute(db)
    const keyOf = (userid: string, id: string) => `${userid} ${id}`
    expect(seen.map((one) => keyOf(one.userid, one.id)).toSorted()).toEqual(
      people
        .filter((one) => one.status === 1)
        .map((one) => keyOf(one.sender, one.id))
        .toSorted(),
    )
    expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
    // who cannot see it is told apart from whose member has not published
    const after = await recipientsOf(db, { runId, fate: fateNumber('sent_to'), after: 0, limit: 500 })
    expect([after.length, after.every((one) => one.taskState === 'confirmed')]).toEqual([before.length, true])
    const parts = await stage.parts(runId)
    expect(parts.reduce((sum, one) => sum + one.sent, 0)).toBe(seen.length)
    const felt = await touches(runId)
    expect(felt).toHaveLength(seen.length)
    expect(new Set(felt.map((one) => one.channel))).toEqual(new Set(['moments']))
    expect(await reserved(runId)).toBe(0)
    const { rows: told } = await sql<{ n: number }>`
      select count(*)::int as n from events where kind = 'send.delivered' and payload->>'run' = ${String(runId)}`.execute(
      db,
    )
    expect(told[0]?.n).toBe(seen.length)
    // likes and comments, as the platform has them, though the run is over
    for (let hours = 0; hours < 60; hours += 6) await stage.pass(360)
    let likes = 0
    for (const part of await stage.parts(runId)) {
      const truth = await stage.applause(part.sender, part.msgid ?? '')
      expect({ likes: part.likes, comments: part.comments }).toEqual(truth)
      likes += truth.likes
    }
    expect(likes).toBeGreaterThan(5)
    // no call for any customer, and a few for each member
    const members = parts.length
    expect(await stage.calls('/get_moment_send_result')).toBeLessThanOrEqual(2 * members)
    expect(await stage.calls('/get_moment_task')).toBeLessThan(6)
  })

  it('shows its pictures, or its link with the cover, as uploaded to where Moments take theirs from', async () => {
    const bytes = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const asset = { corpId: stage.corpId, kind: 'image' as const, fileName: 'a.png', mime: 'image/png', bytes }
    const asset_id = await saveAsset(db, asset, stage.clock.now())
    const link = { kind: 'link' as const, title: '新品', url: 'https://shop.example/p', desc: '', picurl: '', asset_id }
    for (const attachments of [[{ kind: 'image' as const, asset_id }], [link]]) {
      const content = { text: '{品牌}上新', attachments }
      const runId = await stage.ready({ variants: [{ name: '甲', content, for: null, share: 100 }] })
      await stage.begin(runId)
      await stage.round()
      await stage.pass(1)
      expect((await stage.moments(runId)).map((one) => one.state)).toEqual(['asked'])
      const [{ sender = '', msgid = '' } = {}] = await stage.parts(runId)
      const shown = await stage.shown(sender, msgid ?? '')
      if (attachments.some((one) => one === link)) {
        const { rows } = await sql<{ target: string }>`select target from links where run_id = ${runId}`.execute(db)
        expect(rows).toEqual([{ target: link.url }])
        expect(shown?.link).toMatchObject({ title: '新品', url: expect.stringMatching(/\/l\/[\w-]{20}$/) })
      } else expect(shown?.images).toHaveLength(1)
    }
  })
})
