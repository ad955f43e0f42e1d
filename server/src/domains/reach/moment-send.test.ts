import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { customerStage } from '../customers/customer-stage.ts'
import { passingGroup } from '../customers/index.ts'
import { createTagUpkeep } from '../tags/index.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail } from './campaigns/campaigns.schema.ts'
import { createMomentTags } from './moments/own-tags.ts'
import { sendStage } from './send-stage.ts'

const { stage, author, ...sends } = await sendStage(
  (site) => customerStage({ ...{ staff: 4, people: 40, relations: 60 }, site }),
  { rounds: (services) => [createMomentTags(services)] },
)
const { pass, rehearse } = sends
const { db, admin, client } = stage

const views = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })
const write = (more: object) => sends.write('新品上市', { ...sound, kind: 'moment', holdout_permille: 0, ...more })
const goesOut = async (id: string) => {
  await sends.agree(id)
  return sends.begin(id)
}
const parts = async (runId: number) => {
  const { rows } = await sql<{ sender: string; msgid: string | null; state: string; sent: number; beside: number }>`
    select sender, msgid, state, sent, beside from campaign_tasks where run_id = ${runId} order by number`.execute(db)
  return rows
}
/** Of whom the run is: the member who publishes to him, and the customer. */
const chosen = async (runId: number) => {
  const { rows } = await sql<{ pair: string }>`
    select sender || ' ' || external_userid as pair from campaign_recipients
    where run_id = ${runId} and task is not null order by 1`.execute(db)
  return rows.map(({ pair }) => pair)
}
/** Whom the platform chose to see it: the member who published it, and the customer. */
const chosenThere = async (runId: number) => {
  const pairs: string[] = []
  for (const { sender, msgid } of await parts(runId))
    for (const one of (await client.moments.customers({ moment_id: msgid ?? '', userid: sender, limit: 1_000 }))
      .customer_list)
      pairs.push(`${one.userid} ${one.external_userid}`)
  return pairs.sort()
}
/** To whose eyes it came: not to who has deleted the member, which the platform tells nobody. */
const seen = async () =>
  views
    .parse(await admin('GET', '/sandbox/oracle/moment-views?limit=100000'))
    .rows.map((row) => ({ moment: String(row[1]), pair: `${row[2]} ${row[3]}` }))
const momentIds = async (runId: number) =>
  (await db.selectFrom('campaign_moments').select('moment_id').where('run_id', '=', runId).execute()).map(
    (one) => one.moment_id,
  )
const ownTags = async () =>
  (await client.tags.list({})).tag_group.filter((one) => one.group_name === passingGroup).flatMap((one) => one.tag)
const marks = () => stage.calls('/externalcontact/mark_tag')

async function publish(runId: number): Promise<void> {
  for (let minutes = 0; minutes < 10; minutes += 1) await pass(1)
  const asked = await parts(runId)
  expect(asked.map(({ state }) => state)).toEqual(asked.map(() => 'asked'))
  for (const { sender, msgid } of asked) await admin('POST', `/sandbox/people/${sender}/moments/${msgid}/publish`)
}

beforeAll(async () => {
  await sends.meet()
  await admin('PATCH', '/sandbox/settings', { reach: { habits: { prompt: 0, late: 0 }, dispatchMs: 3_000 } })
})

describe('a Moment', () => {
  it('is rehearsed with its cost, agreed to, marked for that cost, published, seen by whom it was for and nobody else, and its tag goes', async () => {
    const [variant] = sound.variants
    const of = (name: string) => ({ ...variant, name, share: 50 })
    const id = await write({ variants: [of('甲'), of('乙')] })
    const rehearsed = await rehearse(id)
    expect(rehearsed.moment).toMatchObject({ by: 'audience', moments: 2, month: { used: 0 } })
    const before = await marks()
    const runId = await goesOut(id)
    await publish(runId)
    expect((await marks()) - before).toBe(rehearsed.moment?.marking.marks)
    expect(await ownTags()).toHaveLength(2)
    for (let round = 0; round < 20; round += 1) await pass(10)
    expect(await chosenThere(runId)).toEqual(await chosen(runId))
    const own = await momentIds(runId)
    const seenBy = (await seen()).filter(({ moment }) => own.includes(moment)).map(({ pair }) => pair)
    expect((await chosen(runId)).filter((pair) => seenBy.includes(pair))).toEqual(seenBy.sort())
    expect(seenBy.length).toBeGreaterThan(20)
    expect((await parts(runId)).reduce((sum, one) => sum + one.sent, 0)).toBe(seenBy.length)
    for (let days = 0; days < 10; days += 1) await pass(1_440)
    const detail = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    expect([detail.state, detail.runs.find(({ id: run }) => run === runId)?.state]).toEqual(['ended', 'ended'])
    expect(await ownTags()).toEqual([])
  })

  it('by corp tags that stand is seen by all who carry them at the members who publish it, and nothing is marked', async () => {
    const { tag_group } = await client.tags.add({ group_name: '兴趣', tag: [{ name: '新品' }] })
    const tag = tag_group.tag[0]?.id ?? ''
    const { rows } = await sql<{ userid: string; external: string }>`
      select r.userid, r.external_userid as external from relations r join staff s on s.corp_id = r.corp_id and s.userid = r.userid
      where r.status = 'alive' and s.gone_at is null and s.follows order by 1, 2 limit 15`.execute(db)
    for (const { userid, external } of rows)
      await client.tags.mark({ userid, external_userid: external, add_tag: [tag] })
    await stage.sync()
    await createTagUpkeep(sends.services).pass()
    const id = await write({ whom: null, moment: { tags: [tag] } })
    const rehearsed = await rehearse(id)
    expect(rehearsed.moment).toMatchObject({ by: 'tags', moments: 1, marking: { marks: 0 } })
    const before = await marks()
    const runId = await goesOut(id)
    await publish(runId)
    for (let round = 0; round < 20; round += 1) await pass(10)
    expect(await marks()).toBe(before)
    expect(await chosenThere(runId)).toEqual(rows.map(({ userid, external }) => `${userid} ${external}`).sort())
  })
})
