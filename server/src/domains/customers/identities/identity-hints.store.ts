import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { compare, hintKind } from './identity-kinds.ts'

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
  // one by one by their key: thousands may have said a value, and their words are not read
  const { rows } = await sql<{ at: number }>`
    select n.at::int - 1 as at from unnest(
      ${hints.map(({ value }) => value)}::text[], ${hints.map(({ kind }) => kind)}::text[], ${hints.map(({ home }) => home)}::bigint[],
      ${hints.map(({ source }) => source)}::text[]) with ordinality as n(value, kind, home, source, at)
    where not exists (select from identity_hints h where h.value = n.value and h.kind = n.kind and h.corp_id = ${corpId}
      and h.customer_id = n.home and h.source = n.source)`.execute(tx)
  return rows.flatMap(({ at }) => hints[at] ?? [])
}

/** Each source's word stands for itself. */
export function hintKey({ kind, value, home, source }: Pick<Hint, 'kind' | 'value' | 'home' | 'source'>): string {
  return `${kind} ${value} ${home} ${source}`
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

/** Those of these homes of whom the source says anything. */
export async function homesWithHints(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  source: string,
): Promise<readonly number[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<{ home: number }>`
    select distinct customer_id as home from identity_hints
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId} and source = ${source} order by 1`.execute(
    tx,
  )
  return rows.map((row) => row.home)
}

/** Whose word about a home is told anew, and of which kind; of every kind unless named. */
interface Saying {
  readonly source: string
  readonly home: number
  readonly kind?: string
}

/** Somebody's word about a person as it is now. */
export interface Correction {
  readonly word: string
  readonly home: number
  /** Where it stood before, if that is another home. */
  readonly before?: number | undefined
  /** All that it names now. */
  readonly identities: readonly { readonly kind: string; readonly value: string }[]
  /** It says nothing of other kinds than this. */
  readonly kind?: string
}

/** Takes back what each of these words said before, such as a number that was mistyped. */
export async function correctWords(tx: Tx, corpId: number, words: readonly Correction[]): Promise<void> {
  await withdrawHints(
    tx,
    corpId,
    words.flatMap(({ word, home, before = home, kind }) =>
      [...new Set([home, before])].map((one) => ({
        ...{ source: word, home: one },
        ...(kind === undefined ? {} : { kind: hintKind(kind) }),
      })),
    ),
    words.flatMap(({ word, home, identities }) =>
      identities.map(({ kind, value }) => ({ source: word, home, kind: hintKind(kind), value })),
    ),
  )
}

/**
 * What was said of homes and is said no longer, and what nothing else proposes. `kept`: all that they say now.
 */
export async function withdrawHints(
  tx: Tx,
  corpId: number,
  said: readonly Saying[],
  kept: readonly Pick<Hint, 'source' | 'home' | 'kind' | 'value'>[],
): Promise<void> {
  if (said.length === 0) return
  const { rows: gone } = await sql<{ home: number; value: string }>`
    delete from identity_hints h
    using unnest(${said.map(({ home }) => home)}::bigint[], ${said.map(({ source }) => source)}::text[],
      ${said.map(({ kind }) => kind ?? null)}::text[]) as s(home, source, kind)
    where h.customer_id = s.home and h.corp_id = ${corpId} and h.source = s.source and (s.kind is null or h.kind = s.kind)
      and not exists (
        select from unnest(${kept.map(({ home }) => home)}::bigint[], ${kept.map(({ source }) => source)}::text[],
          ${kept.map(({ kind }) => kind)}::text[], ${kept.map(({ value }) => value)}::text[]) as k(home, source, kind, value)
        where k.home = h.customer_id and k.source = h.source and k.kind = h.kind and k.value = h.value)
    returning h.customer_id as home, h.value`.execute(tx)
  if (gone.length === 0) return
  const changed = [...new Set(gone.map(({ home }) => home))].sort((a, b) => a - b)
  const borne = (side: string) => sql`(
    select value, kind from identity_hints where customer_id = ${sql.ref(side)}
    union all select value, kind from identities where customer_id = ${sql.ref(side)})`
  await sql`
    delete from identity_proposals p
    where p.corp_id = ${corpId} and p.state = 'open'
      and (p.low_id = any(${changed}::bigint[]) or p.high_id = any(${changed}::bigint[]))
      and not exists (
        select from ${borne('p.low_id')} l join ${borne('p.high_id')} h on h.value = l.value and h.kind = l.kind
        where l.kind = p.kind)`.execute(tx)
  // something of another kind may speak for the same two, and without him a value may be one that few share
  const { rows: left } = await sql<{ value: string }>`
    select value from identity_hints where customer_id = any(${changed}::bigint[])`.execute(tx)
  await propose(tx, corpId, [...new Set([...gone, ...left].map(({ value }) => value))])
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
      select value, kind, customer_id, max(at) as at from identity_hints
      where value = any(${[...values]}::text[]) and corp_id = ${corpId} group by 1, 2, 3
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
