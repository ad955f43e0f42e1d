import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { schedule } from '../../../infra/due/due.store.ts'

/**
 * In the due table: a member came or went: left, was disabled, began a leave or came back. Whoever gave him work defines what
 * follows. The key is his; `payload`: {userid}.
 */
export const presenceDue = 'staff.presence'

/** What follows from where these members are is looked at from that moment on. */
export async function presenceChanged(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  at: Date,
): Promise<void> {
  await schedule(
    on,
    [...new Set(userids)].map((userid) => ({
      ...{ corpId, kind: presenceDue, key: `${corpId}:${userid}`, at, payload: { userid } },
    })),
  )
}

/** When the member's next leave begins, or the one he has ends. */
export async function nextPresence(
  on: Executor,
  corpId: number,
  userid: string,
  after: Date,
): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from staff_leaves l cross join unnest(array[l.from_at, l.until_at]) as at
    where l.corp_id = ${corpId} and l.userid = ${userid} and at > ${after}`.execute(on)
  return rows[0]?.at ?? undefined
}
