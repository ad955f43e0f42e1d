import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** The ids of all contact ways that we know of this corp. */
export async function knownConfigs(on: Executor, corpId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ config_id: string }>`
    select config_id from channel_codes
    where corp_id = ${corpId} and config_id is not null and kind = 'contact_way' and removed_at is null`.execute(on)
  return new Set(rows.map((row) => row.config_id))
}
