import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { schedule, unschedule } from '../../infra/due/due.store.ts'
import { createDue } from '../../infra/due/due.ts'
import { heldOperations } from '../../infra/operations/testing.ts'
import type { Services } from '../../infra/services.ts'
import { createAudienceUpkeep, defineAudiences } from '../audiences/index.ts'
import { type CustomerStage, customerStage } from '../customers/customer-stage.ts'
import { passingGroup } from '../customers/index.ts'
import { createTagUpkeep } from '../tags/index.ts'
import { beginApproved } from './approvals/approved-run.jobs.ts'
import { campaignRouters } from './campaigns/campaign.routers.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { campaignDetail, saved } from './campaigns/campaigns.schema.ts'
import { defineCampaignStart } from './campaigns/start.jobs.ts'
import { createMomentTags } from './moments/own-tags.ts'
import { definePlanning } from './plan/plan.jobs.ts'
import { planRoutes } from './plan/plan.routes.ts'
import { planView } from './plan/plan.schema.ts'
import { runRoutes } from './run/run.routes.ts'
import { createRunUpkeep } from './run/run-upkeep.ts'
import { defineSteering } from './run/steer.ts'

const operations = heldOperations(() => stage.db)
const stage: CustomerStage = await customerStage({
  ...{ staff: 4, people: 40, relations: 60 },
  site: {
    routes: (services) => [...campaignRouters(services), planRoutes(services), runRoutes(services)],
    // tests run what is due themselves
    services: { operations, due: { schedule, unschedule } as Services['due'] },
  },
})
const { db, admin, client, clock, sandbox } = stage
const silent = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
const due = createDue({ db, clock, listener: silent, log: stage.services.log })
const services = { ...stage.services, due }
definePlanning(services, (tx, runId) => beginApproved(services, tx, runId))
defineCampaignStart(services)
defineSteering(services)
const upkeep = createRunUpkeep(stage.services)
const tags = createMomentTags(stage.services)
const author = await stage.as('operator')
const approver = await stage.as('administrator')

const begun = z.object({ run_id: z.int(), operation_id: z.uuid() })
const views = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })
/** Time passes, here and at the platform; what is due by then happens, and a round of every upkeep after it. */
const pass = async (minutes: number) => {
  await admin('POST', '/sandbox/clock', { advanceMs: minutes * 60_000 })
  clock.set(new Date(sandbox.clock.now()))
  await due.run()
  await tags.pass()
  await upkeep.pass()
}
const write = async (more: object): Promise<string> => {
  const spec = { ...sound, kind: 'moment', holdout_permille: 0, ...more }
  return (await author.post('/api/campaigns', { name: '新品上市', spec })).as(saved).id
}
const rehearse = async (id: string) => {
  const { run_id, operation_id } = (await author.post(`/api/campaigns/${id}/rehearse`)).as(begun)
  await operations.run(operation_id)
  const { plan } = await db
    .selectFrom('campaign_runs')
    .select('plan')
    .where('id', '=', run_id)
    .executeTakeFirstOrThrow()
  return planView.parse(plan)
}
const goesOut = async (id: string) => {
  expect((await author.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(200)
  expect((await approver.post(`/api/campaigns/${id}/approve`, { version: 1 })).as(saved).state).toBe('approved')
  await due.run()
  await operations.run()
  const { runs } = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
  return runs.find(({ rehearsal }) => !rehearsal)?.id ?? 0
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
  await stage.sync()
  // audiences read who is there
  defineAudiences(services)
  await createAudienceUpkeep(services).pass()
  await operations.run()
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
    await createTagUpkeep(services).pass()
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
