import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

export interface Candidate {
  readonly home: number
  readonly source: string
  readonly number: string
  readonly orderedAt: Date
  readonly amount: number
  readonly store: string | null
  readonly goods: readonly string[]
}

const shown = 20
/** What `orders_tail` knows of a number: as much as a tail has at least. */
const indexed = 4

/** Late orders whose number ends so, of people whom no member added: nobody else's order can be claimed. */
export async function ordersToClaim(
  on: Executor,
  corpId: number,
  tail: string,
  since: Date,
): Promise<readonly Candidate[]> {
  const { rows } = await sql<Candidate>`
    with o as materialized (
      select corp_id, customer_id, id, source, number, ordered_at, amount, store_code, lines from orders
      where corp_id = ${corpId} and ordered_at >= ${since}
        and right(number, ${sql.lit(indexed)}) = ${tail.slice(-indexed)} and right(number, ${tail.length}) = ${tail}
    )
    select o.customer_id as home, o.source, o.number, o.ordered_at as "orderedAt", o.amount, s.name as store,
      coalesce((select json_agg(line->>'name') from jsonb_array_elements(to_jsonb(o.lines)) as line where line->>'name' is not null), '[]') as goods
    from o join customers h on h.id = o.customer_id join customers p on p.id = coalesce(h.merged_into, h.id)
    left join stores s on s.corp_id = o.corp_id and s.code = o.store_code
    where p.kind is null and p.erased_at is null
      and not exists (select from customer_cards k where k.customer_id = p.id)
    order by o.ordered_at desc, o.id desc limit ${shown}`.execute(on)
  return rows
}
