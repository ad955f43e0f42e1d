import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { Task, TaskState, ToldAs } from './task.ts'

export interface TaskRow
  extends Pick<
    Task,
    | 'number'
    | 'state'
    | 'variant'
    | 'sender'
    | 'recipients'
    | 'canary'
    | 'attempt'
    | 'askedAt'
    | 'expiresAt'
    | 'confirmedAt'
    | 'reminded'
    | 'ending'
  > {
  readonly senderName: string | null
  readonly sent: number
  readonly noFriend: number
  readonly overCap: number
  readonly beside: number
  readonly likes: number
  readonly comments: number
  readonly errcode: number | null
  readonly why: string | null
  readonly replacedBy: number | null
  readonly told: string | null
  readonly toldAs: ToldAs | null
  readonly toldName: string | null
}

/** A page of a run's tasks, by number; of the members whom the reader may see. */
export async function listTasks(
  on: Executor,
  actor: Actor,
  runId: number,
  query: {
    readonly state: TaskState | undefined
    readonly sender: string | undefined
    readonly after: number
    readonly limit: number
  },
): Promise<readonly TaskRow[]> {
  const { rows } = await sql<TaskRow>`
    select t.number, t.state, t.variant, t.sender, s.name as "senderName", t.recipients, t.canary, t.attempt,
      t.asked_at as "askedAt", t.expires_at as "expiresAt", t.confirmed_at as "confirmedAt", t.reminded, t.ending, t.sent,
      t.no_friend as "noFriend", t.over_cap as "overCap", t.beside, t.likes, t.comments, t.errcode, t.why, t.replaced_by as "replacedBy",
      t.told, t.told_as as "toldAs", m.name as "toldName"
    from campaign_tasks t left join staff s on s.corp_id = t.corp_id and s.userid = t.sender
    left join staff m on m.corp_id = t.corp_id and m.userid = t.told
    where t.run_id = ${runId} and t.corp_id = ${actor.corpId} and t.number > ${query.after} and ${staffInScope(actor, 't.sender')}
      and (${query.state ?? null}::text is null or t.state = ${query.state ?? null})
      and (${query.sender ?? null}::text is null or t.sender = ${query.sender ?? null})
    order by t.number limit ${query.limit}`.execute(on)
  return rows
}
