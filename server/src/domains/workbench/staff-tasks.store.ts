import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Something a member should do by hand; made once a key. */
export interface StaffTask {
  readonly corpId: number
  readonly userid: string
  readonly kind: string
  readonly key: string
  readonly customerId: number | undefined
  readonly detail: unknown
  readonly createdAt: Date
}

export async function addStaffTasks(on: Executor, tasks: readonly StaffTask[]): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    insert into staff_tasks (corp_id, userid, kind, key, customer_id, detail, created_at)
    select * from unnest(
      ${tasks.map((t) => t.corpId)}::int[], ${tasks.map((t) => t.userid)}::text[], ${tasks.map((t) => t.kind)}::text[],
      ${tasks.map((t) => t.key)}::text[], ${tasks.map((t) => t.customerId ?? null)}::bigint[],
      ${tasks.map((t) => JSON.stringify(t.detail))}::jsonb[], ${tasks.map((t) => t.createdAt.toISOString())}::timestamptz[]
    ) on conflict (corp_id, kind, key) do nothing`.execute(on)
}

/** Marks a member's task as done; false: there is none, or it is done already. */
export async function finishStaffTask(
  on: Executor,
  task: { readonly corpId: number; readonly kind: string; readonly key: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await on
    .updateTable('staff_tasks')
    .set({ done_at: task.at })
    .where('corp_id', '=', task.corpId)
    .where('kind', '=', task.kind)
    .where('key', '=', task.key)
    .where('done_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
