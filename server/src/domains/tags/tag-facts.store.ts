import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { GroupRule, TagFact, TagSource } from './tag-state.ts'

/** A fact as a source tells it. */
export interface TagWord {
  /** Any home of the person. */
  readonly customerId: number
  readonly tagId: string
  readonly source: TagSource
  readonly reference: string
  readonly says: boolean
  readonly at: Date
  readonly expiresAt?: Date | undefined
  readonly confidence?: number | undefined
  readonly evidence?: Readonly<Record<string, unknown>> | undefined
}

/** Keeps what was said, each register at its latest word, and queues whom it concerns to be worked out. */
export async function recordFacts(tx: Tx, corpId: number, words: readonly TagWord[], machineAt: Date): Promise<void> {
  const unique = new Map<string, TagWord>()
  for (const word of words) {
    const key = JSON.stringify([word.customerId, word.tagId, word.source, word.reference])
    const known = unique.get(key)
    if (known === undefined || known.at < word.at || (known.at.getTime() === word.at.getTime() && !word.says))
      unique.set(key, word)
  }
  const list = [...unique.values()].sort((a, b) => a.customerId - b.customerId)
  if (list.length === 0) return
  await sql`
    insert into tag_facts as f (customer_id, corp_id, tag_id, source, reference, says, at, expires_at, confidence, evidence)
    select n.customer_id, ${corpId}, n.tag_id, n.source, n.reference, n.says, n.at, n.expires_at, n.confidence, n.evidence from unnest(
      ${list.map((one) => one.customerId)}::bigint[], ${list.map((one) => one.tagId)}::text[], ${list.map((one) => one.source)}::text[],
      ${list.map((one) => one.reference)}::text[], ${list.map((one) => one.says)}::boolean[], ${list.map((one) => one.at.toISOString())}::timestamptz[],
      ${list.map((one) => one.expiresAt?.toISOString() ?? null)}::timestamptz[], ${list.map((one) => one.confidence ?? null)}::real[],
      ${list.map((one) => JSON.stringify(one.evidence ?? {}))}::jsonb[]
    ) as n(customer_id, tag_id, source, reference, says, at, expires_at, confidence, evidence)
    on conflict (customer_id, tag_id, source, reference) do update set says = excluded.says, at = excluded.at,
      expires_at = excluded.expires_at, confidence = excluded.confidence, evidence = excluded.evidence
    where (excluded.at, not excluded.says, coalesce(excluded.expires_at, '-infinity'), coalesce(excluded.confidence, 0))
      > (f.at, not f.says, coalesce(f.expires_at, '-infinity'), coalesce(f.confidence, 0))`.execute(tx)
  await queuePersons(
    tx,
    corpId,
    list.map((one) => one.customerId),
    machineAt,
  )
}

export async function queuePersons(tx: Executor, corpId: number, homes: readonly number[], at: Date): Promise<void> {
  const ids = [...new Set(homes)].sort((a, b) => a - b)
  if (ids.length === 0) return
  await sql`insert into tag_todos as t (customer_id, corp_id, next_at) select id, ${corpId}, ${at}::timestamptz from unnest(${ids}::bigint[]) as n(id)
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    tx,
  )
}

export interface PersonTodo {
  readonly customerId: number
  readonly was: readonly string[]
}

/**
 * Takes some of those who are to be worked out, for the transaction that works them out. Persons are held before their row
 * of the queue, as whoever reads relations does; who is being written just now waits for another round.
 */
export async function takePersons(tx: Tx, corpId: number, limit: number, at: Date): Promise<readonly PersonTodo[]> {
  const { rows } = await sql<PersonTodo>`
    with free as materialized (
      select c.id from tag_todos t join customers c on c.id = t.customer_id where t.corp_id = ${corpId} and t.next_at <= ${at}
      order by t.next_at, c.id limit ${limit} for no key update of c skip locked)
    delete from tag_todos t using free where t.customer_id = free.id returning t.customer_id as "customerId", t.was`.execute(
    tx,
  )
  return rows
}

/** Takes these out of the queue, because they are worked out now. */
export async function dropTodos(tx: Tx, homes: readonly number[]): Promise<readonly PersonTodo[]> {
  const { rows } = await sql<PersonTodo>`
    delete from tag_todos where customer_id = any(${[...homes]}::bigint[]) returning customer_id as "customerId", was`.execute(
    tx,
  )
  return rows
}

export async function corpsToWork(on: Executor, at: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ corp_id: number }>`
    select id as corp_id from corps c where exists (select from tag_todos t where t.corp_id = c.id and t.next_at <= ${at})
      or exists (select from tag_calls t where t.corp_id = c.id and t.next_at <= ${at} and not t.refused) order by id`.execute(
    on,
  )
  return rows.map((row) => row.corp_id)
}

/** Holds these persons, so that what is worked out of them comes from everything that was said. */
export async function lockHomes(tx: Tx, homes: readonly number[]): Promise<void> {
  await sql`select from customers where id = any(${[...homes]}::bigint[]) order by id for no key update`.execute(tx)
}

export interface StoredFact extends TagFact {
  readonly customerId: number
  readonly groupId: string
}

/** What was said under these homes of tags that are still in the catalogue. */
export async function factsOf(on: Executor, corpId: number, homes: readonly number[]): Promise<readonly StoredFact[]> {
  const { rows } = await sql<
    Omit<StoredFact, 'at' | 'expiresAt' | 'confidence'> & {
      at: Date
      expiresAt: Date | null
      confidence: number | null
    }
  >`
    select f.customer_id as "customerId", f.tag_id as "tagId", t.group_id as "groupId", f.source, f.reference, f.says, f.at,
      f.expires_at as "expiresAt", f.confidence
    from tag_facts f join tags t on t.corp_id = f.corp_id and t.id = f.tag_id and t.removed_at is null
    where f.customer_id = any(${[...homes]}::bigint[]) and f.corp_id = ${corpId}`.execute(on)
  return rows.map(({ at, expiresAt, confidence, ...row }) => ({
    ...row,
    at: at.getTime(),
    ...(expiresAt === null ? {} : { expiresAt: expiresAt.getTime() }),
    ...(confidence === null ? {} : { confidence }),
  }))
}

/** The rules of the groups, and the latest word of consent per home and sensitive group. */
export async function groupRules(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<{
  readonly groups: ReadonlyMap<string, Omit<GroupRule, 'consent'>>
  readonly consents: readonly {
    readonly customerId: number
    readonly groupId: string
    readonly given: boolean
    readonly at: Date
  }[]
}> {
  const groups = await sql<{ id: string; exclusive: boolean; sensitive: boolean }>`
    select id, exclusive, sensitive from tag_groups where corp_id = ${corpId} and removed_at is null`.execute(on)
  const consents = await sql<{ customerId: number; groupId: string; given: boolean; at: Date }>`
    select customer_id as "customerId", group_id as "groupId", given, at from tag_consents
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId}`.execute(on)
  return { groups: new Map(groups.rows.map(({ id, ...rule }) => [id, rule])), consents: consents.rows }
}

export async function recordConsent(
  tx: Tx,
  corpId: number,
  consent: { customerId: number; groupId: string; given: boolean; evidence: string; at: Date; by: string },
  machineAt: Date,
): Promise<void> {
  await sql`insert into tag_consents (customer_id, corp_id, group_id, given, evidence, at, by_account)
    values (${consent.customerId}, ${corpId}, ${consent.groupId}, ${consent.given}, ${consent.evidence}, ${consent.at}, ${consent.by})
    on conflict (customer_id, group_id) do update set given = excluded.given, evidence = excluded.evidence, at = excluded.at, by_account = excluded.by_account
    where tag_consents.at <= excluded.at`.execute(tx)
  await queuePersons(tx, corpId, [consent.customerId], machineAt)
}

export interface PersonTag {
  readonly customerId: number
  readonly tagId: string
  readonly source: TagSource
  readonly reference: string
  readonly confidence: number | undefined
  readonly at: Date
  readonly expiresAt: Date | undefined
}

/** The tags that were worked out before, under any home. */
export async function personTagsOf(
  on: Executor,
  homes: readonly number[],
): Promise<readonly { readonly customerId: number; readonly tagId: string; readonly source: string }[]> {
  const { rows } = await sql<{ customerId: number; tagId: string; source: string }>`
    select customer_id as "customerId", tag_id as "tagId", source from person_tags
    where customer_id = any(${[...homes]}::bigint[])`.execute(on)
  return rows
}

/** Puts these in the place of whatever stood under these homes. */
export async function writePersonTags(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  tags: readonly PersonTag[],
): Promise<void> {
  const list = tags.toSorted((a, b) => a.customerId - b.customerId)
  await sql`
    with given as (
      select * from unnest(
        ${list.map((one) => one.customerId)}::bigint[], ${list.map((one) => one.tagId)}::text[], ${list.map((one) => one.source)}::text[],
        ${list.map((one) => one.reference)}::text[], ${list.map((one) => one.confidence ?? null)}::real[],
        ${list.map((one) => one.at.toISOString())}::timestamptz[], ${list.map((one) => one.expiresAt?.toISOString() ?? null)}::timestamptz[]
      ) as n(customer_id, tag_id, source, reference, confidence, at, expires_at)
    ), gone as (
      delete from person_tags p where p.customer_id = any(${[...homes]}::bigint[])
        and not exists (select from given where given.customer_id = p.customer_id and given.tag_id = p.tag_id)
    )
    insert into person_tags (customer_id, corp_id, tag_id, source, reference, confidence, at, expires_at)
    select customer_id, ${corpId}, tag_id, source, reference, confidence, at, expires_at from given
    on conflict (customer_id, tag_id) do update set source = excluded.source, reference = excluded.reference,
      confidence = excluded.confidence, at = excluded.at, expires_at = excluded.expires_at`.execute(tx)
}

/** Queues everybody of whom a tag has expired; answers when the next one does. */
export async function queueExpired(tx: Tx, corpId: number, now: Date, machineAt: Date): Promise<Date | undefined> {
  await sql`insert into tag_todos as t (customer_id, corp_id, next_at)
    select distinct customer_id, ${corpId}::int, ${machineAt}::timestamptz from person_tags where corp_id = ${corpId} and expires_at <= ${now}
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    tx,
  )
  return nextExpiry(tx, corpId, now)
}

export async function nextExpiry(on: Executor, corpId: number, after: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(expires_at) as at from person_tags where corp_id = ${corpId} and expires_at > ${after}`.execute(on)
  return rows[0]?.at ?? undefined
}

/** Everybody on whom the platform shows a tag: no event told of those who were there before tags were worked out. */
export async function queueCarriers(tx: Tx, corpId: number, at: Date): Promise<void> {
  await sql`insert into tag_todos as t (customer_id, corp_id, next_at)
    select distinct customer_id, ${corpId}::int, ${at}::timestamptz from relations
    where corp_id = ${corpId} and status = 'alive' and tag_ids <> '{}' order by customer_id
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    tx,
  )
}

/** Everybody of whom something was said in this group: its rules have changed. */
export async function queueGroup(tx: Tx, corpId: number, groupId: string, at: Date): Promise<void> {
  await sql`insert into tag_todos as t (customer_id, corp_id, next_at)
    select distinct f.customer_id, ${corpId}::int, ${at}::timestamptz from tags g join tag_facts f on f.corp_id = g.corp_id and f.tag_id = g.id
    where g.corp_id = ${corpId} and g.group_id = ${groupId}
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    tx,
  )
}
