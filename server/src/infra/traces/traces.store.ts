import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'

/** A decision of the machine: its inputs, the rule that won, the rules that lost and why. The console puts it into words. */
export interface Trace {
  readonly corpId: number
  readonly kind: string
  /** What it decided about, e.g. `relation:<userid>:<external_userid>:<create time>`. */
  readonly subject: string
  readonly decidedAt: Date
  readonly body: unknown
}

export async function writeTraces(on: Executor, traces: readonly Trace[]): Promise<void> {
  if (traces.length === 0) return
  await sql`
    insert into traces (corp_id, kind, subject, decided_at, body)
    select * from unnest(
      ${traces.map((t) => t.corpId)}::int[], ${traces.map((t) => t.kind)}::text[], ${traces.map((t) => t.subject)}::text[],
      ${traces.map((t) => t.decidedAt.toISOString())}::timestamptz[], ${traces.map((t) => JSON.stringify(t.body))}::jsonb[]
    )`.execute(on)
}
