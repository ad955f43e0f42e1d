import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
import { compare } from '../identities/identity-kinds.ts'
import { noteLinks } from '../identities/identity-links.store.ts'
import { resolveCustomers } from '../relations/relation-facts.store.ts'
import type { SeenRelation } from './seen.ts'

export interface Met {
  /** By external_userid. */
  readonly ids: ReadonlyMap<string, number>
  /** Made in this transaction: nobody else can know anything of them yet. */
  readonly fresh: ReadonlySet<number>
}

/** Finds the customers of what was seen; those whom we meet for the first time are written whole at once. */
export async function meetCustomers(tx: Tx, corpId: number, seen: readonly SeenRelation[], at: Date): Promise<Met> {
  const people = new Map(seen.map((one) => [one.externalUserid, one]))
  // by the key's first column: a join would be planned by what the table held before a first sync
  const { rows: known } = await sql<{ value: string; customer_id: number }>`
    select value, customer_id from identities
    where value = any(${[...people.keys()]}::text[]) and kind = 'external_userid' and corp_id = ${corpId}`.execute(tx)
  const ids = new Map(known.map((row) => [row.value, row.customer_id]))
  // one order in every process, so that two batches with the same newcomers wait for each other instead of dead-locking
  const missing = [...people.values()]
    .filter((one) => !ids.has(one.externalUserid))
    .sort((a, b) => compare(a.externalUserid, b.externalUserid))
  if (missing.length === 0) return { ids, fresh: new Set() }
  const pinyin = await pinyinOf(missing.map(({ name }) => name))
  const { rows: made } = await sql<{ value: string; customer_id: number }>`
    with n as materialized (
      select *, nextval('customers_id_seq') as customer_id from unnest(
        ${missing.map((one) => one.externalUserid)}::text[], ${missing.map((one) => one.name)}::text[],
        ${missing.map((one) => pinyin(one.name))}::text[], ${missing.map((one) => one.avatar ?? null)}::text[],
        ${missing.map((one) => one.gender)}::smallint[], ${missing.map((one) => one.kind)}::smallint[],
        ${missing.map((one) => one.corpName ?? null)}::text[]
      ) with ordinality as n(value, name, name_pinyin, avatar, gender, kind, corp_name, place)
    ), taken as (
      insert into identities (corp_id, kind, value, customer_id, seen_at)
      select ${corpId}, 'external_userid', value, customer_id, ${at} from n order by place
      on conflict do nothing returning value, customer_id
    ), made as (
      insert into customers (id, corp_id, name, name_pinyin, avatar, gender, kind, corp_name, created_at, detail_at)
      select n.customer_id, ${corpId}, n.name, n.name_pinyin, n.avatar, n.gender, n.kind, n.corp_name, ${at}, ${at}
      from n join taken using (customer_id)
    )
    select value, customer_id from taken`.execute(tx)
  for (const row of made) ids.set(row.value, row.customer_id)
  // another process made some of them between our look and our insert
  const late = missing.filter((one) => !ids.has(one.externalUserid))
  if (late.length > 0) {
    const found = await resolveCustomers(
      tx,
      late.map(({ externalUserid }) => ({ corpId, externalUserid })),
      at,
    )
    for (const { externalUserid } of late) {
      const id = found.get(`${corpId} ${externalUserid}`)
      if (id !== undefined) ids.set(externalUserid, id)
    }
  }
  return { ids, fresh: new Set(made.map((row) => row.customer_id)) }
}

interface Unionid {
  readonly value: string
  readonly home: number
}

/**
 * The unionid is an identity of its own: what an order, a mini program or an Official Account tells by it belongs to the
 * person. Of a customer of whom nothing else says yet who he is, it shares the home: the platform gives both as names of
 * one WeChat user, nobody ever was the one without the other, and that word is followed before any other. Else it has its
 * own home, and the platform's word is evidence like all others. Answers those whom nobody knew before.
 */
export async function noteUnionids(
  tx: Tx,
  corpId: number,
  seen: readonly Pick<SeenRelation, 'externalUserid' | 'unionid'>[],
  { ids, fresh }: Met,
  at: Date,
): Promise<readonly Unionid[]> {
  const pairs = pairsOf(seen, ids)
  // should the platform ever give one with two external_userids: it is told of the first, and both are evidence
  const people = new Map(pairs.toReversed().map(({ unionid, home }): [string, number] => [unionid, home]))
  const old = [...people].filter(([, home]) => !fresh.has(home)).map(([value]) => value)
  const homes = new Map(await homesOfUnionids(tx, corpId, old))
  const missing = [...people.keys()].filter((value) => !homes.has(value)).sort(compare)
  const alone = await aloneAmong(
    tx,
    missing.flatMap((value) => people.get(value) ?? []).filter((home) => !fresh.has(home)),
  )
  const sharing = new Map<number, string>()
  for (const value of missing) {
    const home = people.get(value) ?? 0
    if ((fresh.has(home) || alone.has(home)) && !sharing.has(home)) sharing.set(home, value)
  }
  const made = await insertUnionids(
    tx,
    corpId,
    missing.map((value) => {
      const home = people.get(value) ?? 0
      return { value, home: sharing.get(home) === value ? home : null }
    }),
    at,
  )
  for (const { value, home } of made) homes.set(value, home)
  // told by somebody else between our look and our insert, or of somebody whom we have just met
  const late = missing.filter((value) => !homes.has(value))
  for (const [value, home] of await homesOfUnionids(tx, corpId, late)) homes.set(value, home)
  const links = pairs.flatMap(({ unionid, home: own }) => {
    const home = homes.get(unionid)
    if (home === undefined || home === own) return []
    return [{ low: Math.min(own, home), high: Math.max(own, home), source: 'wecom', reference: '', at }]
  })
  await noteLinks(tx, corpId, links, at)
  return made
}

/** Each pair once, however many members know him, in an order of their own. */
function pairsOf(
  seen: readonly Pick<SeenRelation, 'externalUserid' | 'unionid'>[],
  ids: Met['ids'],
): readonly { readonly unionid: string; readonly home: number }[] {
  const pairs = new Map<string, { unionid: string; home: number }>()
  for (const { unionid, externalUserid } of [...seen].sort((a, b) => compare(a.externalUserid, b.externalUserid))) {
    const home = ids.get(externalUserid)
    if (unionid !== undefined && home !== undefined) pairs.set(`${unionid} ${home}`, { unionid, home })
  }
  return [...pairs.values()]
}

/**
 * Who has become known by a unionid that shares his home: nobody joined anybody, so nothing else says it. Of people met for
 * the first time all is told by what they were met with.
 */
export async function tellDetailed(
  tx: Tx,
  corpId: number,
  noted: readonly Unionid[],
  { ids, fresh }: Met,
  { at, cause }: { readonly at: Date; readonly cause: string },
): Promise<void> {
  const known = new Set(ids.values())
  await appendEvents(
    tx,
    noted
      .filter(({ home }) => known.has(home) && !fresh.has(home))
      .map(({ home }) => ({
        ...{ kind: 'customer.detailed', corpId, customerId: home, staffUserid: undefined },
        ...{ occurredAt: at, cause, payload: {} },
      })),
    at,
  )
}

/** Takes back what was noted of customers who, as it turned out, were erased meanwhile. */
export async function forgetUnionids(tx: Tx, corpId: number, noted: readonly Unionid[]): Promise<void> {
  if (noted.length === 0) return
  await sql`
    delete from identities
    where value = any(${noted.map(({ value }) => value)}::text[]) and kind = 'unionid' and corp_id = ${corpId}`.execute(
    tx,
  )
}

async function homesOfUnionids(
  tx: Tx,
  corpId: number,
  values: readonly string[],
): Promise<readonly (readonly [string, number])[]> {
  if (values.length === 0) return []
  const { rows } = await sql<{ value: string; home: number }>`
    select value, customer_id as home from identities
    where value = any(${[...values]}::text[]) and kind = 'unionid' and corp_id = ${corpId}`.execute(tx)
  return rows.map(({ value, home }) => [value, home])
}

/** Homes with no other unionid, and of which neither evidence nor a decision says anything. */
async function aloneAmong(tx: Tx, homes: readonly number[]): Promise<ReadonlySet<number>> {
  if (homes.length === 0) return new Set()
  const { rows } = await sql<{ home: number }>`
    select n.id as home from unnest(${[...new Set(homes)]}::bigint[]) as n(id)
    where not exists (select from identities i where i.customer_id = n.id and i.kind = 'unionid')
      and not exists (select from identity_links l where l.customer_id = n.id)
      and not exists (select from identity_blocks b where b.customer_id = n.id)`.execute(tx)
  return new Set(rows.map((row) => row.home))
}

/** Each with the home that it shares, or with one of its own. */
async function insertUnionids(
  tx: Tx,
  corpId: number,
  unionids: readonly { readonly value: string; readonly home: number | null }[],
  at: Date,
): Promise<readonly Unionid[]> {
  if (unionids.length === 0) return []
  const { rows } = await sql<Unionid>`
    with wanted as materialized (
      select value, coalesce(home, nextval('customers_id_seq')) as home, home is null as own, place from unnest(
        ${unionids.map(({ value }) => value)}::text[], ${unionids.map(({ home }) => home)}::bigint[]) with ordinality as n(value, home, place)
    ), taken as (
      insert into identities (corp_id, kind, value, customer_id, seen_at)
      select ${corpId}, 'unionid', value, home, ${at} from wanted order by place
      on conflict do nothing returning value, customer_id as home
    ), made as (
      insert into customers (id, corp_id, created_at)
      select home, ${corpId}, ${at} from taken join wanted using (value, home) where own
    )
    select value, home from taken`.execute(tx)
  return rows
}
