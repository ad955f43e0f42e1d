import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
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
    .sort((a, b) => (a.externalUserid < b.externalUserid ? -1 : 1))
  if (missing.length === 0) return { ids, fresh: new Set() }
  const pinyin = await pinyinOf(missing.map(({ name }) => name))
  const { rows: made } = await sql<{ value: string; customer_id: number }>`
    with n as materialized (
      select *, nextval('customers_id_seq') as customer_id from unnest(
        ${missing.map((one) => one.externalUserid)}::text[], ${missing.map((one) => one.name)}::text[],
        ${missing.map((one) => pinyin(one.name))}::text[], ${missing.map((one) => one.avatar ?? null)}::text[],
        ${missing.map((one) => one.gender)}::smallint[], ${missing.map((one) => one.kind)}::smallint[],
        ${missing.map((one) => one.corpName ?? null)}::text[]
      ) as n(value, name, name_pinyin, avatar, gender, kind, corp_name)
    ), taken as (
      insert into identities (corp_id, kind, value, customer_id, seen_at)
      select ${corpId}, 'external_userid', value, customer_id, ${at} from n order by value
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

/**
 * The unionid is an identity of its own: what an order, a mini program or an Official Account tells by it belongs to the
 * person. One that stands with another home already is evidence that both homes are one.
 */
export async function noteUnionids(
  tx: Tx,
  corpId: number,
  seen: readonly (SeenRelation & { readonly customerId: number })[],
  at: Date,
): Promise<void> {
  const people = new Map(seen.flatMap((one) => (one.unionid === undefined ? [] : [[one.unionid, one.customerId]])))
  if (people.size === 0) return
  const { rows: noted } = await sql<{ value: string }>`
    insert into identities (corp_id, kind, value, customer_id, seen_at)
    select ${corpId}, 'unionid', value, customer_id, ${at} from unnest(
      ${[...people.keys()]}::text[], ${[...people.values()]}::bigint[]) as n(value, customer_id)
    order by value on conflict do nothing returning value`.execute(tx)
  for (const { value } of noted) people.delete(value)
  if (people.size === 0) return
  // an order or a visit told of them first: that home and this one are one person
  const { rows: others } = await sql<{ value: string; home: number }>`
    select value, customer_id as home from identities
    where value = any(${[...people.keys()]}::text[]) and kind = 'unionid' and corp_id = ${corpId}`.execute(tx)
  const links = others.flatMap(({ value, home }) => {
    const own = people.get(value)
    if (own === undefined || own === home) return []
    return [{ low: Math.min(own, home), high: Math.max(own, home), source: 'wecom', reference: '', at }]
  })
  await noteLinks(tx, corpId, links, at)
}
