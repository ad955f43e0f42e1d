import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Living persons with a tag (by our facts or on a relation of theirs), or those named, in the order of their numbers. */
export async function personsWith(
  on: Executor,
  corpId: number,
  who: { readonly tag: string } | { readonly customers: readonly number[] },
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } =
    'tag' in who
      ? await sql<{ id: number }>`
          select customer_id as id from (
            (select customer_id from person_tags where corp_id = ${corpId} and tag_id = ${who.tag} and customer_id > ${after}
              order by customer_id limit ${limit})
            union
            (select customer_id from customer_cards where corp_id = ${corpId} and customer_id > ${after}
              and tag_ids @> array[(select platform_id from tags where corp_id = ${corpId} and id = ${who.tag})]
              order by customer_id limit ${limit})) as had
          order by 1 limit ${limit}`.execute(on)
      : await sql<{ id: number }>`
          select distinct coalesce(merged_into, id) as id from customers where corp_id = ${corpId} and erased_at is null
            and id = any(${[...who.customers]}::bigint[]) and coalesce(merged_into, id) > ${after} order by 1 limit ${limit}`.execute(
          on,
        )
  return rows.map((row) => row.id)
}
