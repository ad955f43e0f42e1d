import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { Wish } from './touch.ts'

/** What a person had wished by this moment; undefined: nothing was ever told. */
export async function wishAt(
  on: Executor,
  homes: readonly number[],
  at: Date,
): Promise<{ readonly wish: Wish; readonly at: Date } | undefined> {
  const { rows } = await sql<{ wish: Wish; at: Date }>`
    select wish, at from touch_wishes where customer_id = any(${numberArray(homes)}::bigint[]) and at <= ${at}
    order by at desc limit 1`.execute(on)
  return rows[0]
}

export async function noteWish(
  on: Executor,
  corpId: number,
  customerId: number,
  { wish, reason }: { readonly wish: Wish; readonly reason: string },
  by: { readonly account: string; readonly at: Date },
): Promise<void> {
  await sql`
    insert into touch_wishes (customer_id, at, corp_id, wish, noted_by, reason)
    values (${customerId}, ${by.at}, ${corpId}, ${wish}, ${by.account}, ${reason})
    on conflict (customer_id, at) do update set wish = excluded.wish, noted_by = excluded.noted_by, reason = excluded.reason`.execute(
    on,
  )
}
