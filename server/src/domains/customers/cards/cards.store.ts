import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { homesOfPersons } from '../persons/person-homes.store.ts'
import { type Card, type CardFacts, cardOf } from './cards.ts'

/**
 * Writes the cards of the persons behind these homes anew from what is known of all their homes; only roots have cards. In
 * the transaction of the change, or soon after it.
 */
export async function refreshCards(tx: Tx, customerIds: readonly number[]): Promise<void> {
  const wanted = [...new Set(customerIds)].sort((a, b) => a - b)
  if (wanted.length === 0) return
  const persons = [...Map.groupBy(await homesOfPersons(tx, wanted), ({ root }) => root)]
  // one probe of a primary key a person and home: by lists of ids, or by the corp too, a young database, of which no
  // statistics are taken yet, would read all of them, or compare each with each
  const { rows } = await sql<CardFacts>`
    select c.id as "customerId", c.corp_id as "corpId", coalesce(c.name, '') as name, coalesce(c.name_pinyin, '') as pinyin,
      r.remarks, r.userids, r.tag_ids as "tagIds", r.channel_ids as "channelIds", r.alive,
      case when r.alive > 0 then 'alive' when r.half > 0 then 'half' when r.lost > 0 then 'lost' else 'ended' end as status,
      r.last_added_at as "lastAddedAt"
    from unnest(${persons.map(([root]) => root)}::bigint[], ${persons.map(([, own]) => `{${own.map(({ home }) => home).join(',')}}`)}::text[])
      as p(root, homes)
    cross join lateral (select * from customers where id = p.root and erased_at is null offset 0) c
    cross join lateral (
      select
        coalesce(array_agg(distinct remark) filter (where remark <> ''), '{}') as remarks,
        coalesce(array_agg(distinct userid) filter (where status <> 'ended' or ended_by is distinct from 'transfer'), '{}') as userids,
        coalesce((select array_agg(distinct tag) from relations t, unnest(t.tag_ids) as tag
          where t.customer_id = any(p.homes::bigint[]) and t.status <> 'ended'), '{}') as tag_ids,
        coalesce(array_agg(distinct channel_id) filter (where channel_id is not null), '{}') as channel_ids,
        count(*) filter (where status = 'alive')::int as alive,
        count(*) filter (where status = 'half')::int as half,
        count(*) filter (where status = 'ended' and ended_by = 'customer')::int as lost,
        max(coalesce(greatest(added_at, half_at), ended_at)) as last_added_at
      from relations where customer_id = any(p.homes::bigint[])
    ) r
    where r.last_added_at is not null
    order by c.id`.execute(tx)
  await writeCards(tx, rows.map(cardOf))
}

/** `add`: a card that is there already was made from more than we know. */
export async function writeCards(tx: Tx, cards: readonly Card[], how: 'add' | 'renew' = 'renew'): Promise<void> {
  if (cards.length === 0) return
  // arrays of arrays cannot be unnested row by row: the inner ones travel as text
  await sql`
    insert into customer_cards as k (customer_id, corp_id, search, keys, userids, tag_ids, channel_ids, status, alive, last_added_at)
    select n.id, n.corp_id, n.search, n.keys::int[], n.userids::text[], n.tag_ids::text[], n.channel_ids::uuid[], n.status, n.alive, n.last_added_at
    from unnest(
      ${cards.map((card) => card.customerId)}::bigint[], ${cards.map((card) => card.corpId)}::int[], ${cards.map((card) => card.search)}::text[],
      ${cards.map((card) => `{${card.keys.join(',')}}`)}::text[], ${cards.map((card) => arrayLiteral(card.userids))}::text[],
      ${cards.map((card) => arrayLiteral(card.tagIds))}::text[], ${cards.map((card) => arrayLiteral(card.channelIds))}::text[],
      ${cards.map((card) => card.status)}::text[], ${cards.map((card) => card.alive)}::int[],
      ${cards.map((card) => card.lastAddedAt.toISOString())}::timestamptz[]
    ) as n(id, corp_id, search, keys, userids, tag_ids, channel_ids, status, alive, last_added_at)
    where not exists (select from customers c where c.id = n.id and c.merged_into is not null)
    order by n.id
    on conflict (customer_id) ${how === 'add' ? sql`do nothing` : renewed}`.execute(tx)
}

const renewed = sql.raw(`
  do update set
    search = excluded.search, keys = excluded.keys, userids = excluded.userids, tag_ids = excluded.tag_ids,
    channel_ids = excluded.channel_ids, status = excluded.status, alive = excluded.alive, last_added_at = excluded.last_added_at
  where (k.search, k.keys, k.userids, k.tag_ids, k.channel_ids, k.status, k.alive, k.last_added_at) is distinct from
    (excluded.search, excluded.keys, excluded.userids, excluded.tag_ids, excluded.channel_ids, excluded.status, excluded.alive, excluded.last_added_at)`)

/** A PostgreSQL array as text, to travel as one element of a longer array. */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}
