import { sql } from 'kysely'
import type { Database, Executor } from '../../../infra/db/database.ts'
import { countMembers } from '../../audiences/index.ts'
import type { Campaign } from './campaign.ts'
import { sharedGroups } from './groups-chosen.store.ts'
import { ruleNamed } from './named.store.ts'

export interface CalendarRun {
  readonly campaignId: string
  readonly id: number
  readonly state: string
  readonly at: Date
}

/** What went out, or is on its way, within a span of time: two months of a corp at most. */
export async function runsBetween(
  on: Executor,
  corpId: number,
  from: Date,
  until: Date,
): Promise<readonly CalendarRun[]> {
  const { rows } = await sql<CalendarRun>`
    select campaign_id as "campaignId", id, state, planned_for as at from campaign_runs
    where corp_id = ${corpId} and not rehearsal and planned_for >= ${from} and planned_for < ${until}
    order by planned_for, id`.execute(on)
  return rows
}

/** Campaigns that may still go out, or are named. */
export async function calendarCampaigns(
  on: Executor,
  corpId: number,
  named: readonly string[],
): Promise<readonly Campaign[]> {
  const { rows } = await sql<Campaign>`
    select c.id, c.corp_id as "corpId", c.name, c.state, c.version, c.template, c.copied_from as "copiedFrom",
      c.created_by as "createdBy", c.created_at as "createdAt", c.changed_at as "changedAt", v.spec
    from campaigns c join campaign_versions v on v.campaign_id = c.id and v.version = c.version
    where c.corp_id = ${corpId} and not c.template
      and (c.state in ('draft', 'waiting', 'approved', 'live') or c.id = any(${[...named]}::uuid[]))
    order by c.id`.execute(on)
  return rows
}

/** What two campaigns share: groups, or persons by the audiences as they are kept. */
export async function sharedBy(
  db: Database,
  corpId: number,
  [a, b]: readonly [Campaign, Campaign],
  { today, at }: { readonly today: number; readonly at: Date },
): Promise<{ readonly persons: number; readonly groups: number }> {
  if (a.spec.groups !== undefined && b.spec.groups !== undefined)
    return { persons: 0, groups: await sharedGroups(db, corpId, [a.spec.groups, b.spec.groups], at) }
  const [ofA, ofB] = [await ruleNamed(db, corpId, a.spec), await ruleNamed(db, corpId, b.spec)]
  if (ofA === undefined || ofB === undefined) return { persons: 0, groups: 0 }
  const rule = { all: [ofA, ofB] }
  return { persons: (await countMembers(db, corpId, rule, today)).count, groups: 0 }
}
