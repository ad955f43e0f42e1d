import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { lockCatalogue } from './tags.store.ts'

/** Our ids of tags, by the platform's. */
export async function tagIdsOf(
  on: Executor,
  corpId: number,
  platformIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; platformId: string }>`
    select id, platform_id as "platformId" from tags where corp_id = ${corpId} and removed_at is null
      and platform_id = any(${[...new Set(platformIds)]}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.platformId, row.id]))
}

/** Whoever asks holds the row of the corp's catalogue, so that of two that start together the second sees the first. */
export async function operationRuns(tx: Tx, corpId: number, kinds: readonly string[]): Promise<boolean> {
  await lockCatalogue(tx, corpId)
  const { rows } = await sql`select from operations where corp_id = ${corpId} and kind = any(${[...kinds]}::text[])
    and state in ('waiting', 'running') limit 1`.execute(tx)
  return rows.length > 0
}
