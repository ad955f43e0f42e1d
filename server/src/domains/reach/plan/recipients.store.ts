import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { cardNamed } from '../../customers/index.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { partitionOf } from './draft.store.ts'

export interface RecipientRow {
  readonly customerId: number
  readonly name: string | null
  readonly fate: number
  readonly reason: number | null
  readonly hits: number
  readonly policy: number | null
  readonly heldUntil: Date | null
  readonly bucket: number
  readonly variant: number | null
  readonly sender: string | null
  readonly senderName: string | null
  readonly task: number | null
  readonly status: number | null
  /** How the task stands in which he is. */
  readonly taskState: string | null
  readonly sentAt: Date | null
}

export interface RecipientAsk {
  readonly runId: number
  readonly fate?: number | undefined
  readonly reason?: number | undefined
  readonly variant?: number | undefined
  readonly sender?: string | undefined
  readonly task?: number | undefined
  readonly q?: string | undefined
  readonly after: number
  readonly limit: number
}

const columns = sql`r.customer_id as "customerId", c.name, r.fate, r.reason, r.hits, r.policy,
  case when r.fate = ${sql.raw(String(fateNumber('held')))} then r.held_until end as "heldUntil",
  r.bucket, r.variant, r.sender, s.name as "senderName", r.task, r.status, t.state as "taskState", r.sent_at as "sentAt"`
const joined = sql`left join customers c on c.id = r.customer_id left join staff s on s.corp_id = r.corp_id and s.userid = r.sender
  left join campaign_tasks t on t.run_id = r.run_id and t.number = r.task`

/** A page of those whom a run's audience named, in the order of persons. */
export async function recipientsOf(on: Executor, ask: RecipientAsk): Promise<readonly RecipientRow[]> {
  const { rows } = await sql<RecipientRow>`
    with asked as materialized (
      select r.* from campaign_recipients r
      where r.run_id = ${ask.runId} and r.customer_id > ${ask.after} and ${filtersOf(ask)}
      order by r.customer_id limit ${ask.limit}
    )
    select ${columns} from asked r ${joined} order by r.customer_id`.execute(on)
  return rows
}

function filtersOf({ fate, reason, variant, sender, task, q }: RecipientAsk): RawBuilder<unknown> {
  const filters = [
    ...(fate === undefined ? [] : [sql`r.fate = ${fate}`]),
    ...(reason === undefined ? [] : [sql`r.reason = ${reason}`]),
    ...(variant === undefined ? [] : [sql`r.variant = ${variant}`]),
    ...(sender === undefined ? [] : [sql`r.sender = ${sender}`]),
    ...(task === undefined ? [] : [sql`r.task = ${task}`]),
    ...(q === undefined
      ? []
      : [
          sql`r.customer_id in (select k.customer_id from customer_cards k where k.corp_id = r.corp_id and ${cardNamed(q)})`,
        ]),
  ]
  return filters.length === 0 ? sql`true` : sql.join(filters, sql` and `)
}

/** What was decided of a person in a run, by whichever of his homes was the root then. */
export async function recipientOf(
  on: Executor,
  runId: number,
  homes: readonly number[],
): Promise<RecipientRow | undefined> {
  const { rows } = await sql<RecipientRow>`
    select ${columns} from campaign_recipients r ${joined}
    where r.run_id = ${runId} and r.customer_id = any(${[...homes]}::bigint[]) order by r.fate limit 1`.execute(on)
  return rows[0]
}

/** Whether it is still known, person by person, who was in a run. */
export async function keepsPeople(on: Executor, runId: number): Promise<boolean> {
  const { rows } = await sql<{ kept: boolean }>`select to_regclass(${partitionOf(runId)}) is not null as kept`.execute(
    on,
  )
  return rows[0]?.kept ?? false
}
