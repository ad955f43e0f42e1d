import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { definePlanning } from '../plan/plan.jobs.ts'
import { planRoutes } from '../plan/plan.routes.ts'
import { rehearsalBegun } from '../plan/plan.schema.ts'
import { aRun, smallBrand } from '../plan/plan-stage.ts'
import { overviewRoutes } from './overview.routes.ts'
import { approvedView, experimentPage, rehearsalPage } from './overview.schema.ts'

const database = await testDatabase()
const { db } = database
const operations = heldOperations(() => db)
const site = await testSite({
  routes: (services) => [planRoutes(services), overviewRoutes(services)],
  services: { operations },
  database,
})
const { corpId, clock } = site
definePlanning(site.services, async () => undefined)
await smallBrand(
  db,
  corpId,
  ['ann'],
  [
    { id: 1, senders: ['ann'] },
    { id: 2, senders: ['ann'] },
  ],
)
const operator = await site.as('operator')
const { campaignId } = await aRun(db, corpId, {}, { at: clock.now() })

it('a rehearsal is listed as it is made and with what it says when it is, the earlier one no more', async () => {
  const rehearse = async () => {
    const begun = (await operator.post(`/api/campaigns/${campaignId}/rehearse`)).as(rehearsalBegun)
    return begun
  }
  const list = async () => (await operator.get('/api/campaign-rehearsals')).as(rehearsalPage).items
  const first = await rehearse()
  expect(await list()).toMatchObject([
    { run: first.run_id, campaign: { name: '周年庆', kind: 'customer_send' }, by_plan: null },
  ])
  await operations.run(first.operation_id)
  expect(await list()).toMatchObject([{ run: first.run_id, version: 1, by_plan: { candidates: 2, senders: 1 } }])
  const second = await rehearse()
  expect((await list()).map(({ run }) => run)).toEqual([second.run_id])
})

it('runs with a holdout or with variants drawn by chance are experiments, also before anything is known of them', async () => {
  const list = async () => (await operator.get('/api/experiments')).as(experimentPage).items
  const plain = await aRun(db, corpId, {}, { at: clock.now() })
  const held = await aRun(db, corpId, { holdout_permille: 50 }, { at: clock.now() })
  const content = { text: '你好' }
  const drawn = await aRun(
    db,
    corpId,
    { variants: ['A', 'B'].map((name) => ({ name, content, for: null, share: 50 })) },
    { at: clock.now() },
  )
  // who gets which is said by the store, not drawn: there is nothing to compare by chance
  const said = await aRun(
    db,
    corpId,
    {
      variants: [{ stores: [uuid()] }, null].map((whom, at) => ({ name: `${at}`, content, for: whom, share: 100 })),
    },
    { at: clock.now() },
  )
  await sql`update campaign_runs set state = 'running' where not rehearsal`.execute(db)
  const found = await list()
  expect(found.map(({ run }) => run)).toEqual([drawn.runId, held.runId])
  for (const { runId } of [plain, said]) expect(found.map(({ run }) => run)).not.toContain(runId)
  expect(found).toMatchObject([
    { variants: ['A', 'B'], lift: null, as_of: null },
    { variants: [], planned: 0 },
  ])
})

it('the version approved last before this one is shown, and one that was refused or half agreed to is not', async () => {
  const approved = async () => (await operator.get(`/api/campaigns/${campaignId}/approved`)).as(approvedView).approved
  expect(await approved()).toBeNull()
  const [first, second] = [uuid(), uuid()]
  for (const version of [2, 3, 4])
    await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
      select campaign_id, ${version}, spec, changed_at from campaign_versions
      where campaign_id = ${campaignId} and version = 1`.execute(db)
  await sql`update campaigns set version = 4 where id = ${campaignId}`.execute(db)
  await sql`update campaign_versions set approvals_needed = version where campaign_id = ${campaignId} and version < 3`.execute(
    db,
  )
  const agree = (version: number, account: string) =>
    sql`insert into campaign_approvals (campaign_id, version, account_id, verdict, through, at)
      values (${campaignId}, ${version}, ${account}, 'agree', 'console', now())`.execute(db)
  await agree(1, first)
  await agree(2, first)
  expect(await approved()).toMatchObject({ version: 1, spec: { marketing: true } })
  await agree(2, second)
  expect(await approved()).toMatchObject({ version: 2 })
  await sql`update campaign_approvals set verdict = 'refuse'
    where campaign_id = ${campaignId} and version = 2 and account_id = ${second}`.execute(db)
  expect(await approved()).toMatchObject({ version: 1 })
})

it('who may not see campaigns sees neither list', async () => {
  const guide = await site.as('guide')
  for (const path of ['/api/campaign-rehearsals', '/api/experiments', `/api/campaigns/${campaignId}/approved`])
    expect((await guide.get(path)).status).toBe(403)
})
