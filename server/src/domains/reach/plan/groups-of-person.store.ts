import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface GroupOfPerson {
  readonly name: string | null
  readonly fate: number
  readonly reason: string | null
  readonly heldUntil: Date | null
  /** The campaign that it gave way to. */
  readonly gaveWayTo: string | null
  /** The platform's word; null: not asked. */
  readonly status: number | null
  readonly taskState: string | null
}

/** More groups than anybody reads of one person. */
const shown = 50

/** The groups of a run in which a person was, by any of his homes, when it was sent there or planned, with what became of each. */
export async function groupsOfPerson(
  on: Executor,
  runId: number,
  homes: readonly number[],
): Promise<readonly GroupOfPerson[]> {
  const { rows } = await sql<GroupOfPerson>`
    select g.name, c.fate, c.reason, c.held_until as "heldUntil", rival.name as "gaveWayTo", c.status,
      t.state as "taskState"
    from campaign_groups c left join groups g on g.corp_id = c.corp_id and g.chat_id = c.chat_id
    left join campaigns rival on rival.id = c.gave_way_to
    left join campaign_tasks t on t.run_id = c.run_id and t.number = c.task
    where c.run_id = ${runId} and exists (
      select from group_members m
      where m.corp_id = c.corp_id and m.chat_id = c.chat_id and m.customer_id = any(${numberArray(homes)}::bigint[])
        and coalesce(m.first_joined_at, m.joined_at, c.planned_for) <= coalesce(c.sent_at, c.planned_for)
        and (m.left_at is null or m.left_at > c.planned_for or m.joined_at > m.left_at))
    order by c.fate, c.chat_id limit ${shown}`.execute(on)
  return rows
}
