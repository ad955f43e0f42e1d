import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'

export interface CountedFailure {
  readonly corpid: string
  readonly appKey: string
  readonly api: string
  readonly errcode: number
  readonly count: number
}

/** Adds to what the platform refused: one row an app, API and code. */
export async function addFailures(on: Executor, failures: readonly CountedFailure[], at: Date): Promise<void> {
  if (failures.length === 0) return
  await sql`
    insert into call_failures as f (corp_id, app_key, api, errcode, count, first_at, last_at)
    select c.id, n.app_key, n.api, n.errcode, n.count, ${at}, ${at} from unnest(
      ${failures.map((one) => one.corpid)}::text[], ${failures.map((one) => one.appKey)}::text[], ${failures.map((one) => one.api)}::text[],
      ${failures.map((one) => one.errcode)}::int[], ${failures.map((one) => one.count)}::bigint[]
    ) as n(corpid, app_key, api, errcode, count) join corps c on c.corpid = n.corpid
    order by c.id, n.app_key, n.api, n.errcode
    on conflict (corp_id, app_key, api, errcode) do update set count = f.count + excluded.count, last_at = excluded.last_at`.execute(
    on,
  )
}
