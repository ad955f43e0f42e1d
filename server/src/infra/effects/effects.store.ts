import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'
import type { EffectClaim, EffectSettlement } from './effects.ts'

export async function claimEffects(
  on: Executor,
  processId: number,
  claims: readonly EffectClaim[],
  at: Date,
): Promise<ReadonlySet<string>> {
  if (claims.length === 0) return new Set()
  const result = await sql<{ key: string }>`
    insert into effects (key, corp_id, kind, state, process_id, subject, claimed_at, detail)
    select key, corp_id, kind, 'claimed', ${processId}, subject, ${at}, detail
    from unnest(
      ${claims.map((c) => c.key)}::text[], ${claims.map((c) => c.corpId)}::int[], ${claims.map((c) => c.kind)}::text[],
      ${claims.map((c) => c.subject ?? null)}::text[],
      ${claims.map((c) => (c.detail === undefined ? null : JSON.stringify(c.detail)))}::jsonb[]
    ) as claim(key, corp_id, kind, subject, detail)
    on conflict (key) do nothing
    returning key`.execute(on)
  return new Set(result.rows.map((row) => row.key))
}

export async function settleEffects(on: Executor, settlements: readonly EffectSettlement[], at: Date): Promise<void> {
  if (settlements.length === 0) return
  await sql`
    update effects set state = settled.state, settled_at = ${at}, errcode = settled.errcode,
      detail = coalesce(effects.detail || settled.detail, settled.detail, effects.detail)
    from unnest(
      ${settlements.map((s) => s.key)}::text[], ${settlements.map((s) => s.state)}::text[],
      ${settlements.map((s) => s.errcode ?? null)}::int[],
      ${settlements.map((s) => (s.detail === undefined ? null : JSON.stringify(s.detail)))}::jsonb[]
    ) as settled(key, state, errcode, detail)
    where effects.key = settled.key`.execute(on)
}
