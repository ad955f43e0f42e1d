import { sql } from 'kysely'
import type { Executor } from '../infra/db/database.ts'

export async function countAudiences(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audiences where corp_id = ${corpId}`.execute(
    on,
  )
  return rows[0]?.n ?? 0
}

/** Whether audiences know whom the first reading met: counted before, they would begin empty. */
export async function firstReadingIsIn(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql`select from customer_syncs s join audience_settings a on a.corp_id = s.corp_id
    where s.corp_id = ${corpId} and s.first_done_at is not null and a.reconciled_at >= s.first_done_at`.execute(on)
  return rows.length > 0
}

/** The numbers of the shop's goods by their names. */
export async function goodsNamed(on: Executor, corpId: number): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; number: string }>`
    select name, number from products where corp_id = ${corpId}`.execute(on)
  return new Map(rows.map(({ name, number }) => [name, number]))
}
