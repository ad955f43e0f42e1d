import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { decisions } from '../governor/decide.store.ts'
import { type Reason, reasons } from '../governor/touch.ts'
import type { PlanInput } from './draft.store.ts'
import type { Room } from './group.ts'
import type { PlanView } from './plan.schema.ts'

const bitsOf = (...names: readonly Reason[]) =>
  sql.raw(String(names.reduce((bits, name) => bits | (1 << reasons.indexOf(name)), 0)))
/** What a person could be left out for whose group is not: neither the hour nor a gap of minutes is about him. */
const over = bitsOf('opted_out', 'no_marketing', 'wished_less', 'month_cap', 'week_cap', 'day_cap', 'fatigue')

/**
 * Of whom we know in these groups, whether he would not be sent this if it went to him alone, in temporary tables of this
 * transaction for the two below. `marked`: the table in which `markMembers` marked those of whom a policy speaks alone, with the
 * first that does; null: none does.
 */
export async function judgeMembers(
  tx: Tx,
  { corpId, policies, ask, zone }: Pick<PlanInput, 'corpId' | 'policies' | 'ask' | 'zone'>,
  { marked, everybody }: { readonly marked: string | null; readonly everybody: number },
  chatIds: readonly string[],
): Promise<void> {
  const place = sql.raw(String(everybody))
  await sql`
    create temporary table in_groups on commit drop as
    select distinct g.chat_id, coalesce(c.merged_into, c.id) as customer_id
    from group_members g join customers c on c.id = g.customer_id
    where g.corp_id = ${corpId} and c.corp_id = ${corpId} and g.chat_id = any(${textArray(chatIds)}::text[])
      and g.kind = 'external' and g.present`.execute(tx)
  await sql`analyze in_groups`.execute(tx)
  await sql`
    create temporary table governed on commit drop as
    select customer_id, ${marked === null ? sql`${place}` : sql`coalesce(m.policy, ${place})`}::text as class
    from (select distinct customer_id from in_groups) person
    ${marked === null ? sql`` : sql`left join ${sql.table(marked)} m using (customer_id)`}`.execute(tx)
  await sql`analyze governed`.execute(tx)
  const asked = { ...ask, channel: 'group_send', waitUntil: null } as const
  await sql`
    create temporary table members_judged on commit drop as
    select "customerId" as customer_id, bits & ${over} <> 0 as over, bits & ${bitsOf('opted_out')} <> 0 as refused, until
    from (${decisions(corpId, policies, asked, zone, null)}) decided`.execute(tx)
  await sql`drop table governed`.execute(tx)
  await sql`analyze members_judged`.execute(tx)
}

/** Of the persons judged who are in these groups, each once: how many there are, are over, and wish nothing at all. */
export async function countMembersOver(tx: Tx, chatIds: readonly string[]): Promise<NonNullable<PlanView['members']>> {
  const { rows } = await sql<NonNullable<PlanView['members']>>`
    select count(*)::int as known, count(*) filter (where over)::int as over, count(*) filter (where refused)::int as refused
    from members_judged where customer_id in (
      select customer_id from in_groups where chat_id = any(${textArray(chatIds)}::text[]))`.execute(tx)
  return rows[0] ?? { known: 0, over: 0, refused: 0 }
}

/** By group in which too many of those judged are over: when no more than this part of them will be. */
export async function fullOfMembersOver(tx: Tx, permille: number): Promise<ReadonlyMap<string, Room>> {
  const { rows } = await sql<{ chatId: string; until: number | null }>`
    select chat_id as "chatId", untils[(over - most)::int] as until from (
      select chat_id, count(*) filter (where over) as over, count(*) * ${permille}::int / 1000 as most,
        array_agg(until order by until nulls last) filter (where over) as untils
      from in_groups join members_judged using (customer_id) group by chat_id
    ) each_group where over > most`.execute(tx)
  return new Map(rows.map(({ chatId, until }) => [chatId, { at: until === null ? null : new Date(until * 1_000) }]))
}
