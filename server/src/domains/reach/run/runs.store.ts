import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { onLeave } from '../../organisation/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { CanaryBase } from './canary.ts'
import { cannot } from './offers.store.ts'
import type { TaskState } from './task.ts'

export type RunState =
  | 'planning'
  | 'planned'
  | 'canary'
  | 'running'
  | 'paused'
  | 'stopped'
  | 'cancelled'
  | 'ended'
  | 'failed'

export interface Run {
  readonly id: number
  readonly corpId: number
  readonly campaignId: string
  readonly campaign: string
  readonly version: number
  readonly rehearsal: boolean
  readonly state: RunState
  readonly plannedFor: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly why: string | null
  /** Who paused or cancelled it, or has seen that it was stopped. */
  readonly haltedBy: string | null
  readonly canary: CanaryFinding | null
  readonly spec: CampaignSpec
}

/** What the canary was judged by, and what came of it. */
export interface CanaryFinding {
  readonly asked: number
  readonly delivered: number
  readonly deleted: number
  readonly confirmed: number
  readonly verdict: 'go' | 'stop' | 'wait' | 'unheard'
  /** Of runs judged before it was noted: missing. */
  readonly base?: CanaryBase
  readonly at: string
}

const columns = sql`r.id, r.corp_id as "corpId", r.campaign_id as "campaignId", c.name as campaign, r.version, r.rehearsal, r.state,
  r.planned_for as "plannedFor", r.started_at as "startedAt", r.ended_at as "endedAt", r.why, r.halted_by as "haltedBy", r.canary, v.spec`
const joined = sql`campaign_runs r join campaigns c on c.id = r.campaign_id
  join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version`

export async function findRuns(on: Executor, ids: readonly number[]): Promise<readonly Run[]> {
  const { rows } = await sql<Run>`
    select ${columns} from ${joined} where r.id = any(${numberArray(ids)}::int[])`.execute(on)
  return rows
}

/** For whoever changes it, or its tasks as a whole: one after the other, and nobody claims its tasks meanwhile. */
export async function holdRun(tx: Tx, id: number): Promise<Run | undefined> {
  const { rows } = await sql<Run>`select ${columns} from ${joined} where r.id = ${id} for update of r`.execute(tx)
  return rows[0]
}

export interface RunChange {
  readonly state?: RunState
  readonly startedAt?: Date
  readonly endedAt?: Date | null
  readonly why?: string | null
  readonly canary?: CanaryFinding
  readonly haltedBy?: string | null
}

export async function changeRun(tx: Tx, id: number, change: RunChange): Promise<void> {
  await tx
    .updateTable('campaign_runs')
    .set({
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.startedAt === undefined ? {} : { started_at: change.startedAt }),
      ...(change.endedAt === undefined ? {} : { ended_at: change.endedAt }),
      ...(change.why === undefined ? {} : { why: change.why }),
      ...(change.canary === undefined ? {} : { canary: JSON.stringify(change.canary) }),
      ...(change.haltedBy === undefined ? {} : { halted_by: change.haltedBy }),
    })
    .where('id', '=', id)
    .execute()
}

/** How the tasks of a run stand together. */
export interface TaskSums {
  readonly state: string
  readonly canary: boolean
  readonly tasks: number
  readonly recipients: number
  /** Of these tasks, those that have stood in a member’s WeCom, and their people. */
  readonly put: number
  readonly putTo: number
  readonly sent: number
  readonly noFriend: number
  readonly overCap: number
  readonly unsettled: number
  readonly ending: number
  /** Confirmed in the moment in which they were taken back. */
  readonly late: number
  /** When the next of them expires, after the moment that was named. */
  readonly nextExpiry: Date | null
}

export async function sumTasks(on: Executor, runId: number, now: Date): Promise<readonly TaskSums[]> {
  const put = sql`filter (where msgid is not null or cardinality(past_msgids) > 0)`
  const { rows } = await sql<TaskSums>`
    select state, canary, count(*)::int as tasks, sum(recipients)::int as recipients, sum(sent)::int as sent,
      count(*) ${put}::int as put, coalesce(sum(recipients) ${put}, 0)::int as "putTo",
      sum(no_friend)::int as "noFriend", sum(over_cap)::int as "overCap",
      count(*) filter (where state = 'confirmed' and settled_at is null)::int as unsettled,
      count(*) filter (where ending is not null and state in ('asking', 'asked', 'unknown'))::int as ending,
      count(*) filter (where ending is not null and state = 'confirmed')::int as late, min(expires_at) filter (where expires_at > ${now}) as "nextExpiry"
    from campaign_tasks where run_id = ${runId} group by state, canary`.execute(on)
  return rows
}

/**
 * Tasks in these states of members who cannot send now: they left, were disabled, have no customer contact, or are on leave.
 * Of a Moment nothing can be taken from one member or given to another, so it stays with who is on leave until it expires.
 */
export async function absentSenders(
  on: Executor,
  { id, corpId, spec }: Pick<Run, 'id' | 'corpId' | 'spec'>,
  states: readonly TaskState[],
  at: Date,
): Promise<readonly number[]> {
  const away = spec.kind === 'moment' ? cannot : sql`${cannot} or ${onLeave(at)}`
  const { rows } = await sql<{ number: number }>`
    select t.number from campaign_tasks t join staff s on s.corp_id = ${corpId} and s.userid = t.sender
    where t.run_id = ${id} and t.state = any(${textArray(states)}::text[]) and (${away})
    order by t.number`.execute(on)
  return rows.map((row) => row.number)
}

/** Runs of which every task has come to its end, and which have not been ended yet. */
export async function finishedRuns(on: Executor): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select r.id from campaign_runs r
    where r.state in ('canary', 'running', 'paused', 'stopped', 'cancelled') and r.ended_at is null and r.started_at is not null
      and not exists (
        select from campaign_tasks t where t.run_id = r.id
          and (t.state in ('planned', 'asking', 'asked', 'unknown') or (t.state = 'confirmed' and t.settled_at is null)))
    order by r.id limit 100`.execute(on)
  return rows.map((row) => row.id)
}
