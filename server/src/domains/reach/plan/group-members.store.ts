import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { decisions } from '../governor/decide.store.ts'
import { type Reason, reasons } from '../governor/touch.ts'
import type { PlanInput } from './draft.store.ts'
import type { PlanView } from './plan.schema.ts'

const bitsOf = (...names: readonly Reason[]) => names.reduce((bits, name) => bits | (1 << reasons.indexOf(name)), 0)
/** What a person could be left out for whose group is not: neither the hour nor a gap of minutes is about him. */
const over = bitsOf('opted_out', 'no_marketing', 'wished_less', 'month_cap', 'week_cap', 'day_cap', 'fatigue')

/**
 * Of the persons whom we know in these groups, each once: how many there are, and how many would not be sent this if it went to
 * them alone. `marked`: the table in which `markMembers` marked everybody with the first policy that speaks of him; null: none does.
 */
export async function countMembersOver(
  tx: Tx,
  { corpId, policies, ask, zone }: Pick<PlanInput, 'corpId' | 'policies' | 'ask' | 'zone'>,
  { marked, everybody }: { readonly marked: string | null; readonly everybody: number },
  chatIds: readonly string[],
): Promise<NonNullable<PlanView['members']>> {
  const place = sql.raw(String(everybody))
  await sql`
    create temporary table governed on commit drop as
    select person.id as customer_id, ${marked === null ? sql`${place}` : sql`coalesce(m.policy, ${place})`}::text as class from (
      select distinct coalesce(c.merged_into, c.id) as id from group_members g join customers c on c.id = g.customer_id
      where g.corp_id = ${corpId} and c.corp_id = ${corpId} and g.chat_id = any(${textArray(chatIds)}::text[])
        and g.kind = 'external' and g.present
    ) person ${marked === null ? sql`` : sql`left join ${sql.table(marked)} m on m.customer_id = person.id`}`.execute(
    tx,
  )
  await sql`analyze governed`.execute(tx)
  const asked = { ...ask, channel: 'group_send', waitUntil: null } as const
  const { rows } = await sql<NonNullable<PlanView['members']>>`
    select count(*)::int as known, count(*) filter (where bits & ${sql.raw(String(over))} <> 0)::int as over,
      count(*) filter (where bits & ${sql.raw(String(bitsOf('opted_out')))} <> 0)::int as refused
    from (${decisions(corpId, policies, asked, zone, null)}) d`.execute(tx)
  await sql`drop table governed`.execute(tx)
  return rows[0] ?? { known: 0, over: 0, refused: 0 }
}
