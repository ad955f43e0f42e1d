import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import type { Link } from '../persons/persons.ts'

/** Of the same two homes and source the earliest evidence stays, in whatever order it comes. Answers homes of what is new. */
export async function insertLinks(tx: Tx, corpId: number, links: readonly Link[]): Promise<readonly number[]> {
  if (links.length === 0) return []
  const both = links
    .flatMap((link) => [
      { ...link, home: link.low, other: link.high },
      { ...link, home: link.high, other: link.low },
    ])
    .sort((a, b) => a.home - b.home || a.other - b.other || (a.source < b.source ? -1 : 1))
  const { rows } = await sql<{ home: number }>`
    insert into identity_links as l (customer_id, other_id, corp_id, source, reference, at)
    select home, other, ${corpId}, source, reference, at from unnest(
      ${both.map(({ home }) => home)}::bigint[], ${both.map(({ other }) => other)}::bigint[],
      ${both.map(({ source }) => source)}::text[], ${both.map(({ reference }) => reference)}::text[],
      ${both.map(({ at }) => at.toISOString())}::timestamptz[]) as n(home, other, source, reference, at)
    on conflict (customer_id, other_id, source) do update set at = excluded.at, reference = excluded.reference
    where (excluded.at, excluded.reference) < (l.at, l.reference)
    returning customer_id as home`.execute(tx)
  return [...new Set(rows.map((row) => row.home))]
}

/** Which of these are not written yet, or with a later time: a batch of known facts then writes and locks nothing. */
export async function missingLinks(tx: Tx, links: readonly Link[]): Promise<readonly Link[]> {
  if (links.length === 0) return []
  const { rows } = await sql<{ at: number }>`
    select n.at::int - 1 as at from unnest(
      ${links.map(({ low }) => low)}::bigint[], ${links.map(({ high }) => high)}::bigint[], ${links.map(({ source }) => source)}::text[],
      ${links.map(({ at }) => at.toISOString())}::timestamptz[], ${links.map(({ reference }) => reference)}::text[])
      with ordinality as n(low, high, source, evidence_at, reference, at)
    where not exists (select from identity_links l where l.customer_id = n.low and l.other_id = n.high and l.source = n.source
      and (l.at, l.reference) <= (n.evidence_at, n.reference))`.execute(tx)
  return rows.flatMap(({ at }) => links[at] ?? [])
}

/**
 * Notes evidence without working out the persons: `settleDue` does it within a second. For paths that hold locks of their
 * own or meet thousands at once.
 */
export async function noteLinks(tx: Tx, corpId: number, links: readonly Link[], at: Date): Promise<void> {
  // a row that is there would be locked, though nothing of it changed
  const touched = await insertLinks(tx, corpId, await missingLinks(tx, links))
  if (touched.length === 0) return
  await sql`
    insert into person_todos (customer_id, corp_id, at) select id, ${corpId}, ${at} from unnest(${[...touched].sort((a, b) => a - b)}::bigint[]) as n(id)
    on conflict do nothing`.execute(tx)
}
