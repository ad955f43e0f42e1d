import { type RawBuilder, sql } from 'kysely'
import { textArray } from '../db/arrays.ts'
import type { Executor } from '../db/database.ts'
import type { DomainEvent } from './events.ts'

/** Appends in one statement. Events whose dedupe key was seen before, or twice in the list, are dropped. */
export async function appendEvents(on: Executor, given: readonly DomainEvent[], learntAt: Date): Promise<void> {
  const events = withoutRepeats(given)
  if (events.length === 0) return
  await sql`
    with fact as (
      select * from unnest(
        ${events.map((e) => e.customerId)}::bigint[], ${events.map((e) => e.corpId)}::int[], ${events.map((e) => e.kind)}::text[],
        ${events.map((e) => e.staffUserid ?? null)}::text[], ${events.map((e) => e.occurredAt.toISOString())}::timestamptz[],
        ${events.map((e) => e.cause)}::text[], ${textArray(events.map((e) => JSON.stringify(e.payload)))}::jsonb[],
        ${events.map((e) => e.dedupeKey ?? null)}::bytea[]
      ) as fact(customer_id, corp_id, kind, staff_userid, occurred_at, cause, payload, dedupe_key)
    ), fresh as (
      insert into dedupe_keys (key, seen_at) select distinct dedupe_key, ${learntAt}::timestamptz from fact where dedupe_key is not null
      on conflict do nothing returning key
    )
    insert into events (customer_id, corp_id, kind, staff_userid, occurred_at, learnt_at, cause, payload)
    select customer_id, corp_id, kind, staff_userid, occurred_at, ${learntAt}, cause, payload from fact
    where dedupe_key is null or dedupe_key in (select key from fresh)`.execute(on)
}

/**
 * Appends what a query answers, for changes too many to be carried through the process: customer_id, corp_id, kind,
 * occurred_at, cause and payload, in this order.
 */
export async function appendEventsOf(on: Executor, query: RawBuilder<unknown>, learntAt: Date): Promise<void> {
  await sql`
    insert into events (customer_id, corp_id, kind, occurred_at, learnt_at, cause, payload)
    select customer_id, corp_id, kind, occurred_at, ${learntAt}, cause, payload
    from (${query}) as found(customer_id, corp_id, kind, occurred_at, cause, payload)`.execute(on)
}

function withoutRepeats(events: readonly DomainEvent[]): readonly DomainEvent[] {
  const seen = new Set<string>()
  return events.filter(({ dedupeKey }) => {
    if (dedupeKey === undefined) return true
    const key = dedupeKey.toString('latin1')
    return !seen.has(key) && seen.add(key)
  })
}
