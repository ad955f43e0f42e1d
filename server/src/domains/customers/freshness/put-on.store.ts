import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { refreshCards } from '../cards/cards.store.ts'
import type { TakenTodo } from './todos.store.ts'

export interface PutOnDetail {
  readonly channelId: string
  readonly tagIds?: readonly string[]
  readonly remark?: string
  readonly description?: string
}

/** What we put on is known without reading: the platform calls nobody back for it. */
export async function notePutOn(tx: Tx, todo: TakenTodo, put: PutOnDetail, at: Date): Promise<void> {
  if (todo.customerId === undefined) return
  await sql`
    update relations set
      tag_ids = (select coalesce(array_agg(distinct tag order by tag), '{}') from unnest(tag_ids || ${[...(put.tagIds ?? [])]}::text[]) as tag),
      remark = coalesce(${put.remark ?? null}, remark), description = coalesce(${put.description ?? null}, description),
      detail_at = greatest(detail_at, ${at})
    where customer_id = ${todo.customerId} and corp_id = ${todo.corpId} and userid = ${todo.userid}`.execute(tx)
  await refreshCards(tx, [Number(todo.customerId)])
}
