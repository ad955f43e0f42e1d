import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

export interface CallbackLogFilter {
  readonly corpId: number
  readonly beforeId: number | undefined
  readonly limit: number
  readonly kind: string | undefined
  readonly subject: string | undefined
  readonly staff: string | undefined
  readonly app: string | undefined
  readonly state: 'done' | 'pending' | 'retrying' | 'dead' | undefined
  readonly from: Date | undefined
  readonly until: Date | undefined
}

export interface CallbackLogRow {
  readonly id: number
  readonly app: string
  readonly kind: string
  readonly subject: string | null
  readonly staffUserid: string | null
  readonly staffName: string | null
  readonly receivedAt: Date
  readonly createdAt: Date
  readonly state: 'done' | 'pending' | 'retrying' | 'dead'
  readonly attempts: number | null
  readonly reason: string | null
  readonly nextAt: Date | null
}

const columns = sql.raw(`
  c.id, a.app_key as app, c.kind, c.subject, c.staff_userid as "staffUserid", s.name as "staffName",
  c.received_at as "receivedAt", c.created_at as "createdAt", r.attempts, r.reason, r.next_at as "nextAt",
  case when r.dead_at is not null then 'dead' when r.callback_id is not null then 'retrying'
    when b.id is not null then 'pending' else 'done' end as state`)

const joined = sql.raw(`
  callbacks c join apps a on a.id = c.app_id
  left join staff s on s.corp_id = c.corp_id and s.userid = c.staff_userid
  left join callback_retries r on r.callback_id = c.id
  left join inbox_batches b on b.id = c.batch_id`)

/** Newest first, by id. */
export async function searchCallbacks(on: Executor, filter: CallbackLogFilter): Promise<readonly CallbackLogRow[]> {
  const { kind, subject, staff, app, state, from, until, beforeId } = filter
  const { rows } = await sql<CallbackLogRow>`
    select ${columns} from ${joined}
    where c.corp_id = ${filter.corpId}
      ${beforeId === undefined ? sql`` : sql`and c.id < ${beforeId}`}
      ${kind === undefined ? sql`` : sql`and starts_with(c.kind, ${kind})`}
      ${subject === undefined ? sql`` : sql`and c.subject = ${subject}`}
      ${staff === undefined ? sql`` : sql`and c.staff_userid = ${staff}`}
      ${app === undefined ? sql`` : sql`and a.app_key = ${app}`}
      ${from === undefined ? sql`` : sql`and c.received_at >= ${from}`}
      ${until === undefined ? sql`` : sql`and c.received_at < ${until}`}
      ${state === undefined ? sql`` : stateIs(state)}
    order by c.id desc limit ${filter.limit}`.execute(on)
  return rows
}

function stateIs(state: NonNullable<CallbackLogFilter['state']>) {
  switch (state) {
    case 'dead':
      return sql`and r.dead_at is not null`
    case 'retrying':
      return sql`and r.callback_id is not null and r.dead_at is null`
    case 'pending':
      return sql`and r.callback_id is null and b.id is not null`
    case 'done':
      return sql`and r.callback_id is null and b.id is null`
  }
}

export async function findCallback(
  on: Executor,
  corpId: number,
  id: number,
): Promise<(CallbackLogRow & { body: string | null }) | undefined> {
  const { rows } = await sql<CallbackLogRow & { body: string | null }>`
    select ${columns}, c.body from ${joined} where c.corp_id = ${corpId} and c.id = ${id}`.execute(on)
  return rows[0]
}

/** Puts a failed callback back: it is tried again at once, with its attempts counted anew. */
export async function replayCallback(on: Executor, corpId: number, id: number, now: Date): Promise<boolean> {
  const result = await sql`
    update callback_retries set attempts = 0, dead_at = null, next_at = ${now} where corp_id = ${corpId} and callback_id = ${id}`.execute(
    on,
  )
  return (result.numAffectedRows ?? 0n) > 0n
}
