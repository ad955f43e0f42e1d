import '../index.ts'
import type { SandboxOptions } from '@nuanyu/sandbox'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'
import { createDue } from '../../../infra/due/due.ts'
import type { TestSiteOptions } from '../../../infra/http/testing.ts'
import type { Services } from '../../../infra/services.ts'
import { type CustomerStage, customerStage } from '../../customers/customer-stage.ts'
import { type CampaignSpec, campaignSpec } from '../campaigns/campaign.schema.ts'
import { tasksOfGroups } from '../plan/group.ts'
import { writeGroups, writeGroupTasks } from '../plan/groups.store.ts'
import { definePresence } from './presence.jobs.ts'
import { runRoutes } from './run.routes.ts'
import { createRunUpkeep } from './run-upkeep.ts'
import { beginRun, defineSteering } from './steer.ts'

const broadcasts = z.object({
  broadcasts: z.array(
    z.object({
      msgid: z.string(),
      text: z.string(),
      cancelled: z.boolean(),
      members: z.object({ asked: z.number(), sent: z.number() }),
      counts: z.object({ targets: z.number(), notSent: z.number(), sent: z.number() }),
    }),
  ),
})
const made = z.object({ id: z.string() })
const deliveries = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })

export interface RunStage extends CustomerStage {
  readonly services: Services
  /** A campaign with a run that is planned and not begun: each customer by his latest relation, so many a task at most. */
  planned(
    spec?: Partial<CampaignSpec>,
    shape?: { readonly perTask?: number; readonly canaryTasks?: number },
  ): Promise<number>
  /** The same for groups, each by its owner. */
  plannedFor(groups: readonly StageGroup[], spec?: Partial<CampaignSpec>): Promise<number>
  /** Makes a group at the platform. */
  group(name: string, owner: string): Promise<StageGroup>
  begin(runId: number): Promise<void>
  /** A round of the upkeep, as a process does every second. */
  round(): Promise<void>
  /** Time passes, here and at the platform; what is due by then happens, and a round after it. */
  pass(minutes: number): Promise<void>
  due(): Promise<void>
  confirm(userid: string, msgid: string): Promise<unknown>
  /** What reached customers at the platform, or groups: external_userid or chat_id, and send, one row a delivery. */
  delivered(to?: 'customers' | 'groups'): Promise<readonly (readonly [id: string, msgid: string])[]>
  broadcasts(): Promise<z.output<typeof broadcasts>['broadcasts']>
  tasks(runId: number): Promise<readonly TaskRow[]>
  run(runId: number): Promise<{ readonly state: string; readonly why: string | null; readonly ended: boolean }>
  path(runId: number, act?: string): Promise<string>
  /** From now on the only policy is one with these quiet hours, or none. */
  quietHours(quiet: { readonly from: number; readonly until: number } | null): Promise<void>
  /** On a day of its own: at this hour, in the corp's zone. */
  onNextDayAt(hour: number): Promise<void>
  /** Another process takes over what the dead one had in hand. */
  leasesEnd(): Promise<void>
}

export interface StageGroup {
  readonly chatId: string
  readonly owner: string
}

interface TaskRow {
  readonly number: number
  readonly state: string
  readonly sender: string
  readonly msgid: string | null
  readonly attempt: number
  readonly recipients: number
  readonly sent: number
  readonly noFriend: number
  readonly canary: boolean
  readonly reminded: number
  readonly ending: string | null
  readonly why: string | null
}

export const plainSpec = campaignSpec.parse({
  goal: { metric: 'order', window_hours: 72, baseline: null },
  whom: { rule: { all: [] } },
  variants: [
    { name: '甲', content: { text: '{品牌}上新 https://shop.example/new', attachments: [] }, for: null, share: 100 },
  ],
  schedule: { kind: 'now' },
  window: null,
  holdout_permille: 0,
  reminders: 0,
} satisfies Record<keyof CampaignSpec, unknown> | Record<string, unknown>)

/** Everybody confirms only when a test says so. */
const nobodyByHabit = { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender', dispatchMs: 3_000 }

/** Runs of campaigns with the sandbox as the platform: what tests of running stand on. */
export async function runStage(
  options: SandboxOptions & { readonly reach?: object; readonly routes?: TestSiteOptions['routes'] } = {},
): Promise<RunStage> {
  const { reach = {}, routes = () => [], ...world } = options
  const stage: CustomerStage = await customerStage({
    ...world,
    site: {
      routes: (services) => [runRoutes(services), ...routes(services)],
      services: { due: { schedule, unschedule } as Services['due'] },
    },
  })
  const { db, corpId, services, clock, admin, sandbox } = stage
  await admin('PATCH', '/sandbox/settings', { reach: { ...nobodyByHabit, ...reach } })
  const upkeep = createRunUpkeep(services)
  const listener = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
  const due = createDue({ db, clock, listener, log: services.log })
  const defined = { ...services, due: { ...services.due, define: due.define } }
  defineSteering(defined)
  definePresence(defined)
  const unplaced = async (spec: Partial<CampaignSpec>) => {
    const campaignId = uuid()
    const whole = { ...plainSpec, ...spec }
    const at = clock.now()
    await sql`insert into campaigns (id, corp_id, name, state, version, created_at, changed_at)
      values (${campaignId}, ${corpId}, '双十一', 'live', 1, ${at}, ${at})`.execute(db)
    await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
      values (${campaignId}, 1, ${JSON.stringify(whole)}::jsonb, ${at})`.execute(db)
    const { rows } = await sql<{ id: number }>`
      insert into campaign_runs (corp_id, campaign_id, version, state, planned_for, created_at)
      values (${corpId}, ${campaignId}, 1, 'planned', ${at}, ${at}) returning id`.execute(db)
    const id = rows[0]?.id ?? 0
    return { id, corpId, plannedFor: at }
  }
  const self: RunStage = {
    ...stage,
    async planned(spec = {}, { perTask = 10_000, canaryTasks = 0 } = {}) {
      const { id } = await unplaced(spec)
      await sql`create table ${sql.table(`campaign_recipients_${id}`)} partition of campaign_recipients for values in (${sql.lit(id)})`.execute(
        db,
      )
      await sql`create unique index on ${sql.table(`campaign_recipients_${id}`)} (customer_id)`.execute(db)
      await sql`
        with chosen as (
          select distinct on (coalesce(c.merged_into, c.id)) coalesce(c.merged_into, c.id) as customer_id, r.userid, r.external_userid
          from relations r join customers c on c.id = r.customer_id join staff s on s.corp_id = r.corp_id and s.userid = r.userid
          where r.corp_id = ${corpId} and r.status = 'alive' and s.gone_at is null
          order by coalesce(c.merged_into, c.id), r.added_at desc, r.userid
        ), placed as (
          select *, (row_number() over (partition by userid order by customer_id) - 1) / ${perTask}::int as part from chosen
        )
        insert into campaign_recipients (run_id, customer_id, corp_id, fate, bucket, variant, sender, external_userid, task)
        select ${id}::int, customer_id, ${corpId}::int, 0, 0, 0, userid, external_userid, dense_rank() over (order by userid, part) - 1 from placed`.execute(
        db,
      )
      await sql`
        insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, canary)
        select run_id, task, corp_id, 0, min(sender), count(*), task < ${canaryTasks} from campaign_recipients
        where run_id = ${id} group by run_id, task, corp_id`.execute(db)
      return id
    },
    async plannedFor(groups, spec = {}) {
      const run = await unplaced({ ...spec, kind: 'group_send', whom: null })
      const sentTo = { customers: 0, fate: 'sent_to', reason: null, gaveWayTo: null, heldUntil: null } as const
      await db.transaction().execute(async (tx) => {
        const decided = groups.map((one) => ({ ...one, ...sentTo }))
        await writeGroups(tx, run, decided)
        await writeGroupTasks(tx, run, tasksOfGroups(groups, groups.length))
      })
      return run.id
    },
    group: async (name, owner) => ({
      chatId: made.parse(await admin('POST', '/sandbox/console', { do: 'group.create', owner, name, customers: [] }))
        .id,
      owner,
    }),
    begin: (runId) => db.transaction().execute((tx) => beginRun(services, tx, runId)),
    round: () => upkeep.pass(),
    due: async () => void (await due.run()),
    async pass(minutes) {
      await admin('POST', '/sandbox/clock', { advanceMs: minutes * 60_000 })
      clock.set(new Date(sandbox.clock.now()))
      await self.due()
      await upkeep.pass()
    },
    confirm: (userid, msgid) => admin('POST', `/sandbox/people/${userid}/tasks/${msgid}/confirm`),
    delivered: async (to = 'customers') =>
      deliveries
        .parse(
          await admin('GET', `/sandbox/oracle/${to === 'groups' ? 'group-deliveries' : 'deliveries'}?limit=100000`),
        )
        .rows.map((row) => [String(row[3]), String(row[1])] as const),
    broadcasts: async () => broadcasts.parse(await admin('GET', '/sandbox/oracle/broadcasts?limit=100000')).broadcasts,
    tasks: async (runId) => {
      const { rows } = await sql<TaskRow>`
        select number, state, sender, msgid, attempt, recipients, sent, no_friend as "noFriend", canary, reminded, ending, why from campaign_tasks
        where run_id = ${runId} order by number`.execute(db)
      return rows
    },
    run: async (runId) => {
      const row = await db
        .selectFrom('campaign_runs')
        .select(['state', 'why', 'ended_at'])
        .where('id', '=', runId)
        .executeTakeFirstOrThrow()
      return { state: row.state, why: row.why, ended: row.ended_at !== null }
    },
    path: async (runId, act) => {
      const { campaign_id } = await db
        .selectFrom('campaign_runs')
        .select('campaign_id')
        .where('id', '=', runId)
        .executeTakeFirstOrThrow()
      return `/api/campaigns/${campaign_id}/runs/${runId}${act === undefined ? '' : `/${act}`}`
    },
    async quietHours(quiet) {
      const rules = {
        ...{ whom: null, marketing: 'limited', caps: [], kept_from: 9, gap_minutes: 0, quiet },
        ...{ less_per_week: 1, fatigue: null },
      }
      const id = '0199a0a0-0000-7000-8000-000000000001'
      const at = clock.now()
      await sql`insert into touch_policies (id, corp_id, name, created_at) values (${id}, ${corpId}, '默认', ${at})
        on conflict do nothing`.execute(db)
      const { rows } = await sql<{ version: number }>`
        insert into touch_policy_versions (policy_id, version, place, rules, created_at)
        select ${id}, coalesce(max(version), 0) + 1, 1, ${JSON.stringify(rules)}::jsonb, ${at}::timestamptz
        from touch_policy_versions where policy_id = ${id} returning version`.execute(db)
      await sql`insert into touch_policy_turns (policy_id, at, version) values (${id}, ${at}, ${rows[0]?.version})`.execute(
        db,
      )
    },
    async onNextDayAt(hour) {
      const now = clock.now().getTime() + 8 * 3_600_000
      const wanted = (Math.floor(now / 86_400_000) + 1) * 86_400_000 + hour * 3_600_000
      await self.pass(Math.ceil((wanted - now) / 60_000))
    },
    leasesEnd: async () =>
      void (await db
        .updateTable('campaign_tasks')
        .set({ leased_until: new Date(0) })
        .execute()),
  }
  return self
}
