import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { onLeave } from '../../organisation/index.ts'
import type { CampaignGroups, CampaignSpec } from '../campaigns/campaign.schema.ts'
import { groupsChosen } from '../campaigns/groups-chosen.store.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { openOfGroup } from '../governor/quota.store.ts'
import type { Candidate, GroupFate, GroupTask } from './group.ts'

interface Asked {
  readonly corpId: number
  readonly groups: CampaignGroups
  readonly senderSet: readonly string[] | null
  /** The day of the corp in which the run goes out. */
  readonly day: { readonly from: Date; readonly until: Date }
  readonly at: Date
  /** Only these, whatever it chooses by now. */
  readonly among: readonly string[] | undefined
}

/** The groups that a campaign names, dismissed ones too, with what decides of them. */
export async function candidatesOf(on: Executor, asked: Asked): Promise<readonly Candidate[]> {
  const { corpId, groups, senderSet, day, at, among } = asked
  const { rows } = await sql<Candidate>`
    select g.chat_id as "chatId", g.owner, g.customers, g.dismissed_at is not null as dismissed,
      case when s.userid is not null then s.gone_at is null and s.follows and coalesce(s.status, 1) = 1 end as "ownerCan",
      s.userid is not null and ${onLeave(at)} as "ownerAway",
      ${senderSet === null ? sql`true` : sql`g.owner = any(${textArray(senderSet)}::text[])`} as "inSet",
      (select count(*)::int from group_touches t
        where t.chat_id = g.chat_id and t.corp_id = g.corp_id and t.at >= ${day.from} and t.at < ${day.until}) as today,
      ${openOfGroup(corpId, day.from)} as open
    from groups g left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    where g.corp_id = ${corpId} and g.read_at is not null
      and ${among === undefined ? groupsChosen(groups, at) : sql`g.chat_id = any(${textArray(among)}::text[])`}
    order by g.chat_id`.execute(on)
  return rows
}

export interface Rival {
  readonly id: string
  readonly name: string
  readonly priority: number
  readonly spec: CampaignSpec
  /** When it has gone out on this day already, or is being planned. */
  readonly runs: readonly { readonly plannedFor: Date; readonly planning: boolean }[]
}

/** Other campaigns for groups that are agreed to and of higher priority, the highest first, with their runs of a day. */
export async function rivalsOf(
  on: Executor,
  corpId: number,
  { except, priority, day }: { readonly except: string | null; readonly priority: number; readonly day: Asked['day'] },
): Promise<readonly Rival[]> {
  const { rows } = await sql<Omit<Rival, 'runs'> & { runs: { plannedFor: string; planning: boolean }[] }>`
    select c.id, c.name, (v.spec->'governed'->>'priority')::int as priority, v.spec,
      coalesce((select json_agg(json_build_object('plannedFor', r.planned_for, 'planning', r.state = 'planning'))
        from campaign_runs r where r.campaign_id = c.id and not r.rehearsal
          and r.planned_for >= ${day.from} and r.planned_for < ${day.until}), '[]') as runs
    from campaigns c join campaign_versions v on v.campaign_id = c.id and v.version = c.version
    where c.corp_id = ${corpId} and not c.template and c.state in ('approved', 'live')
      and v.spec->>'kind' = 'group_send' and (v.spec->'governed'->>'priority')::int > ${priority}
      and c.id is distinct from ${except}::uuid
    order by priority desc, c.id`.execute(on)
  return rows.map(({ runs, ...rest }) => ({
    ...rest,
    runs: runs.map(({ plannedFor, planning }) => ({ plannedFor: new Date(plannedFor), planning })),
  }))
}

/** The groups that a campaign chooses and the members of its set own. */
export async function chosenOf(
  on: Executor,
  corpId: number,
  groups: CampaignGroups,
  senderSet: readonly string[] | null,
  at: Date,
): Promise<readonly string[]> {
  const { rows } = await sql<{ chatId: string }>`
    select g.chat_id as "chatId" from groups g left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    where g.corp_id = ${corpId} and g.read_at is not null and g.dismissed_at is null
      ${senderSet === null ? sql`` : sql`and g.owner = any(${textArray(senderSet)}::text[])`}
      and ${groupsChosen(groups, at)}`.execute(on)
  return rows.map((row) => row.chatId)
}

/** What was decided of a run's groups, the first time or again. */
export async function writeGroups(
  tx: Tx,
  run: { readonly id: number; readonly corpId: number; readonly plannedFor: Date },
  decided: readonly (Pick<Candidate, 'chatId' | 'owner' | 'customers'> & GroupFate)[],
): Promise<void> {
  await sql`
    insert into campaign_groups (run_id, chat_id, corp_id, planned_for, owner, customers, fate, reason, gave_way_to, held_until)
    select ${run.id}::int, chat_id, ${run.corpId}::int, ${run.plannedFor}::timestamptz, owner, customers, fate, reason, gave_way_to, held_until from unnest(
      ${textArray(decided.map((one) => one.chatId))}::text[], ${textArray(decided.map((one) => one.owner))}::text[],
      ${numberArray(decided.map((one) => one.customers))}::int[],
      ${numberArray(decided.map((one) => fateNumber(one.fate)))}::smallint[],
      ${textArray(decided.map((one) => one.reason))}::text[],
      ${textArray(decided.map((one) => one.gaveWayTo))}::uuid[], ${textArray(decided.map((one) => one.heldUntil?.toISOString()))}::timestamptz[]
    ) as given(chat_id, owner, customers, fate, reason, gave_way_to, held_until)
    on conflict (run_id, chat_id) do update set owner = excluded.owner, customers = excluded.customers, fate = excluded.fate,
      reason = excluded.reason, gave_way_to = excluded.gave_way_to, held_until = excluded.held_until`.execute(tx)
}

export async function writeGroupTasks(
  tx: Tx,
  run: { readonly id: number; readonly corpId: number },
  tasks: readonly GroupTask[],
): Promise<void> {
  await sql`
    insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients)
    select ${run.id}::int, number, ${run.corpId}::int, 0, sender, recipients from unnest(
      ${numberArray(tasks.map((one) => one.number))}::int[], ${textArray(tasks.map((one) => one.owner))}::text[],
      ${numberArray(tasks.map((one) => one.chatIds.length))}::int[]) as given(number, sender, recipients)`.execute(tx)
  const placed = tasks.flatMap(({ number, chatIds }) => chatIds.map((chatId) => ({ number, chatId })))
  await sql`
    update campaign_groups g set task = given.number from unnest(
      ${textArray(placed.map((one) => one.chatId))}::text[], ${numberArray(placed.map((one) => one.number))}::int[]
    ) as given(chat_id, number) where g.run_id = ${run.id} and g.chat_id = given.chat_id`.execute(tx)
}

/** The groups of a run that were held until now or before. */
export async function heldGroups(on: Executor, runId: number, at: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ chatId: string }>`
    select chat_id as "chatId" from campaign_groups
    where run_id = ${runId} and fate = ${fateNumber('held')} and held_until <= ${at} order by chat_id`.execute(on)
  return rows.map((row) => row.chatId)
}

/** The groups that runs of these campaigns hold and decide about before this moment, by campaign. */
export async function heldOfCampaigns(
  on: Executor,
  campaigns: readonly string[],
  before: Date,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (campaigns.length === 0) return new Map()
  const { rows } = await sql<{ id: string; chatIds: string[] }>`
    select r.campaign_id as id, array_agg(distinct g.chat_id) as "chatIds"
    from campaign_runs r join campaign_groups g on g.run_id = r.id
    where r.campaign_id = any(${textArray(campaigns)}::uuid[]) and not r.rehearsal and r.ended_at is null
      and r.state in ('planned', 'canary', 'running', 'paused') and g.fate = ${fateNumber('held')} and g.held_until < ${before}
    group by r.campaign_id`.execute(on)
  return new Map(rows.map(({ id, chatIds }) => [id, chatIds]))
}

/** How many tasks a run has, and whether of one of them nobody knows yet whether it is at the platform. */
export async function tasksSoFar(
  on: Executor,
  runId: number,
): Promise<{ readonly last: number; readonly unsure: boolean }> {
  const { rows } = await sql<{ last: number; unsure: boolean }>`
    select coalesce(max(number), 0)::int as last, coalesce(bool_or(state in ('planned', 'asking', 'unknown')), false) as unsure
    from campaign_tasks where run_id = ${runId}`.execute(on)
  return rows[0] ?? { last: 0, unsure: false }
}

/** Groups of rehearsals that another took the place of. */
export async function dropOldRehearsals(tx: Tx, campaignId: string): Promise<void> {
  await sql`
    delete from campaign_groups g using campaign_runs r
    where r.campaign_id = ${campaignId} and r.rehearsal and r.state = 'cancelled' and g.run_id = r.id`.execute(tx)
}

export interface OwnerFacts {
  readonly userid: string
  readonly name: string | null
  readonly storeId: string | null
  readonly storeName: string | null
  /** Tasks of other runs that wait for him. */
  readonly open: number
}

/** Who these owners are. */
export async function ownersOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<readonly OwnerFacts[]> {
  const { rows } = await sql<OwnerFacts>`
    select s.userid, s.name, s.store_id as "storeId", st.name as "storeName",
      (select count(*)::int from campaign_tasks t
        where t.corp_id = ${corpId} and t.sender = s.userid and t.state in ('planned', 'asking', 'asked')) as open
    from staff s left join stores st on st.id = s.store_id
    where s.corp_id = ${corpId} and s.userid = any(${textArray(userids)}::text[])`.execute(on)
  return rows
}
