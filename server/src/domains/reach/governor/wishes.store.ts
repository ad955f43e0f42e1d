import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Wish } from './touch.ts'

export interface Standing {
  readonly zone: string
  /** All homes of the person. */
  readonly homes: readonly number[]
  /** What he had wished by that moment; null: nothing was ever told. */
  readonly wish: Wish | null
  readonly wishedAt: Date | null
}

/** Who is to be decided about, in one look. */
export async function standingAt(on: Executor, corpId: number, customerId: number, at: Date): Promise<Standing> {
  const { rows } = await sql<Standing>`
    with given as (select coalesce(merged_into, id) as root from customers where id = ${customerId} and corp_id = ${corpId}),
    home as (select root as id from given union all select c.id from given join customers c on c.merged_into = given.root),
    wished as (
      select w.wish, w.at from home join touch_wishes w on w.customer_id = home.id where w.at <= ${at} order by w.at desc limit 1
    )
    select time_zone as zone, to_json(array(select id from home)) as homes, wished.wish, wished.at as "wishedAt"
    from corps left join wished on true where corps.id = ${corpId}`.execute(on)
  const [row] = rows
  if (row === undefined) throw new Error(`there is no corp ${corpId}`)
  return row
}

/** What somebody wishes from now on; noted by an account, or by nobody of ours: he said so himself. */
export async function noteWish(
  on: Executor,
  corpId: number,
  customerId: number,
  { wish, reason }: { readonly wish: Wish; readonly reason: string },
  by: { readonly account: string | null; readonly at: Date },
): Promise<void> {
  await sql`
    insert into touch_wishes (customer_id, at, corp_id, wish, noted_by, reason)
    values (${customerId}, ${by.at}, ${corpId}, ${wish}, ${by.account}, ${reason})
    on conflict (customer_id, at) do update set wish = excluded.wish, noted_by = excluded.noted_by, reason = excluded.reason`.execute(
    on,
  )
}
