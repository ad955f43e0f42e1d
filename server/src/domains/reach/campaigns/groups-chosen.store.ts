import { type RawBuilder, sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { CampaignGroups } from './campaign.schema.ts'

const dayMs = 86_400_000

/** What a name is compared with that is to contain this. */
export const containing = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`

/** Whether a group `g`, whose owner is the member `s`, is among those that a campaign chooses at a moment. */
export function groupsChosen(groups: CampaignGroups, at: Date): RawBuilder<unknown> {
  const { chats, owners, stores, name, joined_within_days: days } = groups
  const parts = [
    ...(chats.length === 0 ? [] : [sql`g.chat_id = any(${textArray(chats)}::text[])`]),
    ...(owners.length === 0 ? [] : [sql`g.owner = any(${textArray(owners)}::text[])`]),
    ...(stores.length === 0 ? [] : [sql`s.store_id = any(${[...stores]}::uuid[])`]),
    ...(name === '' ? [] : [sql`g.name ilike ${containing(name)}`]),
    ...(days === null
      ? []
      : [
          sql`exists (select from group_members m where m.chat_id = g.chat_id and m.corp_id = g.corp_id
            and m.kind = 'external' and m.joined_at >= ${new Date(at.getTime() - days * dayMs)})`,
        ]),
  ]
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `)
}

/** A page of the customers who are in groups that a campaign chooses, of its set of senders where it has one, by number. */
export async function customersChosen(
  on: Executor,
  corpId: number,
  { groups, set }: { readonly groups: CampaignGroups; readonly set: string | null },
  { at, after, limit }: { readonly at: Date; readonly after: number; readonly limit: number },
): Promise<readonly number[]> {
  const owned =
    set === null
      ? sql`true`
      : sql`g.owner in (select unnest(x.userids) from sender_sets x where x.corp_id = ${corpId} and x.id = ${set}::uuid)`
  const { rows } = await sql<{ id: number }>`
    select distinct coalesce(c.merged_into, c.id) as id
    from groups g left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    join group_members m on m.chat_id = g.chat_id and m.corp_id = g.corp_id and m.kind = 'external' and m.present
    join customers c on c.id = m.customer_id
    where g.corp_id = ${corpId} and g.read_at is not null and g.dismissed_at is null and ${owned}
      and ${groupsChosen(groups, at)} and coalesce(c.merged_into, c.id) > ${after}
    order by 1 limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}

/** How many groups two campaigns both choose. */
export async function sharedGroups(
  on: Executor,
  corpId: number,
  [a, b]: readonly [CampaignGroups, CampaignGroups],
  at: Date,
): Promise<number> {
  const { rows } = await sql<{ shared: number }>`
    select count(*)::int as shared from groups g left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    where g.corp_id = ${corpId} and g.read_at is not null and g.dismissed_at is null
      and ${groupsChosen(a, at)} and ${groupsChosen(b, at)}`.execute(on)
  return rows[0]?.shared ?? 0
}
