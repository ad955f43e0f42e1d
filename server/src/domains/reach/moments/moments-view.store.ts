import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Moment } from './moment.ts'

export interface MomentRow
  extends Pick<Moment, 'number' | 'variant' | 'canary' | 'tags' | 'ownTag' | 'state' | 'askedAt'> {
  readonly toMark: number
  readonly marked: number
  readonly unmarkable: number
  readonly errcode: number | null
  readonly why: string | null
  readonly members: number
  readonly published: number
  readonly recipients: number
  readonly seen: number
  readonly beside: number
  readonly likes: number
  readonly comments: number
}

/** What the platform makes of a run, each with what came of its members' parts. A part that was taken over counts once. */
export async function momentsOfRun(on: Executor, runId: number): Promise<readonly MomentRow[]> {
  const { rows } = await sql<MomentRow>`
    select m.number, m.variant, m.canary, m.tags, m.own_tag as "ownTag", m.state, m.asked_at as "askedAt",
      m.to_mark as "toMark", m.marked, m.unmarkable, m.errcode, m.why,
      coalesce(t.members, 0)::int as members, coalesce(t.published, 0)::int as published,
      coalesce(t.recipients, 0)::int as recipients, coalesce(t.seen, 0)::int as seen, coalesce(t.beside, 0)::int as beside,
      coalesce(t.likes, 0)::int as likes, coalesce(t.comments, 0)::int as comments
    from campaign_moments m left join (
      select moment, count(*) as members, count(*) filter (where state = 'confirmed') as published,
        sum(recipients) as recipients, sum(sent) as seen, sum(beside) as beside, sum(likes) as likes, sum(comments) as comments
      from campaign_tasks where run_id = ${runId} and moment is not null and replaced_by is null group by moment
    ) t on t.moment = m.number
    where m.run_id = ${runId} order by m.number`.execute(on)
  return rows
}
