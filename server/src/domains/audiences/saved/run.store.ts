import { CompiledQuery, sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { appendEvents, appendEventsOf } from '../../../infra/events/events.store.ts'
import { absentMarks } from '../counts/marks.store.ts'
import { bitsOfRuleSql } from '../counts/rule-bits.ts'
import { liveReaders, touchPersons } from '../kept/touched.store.ts'
import { markOf } from '../rules/facts.ts'
import type { Audience } from './audience.ts'

export type RunCause = 'start' | 'schedule' | 'rule' | 'time' | 'person' | 'check' | 'stock'

export interface RunReport {
  readonly size: number
  readonly of: number
  readonly joined: number
  readonly gone: number
  /** The size that the computation before it found; null: it is the first. */
  readonly before: number | null
}

/** So many computations can be compared with each other. */
const snapshots = 14
const zeros = sql`(select repeat('0', 65536)::varbit as bits offset 0)`

/** One at a time for the live audiences of a corp: whoever evaluates persons, or computes one of them anew. */
export async function lockMembership(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.runs}, ${corpId})`.execute(tx)
}

/**
 * Who is in an audience, from its rule, set-based: kept as its mark and as a snapshot of this computation. What was so before
 * stays untouched, so computing it again tells nobody anything. A live audience tells who came and went, but at its first time.
 */
export async function computeAudience(
  tx: Tx,
  audience: Audience,
  {
    today,
    at,
    cause,
    because,
  }: { readonly today: number; readonly at: Date; readonly cause: RunCause; readonly because: string },
): Promise<RunReport> {
  const { id, corpId, version } = audience
  const key = markOf.audience(id)
  const began = performance.now()
  // nobody else writes who is in one that is not live: only the same one is not computed twice at a time
  if (audience.kind === 'live') await lockMembership(tx, corpId)
  else await sql`select pg_advisory_xact_lock(${locks.runs}, hashtext(${id}))`.execute(tx)
  const { rows: made } = await sql<{ id: number }>`
    insert into audience_runs (audience_id, corp_id, version, cause, at)
    values (${id}, ${corpId}, ${version}, ${cause}, ${at}) returning id`.execute(tx)
  const run = made[0]?.id ?? 0
  const { text, values } = bitsOfRuleSql(
    audience.rule,
    corpId,
    today,
    await absentMarks(tx, corpId, audience.rule, today),
  )
  const next = values.length + 1
  const { rows: counted } = await tx.executeQuery<{ of: number }>(
    CompiledQuery.raw(
      `${text}, kept as (
        insert into audience_run_bits (corp_id, audience_id, run_id, chunk, bits)
        select $1, $${next}::uuid, $${next + 1}::bigint, chunk, bits from fresh where bit_count(bits) > 0
      ) select coalesce(sum(bit_count(persons)), 0)::bigint as of from fresh`,
      [...values, id, run],
    ),
  )
  await lockMembership(tx, corpId)
  await foldKey(tx, corpId, key)
  const { rows: found } = await sql<{ size: number; joined: number; gone: number }>`
    select coalesce(sum(bit_count(now)), 0)::bigint as size, coalesce(sum(bit_count(now & ~old)), 0)::bigint as joined,
      coalesce(sum(bit_count(old & ~now)), 0)::bigint as gone
    from (${sidesOf(corpId, key, id, run)}) sides`.execute(tx)
  const { size, joined, gone } = found[0] ?? { size: 0, joined: 0, gone: 0 }
  const first = audience.computedAt === null
  if (joined + gone > 0) {
    const readers = await liveReaders(tx, corpId, id)
    const told = !first && audience.kind === 'live'
    if (!told) await tellComputed(tx, audience, { joined, gone, at, because })
    if (told || readers.length > 0) {
      const moved = await movedPersons(tx, corpId, key, id, run)
      if (told) await tellMoved(tx, audience, moved, { at, cause, because })
      await touchPersons(tx, corpId, [...moved.joined, ...moved.gone], readers)
    }
    await replaceBits(tx, corpId, key, id, run)
  }
  const took = Math.round(performance.now() - began)
  const of = counted[0]?.of ?? 0
  await sql`update audience_runs set size = ${size}, joined = ${joined}, gone = ${gone}, took_ms = ${took}
    where audience_id = ${id} and id = ${run}`.execute(tx)
  await sql`update audiences set size = ${size}, of_persons = ${of}, computed_at = ${at} where id = ${id}`.execute(tx)
  await sql`delete from audience_run_bits where audience_id = ${id} and run_id not in (
    select id from audience_runs where audience_id = ${id} order by id desc limit ${snapshots})`.execute(tx)
  return { size, of, joined, gone, before: first ? null : await sizeBefore(tx, id, run) }
}

/** Who came and went is told one by one of a live audience only; of any other that somebody did. */
async function tellComputed(
  tx: Tx,
  { id, corpId, name, version }: Audience,
  {
    joined,
    gone,
    at,
    because,
  }: { readonly joined: number; readonly gone: number; readonly at: Date; readonly because: string },
): Promise<void> {
  const event = {
    ...{ kind: 'audience.computed' as const, corpId, customerId: 0, staffUserid: undefined, occurredAt: at },
    ...{ cause: because, payload: { audienceId: id, name, version, joined, gone } },
  }
  await appendEvents(tx, [event], at)
}

async function sizeBefore(tx: Tx, id: string, run: number): Promise<number | null> {
  const { rows } = await sql<{ size: number }>`select size from audience_runs
    where audience_id = ${id} and id < ${run} order by id desc limit 1`.execute(tx)
  return rows[0]?.size ?? null
}

/** What is pending of one mark goes into its bits, so that they can be replaced as a whole. */
async function foldKey(tx: Tx, corpId: number, key: string): Promise<void> {
  // the lock of folding: what is pending and what is in the bits must not change places meanwhile
  await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
  await sql`with taken as (
      delete from audience_changes where corp_id = ${corpId} and key = ${key} returning chunk, person_no & 65535 as n, present
    ), masks as (
      select chunk, coalesce(bit_or(set_bit(none.bits, n, 1)) filter (where present), none.bits) as came,
        coalesce(bit_or(set_bit(none.bits, n, 1)) filter (where not present), none.bits) as went
      from taken, ${zeros} none group by chunk, none.bits
    )
    insert into audience_bits (corp_id, key, chunk, bits) select ${corpId}, ${key}, chunk, came from masks
    on conflict (corp_id, key, chunk) do update set bits = (audience_bits.bits
      & ~(select went from masks where masks.chunk = excluded.chunk)) | excluded.bits`.execute(tx)
}

/** Every chunk with the old and the new members. */
const sidesOf = (corpId: number, key: string, id: string, run: number) => sql`
  select chunk, coalesce(fresh.bits, none.bits) as now, coalesce(kept.bits, none.bits) as old
  from (select chunk, bits from audience_run_bits where audience_id = ${id} and run_id = ${run}) fresh
  full join (select chunk, bits from audience_bits where corp_id = ${corpId} and key = ${key}) kept using (chunk)
  cross join ${zeros} none`

interface Moved {
  readonly joined: readonly number[]
  readonly gone: readonly number[]
}

async function movedPersons(tx: Tx, corpId: number, key: string, id: string, run: number): Promise<Moved> {
  const { rows } = await sql<{ chunk: number; joined: string; gone: string }>`
    select chunk, case when bit_count(now & ~old) > 0 then (now & ~old)::text else '' end as joined,
      case when bit_count(old & ~now) > 0 then (old & ~now)::text else '' end as gone
    from (${sidesOf(corpId, key, id, run)}) sides where now <> old order by chunk`.execute(tx)
  return {
    joined: rows.flatMap((row) => personsIn(row.chunk, row.joined)),
    gone: rows.flatMap((row) => personsIn(row.chunk, row.gone)),
  }
}

/** The numbers of the persons whose bits of a chunk are one, in order. Thirty times faster than `get_bit` a person. */
export function personsIn(chunk: number, bits: string, from = 0): readonly number[] {
  const found: number[] = []
  for (let at = bits.indexOf('1', from); at >= 0; at = bits.indexOf('1', at + 1)) found.push(chunk * 65_536 + at)
  return found
}

async function replaceBits(tx: Tx, corpId: number, key: string, id: string, run: number): Promise<void> {
  await sql`delete from audience_bits where corp_id = ${corpId} and key = ${key} and chunk not in (
    select chunk from audience_run_bits where audience_id = ${id} and run_id = ${run})`.execute(tx)
  await sql`insert into audience_bits (corp_id, key, chunk, bits)
    select corp_id, ${key}, chunk, bits from audience_run_bits where audience_id = ${id} and run_id = ${run}
    on conflict (corp_id, key, chunk) do update set bits = excluded.bits where audience_bits.bits <> excluded.bits`.execute(
    tx,
  )
}

/** Who came and went; of whom was merged or erased nothing happened. */
async function tellMoved(
  tx: Tx,
  { id, corpId, name, version }: Audience,
  moved: Moved,
  { at, cause, because }: { readonly at: Date; readonly cause: RunCause; readonly because: string },
): Promise<void> {
  const told = (kind: 'joined' | 'left', numbers: readonly number[]) => sql`
    select p.customer_id, p.corp_id, ${`audience.${kind}`}, ${at}::timestamptz, ${because},
      jsonb_build_object('audienceId', ${id}::text, 'name', ${name}::text, 'version', ${version}::int, 'reason', ${cause}::text)
    from audience_people p join customers c on c.id = p.customer_id
    where p.corp_id = ${corpId} and p.person_no = any(${[...numbers]}::int[]) and c.merged_into is null and c.erased_at is null`
  if (moved.joined.length > 0) await appendEventsOf(tx, told('joined', moved.joined), at)
  if (moved.gone.length > 0) await appendEventsOf(tx, told('left', moved.gone), at)
}

export interface RunRow {
  readonly id: number
  readonly version: number
  readonly cause: RunCause
  readonly at: Date
  readonly size: number
  readonly joined: number
  readonly gone: number
  readonly tookMs: number
  /** Who was in it then is still kept. */
  readonly kept: boolean
}

export async function runsOf(on: Executor, id: string, limit: number): Promise<readonly RunRow[]> {
  const { rows } = await sql<RunRow>`select id, version, cause, at, size, joined, gone, took_ms as "tookMs",
      row_number() over (order by id desc) <= ${snapshots} as kept
    from audience_runs where audience_id = ${id} order by id desc limit ${limit}`.execute(on)
  return rows
}

/** Of two computations: who is only in the later, and only in the earlier one; counts, and some persons of each. */
export async function differenceOf(
  on: Executor,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
  sampled: number,
): Promise<{ readonly joined: number; readonly gone: number } & { readonly samples: Moved }> {
  const { rows } = await sql<{ chunk: number; joined: number; gone: number; came: string; went: string }>`
    select chunk, bit_count(now & ~old)::int as joined, bit_count(old & ~now)::int as gone,
      case when bit_count(now & ~old) > 0 then (now & ~old)::text else '' end as came,
      case when bit_count(old & ~now) > 0 then (old & ~now)::text else '' end as went
    from (select chunk, coalesce(n.bits, none.bits) as now, coalesce(o.bits, none.bits) as old
      from (select chunk, bits from audience_run_bits where audience_id = ${id} and run_id = ${to}) n
      full join (select chunk, bits from audience_run_bits where audience_id = ${id} and run_id = ${from}) o using (chunk)
      cross join ${zeros} none) sides
    where now <> old order by chunk`.execute(on)
  return {
    joined: rows.reduce((sum, row) => sum + row.joined, 0),
    gone: rows.reduce((sum, row) => sum + row.gone, 0),
    samples: {
      joined: rows.flatMap((row) => personsIn(row.chunk, row.came).slice(0, sampled)).slice(0, sampled),
      gone: rows.flatMap((row) => personsIn(row.chunk, row.went).slice(0, sampled)).slice(0, sampled),
    },
  }
}
