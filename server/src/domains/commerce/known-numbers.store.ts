import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Which of these numbers of a source are known already: later facts of them are changes, others are new. */
export async function knownNumbers(
  on: Executor,
  corpId: number,
  of: 'orders' | 'members',
  source: string,
  numbers: readonly string[],
): Promise<ReadonlySet<string>> {
  if (numbers.length === 0) return new Set()
  const { rows } = await sql<{ number: string }>`
    select number from ${sql.table(of === 'orders' ? 'order_keys' : 'members')}
    where number = any(${[...numbers]}::text[]) and source = ${source} and corp_id = ${corpId}`.execute(on)
  return new Set(rows.map((row) => row.number))
}
