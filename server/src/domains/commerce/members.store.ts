import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { NamedIdentity } from '../customers/index.ts'
import { Overtaken } from './overtaken.ts'
import { keyOf, type Named, type Version } from './versions.ts'

/** One version of a membership, whole. */
export interface Member extends Named, Version {
  readonly identities: readonly NamedIdentity[]
  readonly level: string
  readonly points: number
  readonly joinedAt: Date | null
  readonly endedAt: Date | null
  readonly store: string | null
  readonly nameSealed: Buffer | null
  readonly phoneSealed: Buffer | null
  readonly attributes: Readonly<Record<string, unknown>>
}

interface KnownMember extends Named, Version {
  readonly home: number
}

/** What is known of these numbers, by `keyOf`; held until the end of the transaction. */
export async function lockMembers(
  tx: Tx,
  corpId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, KnownMember>> {
  const { rows } = await sql<KnownMember>`
    select m.source, m.number, m.customer_id as home, m.version_at as "versionAt", m.digest
    from unnest(${named.map(({ source }) => source)}::text[], ${named.map(({ number }) => number)}::text[]) as n(source, number)
    join members m on m.number = n.number and m.source = n.source and m.corp_id = ${corpId}
    order by m.number, m.source for no key update of m`.execute(tx)
  return new Map(rows.map((row) => [keyOf(row), row]))
}

/** Writes what is new or later. */
export async function writeMembers(
  tx: Tx,
  corpId: number,
  placed: readonly { readonly member: Member; readonly home: number }[],
  known: ReadonlyMap<string, KnownMember>,
  at: Date,
): Promise<void> {
  if (placed.length === 0) return
  const bytes = (given: Buffer | null) => (given === null ? null : `\\x${given.toString('hex')}`)
  const rows = placed.map(({ member, home }) => ({
    ...{ number: member.number, source: member.source, customer_id: home, level: member.level, points: member.points },
    ...{ joined_at: member.joinedAt, ended_at: member.endedAt, store_code: member.store },
    ...{ name_sealed: bytes(member.nameSealed), phone_sealed: bytes(member.phoneSealed) },
    ...{ attributes: member.attributes, version_at: member.versionAt, digest: bytes(member.digest) },
  }))
  const { rows: written } = await sql<Named & { fresh: boolean }>`
    insert into members as m (number, source, corp_id, customer_id, level, points, joined_at, ended_at, store_code,
      name_sealed, phone_sealed, attributes, version_at, digest, learnt_at)
    select number, source, ${corpId}, customer_id, level, points, joined_at, ended_at, store_code, name_sealed, phone_sealed,
      attributes, version_at, digest, ${at}
    from json_populate_recordset(null::members, ${JSON.stringify(rows)}::json)
    order by number, source
    on conflict (number, source, corp_id) do update set customer_id = excluded.customer_id, level = excluded.level,
      points = excluded.points, joined_at = excluded.joined_at, ended_at = excluded.ended_at,
      store_code = excluded.store_code, name_sealed = excluded.name_sealed, phone_sealed = excluded.phone_sealed,
      attributes = excluded.attributes, version_at = excluded.version_at, digest = excluded.digest,
      learnt_at = excluded.learnt_at
    where (excluded.version_at, excluded.digest) > (m.version_at, m.digest)
    returning m.source, m.number, (m.xmax = 0) as fresh`.execute(tx)
  const expected = written.length === placed.length && written.every((row) => row.fresh !== known.has(keyOf(row)))
  if (!expected) throw new Overtaken('another batch brought the same new members')
}

export interface MemberRow extends Named {
  readonly home: number
  readonly level: string
  readonly points: number
  readonly joinedAt: Date | null
  readonly endedAt: Date | null
  readonly store: string | null
  readonly attributes: Readonly<Record<string, unknown>>
  readonly versionAt: Date
}

/** Members by number; `home` is the person's root. */
export async function listMembers(
  on: Executor,
  corpId: number,
  ask: {
    readonly source?: string | undefined
    readonly number?: string | undefined
    readonly after?: readonly [string, string] | undefined
    readonly limit: number
  },
): Promise<readonly MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select m.source, m.number, coalesce(c.merged_into, c.id, m.customer_id) as home, m.level, m.points,
      m.joined_at as "joinedAt", m.ended_at as "endedAt", m.store_code as store, m.attributes, m.version_at as "versionAt"
    from members m left join customers c on c.id = m.customer_id
    where m.corp_id = ${corpId}
      ${ask.source === undefined ? sql`` : sql`and m.source = ${ask.source}`}
      ${ask.number === undefined ? sql`` : sql`and m.number = ${ask.number}`}
      ${ask.after === undefined ? sql`` : sql`and (m.number, m.source) > (${ask.after[0]}, ${ask.after[1]})`}
    order by m.number, m.source limit ${ask.limit}`.execute(on)
  return rows
}

export interface SealedMember extends Omit<MemberRow, 'attributes' | 'versionAt'> {
  readonly nameSealed: Buffer | null
  readonly phoneSealed: Buffer | null
}

/** Members with what is sealed of them, by number, after one of them. */
export async function sealedMembers(
  on: Executor,
  corpId: number,
  ask: {
    readonly source?: string | undefined
    readonly after: readonly [string, string] | undefined
    readonly limit: number
  },
): Promise<readonly SealedMember[]> {
  const { rows } = await sql<SealedMember>`
    select m.source, m.number, coalesce(c.merged_into, c.id, m.customer_id) as home, m.level, m.points,
      m.joined_at as "joinedAt", m.ended_at as "endedAt", m.store_code as store, m.name_sealed as "nameSealed",
      m.phone_sealed as "phoneSealed"
    from members m left join customers c on c.id = m.customer_id
    where m.corp_id = ${corpId} ${ask.source === undefined ? sql`` : sql`and m.source = ${ask.source}`}
      ${ask.after === undefined ? sql`` : sql`and (m.number, m.source) > (${ask.after[0]}, ${ask.after[1]})`}
    order by m.number, m.source limit ${ask.limit}`.execute(on)
  return rows
}

export async function countMembers(
  on: Executor,
  corpId: number,
  { source }: { readonly source?: string | undefined },
): Promise<number> {
  const { rows } = await sql<{ members: number }>`select count(*)::int as members from members
    where corp_id = ${corpId} ${source === undefined ? sql`` : sql`and source = ${source}`}`.execute(on)
  return rows[0]?.members ?? 0
}
