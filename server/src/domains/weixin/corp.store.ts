import type { Executor } from '../../infra/db/database.ts'

/** The platform's id of a corp: it stands in callback addresses. */
export async function corpidOf(on: Executor, corpId: number): Promise<string | undefined> {
  const row = await on.selectFrom('corps').select('corpid').where('id', '=', corpId).executeTakeFirst()
  return row?.corpid
}
