import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Database } from '../../../infra/db/database.ts'
import { campaignSpec } from '../campaigns/campaign.schema.ts'
import { type Fate, fateNumber } from '../campaigns/recipient.ts'

type SpecInput = Parameters<typeof campaignSpec.parse>[0] & object

/** A spec that needs nothing but what a test is about. */
export const specWith = (more: Partial<SpecInput> = {}) =>
  campaignSpec.parse({
    goal: { metric: 'order', window_hours: 72, baseline: null },
    whom: { rule: { all: [] } },
    variants: [{ name: 'A', content: { text: '你好' }, for: null, share: 1 }],
    schedule: { kind: 'now' },
    window: null,
    holdout_permille: 100,
    ...more,
  })

export interface PlantedRecipient {
  readonly customerId: number
  readonly fate?: Fate
  readonly reason?: number
  readonly hits?: number
  readonly bucket?: number
  readonly variant?: number | null
  readonly sender?: string | null
  readonly task?: number
  readonly status?: number
  readonly sentAt?: Date
}

export interface PlantedTask {
  readonly number: number
  readonly sender: string
  readonly askedAt?: Date
  readonly confirmedAt?: Date
  readonly expiresAt?: Date
  readonly replacedBy?: number
  readonly recipients?: number
}

export interface PlantedRun {
  readonly campaignId: string
  readonly runId: number
}

/** A run as plan and sending leave it behind, in a partition of its own. */
export async function plantRun(
  db: Database,
  corpId: number,
  given: {
    readonly at: Date
    readonly spec?: ReturnType<typeof specWith>
    readonly state?: string
    readonly campaignId?: string
    readonly recipients: readonly PlantedRecipient[]
    readonly tasks?: readonly PlantedTask[]
  },
): Promise<PlantedRun> {
  const { at, recipients, tasks = [] } = given
  const campaignId = given.campaignId ?? uuid()
  if (given.campaignId === undefined) {
    await sql`insert into campaigns (id, corp_id, name, state, created_at, changed_at)
      values (${campaignId}, ${corpId}, '双十一', 'live', ${at}, ${at})`.execute(db)
    await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
      values (${campaignId}, 1, ${JSON.stringify(given.spec ?? specWith())}::jsonb, ${at})`.execute(db)
  }
  const { rows } = await sql<{ id: number }>`
    insert into campaign_runs (corp_id, campaign_id, version, state, planned_for, started_at, created_at)
    values (${corpId}, ${campaignId}, 1, ${given.state ?? 'running'}, ${at}, ${at}, ${at}) returning id`.execute(db)
  const runId = rows[0]?.id ?? 0
  await sql`create table ${sql.table(`campaign_recipients_${runId}`)} partition of campaign_recipients for values in (${sql.lit(runId)})`.execute(
    db,
  )
  await plantRecipients(db, corpId, runId, recipients)
  await sql`create unique index on ${sql.table(`campaign_recipients_${runId}`)} (customer_id)`.execute(db)
  await sql`analyze ${sql.table(`campaign_recipients_${runId}`)}`.execute(db)
  for (const task of tasks)
    await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state, asked_at, expires_at, confirmed_at, replaced_by)
      values (${runId}, ${task.number}, ${corpId}, 0, ${task.sender}, ${task.recipients ?? 1}, 'asked', ${task.askedAt ?? null},
        ${task.expiresAt ?? null}, ${task.confirmedAt ?? null}, ${task.replacedBy ?? null})`.execute(db)
  await sql`update campaign_tasks t set sent = (select count(*) from campaign_recipients r
    where r.run_id = t.run_id and r.task = t.number and r.status = 1) where run_id = ${runId}`.execute(db)
  return { campaignId, runId }
}

export async function plantRecipients(
  db: Database,
  corpId: number,
  runId: number,
  recipients: readonly PlantedRecipient[],
): Promise<void> {
  const numbers = (of: (one: PlantedRecipient) => number | null | undefined) =>
    numberArray(recipients.map((one) => of(one) ?? null))
  await sql`
    insert into campaign_recipients (run_id, corp_id, customer_id, fate, reason, hits, bucket, variant, sender, task, status, sent_at)
    select ${runId}, ${corpId}, * from unnest(
      ${numbers((one) => one.customerId)}::bigint[], ${numbers((one) => fateNumber(one.fate ?? 'sent_to'))}::smallint[],
      ${numbers((one) => one.reason)}::smallint[], ${numbers((one) => one.hits ?? 0)}::int[],
      ${numbers((one) => one.bucket ?? 5_000)}::smallint[], ${numbers((one) => (one.variant === undefined ? 0 : one.variant))}::smallint[],
      ${textArray(recipients.map((one) => one.sender))}::text[], ${numbers((one) => one.task)}::int[],
      ${numbers((one) => one.status)}::smallint[], ${textArray(recipients.map((one) => one.sentAt?.toISOString()))}::timestamptz[])`.execute(
    db,
  )
}

export interface PlantedOrder {
  readonly customerId: number
  readonly at: Date
  readonly amount?: number
  readonly refunded?: number
  readonly category?: string
  readonly status?: string
  readonly seller?: string
  readonly store?: string
}

/** Orders as a shop told them; their numbers follow those that are there. Answers the number of the first. */
export async function plantOrders(db: Database, corpId: number, orders: readonly PlantedOrder[]): Promise<number> {
  const { rows } = await sql<{ next: number }>`select coalesce(max(id), 0) + 1 as next from orders`.execute(db)
  const first = rows[0]?.next ?? 1
  const texts = (of: (one: PlantedOrder) => string | undefined) => textArray(orders.map(of))
  await sql`
    insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, staff_userid,
      store_code, lines, version_at, learnt_at)
    select customer_id, id, ${corpId}, 'shop', id::text, status, amount, refunded, at, at, seller, store,
      jsonb_build_array(jsonb_build_object('category', category)), at, at
    from unnest(${numberArray(orders.map((one) => one.customerId))}::bigint[],
      ${numberArray(orders.map((_, place) => first + place))}::bigint[], ${texts((one) => one.status ?? 'paid')}::text[],
      ${numberArray(orders.map((one) => one.amount ?? 10_000))}::bigint[], ${numberArray(orders.map((one) => one.refunded ?? 0))}::bigint[],
      ${texts((one) => one.at.toISOString())}::timestamptz[], ${texts((one) => one.seller)}::text[],
      ${texts((one) => one.store)}::text[], ${texts((one) => one.category ?? '')}::text[]
    ) as told(customer_id, id, status, amount, refunded, at, seller, store, category)`.execute(db)
  return first
}

/** Persons of these numbers, each alive with a member. */
export async function plantPersons(db: Database, corpId: number, persons: readonly number[], at: Date): Promise<void> {
  await sql`insert into customers (id, corp_id, created_at)
    select id, ${corpId}, ${at} from unnest(${numberArray(persons)}::bigint[]) as id`.execute(db)
}

export async function plantOpen(
  db: Database,
  corpId: number,
  runId: number,
  customerId: number,
  at: Date,
): Promise<void> {
  await sql`insert into link_opens (link_id, id, at, corp_id, run_id, task, customer_id)
    values (1, ${uuid()}, ${at}, ${corpId}, ${runId}, 1, ${customerId})`.execute(db)
}

export async function plantDelete(
  db: Database,
  corpId: number,
  customerId: number,
  at: Date,
  by = 'customer',
): Promise<void> {
  await sql`insert into events (customer_id, corp_id, kind, occurred_at, learnt_at, cause, payload)
    values (${customerId}, ${corpId}, 'relation.ended', ${at}, ${at}, 'test', ${JSON.stringify({ by })}::jsonb)`.execute(
    db,
  )
}
