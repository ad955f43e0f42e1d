import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { factsAfterErasure } from '../erased/erased-people.store.ts'
import { compare } from '../identities/identity-kinds.ts'
import { eventOf, foldFacts, type RelationFact, type RelationRegisters } from './relation-facts.ts'
import { historyOf, type RelationHistory } from './returning.ts'

interface ExternalId {
  readonly corpId: number
  readonly externalUserid: string
}

export interface AppliedFacts {
  /** Of each external_userid that the facts name; undefined: he was erased, and has not come back since. */
  readonly customerOf: (id: ExternalId) => number | undefined
  /** Of customers who were added: their two earliest relations as they stood, and what these facts tell themselves. */
  readonly relationsBefore: (customerId: number) => readonly RelationHistory[]
}

/** Applies facts set-based: identities, relations, domain events. Nobody who was erased comes back but by a new add. */
export async function applyRelationFacts(
  tx: Tx,
  vault: Pick<Vault, 'blindIndex'>,
  given: readonly RelationFact[],
  learntAt: Date,
): Promise<AppliedFacts> {
  const facts = await factsAfterErasure(tx, vault, given)
  const customers = await resolveCustomers(tx, facts, learntAt)
  const customerOf = (id: ExternalId): number => {
    const found = customers.get(`${id.corpId} ${id.externalUserid}`)
    if (found === undefined) throw new Error(`no customer for ${id.externalUserid}`)
    return found
  }
  const added = facts.filter((fact) => fact.kind === 'added' || fact.kind === 'half_added').map(customerOf)
  const stood = await upsertRelations(tx, foldFacts(facts), customerOf, [...new Set(added)])
  await appendEvents(
    tx,
    facts.map((fact) => eventOf(fact, customerOf(fact))),
    learntAt,
  )
  const told = Map.groupBy(facts, customerOf)
  return {
    customerOf: (id) => customers.get(`${id.corpId} ${id.externalUserid}`),
    relationsBefore: (customerId) => [...(stood.get(customerId) ?? []), ...(told.get(customerId) ?? []).map(historyOf)],
  }
}

/** Finds the customers of external_userids; unknown ones become provisional persons at once. */
export async function resolveCustomers(
  tx: Tx,
  ids: readonly ExternalId[],
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Map(ids.map((id) => [`${id.corpId} ${id.externalUserid}`, id]))
  // one order in every process, so that two batches with the same newcomers wait for each other instead of dead-locking
  const sorted = [...wanted.entries()]
    .sort(([, a], [, b]) => a.corpId - b.corpId || compare(a.externalUserid, b.externalUserid))
    .map(([, id]) => id)
  const found = await selectCustomers(tx, sorted)
  const missing = sorted.filter((id) => !found.has(`${id.corpId} ${id.externalUserid}`))
  if (missing.length === 0) return found
  const { rows } = await sql<{ corp_id: number; value: string; customer_id: number }>`
    with wanted as materialized (
      select corp_id, value, nextval(pg_get_serial_sequence('customers', 'id')) as customer_id, place
      from unnest(${missing.map((id) => id.corpId)}::int[], ${missing.map((id) => id.externalUserid)}::text[])
        with ordinality as w(corp_id, value, place)
    ), taken as (
      insert into identities (corp_id, kind, value, customer_id, seen_at)
      select corp_id, 'external_userid', value, customer_id, ${at}::timestamptz from wanted order by place
      on conflict do nothing returning corp_id, value, customer_id
    ), made as (
      insert into customers (id, corp_id, created_at) select customer_id, corp_id, ${at}::timestamptz from taken
    )
    select corp_id, value, customer_id from taken`.execute(tx)
  const all = new Map(found)
  for (const row of rows) all.set(`${row.corp_id} ${row.value}`, row.customer_id)
  // another process made some of them between our look and our insert
  const late = missing.filter((id) => !all.has(`${id.corpId} ${id.externalUserid}`))
  if (late.length > 0) for (const [key, id] of await selectCustomers(tx, late)) all.set(key, id)
  return all
}

async function selectCustomers(tx: Tx, ids: readonly ExternalId[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ corp_id: number; value: string; customer_id: number }>`
    select corp_id, value, customer_id from identities
    where value = any(${ids.map((id) => id.externalUserid)}::text[]) and kind = 'external_userid'
      and corp_id = any(${[...new Set(ids.map((id) => id.corpId))]}::int[])`.execute(tx)
  return new Map(rows.map((row) => [`${row.corp_id} ${row.value}`, row.customer_id]))
}

/**
 * Answers what relations the `asked` customers had before this statement: its parts all see what stood when it began, so
 * the look costs no query of its own. Two a customer are enough, for at most one of them is the relation being added.
 */
async function upsertRelations(
  tx: Tx,
  rows: readonly RelationRegisters[],
  customerOf: (id: ExternalId) => number,
  asked: readonly number[],
): Promise<ReadonlyMap<number, readonly RelationHistory[]>> {
  if (rows.length === 0) return new Map()
  const iso = (date: Date | undefined) => date?.toISOString() ?? null
  const { rows: stood } = await sql<{
    customer_id: number
    userid: string
    added_at: Date | null
    half_at: Date | null
    ended_at: Date | null
  }>`
    with stood as materialized (
      select customer_id, userid, least(first_added_at, added_at) as added_at, half_at, ended_at,
        row_number() over (partition by customer_id order by least(first_added_at, added_at, half_at, ended_at)) as place
      from relations where customer_id = any(${[...asked]}::bigint[])
    ), written as (
    insert into relations as r (customer_id, corp_id, userid, external_userid, added_at, first_added_at, half_at, ended_at, ended_by, state, channel_id, source_at)
    select customer_id, corp_id, userid, external_userid, added_at, first_added_at, half_at, ended_at, ended_by, state, channel_id, source_at
    from unnest(
      ${rows.map((row) => customerOf(row))}::bigint[], ${rows.map((row) => row.corpId)}::int[], ${rows.map((row) => row.userid)}::text[],
      ${rows.map((row) => row.externalUserid)}::text[], ${rows.map((row) => iso(row.addedAt))}::timestamptz[], ${rows.map((row) => iso(row.firstAddedAt))}::timestamptz[],
      ${rows.map((row) => iso(row.halfAt))}::timestamptz[], ${rows.map((row) => iso(row.endedAt))}::timestamptz[],
      ${rows.map((row) => row.endedBy ?? null)}::text[], ${rows.map((row) => row.state ?? null)}::text[],
      ${rows.map((row) => row.channelId ?? null)}::uuid[],
      ${rows.map((row) => iso(row.sourceAt))}::timestamptz[]
    ) as n(customer_id, corp_id, userid, external_userid, added_at, first_added_at, half_at, ended_at, ended_by, state, channel_id, source_at)
    order by customer_id, userid
    on conflict (customer_id, corp_id, userid) do update set
      external_userid = excluded.external_userid,
      added_at = greatest(r.added_at, excluded.added_at),
      first_added_at = least(r.first_added_at, excluded.first_added_at),
      half_at = greatest(r.half_at, excluded.half_at),
      ended_at = greatest(r.ended_at, excluded.ended_at),
      ended_by = case when r.ended_at is null or excluded.ended_at > r.ended_at then coalesce(excluded.ended_by, r.ended_by) else r.ended_by end,
      state = case when excluded.source_at > coalesce(r.source_at, '-infinity') then excluded.state else r.state end,
      channel_id = case when excluded.source_at > coalesce(r.source_at, '-infinity') then excluded.channel_id else r.channel_id end,
      source_at = greatest(r.source_at, excluded.source_at)
    )
    select customer_id, userid, added_at, half_at, ended_at from stood where place <= 2`.execute(tx)
  return Map.groupBy(
    stood.map((row) => ({
      customerId: row.customer_id,
      userid: row.userid,
      addedAt: row.added_at ?? undefined,
      halfAt: row.half_at ?? undefined,
      endedAt: row.ended_at ?? undefined,
    })),
    (row) => row.customerId,
  )
}
