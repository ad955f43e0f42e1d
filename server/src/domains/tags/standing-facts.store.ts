import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import type { TagSource } from './tag-state.ts'

/** What a source says now of these homes' tags, by `home tag`. */
export async function standingFacts(
  on: Executor,
  corpId: number,
  homes: readonly number[],
  source: TagSource,
): Promise<Map<string, boolean>> {
  if (homes.length === 0) return new Map()
  const { rows } = await sql<{ home: number; tag_id: string; says: boolean }>`
    select customer_id as home, tag_id, says from tag_facts
    where customer_id = any(${[...new Set(homes)]}::bigint[]) and corp_id = ${corpId} and source = ${source}`.execute(
    on,
  )
  return new Map(rows.map(({ home, tag_id, says }) => [`${home} ${tag_id}`, says]))
}
