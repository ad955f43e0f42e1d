import { limitProfile } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { manualClock } from '../../../infra/clock.ts'
import type { Listener } from '../../../infra/db/listen.ts'
import { createDue } from '../../../infra/due/due.ts'
import { type TestSite, testSite, type Visitor } from '../../../infra/http/testing.ts'
import { createLog } from '../../../infra/log.ts'
import { type HeldOperations, heldOperations } from '../../../infra/operations/testing.ts'
import { type SandboxPlatform, sandboxPlatform } from '../../../infra/platform/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { campaignRouters } from './campaign.routers.ts'
import { type CampaignSpec, campaignSpec } from './campaign.schema.ts'
import { saved } from './campaigns.schema.ts'
import { specOf } from './campaigns.store.ts'
import { restsOn } from './rests-on.store.ts'
import { defineCampaignStart } from './start.jobs.ts'

/** Tests run what is due themselves. */
const deaf: Listener = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }

export interface CampaignStage extends TestSite {
  readonly operations: HeldOperations
  readonly sandbox: SandboxPlatform
  readonly author: Visitor & { readonly accountId: string }
  /** Two who may approve, and wrote nothing. */
  readonly first: Visitor & { readonly accountId: string }
  readonly second: Visitor & { readonly accountId: string }
  /** Handles what is due now. */
  due(): Promise<number>
  /** A draft of the author's; answers its id. */
  draft(more?: Readonly<Record<string, unknown>>, name?: string): Promise<string>
  /** As if the planner had rehearsed this version. */
  rehearsed(id: string, version: number, recipients: number): Promise<void>
  /** Writes, rehearses and submits one; the first version unless told. */
  submitted(more?: Readonly<Record<string, unknown>>, recipients?: number): Promise<string>
  standing(id: string): Promise<string | undefined>
  runs(id: string): Promise<number>
}

/** A site with campaigns and all that judges them; the planner is played by the test. */
export async function campaignStage(): Promise<CampaignStage> {
  const database = await testDatabase()
  const { db } = database
  const clock = manualClock('2026-11-11T10:00:00+08:00')
  const due = createDue({ db, clock, listener: deaf, log: createLog('silent') })
  const operations = heldOperations(() => db)
  const sandbox = await sandboxPlatform({ people: 1, staff: 1 })
  const platform = { ...sandbox.platform, limits: async () => limitProfile() }
  const site = await testSite({
    routes: campaignRouters,
    services: { clock, due, operations, platform },
    database,
  })
  defineCampaignStart(site.services)
  const author = await site.as('operator')
  const draft: CampaignStage['draft'] = async (more = {}, name = '双十一预热') => {
    const answer = await author.post('/api/campaigns', { name, spec: { ...sound, ...more } })
    return answer.as(saved).id
  }
  const rehearsed: CampaignStage['rehearsed'] = async (id, version, recipients) => {
    const plan = JSON.stringify({ fates: { sent_to: recipients, held: 0 } })
    const spec = (await specOf(db, id, version)) ?? sound
    const rests = JSON.stringify(await restsOn(db, site.services.config, site.corpId, spec, clock.now()))
    await sql`
      insert into campaign_runs (corp_id, campaign_id, version, rehearsal, state, planned_for, plan, created_at, rests_on)
      values (${site.corpId}, ${id}, ${version}, true, 'planned', ${clock.now()}, ${plan}::jsonb, ${clock.now()}, ${rests}::jsonb)`.execute(
      db,
    )
  }
  return {
    ...site,
    ...{ clock, operations, sandbox, author, draft, rehearsed },
    first: await site.as('administrator'),
    second: await site.as('administrator'),
    due: () => due.run(),
    async submitted(more, recipients = 100) {
      const id = await draft(more)
      await rehearsed(id, 1, recipients)
      const answer = await author.post(`/api/campaigns/${id}/submit`, { version: 1 })
      if (answer.status !== 200) throw new Error(`not submitted: ${JSON.stringify(answer.body)}`)
      return id
    },
    async standing(id) {
      return (await db.selectFrom('campaigns').select('state').where('id', '=', id).executeTakeFirst())?.state
    },
    async runs(id) {
      const query = db.selectFrom('campaign_runs').select('id').where('campaign_id', '=', id)
      return (await query.where('rehearsal', '=', false).execute()).length
    },
  }
}

/** A campaign that nothing stops. */
export const sound: CampaignSpec = campaignSpec.parse({
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  variants: [
    {
      name: 'A',
      content: { text: '{品牌}：新品到店，看看 https://shop.example/new 。不想再收到：{少打扰}' },
      for: null,
      share: 100,
    },
  ],
  schedule: { kind: 'now' },
  window: null,
})
