import { schedule, unschedule } from '../../infra/due/due.store.ts'
import { createDue } from '../../infra/due/due.ts'
import type { Api } from '../../infra/http/api.ts'
import type { TestSiteOptions } from '../../infra/http/testing.ts'
import { heldOperations } from '../../infra/operations/testing.ts'
import type { Services } from '../../infra/services.ts'
import { createAudienceUpkeep, defineAudiences } from '../audiences/index.ts'
import type { CustomerStage } from '../customers/customer-stage.ts'
import { beginApproved } from './approvals/approved-run.jobs.ts'
import { campaignRouters } from './campaigns/campaign.routers.ts'
import { campaignDetail, saved } from './campaigns/campaigns.schema.ts'
import { defineCampaignStart } from './campaigns/start.jobs.ts'
import { defineHeld, definePlanning } from './plan/plan.jobs.ts'
import { type PlanView, planView, rehearsalBegun } from './plan/plan.schema.ts'
import { runRoutes } from './run/run.routes.ts'
import { createRunUpkeep } from './run/run-upkeep.ts'
import { defineSteering } from './run/steer.ts'

interface Round {
  pass(): Promise<unknown>
}

export interface SendStageOptions {
  readonly routes?: readonly ((services: Services) => Api)[]
  /** What else goes round when time passes, before the upkeep of runs. */
  readonly rounds?: (services: Services) => readonly Round[]
}

/**
 * A brand on the sandbox whose sends go the whole way: written, rehearsed, agreed to by another person, planned and put to
 * members. What is due and what was begun happens when a test says so.
 */
export async function sendStage<S extends CustomerStage>(
  open: (site: Partial<TestSiteOptions>) => Promise<S>,
  { routes = [], rounds = () => [] }: SendStageOptions = {},
) {
  const operations = heldOperations(() => stage.db)
  const stage: S = await open({
    routes: (services) => [...campaignRouters(services), ...[runRoutes, ...routes].map((one) => one(services))],
    // tests run what is due themselves
    services: { operations, due: { schedule, unschedule } as Services['due'] },
  })
  const { db, admin, clock, sandbox } = stage
  const silent = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
  const due = createDue({ db, clock, listener: silent, log: stage.services.log })
  const services = { ...stage.services, due }
  definePlanning(services, (tx, runId) => beginApproved(services, tx, runId))
  defineHeld(services)
  defineCampaignStart(services)
  defineSteering(services)
  const upkeep = createRunUpkeep(stage.services)
  const more = rounds(stage.services)
  const author = await stage.as('operator')
  const approver = await stage.as('administrator')
  const must = <T extends { status: number; body: unknown }>(reply: T): T => {
    if (reply.status >= 300) throw new Error(`answered ${reply.status}: ${JSON.stringify(reply.body)}`)
    return reply
  }
  const begin = async (id: string): Promise<number> => {
    await due.run()
    await operations.run()
    const { runs } = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    return runs.find(({ rehearsal }) => !rehearsal)?.id ?? 0
  }
  const rehearse = async (id: string): Promise<PlanView> => {
    const begun = must(await author.post(`/api/campaigns/${id}/rehearse`)).as(rehearsalBegun)
    await operations.run(begun.operation_id)
    const run = db.selectFrom('campaign_runs').select('plan').where('id', '=', begun.run_id)
    return planView.parse((await run.executeTakeFirstOrThrow()).plan)
  }
  /** Submitted, and agreed to by whoever may. */
  const agree = async (id: string): Promise<void> => {
    must(await author.post(`/api/campaigns/${id}/submit`, { version: 1 }))
    must(await approver.post(`/api/campaigns/${id}/approve`, { version: 1 }))
  }
  return {
    ...{ stage, services, due, operations, upkeep, author, approver, rehearse, agree },
    /** Reads who is there, and what audiences are counted from. */
    async meet(): Promise<void> {
      await stage.sync()
      defineAudiences(services)
      await createAudienceUpkeep(services).pass()
      await operations.run()
    },
    /** Time passes, here and at the platform; what is due by then happens, and a round of every upkeep after it. */
    async pass(minutes: number): Promise<void> {
      await admin('POST', '/sandbox/clock', { advanceMs: minutes * 60_000 })
      clock.set(new Date(sandbox.clock.now()))
      await due.run()
      for (const one of more) await one.pass()
      await upkeep.pass()
    },
    async write(name: string, spec: object): Promise<string> {
      return must(await author.post('/api/campaigns', { name, spec })).as(saved).id
    },
    /** What was agreed to is planned; answers its run. */
    begin,
    /** A draft goes the whole way: rehearsed, agreed to, planned and put to its members; answers its run. */
    async goOut(id: string): Promise<number> {
      await rehearse(id)
      await agree(id)
      const run = await begin(id)
      await upkeep.pass()
      return run
    },
  }
}
