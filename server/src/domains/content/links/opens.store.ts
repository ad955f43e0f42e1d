import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { Open } from './open.ts'

/** Writes openings; one that is known is left as it is, but for the person who opened it when that was learnt later. */
export async function keepOpens(on: Executor, opens: readonly Open[]): Promise<void> {
  if (opens.length === 0) return
  await sql`
    insert into link_opens (link_id, id, at, corp_id, run_id, task, customer_id)
    select * from unnest(
      ${numberArray(opens.map((one) => one.linkId))}::bigint[], ${textArray(opens.map((one) => one.id))}::uuid[],
      ${textArray(opens.map((one) => one.at.toISOString()))}::timestamptz[],
      ${numberArray(opens.map((one) => one.corpId))}::int[], ${numberArray(opens.map((one) => one.run))}::int[],
      ${numberArray(opens.map((one) => one.task))}::int[], ${numberArray(opens.map((one) => one.customerId))}::bigint[])
    on conflict (link_id, id, at) do update set customer_id = excluded.customer_id
    where link_opens.customer_id = 0 and excluded.customer_id <> 0`.execute(on)
}

export interface Opened {
  /** Persons that are known, each counted once. */
  readonly persons: number
  /** Openings by them, and by whom nobody knows. */
  readonly known: number
  readonly unknown: number
}

/** Who opened the links of a run. */
export async function openedByRun(on: Executor, runId: number): Promise<Opened> {
  const { rows } = await sql<Opened>`
    select count(distinct coalesce(c.merged_into, c.id))::int as persons, (count(*) filter (where o.customer_id <> 0))::int as known,
      (count(*) filter (where o.customer_id = 0))::int as unknown
    from link_opens o left join customers c on c.id = o.customer_id and o.customer_id <> 0
    where o.run_id = ${runId}`.execute(on)
  return rows[0] ?? { persons: 0, known: 0, unknown: 0 }
}
