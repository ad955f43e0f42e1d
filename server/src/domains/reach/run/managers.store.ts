import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'

/** Who manages the store of each of these members; nobody is his own manager. */
export async function managersOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ userid: string; manager: string }>`
    select s.userid, t.manager_userid as manager from staff s join stores t on t.corp_id = s.corp_id and t.id = s.store_id
    where s.corp_id = ${corpId} and s.userid = any(${textArray([...new Set(userids)])}::text[])
      and t.manager_userid is not null and t.manager_userid <> s.userid`.execute(on)
  return new Map(rows.map((row) => [row.userid, row.manager]))
}
