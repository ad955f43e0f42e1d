import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import type { DraftTables } from './draft.store.ts'
import type { Past, Share } from './forecast.ts'

const sentTo = sql.raw(String(fateNumber('sent_to')))

/** What each member would be asked to send. */
export async function sharesOf(on: Executor, tables: DraftTables): Promise<readonly Share[]> {
  const { rows } = await sql<Share>`
    with over as (
      select d.sender, count(*)::int as persons from ${sql.table(tables.spent)} s
      join ${sql.table(tables.drawn)} d on d.customer_id = s.customer_id where d.fate = ${sentTo} group by d.sender
    )
    select sender, sum(c.persons)::int as persons, coalesce(max(over.persons), 0)::int as spent
    from ${sql.table(tables.cells)} c left join over using (sender) where c.fate = ${sentTo} group by sender`.execute(
    on,
  )
  return rows
}

/** How many of those whom nothing excludes have nothing left: held and dropped for it, or sent to where no cap is asked. */
export async function countSpent(on: Executor, tables: DraftTables): Promise<number> {
  const asked = (['sent_to', 'held', 'dropped'] as const).map((fate) => sql.raw(String(fateNumber(fate))))
  const { rows } = await sql<{ persons: number }>`
    select count(*)::int as persons from ${sql.table(tables.spent)} s
    join ${sql.table(tables.drawn)} d on d.customer_id = s.customer_id where d.fate in (${sql.join(asked)})`.execute(on)
  return rows[0]?.persons ?? 0
}

/**
 * What came of the tasks and runs of this kind since a moment: how a member treats Moments says nothing of how he treats mass
 * sends. Tasks that were taken back say nothing of their members.
 */
export async function pastOf(
  on: Executor,
  { corpId, spec }: { readonly corpId: number; readonly spec: Pick<CampaignSpec, 'kind'> },
  since: Date,
): Promise<Past> {
  const alike = sql`
    from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.corp_id = ${corpId} and coalesce(v.spec->>'kind', 'customer_send') = ${spec.kind}`
  const told = sql`t.corp_id = ${corpId} and t.asked_at >= ${since} and t.state in ('confirmed', 'expired')
    and t.run_id in (select r.id ${alike})`
  const { rows: members } = await sql<{ sender: string; asked: number; confirmed: number }>`
    select t.sender, count(*)::int as asked, count(*) filter (where t.state = 'confirmed')::int as confirmed
    from campaign_tasks t where ${told} group by t.sender`.execute(on)
  const { rows: ages } = await sql<{ hours: number; persons: number }>`
    select floor(extract(epoch from t.confirmed_at - t.asked_at) / 3600)::int as hours, sum(t.recipients)::int as persons
    from campaign_tasks t where ${told} and t.confirmed_at is not null group by 1 order by 1`.execute(on)
  const { rows: sums } = await sql<{ runs: number; sent: number; noFriend: number }>`
    select count(distinct t.run_id)::int as runs, coalesce(sum(t.sent), 0)::int as sent,
      coalesce(sum(t.no_friend), 0)::int as "noFriend"
    from campaign_tasks t where ${told}`.execute(on)
  const { rows: reports } = await sql<{ delivered: number; deleted: number; converted: number }>`
    select coalesce(sum((figures->'sends'->>'delivered')::int), 0)::int as delivered,
      coalesce(sum((figures->'reached'->>'deleted')::int), 0)::int as deleted,
      coalesce(sum((figures->'reached'->>'converted')::int), 0)::int as converted
    from campaign_reports where corp_id = ${corpId} and as_of >= ${since} and run_id in (select r.id ${alike})`.execute(
    on,
  )
  return {
    ...(sums[0] ?? { runs: 0, sent: 0, noFriend: 0 }),
    ...(reports[0] ?? { delivered: 0, deleted: 0, converted: 0 }),
    members: new Map(members.map(({ sender, ...rest }) => [sender, rest])),
    ages,
  }
}

export interface Loaded {
  readonly sender: string
  readonly name: string | null
  readonly persons: number
  readonly tasks: number
  /** Of other runs, not confirmed yet. */
  readonly open: number
}

/** The members who would have most to confirm, and how many would have more than so many tasks at once. */
export async function mostLoaded(
  on: Executor,
  tables: DraftTables,
  corpId: number,
  { shown, tasksMost }: { readonly shown: number; readonly tasksMost: number },
): Promise<{ readonly members: readonly Loaded[]; readonly overloaded: number }> {
  const { rows } = await sql<Loaded & { over: number }>`
    with own as (
      select sender, sum(persons)::int as persons, sum(tasks)::int as tasks from ${sql.table(tables.cells)}
      where fate = ${sentTo} group by sender
    ), others as (
      select sender, count(*)::int as open from campaign_tasks
      where corp_id = ${corpId} and state in ('planned', 'asking', 'asked') group by sender
    ), loaded as (
      select own.*, coalesce(others.open, 0) as open from own left join others on others.sender = own.sender
    ), most as (
      select *, (select count(*) filter (where tasks + open > ${tasksMost})::int from loaded) as over from loaded
      order by tasks + open desc, persons desc, sender limit ${shown}
    )
    select most.sender, s.name, most.persons, most.tasks, most.open, most.over
    from most left join staff s on s.corp_id = ${corpId} and s.userid = most.sender
    order by most.tasks + most.open desc, most.persons desc, most.sender`.execute(on)
  return { members: rows.map(({ over: _, ...member }) => member), overloaded: rows[0]?.over ?? 0 }
}

export interface StoreShare {
  readonly id: string | null
  readonly name: string | null
  readonly persons: number
  readonly senders: number
}

/** By the store of who sends, the largest first. */
export async function storeShares(
  on: Executor,
  tables: DraftTables,
  corpId: number,
  most: number,
): Promise<readonly StoreShare[]> {
  const { rows } = await sql<StoreShare>`
    select s.store_id as id, max(stores.name) as name, sum(c.persons)::int as persons, count(distinct c.sender)::int as senders
    from ${sql.table(tables.cells)} c left join staff s on s.corp_id = ${corpId} and s.userid = c.sender
    left join stores on stores.id = s.store_id
    where c.fate = ${sentTo} group by s.store_id order by 3 desc, 1 limit ${most}`.execute(on)
  return rows
}
