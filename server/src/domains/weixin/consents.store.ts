import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { ConsentFact, ConsentStanding } from './consents.ts'

export interface PlacedConsent extends ConsentFact {
  readonly home: number
}

/** Facts are added once, however often they are told; templates that are new are to be read. Two statements. */
export async function writeConsents(
  tx: Tx,
  { corpId, accountId }: { readonly corpId: number; readonly accountId: string },
  facts: readonly PlacedConsent[],
): Promise<void> {
  if (facts.length === 0) return
  await sql`
    insert into weixin_consents (customer_id, account_id, corp_id, template_id, kind, at, number, reason)
    select home, ${accountId}, ${corpId}, template_id, kind, at, number, reason
    from unnest(${facts.map((one) => one.home)}::bigint[], ${facts.map((one) => one.templateId)}::text[],
      ${facts.map((one) => one.kind)}::text[], ${facts.map((one) => one.at.toISOString())}::timestamptz[],
      ${facts.map((one) => one.number)}::text[], ${facts.map((one) => one.reason)}::text[])
      as given(home, template_id, kind, at, number, reason)
    on conflict do nothing`.execute(tx)
  const templates = [...new Set(facts.map((one) => one.templateId))].sort()
  await sql`
    insert into weixin_templates (account_id, template_id)
    select ${accountId}, template_id from unnest(${templates}::text[]) as given(template_id)
    on conflict do nothing`.execute(tx)
}

export interface ConsentRow extends ConsentStanding {
  readonly appid: string
  readonly templateId: string
  readonly title: string | null
  readonly latestAt: Date
}

/** How a person stands to each template, over all his homes; the latest first. */
export async function consentsOfHomes(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly ConsentRow[]> {
  const { rows } = await sql<ConsentRow>`
    with own as (
      select c.*, max(at) filter (where kind = 'refused') over (partition by account_id, template_id) as refused_at
      from weixin_consents c where c.corp_id = ${corpId} and c.customer_id = any(${[...homes]}::bigint[])
    )
    select a.appid, own.template_id as "templateId", t.title, max(own.refused_at) as "refusedAt", max(own.at) as "latestAt",
      count(*) filter (where own.kind = 'accepted')::int as accepted,
      count(*) filter (where own.kind = 'rejected')::int as rejected,
      count(*) filter (where own.kind = 'sent')::int as sent,
      count(*) filter (where own.kind = 'failed')::int as failed,
      count(*) filter (where own.kind = 'accepted' and own.at > coalesce(own.refused_at, '-infinity'))::int
        as "acceptedSinceRefusal",
      count(*) filter (where own.kind in ('sent', 'failed') and own.at > coalesce(own.refused_at, '-infinity'))::int
        as "usedSinceRefusal"
    from own join weixin_accounts a on a.id = own.account_id
    left join weixin_templates t on t.account_id = own.account_id and t.template_id = own.template_id
    group by a.appid, own.template_id, t.title
    order by max(own.at) desc, own.template_id`.execute(on)
  return rows
}

/** Whether the account has templates whose names were not read within this time (machine time). */
export async function hasUnnamedTemplates(on: Executor, accountId: string, readBefore: Date): Promise<boolean> {
  const { rows } = await sql`
    select from weixin_templates
    where account_id = ${accountId} and title is null and (read_at is null or read_at < ${readBefore}) limit 1`.execute(
    on,
  )
  return rows.length > 0
}

/** One that the account does not have any more keeps no name, and is looked for again later. */
export async function nameTemplates(
  on: Executor,
  accountId: string,
  titles: ReadonlyMap<string, string>,
  readAt: Date,
): Promise<void> {
  await sql`
    update weixin_templates t set read_at = ${readAt}, title = coalesce(given.title, t.title)
    from weixin_templates own
    left join unnest(${[...titles.keys()]}::text[], ${[...titles.values()]}::text[]) as given(template_id, title)
      on given.template_id = own.template_id
    where own.account_id = ${accountId} and t.account_id = own.account_id and t.template_id = own.template_id`.execute(
    on,
  )
}
