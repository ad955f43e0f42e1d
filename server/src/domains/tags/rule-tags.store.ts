import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { locks } from '../../infra/db/locks.ts'
import { type RuleFact, referenceOf, type TagRule } from './rule-tags.ts'

/** One says what rules come to at a time, of a corp: what he read of the persons holds until he has said it. */
export async function lockRuleTags(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.ruleTags}, ${corpId})`.execute(tx)
}

/** The rules of a corp's tags, without those of tags that are gone. */
export async function tagRules(on: Executor, corpId: number): Promise<readonly TagRule[]> {
  const { rows } = await sql<TagRule>`
    select r.tag_id as "tagId", r.audience_id::text as "audienceId", a.name as audience, a.kind, a.version,
      r.keep_days as "keepDays", r.followed_at as "followedAt"
    from tag_rules r join audiences a on a.id = r.audience_id
    join tags t on t.corp_id = r.corp_id and t.id = r.tag_id and t.removed_at is null
    where r.corp_id = ${corpId} order by r.tag_id`.execute(on)
  return rows
}

export async function writeTagRule(
  tx: Tx,
  corpId: number,
  rule: { readonly tagId: string; readonly audienceId: string; readonly keepDays: number | null },
  by: { readonly account: string | null; readonly at: Date },
): Promise<void> {
  await sql`insert into tag_rules (corp_id, tag_id, audience_id, keep_days, created_at, created_by)
    values (${corpId}, ${rule.tagId}, ${rule.audienceId}, ${rule.keepDays}, ${by.at}, ${by.account})
    on conflict (corp_id, tag_id) do update set audience_id = excluded.audience_id, keep_days = excluded.keep_days,
      created_at = excluded.created_at, created_by = excluded.created_by, followed_at = null`.execute(tx)
}

export async function removeTagRule(tx: Tx, corpId: number, tagId: string): Promise<void> {
  await sql`delete from tag_rules where corp_id = ${corpId} and tag_id = ${tagId}`.execute(tx)
}

/** From when on everybody is told of; null: from now on it is under way again. */
export async function noteFollowed(
  on: Executor,
  corpId: number,
  rule: { readonly tagId: string; readonly audienceId: string },
  at: Date | null,
): Promise<void> {
  await sql`update tag_rules set followed_at = ${at}
    where corp_id = ${corpId} and tag_id = ${rule.tagId} and audience_id = ${rule.audienceId}`.execute(on)
}

/** What rules said of these tags under these homes. */
export async function ruleFacts(
  on: Executor,
  corpId: number,
  homes: readonly number[],
  tagIds: readonly string[],
): Promise<readonly RuleFact[]> {
  const { rows } = await sql<RuleFact>`
    select customer_id as home, tag_id as "tagId", reference, says, at from tag_facts
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId} and source = 'rule'
      and tag_id = any(${[...tagIds]}::text[])`.execute(on)
  return rows
}

/** The next homes of which a rule says that they have its tag. */
export async function holdersAfter(
  on: Executor,
  corpId: number,
  rule: { readonly tagId: string; readonly audienceId: string },
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ home: number }>`
    select customer_id as home from tag_facts
    where corp_id = ${corpId} and tag_id = ${rule.tagId} and reference = ${referenceOf(rule.audienceId)}
      and source = 'rule' and says and customer_id > ${after} order by customer_id limit ${limit}`.execute(on)
  return rows.map(({ home }) => home)
}

/** Whether this very work stands in the queue already, and has not begun. */
export async function ruleWaits(on: Executor, corpId: number, kind: string, input: unknown): Promise<boolean> {
  const { rows } = await sql`select from operations where corp_id = ${corpId} and kind = ${kind} and state = 'waiting'
    and input = ${JSON.stringify(input)}::jsonb limit 1`.execute(on)
  return rows.length > 0
}
