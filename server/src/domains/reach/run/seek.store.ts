import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { Print } from './print.ts'

/** By what these effects' tasks are known again. */
export async function printsOf(on: Executor, effects: readonly string[]): Promise<ReadonlyMap<string, Print>> {
  const { rows } = await sql<{ key: string; links: string[] | null; text: string | null }>`
    select key, detail->'links' as links, detail->>'text' as text from effects
    where key = any(${textArray(effects)}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.key, { links: row.links ?? [], text: row.text ?? '' }]))
}

/** Which of these sends are known as tasks of ours, now or before they were taken back. */
export async function knownMsgids(
  on: Executor,
  corpId: number,
  msgids: readonly string[],
): Promise<ReadonlySet<string>> {
  const asked = textArray(msgids)
  const { rows } = await sql<{ msgid: string }>`
    select msgid from campaign_tasks where corp_id = ${corpId} and msgid = any(${asked}::text[])
    union
    select past.msgid from campaign_tasks t cross join unnest(t.past_msgids) as past(msgid)
    where t.corp_id = ${corpId} and t.past_msgids && ${asked}::text[] and past.msgid = any(${asked}::text[])`.execute(
    on,
  )
  return new Set(rows.map((row) => row.msgid))
}
