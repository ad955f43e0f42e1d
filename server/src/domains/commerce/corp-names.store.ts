import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** The ids of stores by code; codes that no store has are not among them. */
export async function storesByCode(
  on: Executor,
  corpId: number,
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ code: string; id: string }>`
    select code, id from stores where corp_id = ${corpId} and code = any(${[...codes]}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.code, row.id]))
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

export async function zoneOf(on: Executor, corpId: number): Promise<string> {
  const row = await on.selectFrom('corps').select('time_zone').where('id', '=', corpId).executeTakeFirst()
  return row?.time_zone ?? 'Asia/Shanghai'
}

/** What tells audiences of this corp's facts goes one transaction after the other: they keep sums of persons. */
export async function lockUpkeep(on: Executor, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(7264, ${corpId})`.execute(on)
}
