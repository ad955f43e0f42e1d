import { sql } from 'kysely'
import { type RoleName, rolesWith } from '../../../infra/auth/actor.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { localTime } from '../../../infra/zone.ts'
import { countMembers, inMemory, personFacts, type Rule } from '../../audiences/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import type { SeenThen } from '../campaigns/facts.store.ts'
import { customersChosen } from '../campaigns/groups-chosen.store.ts'
import { ruleNamed } from '../campaigns/named.store.ts'
import type { RestedOn } from '../campaigns/rests-on.store.ts'
import { reachSettings } from '../settings/settings.store.ts'
import type { ReachSettings } from '../settings/settings.ts'
import type { Submission, Verdict } from './approval.ts'

/** How a version stands with its approval; undefined: it was not submitted. */
export async function submissionOf(on: Executor, campaignId: string, version: number): Promise<Submission | undefined> {
  const { rows } = await sql<Omit<Submission, 'verdicts'>>`
    select v.submitted_by as "submittedBy", v.submitted_at as "submittedAt", v.recipients, v.approvals_needed as needed, v.brand,
      v.rests_on as "restsOn",
      array(select distinct x.who from campaign_versions w, unnest(array[w.changed_by, w.submitted_by]) as x(who)
        where w.campaign_id = v.campaign_id and x.who is not null) as authors
    from campaign_versions v
    where v.campaign_id = ${campaignId} and v.version = ${version} and v.submitted_at is not null`.execute(on)
  const [row] = rows
  if (row === undefined) return undefined
  const { rows: verdicts } = await sql<Verdict>`
    select p.account_id as "accountId", a.name, p.verdict, p.words, p.through, p.at
    from campaign_approvals p left join accounts a on a.id = p.account_id
    where p.campaign_id = ${campaignId} and p.version = ${version} order by p.at`.execute(on)
  return { ...row, verdicts }
}

/** Who agreed to it before it came back agrees anew, or does not; the audit log keeps what he said. */
export async function noteSubmitted(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
  given: { readonly by: string; readonly at: Date } & Pick<Submission, 'recipients' | 'needed' | 'brand' | 'restsOn'>,
): Promise<void> {
  await tx.deleteFrom('campaign_approvals').where('campaign_id', '=', id).where('version', '=', version).execute()
  await tx
    .updateTable('campaign_versions')
    .set({
      submitted_by: given.by,
      submitted_at: given.at,
      recipients: given.recipients,
      approvals_needed: given.needed,
      brand: given.brand,
      rests_on: JSON.stringify(given.restsOn),
    })
    .where('campaign_id', '=', id)
    .where('version', '=', version)
    .execute()
}

/** One word an account; false: it has spoken already. */
export async function noteVerdict(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
  verdict: Omit<Verdict, 'name'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('campaign_approvals')
    .values({
      campaign_id: id,
      version,
      account_id: verdict.accountId,
      ...{ verdict: verdict.verdict, words: verdict.words, through: verdict.through, at: verdict.at },
    })
    .onConflict((conflict) => conflict.columns(['campaign_id', 'version', 'account_id']).doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0) > 0
}

export interface Reach {
  /** Who gets it by the latest rehearsal of this very version, now or when he is held no longer. */
  readonly recipients: number
  /** Whether somebody of a tier for which two must agree is among the audience. */
  readonly tiers: boolean
  readonly settings: ReachSettings
  /** What the rehearsal rested on. */
  readonly rehearsed: SeenThen
}

/** How far a campaign reaches; undefined: this version was not rehearsed. */
export async function reachOf(on: Database, campaign: Campaign, now: Date): Promise<Reach | undefined> {
  const { id, corpId, version, spec } = campaign
  const { rows } = await sql<{ recipients: number; at: Date; restsOn: RestedOn | null }>`
    select coalesce((plan->>'customers')::int,
      coalesce((plan->'fates'->>'sent_to')::int, 0) + coalesce((plan->'fates'->>'held')::int, 0)) as recipients,
      created_at as at, rests_on as "restsOn"
    from campaign_runs
    where campaign_id = ${id} and version = ${version} and rehearsal and state = 'planned' and plan is not null
    order by id desc limit 1`.execute(on)
  const [found] = rows
  if (found === undefined) return undefined
  const { recipients, at, restsOn } = found
  const settings = await reachSettings(on, corpId)
  const tiers = await reachesTiers(on, corpId, spec, settings, now)
  return { recipients, tiers, settings, rehearsed: { at, restsOn, brand: null } }
}

/** Whether somebody of a tier for which two must agree is among whom a campaign names, or in the groups that it chooses. */
export async function reachesTiers(
  on: Executor,
  corpId: number,
  spec: Pick<CampaignSpec, 'kind' | 'moment' | 'whom' | 'groups' | 'senders'>,
  { twoForTiers }: Pick<ReachSettings, 'twoForTiers'>,
  now: Date,
): Promise<boolean> {
  if (twoForTiers.length === 0) return false
  const { dayNumber } = localTime(now, await zoneOfCorp(on, corpId))
  const tier: Rule = { is: 'tier', any: [...twoForTiers] }
  if (spec.kind === 'group_send') return groupsReach(on, corpId, spec, tier, { now, today: dayNumber })
  const named = await ruleNamed(on, corpId, spec)
  if (named === undefined) return false
  return (await countMembers(on, corpId, { all: [named, tier] }, dayNumber)).count > 0
}

/** Persons of groups who are looked at together. */
const personsAtOnce = 10_000

async function groupsReach(
  on: Executor,
  corpId: number,
  { groups, senders: { set } }: Pick<CampaignSpec, 'groups' | 'senders'>,
  rule: Rule,
  { now, today }: { readonly now: Date; readonly today: number },
): Promise<boolean> {
  if (groups === undefined) return false
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = { at: now, after, limit: personsAtOnce }
    const persons = await customersChosen(on, corpId, { groups, set }, page)
    const facts = await personFacts(on, corpId, [rule], persons)
    if ([...facts.values()].some((one) => inMemory(rule, one, today).holds)) return true
    after = persons.at(-1)
  }
  return false
}

/** How many customers a planned run reaches, now or when they are held no longer: of groups those who are in them. */
export async function plannedReach(tx: Tx, runId: number): Promise<number> {
  const { rows } = await sql<{ recipients: number }>`
    select coalesce((r.plan->>'customers')::int,
      coalesce((select sum(t.recipients)::int from campaign_tasks t where t.run_id = r.id), 0)
        + coalesce((r.plan->'fates'->>'held')::int, 0)) as recipients
    from campaign_runs r where r.id = ${runId}`.execute(tx)
  return rows[0]?.recipients ?? 0
}

export interface Approver {
  readonly accountId: string
  readonly userid: string
}

/** Accounts that may judge, are bound to a member, and wrote nothing of it. */
export async function approversOf(
  on: Executor,
  corpId: number,
  authors: readonly string[],
): Promise<readonly Approver[]> {
  const { rows } = await sql<Approver>`
    select id as "accountId", wecom_userid as userid from accounts
    where corp_id = ${corpId} and disabled_at is null and wecom_userid is not null and scope_kind = 'corp'
      and role = any(${[...rolesWith('campaigns.approve')]}::text[]) and id <> all(${[...authors]}::uuid[])
    order by created_at, id limit 50`.execute(on)
  return rows
}

/** The account that may judge and is bound to this member. */
export async function approverBehind(
  on: Executor,
  corpId: number,
  userid: string,
): Promise<{ readonly id: string; readonly name: string; readonly role: RoleName } | undefined> {
  const { rows } = await sql<{ id: string; name: string; role: RoleName }>`
    select id, name, role from accounts
    where corp_id = ${corpId} and disabled_at is null and lower(wecom_userid) = lower(${userid}) and scope_kind = 'corp'
      and role = any(${[...rolesWith('campaigns.approve')]}::text[])`.execute(on)
  return rows[0]
}
