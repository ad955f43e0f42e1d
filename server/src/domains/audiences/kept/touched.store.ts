import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Change } from '../rules/change.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { audiencesIn } from '../rules/rule.ts'
import { turner } from '../rules/turning.ts'

interface LiveRule {
  readonly id: string
  readonly rule: Rule
}

async function liveRules(on: Executor, corpId: number): Promise<readonly LiveRule[]> {
  const { rows } = await sql<LiveRule>`select id, rule from audiences
    where corp_id = ${corpId} and kind = 'live' and archived_at is null`.execute(on)
  return rows
}

/**
 * Notes whose answer to a live audience these changes can turn, in the transaction of the changes. Whoever makes or changes
 * an audience holds the lock alone: a change that did not see the audience has committed before it is computed.
 */
export async function touchLive(
  tx: Tx,
  corpId: number,
  numbers: ReadonlyMap<number, number>,
  changes: readonly Change[],
): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${locks.live}, ${corpId})`.execute(tx)
  const rules = await liveRules(tx, corpId)
  if (rules.length === 0) return
  const readers = rules.map(({ id, rule }) => ({ id, turns: turner(rule) }))
  const touched = new Map<number, Set<string>>()
  for (const change of changes) {
    const no = numbers.get(change.customerId)
    if (no === undefined) continue
    const own = touched.get(no) ?? new Set()
    for (const { id, turns } of readers) if (!own.has(id) && turns(change)) own.add(id)
    if (own.size > 0) touched.set(no, own)
  }
  await writeTouched(
    tx,
    corpId,
    [...touched].map(([no, ids]) => ({ no, ids: [...ids] })),
  )
}

/** The live audiences whose rules read this audience. */
export async function liveReaders(on: Executor, corpId: number, audienceId: string): Promise<readonly string[]> {
  const rules = await liveRules(on, corpId)
  return rules.filter(({ rule }) => audiencesIn(rule).includes(audienceId)).map(({ id }) => id)
}

/** Has these persons looked at for live audiences; for all of them unless told. */
export async function touchPersons(
  tx: Tx,
  corpId: number,
  numbers: readonly number[],
  audiences?: readonly string[],
): Promise<void> {
  const ids = audiences ?? (await liveRules(tx, corpId)).map(({ id }) => id)
  if (ids.length === 0 || numbers.length === 0) return
  await sql`insert into audience_touched (corp_id, chunk, person_no, audiences)
    select ${corpId}, no >> 16, no, ${[...ids]}::uuid[] from unnest(${[...numbers]}::int[]) as given(no)`.execute(tx)
}

async function writeTouched(
  tx: Tx,
  corpId: number,
  rows: readonly { readonly no: number; readonly ids: readonly string[] }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into audience_touched (corp_id, chunk, person_no, audiences)
    select ${corpId}, no >> 16, no, ids::uuid[]
    from unnest(${rows.map(({ no }) => no)}::int[], ${rows.map(({ ids }) => `{${ids.join(',')}}`)}::text[]) as given(no, ids)`.execute(
    tx,
  )
}

/** Has these persons looked at for the live audiences that read one of these marks. */
export async function touchByKeys(
  tx: Tx,
  corpId: number,
  numbers: readonly number[],
  keys: readonly string[],
): Promise<void> {
  const readers = (await liveRules(tx, corpId)).filter(({ rule }) => {
    const turns = turner(rule)
    return keys.some((key) => turns({ customerId: 0, kind: 'mark', key, present: true }))
  })
  await touchPersons(
    tx,
    corpId,
    numbers,
    readers.map(({ id }) => id),
  )
}

export interface Touched {
  readonly corpId: number
  readonly no: number
  readonly audiences: readonly string[]
}

/** Takes the next persons to look at, in the order in which they were touched; each once. */
export async function takeTouched(tx: Tx, limit: number): Promise<readonly Touched[]> {
  const { rows } = await sql<Touched & { readonly id: number }>`
    delete from audience_touched where (chunk, id) in (
      select chunk, id from audience_touched order by id limit ${limit} for update skip locked)
    returning id, corp_id as "corpId", person_no as no, audiences`.execute(tx)
  const found = new Map<string, { corpId: number; no: number; audiences: Set<string> }>()
  for (const { corpId, no, audiences } of [...rows].sort((a, b) => a.id - b.id)) {
    const one = found.get(`${corpId} ${no}`) ?? { corpId, no, audiences: new Set<string>() }
    for (const id of audiences) one.audiences.add(id)
    found.set(`${corpId} ${no}`, one)
  }
  return [...found.values()].map((one) => ({ ...one, audiences: [...one.audiences] }))
}
