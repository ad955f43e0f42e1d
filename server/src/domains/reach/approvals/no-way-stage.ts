import { sql } from 'kysely'
import { afterAll, expect } from 'vitest'
import { z } from 'zod'
import { createHttp, createPath } from '../../../app.ts'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'
import { createDue } from '../../../infra/due/due.ts'
import type { Api } from '../../../infra/http/api.ts'
import { createVisitors, type Visitor } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import type { Services } from '../../../infra/services.ts'
import { createAudienceUpkeep, defineAudiences } from '../../audiences/index.ts'
import { groupStage } from '../../groups/group-stage.ts'
import { createTagUpkeep } from '../../tags/index.ts'
import { sound } from '../campaigns/campaign-stage.ts'
import { saved } from '../campaigns/campaigns.schema.ts'
import { defineCampaignStart } from '../campaigns/start.jobs.ts'
import { createMomentTags } from '../moments/own-tags.ts'
import { defineHeld, definePlanning } from '../plan/plan.jobs.ts'
import { definePresence } from '../run/presence.jobs.ts'
import { createRunUpkeep } from '../run/run-upkeep.ts'
import { defineSteering } from '../run/steer.ts'
import { beginApproved } from './approved-run.jobs.ts'

export type Account = Visitor & { readonly accountId: string }
export type KindOfSend = 'customer_send' | 'group_send' | 'moment by audience' | 'moment by tags'
const begun = z.object({ run_id: z.int(), operation_id: z.uuid() })
const made = z.array(z.object({ appKey: z.string().nullable() }))
const oracle = z.object({ broadcasts: made.default([]), moments: made.default([]) })

/** The whole application with all that carries campaigns out, over the sandbox with customers, groups and a corp tag. */
export async function noWayStage() {
  const operations = heldOperations(() => stage.db)
  const stage = await groupStage({
    ...{ staff: 4, people: 20, relations: 30 },
    // tests run what is due themselves
    site: { routes: () => [], services: { operations, due: { schedule, unschedule } as Services['due'] } },
  })
  const { db, corpId, clock, admin, sandbox, client } = stage
  const silent = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
  const services: Services = {
    ...stage.services,
    due: createDue({ db, clock, listener: silent, log: stage.services.log }),
  }
  definePlanning(services, (tx, runId) => beginApproved(services, tx, runId))
  defineHeld(services)
  defineCampaignStart(services)
  defineSteering(services)
  definePresence(services)
  defineAudiences(services)
  const upkeeps = [createRunUpkeep(services), createMomentTags(services)]
  const path = createPath(services)
  afterAll(() => path.intake.stop())
  const facts = { version: '0', databaseKind: 'embedded', migration: 'none', sandbox: true, ready: () => true } as const
  /** As it is composed for a process; `more` is served beside. */
  const composed = (more: readonly Api[] = []) => {
    const app = createHttp(services, path, facts, undefined)
    for (const routes of more) app.route('/', routes)
    return app
  }
  const app = composed()

  let done = 0
  /** What was begun is worked on; what this stage does not define, or refuses, comes to nothing. */
  const work = async () => {
    const before = done
    for (; done < operations.begun.length; done += 1)
      await operations.run(operations.begun[done]?.id).catch(() => undefined)
    return done > before
  }
  /** Everything that happens by itself, happens. */
  const settle = async () => {
    do {
      await services.due.run()
    } while (await work())
    for (const upkeep of upkeeps) await upkeep.pass()
  }
  const as = createVisitors(app, services).as(corpId)

  await stage.sync()
  const [chenxiaoyu] = await stage.people('staff')
  const member = await stage.customer('王芳')
  await stage.group('社区群 1', [member.externalUserId], chenxiaoyu?.userid)
  await stage.later(60_000)
  await stage.syncGroups()
  const wish = { name: '兴趣', kind: 'corp', tags: ['新品'] }
  expect((await (await as('operator')).post('/api/tag-groups', wish)).status).toBe(201)
  const { tagId, platformId } = await db
    .selectFrom('tags')
    .select(['id as tagId', 'platform_id as platformId'])
    .where('name', '=', '新品')
    .executeTakeFirstOrThrow()
  const tag = platformId ?? ''
  const { rows } = await sql<{ userid: string; external: string }>`
    select userid, external_userid as external from relations where status = 'alive' order by 1, 2 limit 5`.execute(db)
  for (const { userid, external } of rows) await client.tags.mark({ userid, external_userid: external, add_tag: [tag] })
  await stage.sync()
  await createTagUpkeep(services).pass()
  await createAudienceUpkeep(services).pass()
  await work()

  const plain = { ...sound, holdout_permille: 0 }
  const specs: Readonly<Record<KindOfSend, object>> = {
    customer_send: plain,
    group_send: { ...plain, kind: 'group_send', whom: null, groups: { name: '社区群' } },
    'moment by audience': { ...plain, kind: 'moment' },
    'moment by tags': { ...plain, kind: 'moment', whom: null, moment: { tags: [tag] } },
  }
  const versionOf = async (id: string) =>
    (await db.selectFrom('campaigns').select('version').where('id', '=', id).executeTakeFirst())?.version ?? 1
  const rehearse = async (by: Visitor, id: string): Promise<number> => {
    const { run_id, operation_id } = (await by.post(`/api/campaigns/${id}/rehearse`)).as(begun)
    await operations.run(operation_id)
    return run_id
  }
  return {
    ...{ app, composed, services, operations, db, corpId, as, specs, settle, rehearse, versionOf, tagId },
    /** A campaign that nothing stops, rehearsed by whoever wrote it. */
    async written(by: Visitor, spec: object): Promise<string> {
      const { id } = (await by.post('/api/campaigns', { name: '双十一预热', spec })).as(saved)
      await rehearse(by, id)
      return id
    },
    submit: async (by: Visitor, id: string) =>
      (await by.post(`/api/campaigns/${id}/submit`, { version: await versionOf(id) })).as(saved).state,
    standing: async (id: string) =>
      (await db.selectFrom('campaigns').select('state').where('id', '=', id).executeTakeFirst())?.state,
    rehearsalOf: async (id: string) =>
      (
        await db
          .selectFrom('campaign_runs')
          .select('id')
          .where('campaign_id', '=', id)
          .where('rehearsal', '=', true)
          .orderBy('id', 'desc')
          .executeTakeFirst()
      )?.id,
    /** Runs that are no rehearsals. */
    runs: async (id?: string) => {
      let query = db.selectFrom('campaign_runs').select('id').where('rehearsal', '=', false)
      if (id !== undefined) query = query.where('campaign_id', '=', id)
      return (await query.execute()).length
    },
    /** How many mass sends and Moments the platform was asked for by an app, by its own word: members make some themselves. */
    async asked(): Promise<number> {
      const told = await Promise.all(
        ['broadcasts', 'moments'].map((one) => admin('GET', `/sandbox/oracle/${one}?limit=100000`)),
      )
      const all = told.flatMap((one) => Object.values(oracle.parse(one)).flat())
      return all.filter(({ appKey }) => appKey !== null).length
    },
    /** Time passes, here and at the platform, and what follows happens. */
    async pass(minutes: number) {
      await admin('POST', '/sandbox/clock', { advanceMs: minutes * 60_000 })
      clock.set(new Date(sandbox.clock.now()))
      await settle()
    },
    now: () => clock.now(),
  }
}
