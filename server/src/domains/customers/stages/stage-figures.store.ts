import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

export interface StageFigures {
  readonly stage: string
  readonly entered: number
  readonly left: number
  readonly medianDwellDays: number | null
  readonly next: readonly { readonly stage: string | null; readonly persons: number }[]
}

/** What happened in the stages since a moment. The first computation of everybody is no entry. */
export async function stageFigures(on: Executor, corpId: number, since: Date): Promise<readonly StageFigures[]> {
  const { rows } = await sql<StageFigures>`
    with entries as (
      select stage, next_stage, left_at is not null as ended, count(*)::int as persons from stage_stays
      where corp_id = ${corpId} and entered_at >= ${since} and cause <> 'start' group by 1, 2, 3
    ), came as (
      select stage, sum(persons)::int as entered,
        coalesce(json_agg(json_build_object('stage', next_stage, 'persons', persons)) filter (where ended), '[]') as next
      from entries group by stage
    ), went as (
      select stage, count(*)::int as left,
        percentile_cont(0.5) within group (order by extract(epoch from left_at - entered_at) / 86400)::float as dwell
      from stage_stays where corp_id = ${corpId} and left_at >= ${since} group by stage
    )
    select coalesce(came.stage, went.stage) as stage, coalesce(entered, 0) as entered, coalesce(went.left, 0) as left,
      round(dwell::numeric, 1)::float as "medianDwellDays", coalesce(next, '[]') as next
    from came full join went on went.stage = came.stage`.execute(on)
  return rows
}
