import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Nothing that waits to be told puts this tag any more: on these relations, or anywhere. */
export async function forgetPassing(
  on: Executor,
  corpId: number,
  tagId: string,
  among?: readonly { readonly customerId: number; readonly userid: string }[],
): Promise<void> {
  const named =
    among === undefined
      ? sql``
      : sql`and (c.customer_id, c.userid) in (select * from unnest(${among.map((one) => one.customerId)}::bigint[], ${among.map((one) => one.userid)}::text[]))`
  const waiting = sql`c.corp_id = ${corpId} and ${tagId} = any(c.add_tags) ${named}`
  await sql`delete from tag_calls c where ${waiting} and c.add_tags = array[${tagId}]::text[] and c.remove_tags = '{}'`.execute(
    on,
  )
  // what else was wanted was not to blame: it is tried anew
  await sql`
    update tag_calls c set add_tags = array_remove(c.add_tags, ${tagId}), revision = c.revision + 1, refused = false,
      attempts = 0 where ${waiting}`.execute(on)
}

export async function notePassingGone(on: Executor, corpId: number, tagId: string, at: Date): Promise<void> {
  await sql`
    update passing_tags set gone_at = coalesce(gone_at, ${at}) where corp_id = ${corpId} and tag_id = ${tagId}`.execute(
    on,
  )
}
