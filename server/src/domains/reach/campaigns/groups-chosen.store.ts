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
