import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import { locks } from '../../infra/db/locks.ts'

export interface Person {
  readonly corpId: number
  /** The customer and those who were merged into it. */
  readonly customerIds: readonly number[]
}

/** An id at the platform, or any other that leads to the person, and what takes its place. */
export interface Replacement {
  readonly id: string
  readonly pseudonym: string
}

/**
 * Finds the person whole, and locks the row; undefined when there is none or it was erased before. What is known of who
 * he is stands still from here on: rows of people are locked after it, never before.
 */
export async function lockPerson(tx: Tx, corpId: number, customerId: number): Promise<Person | undefined> {
  await sql`select pg_advisory_xact_lock(${locks.evidence}, ${corpId})`.execute(tx)
  const { rows } = await sql<{ id: number }>`
    with given as (select coalesce(merged_into, id) as root from customers where id = ${customerId} and corp_id = ${corpId})
    select id from customers, given
    where corp_id = ${corpId} and (id = given.root or merged_into = given.root) and erased_at is null
    order by id for update of customers`.execute(tx)
  return rows.length === 0 ? undefined : { corpId, customerIds: rows.map((row) => row.id) }
}

export async function idsOf(tx: Tx, { corpId, customerIds }: Person): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select value as id from identities where customer_id = any(${ids(customerIds)}) and corp_id = ${corpId}
    union select external_userid from relations where customer_id = any(${ids(customerIds)}) and corp_id = ${corpId}`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}

/** Whether something is on its way to the person: its outcome would be written over the erasure. */
export async function hasClaimedEffects(tx: Tx, corpId: number, given: readonly string[]): Promise<boolean> {
  const { rows } = await sql`
    select from effects where corp_id = ${corpId} and subject = any(${[...given]}::text[]) and state = 'claimed' limit 1`.execute(
    tx,
  )
  return rows.length > 0
}

export type Erased = Readonly<Record<string, number>>

const tagTables = [
  ...(['person_tags', 'tag_calls', 'tag_consents', 'tag_differences'] as const),
  ...(['tag_facts', 'tag_marks', 'tag_sync_changes', 'tag_todos'] as const),
]

/** Everything that is found by our own number of the person. Answers how many rows, by table. */
export async function erasePersonRows(tx: Tx, person: Person, kept: readonly string[], at: Date): Promise<Erased> {
  const mine = sql`customer_id = any(${ids(person.customerIds)})`
  const count = counting(tx)
  await count(
    'events',
    sql`
    update events set payload = coalesce(
      (select jsonb_object_agg(key, value) from jsonb_each(payload) where key = any(${[...kept]}::text[])), '{}')
    where ${mine}`,
  )
  await count(
    'relations',
    sql`
    update relations set remark = null, description = null, remark_corp = null, personal_tags = '{}', tag_ids = '{}',
      mobiles = null, owned_at = null, chatted_at = null
    where ${mine}`,
  )
  await count(
    'campaign_recipients',
    sql`update campaign_recipients set external_userid = null where ${mine} and external_userid is not null`,
  )
  await count('welcome_sends', sql`update welcome_sends set trace = '{}', reason = null where ${mine}`)
  // what a page or a shop wrote beside it may say anything of him
  await count('behaviours', sql`update behaviours set properties = null where ${mine} and properties is not null`)
  // a message to staff may have told of others too: it goes as a whole, the others' words stay in their own rows
  await count(
    'app_message_sends',
    sql`update app_message_sends set content = '{}'
    where state <> 'making' and id in (select send_id from app_messages where ${mine})`,
  )
  await count('link_opens', sql`update link_opens set customer_id = 0 where ${mine} and customer_id <> 0`)
  await count('members', sql`delete from members where ${mine}`)
  await count('imported_customers', sql`delete from imported_customers where ${mine}`)
  await count(
    'group_members',
    sql`update group_members set name = null, nickname = null, absent_at = ${at} where ${mine}`,
  )
  for (const table of [
    'app_messages',
    'customer_cards',
    'customer_fields',
    'customer_todos',
    'staff_tasks',
    'person_todos',
    'quota_fulls',
    'recent_touches',
    'touch_reservations',
    'touch_wishes',
    'personalisation_wishes',
    'weixin_people',
  ] as const)
    await count(table, sql`delete from ${sql.table(table)} where ${mine}`)
  for (const table of tagTables) await count(table, sql`delete from ${sql.table(table)} where ${mine}`)
  await erasePersonEvidence(count, person)
  await count(
    'customers',
    sql`
    update customers set name = null, name_pinyin = null, avatar = null, gender = null, corp_name = null,
      person_key = null, erased_at = ${at}
    where id = any(${ids(person.customerIds)})`,
  )
  return count.counted
}

/** What was said of who he is, from either side; that his homes are one stays, else they would come apart. */
async function erasePersonEvidence(count: ReturnType<typeof counting>, person: Person): Promise<void> {
  const all = ids(person.customerIds)
  for (const table of ['identity_links', 'identity_blocks'] as const)
    await count(
      table,
      sql`
      delete from ${sql.table(table)} where (customer_id, other_id) in (
        select customer_id, other_id from ${sql.table(table)} where customer_id = any(${all})
        union select other_id, customer_id from ${sql.table(table)} where customer_id = any(${all}))`,
    )
  for (const table of ['identity_conflicts', 'identity_proposals'] as const)
    await count(table, sql`delete from ${sql.table(table)} where low_id = any(${all}) or high_id = any(${all})`)
  await count('identity_hints', sql`delete from identity_hints where customer_id = any(${all})`)
  await count(
    'person_merges',
    sql`update person_merges set reference = null, reason = null where customer_id = any(${all}) or root_id = any(${all})`,
  )
}

/** Everything that carries one id of the person. A key that holds the id is written anew: it may say where the row lives. */
export async function eraseIdRows(tx: Tx, person: Person, { id, pseudonym }: Replacement, at: Date): Promise<Erased> {
  const { corpId } = person
  const mine = sql`customer_id = any(${ids(person.customerIds)})`
  const count = counting(tx)
  // a group's events list members: such a document tells of others too, and goes as a whole
  await count(
    'callbacks',
    sql`
    with emptied as (
      update callbacks set body = null, subject = case when subject = ${id} then ${pseudonym} else subject end
      where corp_id = ${corpId} and (subject = ${id} or (kind not like 'customer.%' and strpos(body, ${id}) > 0)) returning id)
    , dropped as (delete from callback_retries where callback_id in (select id from emptied))
    select id from emptied`,
  )
  await count(
    'effects',
    sql`
    with taken as (delete from effects where corp_id = ${corpId} and subject = ${id} returning *)
    insert into effects (key, corp_id, kind, state, process_id, subject, claimed_at, settled_at, errcode, detail)
    select replace(key, ${id}, ${pseudonym}), corp_id, kind, state, process_id, ${pseudonym}, claimed_at,
      coalesce(settled_at, ${at}::timestamptz), errcode, null from taken`,
  )
  await count(
    'welcome_sends',
    sql`
    with taken as (delete from welcome_sends where ${mine} and strpos(effect_key, ${id}) > 0 returning *)
    insert into welcome_sends (effect_key, corp_id, customer_id, userid, external_userid, channel_id, welcome_id, version_id,
      outcome, errcode, reason, added_at, received_at, settled_at, stages, trace)
    select replace(effect_key, ${id}, ${pseudonym}), corp_id, customer_id, userid, replace(external_userid, ${id}, ${pseudonym}),
      channel_id, welcome_id, version_id, outcome, errcode, reason, added_at, received_at, settled_at, stages, trace from taken`,
  )
  await count(
    'events',
    sql`update events set cause = replace(cause, ${id}, ${pseudonym}) where ${mine} and strpos(cause, ${id}) > 0`,
  )
  await count(
    'touches',
    sql`update touches set effect = replace(effect, ${id}, ${pseudonym}) where ${mine} and strpos(effect, ${id}) > 0`,
  )
  await count(
    'identities',
    sql`
    with taken as (delete from identities where corp_id = ${corpId} and value = ${id} and ${mine} returning *)
    insert into identities (corp_id, kind, value, customer_id, seen_at)
    select corp_id, kind, ${pseudonym}, customer_id, seen_at from taken
    on conflict (value, kind, corp_id) do update set customer_id = excluded.customer_id, seen_at = excluded.seen_at`,
  )
  await sql`
    insert into erased_ids (pseudonym, corp_id, erased_at) values (${pseudonym}, ${corpId}, ${at})
    on conflict (pseudonym, corp_id) do update set erased_at = greatest(erased_ids.erased_at, excluded.erased_at)`.execute(
    tx,
  )
  for (const table of ['relations', 'sync_differences'] as const) {
    await count(
      table,
      sql`update ${sql.table(table)} set external_userid = ${pseudonym} where ${mine} and external_userid = ${id}`,
    )
  }
  await count(
    'group_members',
    sql`update group_members set member_id = ${pseudonym} where ${mine} and member_id = ${id} and kind = 'external'`,
  )
  await count('customer_todos', sql`delete from customer_todos where corp_id = ${corpId} and external_userid = ${id}`)
  await count('weixin_callbacks', sql`delete from weixin_callbacks where corp_id = ${corpId} and openid = ${id}`)
  await count(
    'traces',
    sql`delete from traces where corp_id = ${corpId} and (strpos(subject, ${id}) > 0 or strpos(body::text, ${id}) > 0)`,
  )
  return count.counted
}

function ids(customerIds: readonly number[]): RawBuilder<unknown> {
  return sql`${[...customerIds]}::bigint[]`
}

function counting(tx: Tx) {
  const counted: Record<string, number> = {}
  const count = async (table: string, statement: RawBuilder<unknown>): Promise<void> => {
    const { numAffectedRows, rows } = await statement.execute(tx)
    const touched = Math.max(Number(numAffectedRows ?? 0n), rows.length)
    if (touched > 0) counted[table] = Math.max(counted[table] ?? 0, touched)
  }
  return Object.assign(count, { counted })
}
