import type { Executor } from '../../../infra/db/database.ts'

/** What the choice of a welcome needs to know of a channel. */
export async function greetingChannel(
  on: Executor,
  corpId: number,
  id: string,
): Promise<{ id: string; name: string; storeId: string | undefined } | undefined> {
  const row = await on
    .selectFrom('channels')
    .select(['id', 'name', 'store_id', 'routed_store_id'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : { id: row.id, name: row.name, storeId: row.routed_store_id ?? row.store_id ?? undefined }
}
