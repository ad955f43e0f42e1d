import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

/** Notes a verification (no code) or a refusal (its official code) at an app's callback address. */
export async function noteWitness(
  on: Executor,
  corpid: string,
  appKey: string,
  code: number | undefined,
  at: Date,
): Promise<void> {
  const verified = code === undefined
  await sql`
    insert into callback_witnesses as w (app_id, verified_at, refused_at, refused_code, refused_count)
    select a.id, ${verified ? at : null}::timestamptz, ${verified ? null : at}::timestamptz, ${code ?? null}::int, ${verified ? 0 : 1}::int
    from apps a join corps c on c.id = a.corp_id where c.corpid = ${corpid} and a.app_key = ${appKey}
    on conflict (app_id) do update set verified_at = coalesce(excluded.verified_at, w.verified_at),
      refused_at = coalesce(excluded.refused_at, w.refused_at), refused_code = coalesce(excluded.refused_code, w.refused_code),
      refused_count = case when excluded.verified_at is not null then 0 else w.refused_count + 1 end`.execute(on)
}
