import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface KnownPersonRow {
  readonly id: number
  readonly knownSince: Date
  readonly name: Buffer | null
  readonly phone: Buffer | null
  readonly identities: readonly { kind: string; value: string; home: number; seenAt: string }[]
  readonly orders: number
  readonly lastOrderAt: Date | null
}

/**
 * Persons whom no member ever added: known by an order, an account of WeChat or an import. Nobody's customers are seen
 * only by who sees the whole brand. The latest known first; with `roots` only those.
 */
export async function listKnownPersons(
  on: Executor,
  actor: Actor,
  page: { readonly roots: readonly number[] | undefined; readonly before: number | undefined; readonly limit: number },
): Promise<readonly KnownPersonRow[]> {
  if (actor.scope.kind !== 'corp') return []
  const { roots, before, limit } = page
  const { rows } = await sql<KnownPersonRow>`
    with page as materialized (
      select c.id, c.created_at from customers c
      where c.corp_id = ${actor.corpId} and c.kind is null and c.merged_into is null and c.erased_at is null
        and not exists (select from customer_cards k where k.customer_id = c.id)
        ${roots === undefined ? sql`` : sql`and c.id = any(${[...roots]}::bigint[])`}
        ${before === undefined ? sql`` : sql`and c.id < ${before}`}
      order by c.id desc limit ${limit}
    ), homes as materialized (
      select id as root, id as home from page union all
      select page.id, c.id from page join customers c on c.merged_into = page.id
    ), bought as materialized (
      select h.root, count(*)::int as orders, max(o.ordered_at) as last_order_at
      from homes h join orders o on o.customer_id = h.home group by h.root
    ), told as materialized (
      select h.root, (array_agg(m.name_sealed order by m.updated_at desc) filter (where m.name_sealed is not null))[1] as name,
        (array_agg(m.phone_sealed order by m.updated_at desc) filter (where m.phone_sealed is not null))[1] as phone
      from homes h join imported_customers m on m.customer_id = h.home group by h.root
    )
    select page.id, page.created_at as "knownSince", n.name, n.phone, coalesce(i.identities, '[]') as identities,
      coalesce(o.orders, 0) as orders, o.last_order_at as "lastOrderAt"
    from page
    left join told n on n.root = page.id
    cross join lateral (
      select json_agg(json_build_object('kind', i.kind, 'value', i.value, 'home', i.customer_id, 'seenAt', i.seen_at)
        order by i.kind, i.value) as identities
      from homes h join identities i on i.customer_id = h.home where h.root = page.id
    ) i
    left join bought o on o.root = page.id
    order by page.id desc`.execute(on)
  return rows
}
