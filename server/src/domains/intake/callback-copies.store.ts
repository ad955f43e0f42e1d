import { parseEvent, type WecomEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

export interface CallbackCopy {
  readonly appId: string
  readonly appName: string
  readonly event: WecomEvent
}

/** The copies that apps of a corp got of one event, in the order they came. Read from the callback log by its subject. */
export async function copiesOfEvent(
  on: Executor,
  event: {
    readonly corpId: number
    readonly kinds: readonly string[]
    readonly subject: string
    readonly staffUserid: string
    readonly createdAt: Date
  },
): Promise<readonly CallbackCopy[]> {
  const { rows } = await sql<{ appId: string; appName: string; body: string }>`
    select c.app_id as "appId", a.name as "appName", c.body from callbacks c join apps a on a.id = c.app_id
    where c.corp_id = ${event.corpId} and c.subject = ${event.subject} and c.staff_userid = ${event.staffUserid}
      and c.created_at = ${event.createdAt} and c.kind = any(${[...event.kinds]}::text[]) and c.body is not null
      -- the log is parted by receipt, which is not before the event but for clocks that differ
      and c.received_at >= ${event.createdAt}::timestamptz - interval '1 minute'
    order by c.id`.execute(on)
  return rows.map(({ appId, appName, body }) => ({ appId, appName, event: parseEvent(body) }))
}
