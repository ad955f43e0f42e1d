import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface Managed {
  /** The member's own name. */
  readonly name: string
  /** Of his store; nobody is his own manager. */
  readonly manager: string | null
}

/** What these members are called, and who manages the store of each. */
export async function managersOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlyMap<string, Managed>> {
  const { rows } = await sql<Managed & { userid: string }>`
    select s.userid, s.name, nullif(t.manager_userid, s.userid) as manager
    from staff s left join stores t on t.corp_id = s.corp_id and t.id = s.store_id
    where s.corp_id = ${corpId} and s.userid = any(${textArray([...new Set(userids)])}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.userid, row]))
}

/** Who is told of what becomes of the tasks of a set of senders; null: nobody was named. */
export async function setManagerOf(on: Executor, corpId: number, set: string): Promise<string | null> {
  const { rows } = await sql<{ manager: string | null }>`
    select manager_userid as manager from sender_sets where corp_id = ${corpId} and id = ${set}`.execute(on)
  return rows[0]?.manager ?? null
}
