import { sql } from 'kysely'
import { numberArray, textArray } from '../../infra/db/arrays.ts'
import type { Tx } from '../../infra/db/database.ts'
import type { NamedIdentity } from '../customers/index.ts'

/** Something that a person did. */
export interface Behaviour {
  /** 16 bytes that are the same whenever the same event is sent again. */
  readonly key: Buffer
  readonly identities: readonly NamedIdentity[]
  readonly source: string
  readonly number: string
  readonly name: string
  readonly at: Date
  /** JSON. */
  readonly properties: string | null
}

export type PlacedBehaviour = Behaviour & { readonly home: number }

/** Writes those whose key was not seen before, in one statement. Answers, for each in order, whether it was written. */
export async function writeBehaviours(
  tx: Tx,
  corpId: number,
  given: readonly PlacedBehaviour[],
  at: Date,
): Promise<readonly boolean[]> {
  const first = new Map<string, number>()
  for (const [place, { key }] of given.entries()) {
    const name = key.toString('latin1')
    if (!first.has(name)) first.set(name, place)
  }
  const places = [...first.values()]
  const rows = places.flatMap((place) => given[place] ?? [])
  const { rows: written } = await sql<{ place: number }>`
    with given as materialized (
      select * from unnest(${numberArray(places)}::int[], ${textArray(rows.map(({ key }) => `\\x${key.toString('hex')}`))}::bytea[],
        ${numberArray(rows.map(({ home }) => home))}::bigint[], ${textArray(rows.map((row) => row.at.toISOString()))}::timestamptz[],
        ${textArray(rows.map(({ name }) => name))}::text[], ${textArray(rows.map(({ source }) => source))}::text[],
        ${textArray(rows.map(({ properties }) => properties))}::text[]
      ) as given(place, key, home, at, name, source, properties)
    ), fresh as (
      insert into dedupe_keys (key, seen_at) select key, ${at}::timestamptz from given order by key
      on conflict do nothing returning key
    ), written as (
      insert into behaviours (customer_id, at, corp_id, name, source, properties)
      select home, at, ${corpId}, name, source, properties::jsonb from given join fresh using (key)
    )
    select place from given join fresh using (key)`.execute(tx)
  const fresh = new Set(written.map(({ place }) => place))
  return given.map((_, place) => fresh.has(place))
}
