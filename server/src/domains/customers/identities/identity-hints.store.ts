import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { compare } from './identity-kinds.ts'

/** What is said of a home and proves nothing. */
export interface Hint {
  /** What it is compared with. */
  readonly kind: string
  readonly value: string
  readonly home: number
  readonly source: string
  readonly at: Date
}

/** A value that more homes share is a placeholder: it proposes nobody. */
const tooMany = 10

export async function missingHints(tx: Tx, corpId: number, hints: readonly Hint[]): Promise<readonly Hint[]> {
  if (hints.length === 0) return []
  const { rows } = await sql<{ kind: string; value: string; home: number }>`
    select kind, value, customer_id as home from identity_hints
    where value = any(${hints.map(({ value }) => value)}::text[]) and corp_id = ${corpId}`.execute(tx)
  const known = new Set(rows.map((row) => `${row.kind} ${row.value} ${row.home}`))
  return hints.filter(({ kind, value, home }) => !known.has(`${kind} ${value} ${home}`))
}

/** Notes hints, and proposes who else is known or said to have the same. */
export async function noteHints(tx: Tx, corpId: number, given: readonly Hint[]): Promise<void> {
  const hints = await missingHints(tx, corpId, given)
  if (hints.length === 0) return
  const sorted = [...hints].sort((a, b) => compare(a.value, b.value) || a.home - b.home)
  await sql`
    insert into identity_hints (value, kind, corp_id, customer_id, source, at)
    select value, kind, ${corpId}, home, source, at from unnest(
      ${sorted.map(({ value }) => value)}::text[], ${sorted.map(({ kind }) => kind)}::text[], ${sorted.map(({ home }) => home)}::bigint[],
      ${sorted.map(({ source }) => source)}::text[], ${sorted.map(({ at }) => at.toISOString())}::timestamptz[]) as n(value, kind, home, source, at)
    where exists (select from customers c where c.id = n.home and c.erased_at is null)
    on conflict do nothing`.execute(tx)
  await propose(tx, corpId, [...new Set(hints.map(({ value }) => value))])
}

/** A proved number may be one that was noted by hand of somebody else before. */
export async function proposeByStrong(tx: Tx, corpId: number, fresh: readonly number[]): Promise<void> {
  if (fresh.length === 0) return
  const { rows } = await sql<{ value: string }>`
    select h.value from identities i join identity_hints h on h.value = i.value and h.kind = i.kind and h.corp_id = i.corp_id
    where i.customer_id = any(${[...fresh]}::bigint[]) and i.corp_id = ${corpId}`.execute(tx)
  if (rows.length > 0) await propose(tx, corpId, [...new Set(rows.map((row) => row.value))])
}

async function propose(tx: Tx, corpId: number, values: readonly string[]): Promise<void> {
  await sql`
    with bearers as materialized (
      select value, kind, customer_id, at from identity_hints where value = any(${[...values]}::text[]) and corp_id = ${corpId}
      union
      select value, kind, customer_id, seen_at from identities where value = any(${[...values]}::text[]) and corp_id = ${corpId}
    ), few as (
      select value, kind from bearers group by value, kind having count(distinct customer_id) between 2 and ${tooMany}
    )
    insert into identity_proposals (low_id, high_id, corp_id, kind, at)
    select a.customer_id, b.customer_id, ${corpId}, a.kind, max(greatest(a.at, b.at))
    from few join bearers a using (value, kind) join bearers b using (value, kind)
    join customers ca on ca.id = a.customer_id join customers cb on cb.id = b.customer_id
    where a.customer_id < b.customer_id and coalesce(ca.merged_into, ca.id) <> coalesce(cb.merged_into, cb.id)
      and ca.erased_at is null and cb.erased_at is null
    group by 1, 2, a.kind order by 1, 2
    on conflict do nothing`.execute(tx)
}
