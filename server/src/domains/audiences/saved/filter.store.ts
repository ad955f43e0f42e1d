import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { markOf } from '../rules/facts.ts'
import { membersAfter } from './member.store.ts'

/** Up to so many members a list is given by name; above, each of its rows is looked up in the bits. */
const mostNamed = 20_000

/**
 * True where the customer of this trusted column is in an audience. A list ends after a page: where every hundredth fits, a
 * look-up a row finds one soon; where hardly anybody does, few are named.
 */
export async function amongMembers(
  on: Executor,
  corpId: number,
  audienceId: string,
  column: string,
): Promise<RawBuilder<boolean>> {
  const customer = sql.ref(column)
  const numbers = await membersAfter(on, corpId, audienceId, -1, mostNamed + 1)
  if (numbers.length <= mostNamed)
    return sql<boolean>`${customer} in (select member.customer_id from audience_people member
      where member.corp_id = ${corpId} and member.person_no = any(${[...numbers]}::int[]))`
  const key = markOf.audience(audienceId)
  return sql<boolean>`exists (select from audience_people member
    where member.customer_id = ${customer} and member.corp_id = ${corpId} and coalesce(
      (select p.present from audience_changes p
        where p.corp_id = ${corpId} and p.key = ${key} and p.person_no = member.person_no and p.chunk = member.person_no >> 16),
      (select get_bit(b.bits, member.person_no & 65535) = 1 from audience_bits b
        where b.corp_id = ${corpId} and b.key = ${key} and b.chunk = member.person_no >> 16), false))`
}

/** The audiences of a corp, by name: what lists are filtered by. */
export async function audienceNames(
  on: Executor,
  corpId: number,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`select id, name from audiences
    where corp_id = ${corpId} and archived_at is null order by lower(name) limit 500`.execute(on)
  return rows
}
