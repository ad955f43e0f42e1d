import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

export interface RunOfLinks {
  readonly run: number
  readonly campaignId: string
  readonly campaignName: string
  readonly plannedFor: Date
  readonly links: number
  readonly tasks: number
  readonly stopped: boolean
  readonly persons: number
  readonly known: number
  readonly unknown: number
}

const opened = sql`count(distinct coalesce(c.merged_into, c.id))::int as persons,
  (count(*) filter (where o.customer_id <> 0))::int as known, (count(*) filter (where o.customer_id = 0))::int as unknown
  from link_opens o left join customers c on c.id = o.customer_id and o.customer_id <> 0`

/** Runs whose messages carry links, the latest first. */
export async function runsOfLinks(
  on: Executor,
  corpId: number,
  asked: {
    readonly campaignId?: string | undefined
    readonly run?: number | undefined
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<readonly RunOfLinks[]> {
  const { campaignId, run, before, limit } = asked
  const { rows } = await sql<RunOfLinks>`
    with run as materialized (
      select r.id, r.campaign_id, r.planned_for from campaign_runs r
      where r.corp_id = ${corpId} and r.id < ${before ?? 2_147_483_647}
        ${campaignId === undefined ? sql`` : sql`and r.campaign_id = ${campaignId}`}
        ${run === undefined ? sql`` : sql`and r.id = ${run}`}
        and exists (select from links l where l.run_id = r.id)
      order by r.id desc limit ${limit}
    )
    select run.id as run, run.campaign_id as "campaignId", campaigns.name as "campaignName", run.planned_for as "plannedFor",
      minted.links, minted.tasks, minted.stopped, opened.persons, opened.known, opened.unknown
    from run join campaigns on campaigns.id = run.campaign_id,
    lateral (
      select count(*)::int as links, count(distinct task)::int as tasks, bool_and(stopped_at is not null) as stopped
      from links where run_id = run.id
    ) minted,
    lateral (select ${opened} where o.run_id = run.id) opened
    order by run.id desc`.execute(on)
  return rows
}

export interface PlaceOfRun {
  readonly place: number
  readonly target: string
  readonly links: number
  readonly stopped: boolean
  readonly known: number
  readonly unknown: number
}

/**
 * Which address of the content was opened how often. An address that names its sender is another in each task and one to
 * whoever wrote it: then it is told with {员工ID} in the sender's place, and all its links together.
 */
export async function placesOfRun(on: Executor, corpId: number, run: number): Promise<readonly PlaceOfRun[]> {
  const sender = sql`'(^|[^A-Za-z0-9_.%-])' || replace(t.sender, '@', '%40') || '($|[^A-Za-z0-9_.%-])'`
  const { rows } = await sql<PlaceOfRun>`
    with opened as (
      select link_id, count(*) filter (where customer_id <> 0) as known, count(*) filter (where customer_id = 0) as unknown
      from link_opens where run_id = ${run} and corp_id = ${corpId} group by link_id
    ), one as (
      select l.id, l.place, l.stopped_at, l.target, regexp_replace(l.target, ${sender}, '\\1{员工ID}\\2', 'g') as without,
        min(l.target) over written as first, max(l.target) over written as last
      from links l left join campaign_tasks t on t.run_id = l.run_id and t.number = l.task
      where l.run_id = ${run} and l.corp_id = ${corpId} window written as (partition by t.variant, l.place)
    )
    select place, case when first = last then target else coalesce(without, target) end as target, count(*)::int as links,
      bool_and(stopped_at is not null) as stopped, coalesce(sum(known), 0)::int as known, coalesce(sum(unknown), 0)::int as unknown
    from one left join opened on opened.link_id = one.id group by 1, 2 order by 1, 2`.execute(on)
  return rows
}

/** Openings of a run by hour. An hour begins at the same moment in every zone that is whole hours off. */
export async function hoursOfRun(
  on: Executor,
  corpId: number,
  run: number,
): Promise<readonly { readonly at: Date; readonly known: number; readonly unknown: number }[]> {
  const { rows } = await sql<{ at: Date; known: number; unknown: number }>`
    select date_trunc('hour', at) as at, (count(*) filter (where customer_id <> 0))::int as known,
      (count(*) filter (where customer_id = 0))::int as unknown
    from link_opens where run_id = ${run} and corp_id = ${corpId} group by 1 order by 1`.execute(on)
  return rows
}

export interface LinkOfTask {
  readonly id: number
  readonly task: number
  readonly place: number
  readonly target: string
  readonly stopped: boolean
  readonly sender: string | null
  readonly senderName: string | null
  readonly persons: number
  readonly known: number
  readonly unknown: number
}

/** The links of a run, one for each task and address. */
export async function linksOfRun(
  on: Executor,
  corpId: number,
  run: number,
  after: readonly [task: number, place: number] | undefined,
  limit: number,
): Promise<readonly LinkOfTask[]> {
  // those of a Moment are not of a member's task: their numbers are below nought
  const later = after === undefined ? sql`true` : sql`(task, place) > (${after[0]}, ${after[1]})`
  const { rows } = await sql<LinkOfTask>`
    with one as materialized (
      select id, task, place, target, stopped_at from links
      where run_id = ${run} and corp_id = ${corpId} and ${later} order by task, place limit ${limit}
    )
    select one.id, one.task, one.place, one.target, one.stopped_at is not null as stopped, t.sender, s.name as "senderName",
      opened.persons, opened.known, opened.unknown
    from one left join campaign_tasks t on t.run_id = ${run} and t.number = one.task
    left join staff s on s.corp_id = ${corpId} and s.userid = t.sender,
    lateral (select ${opened} where o.link_id = one.id) opened
    order by one.task, one.place`.execute(on)
  return rows
}
