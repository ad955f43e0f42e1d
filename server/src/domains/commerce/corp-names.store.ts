import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import { locks } from '../../infra/db/locks.ts'

/** Which of these codes are those of stores. */
export async function storesAmong(
  on: Executor,
  corpId: number,
  codes: readonly string[],
): Promise<ReadonlySet<string>> {
  if (codes.length === 0) return new Set()
  const { rows } = await sql<{ code: string }>`
    select code from stores where corp_id = ${corpId} and code = any(${[...codes]}::text[])`.execute(on)
  return new Set(rows.map((row) => row.code))
}

/** Which of these are members, now or once. */
export async function membersOfStaff(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userids.length === 0) return new Set()
  const { rows } = await sql<{ userid: string }>`
    select userid from staff where corp_id = ${corpId} and userid = any(${[...userids]}::text[])`.execute(on)
  return new Set(rows.map((row) => row.userid))
}

/** What tells audiences of this corp's facts goes one transaction after the other: they keep sums of persons. */
export async function lockUpkeep(on: Executor, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.buyers}, ${corpId})`.execute(on)
}
