import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { feedHomes } from '../../audiences/index.ts'
import type { Wish } from './touch.ts'

/** Who says a wish: a colleague noted it, or the customer himself did, by his own sealed link or WeChat's silent log-in. */
export interface WishedBy {
  readonly account: string | null
  readonly through?: 'account' | 'link' | 'oauth'
  readonly at: Date
}

/** What somebody wishes from now on; audiences may ask for it. */
export async function noteWish(
  tx: Tx,
  corpId: number,
  customerId: number,
  { wish, reason }: { readonly wish: Wish; readonly reason: string },
  { account, through = 'account', at }: WishedBy,
): Promise<void> {
  await sql`
    insert into touch_wishes (customer_id, at, corp_id, wish, noted_by, reason, through)
    values (${customerId}, ${at}, ${corpId}, ${wish}, ${account}, ${reason}, ${through})
    on conflict (customer_id, at) do update set wish = excluded.wish, noted_by = excluded.noted_by, reason = excluded.reason,
      through = excluded.through`.execute(tx)
  await feedHomes(tx, corpId, [customerId])
}
