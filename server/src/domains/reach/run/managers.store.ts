import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { onLeave } from '../../organisation/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { Run } from './runs.store.ts'
import type { Task, ToldAs } from './task.ts'

export interface Answerable {
  /** The member's own name. */
  readonly name: string
  /** Who is told of him; null: nobody can be. */
  readonly told: string | null
  readonly as: ToldAs
}

/** The platform's number of the whole corp, of which everybody is a part. */
const wholeCorp = 1

/**
 * Who is told of what becomes of the tasks of these members: who leads the run's set of senders, who manages the member's
 * store, who leads his department or the nearest above it (not the whole corp, unless he is in no other), else who submitted
 * the campaign. Nobody is told of himself, nor who left, is disabled or on leave; a submitter is told wherever he is.
 */
export async function toldOf(
  on: Executor,
  {
    corpId,
    campaignId,
    version,
    spec,
  }: Pick<Run, 'corpId' | 'campaignId' | 'version'> & {
    readonly spec: Pick<CampaignSpec, 'senders'>
  },
  userids: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, Answerable>> {
  const { rows } = await sql<Answerable & { userid: string }>`
    with recursive asked as (
      select n.userid, coalesce(s.name, n.userid) as name, s.store_id, s.department_ids, s.main_department
      from unnest(${textArray([...new Set(userids)])}::text[]) as n(userid)
      left join staff s on s.corp_id = ${corpId} and s.userid = n.userid
    ), above as (
      select a.userid, d.id as department, 0 as steps, d.id is distinct from a.main_department as beside
      from asked a cross join unnest(a.department_ids) as d(id)
      union
      select a.userid, d.parent_id, a.steps + 1, a.beside from above a
      join departments d on d.corp_id = ${corpId} and d.department_id = a.department and d.gone_at is null
      where d.parent_id > ${wholeCorp}::int and a.steps < 20
    ), leaders as (
      select s.userid, d.id as department from staff s cross join unnest(s.leads) as d(id) where s.corp_id = ${corpId}
    ), named as (
      select a.userid, 1 as turn, 'set' as "as", x.manager_userid as told, 0 as steps, false as beside
      from asked a join sender_sets x on x.corp_id = ${corpId} and x.id = ${spec.senders.set}::uuid
      union all
      select a.userid, 2, 'store', t.manager_userid, 0, false
      from asked a join stores t on t.corp_id = ${corpId} and t.id = a.store_id
      union all
      select a.userid, 3, 'department', l.userid, a.steps, a.beside from above a join leaders l on l.department = a.department
      union all
      select a.userid, 4, 'submitter', c.wecom_userid, 0, false
      from asked a join campaign_versions v on v.campaign_id = ${campaignId} and v.version = ${version}
      join accounts c on c.id = v.submitted_by and c.corp_id = ${corpId} and c.disabled_at is null
    ), first as (
      select distinct on (n.userid) n.userid, n.told, n."as" from named n
      left join staff s on s.corp_id = ${corpId} and s.userid = n.told
      where n.told <> n.userid and s.gone_at is null and coalesce(s.status, 1) = 1
        and (n."as" = 'submitter' or (s.userid is not null and not ${onLeave(at)}))
      order by n.userid, n.turn, n.steps, n.beside, n.told
    )
    select a.userid, a.name, f.told, coalesce(f."as", 'nobody') as "as" from asked a left join first f on f.userid = a.userid`.execute(
    on,
  )
  return new Map(rows.map((row) => [row.userid, row]))
}

/** Who was told that the members of these tasks did not confirm them. */
export async function noteTold(
  tx: Tx,
  runId: number,
  told: readonly (Pick<Task, 'number'> & Pick<Answerable, 'told' | 'as'>)[],
): Promise<void> {
  await sql`
    update campaign_tasks t set told = n.told, told_as = n.told_as
    from unnest(${numberArray(told.map((one) => one.number))}::int[], ${textArray(told.map((one) => one.told))}::text[],
      ${textArray(told.map((one) => one.as))}::text[]) as n(number, told, told_as)
    where t.run_id = ${runId} and t.number = n.number`.execute(tx)
}

/** Members of a run of whom nobody could be told that they did not confirm. */
export interface Untold {
  readonly members: number
  readonly recipients: number
  /** What some of them are called. */
  readonly names: readonly string[]
}

export async function untoldOf(on: Executor, runId: number): Promise<Untold> {
  const { rows } = await sql<Untold>`
    select count(distinct t.sender)::int as members, coalesce(sum(t.recipients), 0)::int as recipients,
      (array_agg(distinct coalesce(s.name, t.sender)))[1:3] as names
    from campaign_tasks t left join staff s on s.corp_id = t.corp_id and s.userid = t.sender
    where t.run_id = ${runId} and t.told_as = 'nobody'`.execute(on)
  const [row] = rows
  return row === undefined ? { members: 0, recipients: 0, names: [] } : { ...row, names: row.names ?? [] }
}
