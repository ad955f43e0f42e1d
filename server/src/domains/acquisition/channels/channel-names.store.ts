import type { Executor } from '../../../infra/db/database.ts'

/** Names of members by userid; a member we do not know is missing. */
export async function namesOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (userids.length === 0) return new Map()
  const rows = await on
    .selectFrom('staff')
    .select(['userid', 'name'])
    .where('corp_id', '=', corpId)
    .where('userid', 'in', [...new Set(userids)])
    .execute()
  return new Map(rows.map((row) => [row.userid, row.name]))
}
