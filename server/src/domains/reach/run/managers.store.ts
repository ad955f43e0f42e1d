import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface Managed {
  /** The member's own name. */
  readonly name: string
  readonly manager: string
}

/** Who manages the store of each of these members; nobody is his own manager. */
export async function managersOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlyMap<string, Managed>> {
  const { rows } = await sql<Managed & { userid: string }>`
    select s.userid, s.name, t.manager_userid as manager from staff s join stores t on t.corp_id = s.corp_id and t.id = s.store_id
    where s.corp_id = ${corpId} and s.userid = any(${textArray([...new Set(userids)])}::text[])
      and t.manager_userid is not null and t.manager_userid <> s.userid`.execute(on)
  return new Map(rows.map((row) => [row.userid, row]))
}
