import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

/** A card that was sent, and what its member tapped on it. */
export interface SentCard {
  readonly kind: string
  readonly key: string
  /** What stands in place of its buttons; null: nobody has tapped it. */
  readonly outcome: string | null
  /** Whom it was sent to, by the name that the brand knows; the userid of who is not known. */
  readonly staffName: string
}

/** The card of a task that this member has; undefined: no card of ours, or somebody else's. */
export async function cardOfTask(
  on: Executor,
  corpId: number,
  taskId: string,
  userid: string,
): Promise<SentCard | undefined> {
  const { rows } = await sql<SentCard>`
    select m.kind, m.key, s.tap_outcome as outcome, coalesce(staff.name, s.userid) as "staffName"
    from app_message_sends s join app_messages m on m.send_id = s.id
      left join staff on staff.corp_id = s.corp_id and staff.userid = s.userid
    where s.corp_id = ${corpId} and s.task_id = ${taskId} and lower(s.userid) = lower(${userid})`.execute(on)
  return rows[0]
}

/** Notes what the member who has this card tapped, once; a later tap leaves it as it is. */
export async function noteTap(
  on: Executor,
  corpId: number,
  { taskId, userid }: { readonly taskId: string; readonly userid: string },
  tap: { readonly key: string; readonly outcome: string; readonly at: Date },
): Promise<void> {
  await on
    .updateTable('app_message_sends')
    .set({ tapped_key: tap.key, tap_outcome: tap.outcome, tapped_at: tap.at })
    .where('corp_id', '=', corpId)
    .where('task_id', '=', taskId)
    .where(sql`lower(userid)`, '=', userid.toLowerCase())
    .where('tapped_at', 'is', null)
    .execute()
}
