import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { appendEvents, appendEventsOf } from '../../../infra/events/events.store.ts'
import { collectMembers, markOf, moveMarks, noteChanges } from '../../audiences/index.ts'
import type { LifeCycle } from './stage.store.ts'
import { movingRules } from './stage.ts'

/** Why somebody stands in another stage: everybody's first stage, a fact of his, the time that passed, other rules. */
export type StageCause = 'start' | 'fact' | 'time' | 'version'

export interface Moving {
  readonly corpId: number
  readonly today: number
  readonly at: Date
  readonly cause: StageCause
  /** For the log of events. */
  readonly because: string
}

/** Moves everybody whose stage is another now, set-based. Answers how many. */
export async function moveEverybody(
  tx: Tx,
  { version, stages }: LifeCycle,
  known: readonly string[],
  { corpId, today, at, cause, because }: Moving,
): Promise<number> {
  await sql`set local work_mem = '256MB'`.execute(tx)
  await collectMembers(tx, corpId, 'stage_movers', movingRules(stages, known), today)
  await leaveMerged(tx, corpId)
  await sql`create temporary table stage_left on commit drop as
    select s.customer_id, s.stage from stage_stays s join stage_movers m on m.customer_id = s.customer_id
    where s.left_at is null`.execute(tx)
  await sql`update stage_stays s set left_at = ${at}, next_stage = m.class from stage_movers m
    where s.customer_id = m.customer_id and s.left_at is null`.execute(tx)
  await sql`insert into stage_stays (customer_id, corp_id, stage, version, cause, entered_at)
    select customer_id, ${corpId}, class, ${version}, ${cause}, ${at}::timestamptz from stage_movers where class is not null`.execute(
    tx,
  )
  await moveMarks(
    tx,
    corpId,
    [...new Set([...known, ...stages.map((stage) => stage.id)])].map(markOf.stage),
    sql`select person_no, ${sql.lit(markOf.stage(''))} || class as key from stage_movers`,
  )
  // the first computation says how things are: nobody entered anything
  if (cause !== 'start') {
    const names = JSON.stringify(Object.fromEntries(stages.map(({ id, name }) => [id, name])))
    await appendEventsOf(
      tx,
      sql`select m.customer_id, ${corpId}::int, 'stage.entered', ${at}::timestamptz, ${because}::text,
          jsonb_build_object('stage', m.class, 'name', ${names}::jsonb->>m.class, 'from', l.stage, 'version', ${version}::int,
            'cause', ${cause}::text, 'recomputed', true)
        from stage_movers m left join stage_left l on l.customer_id = m.customer_id where m.class is not null`,
      at,
    )
  }
  const { rows } = await sql<{ moved: number }>`select count(*)::int as moved from stage_movers`.execute(tx)
  return rows[0]?.moved ?? 0
}

/** Who was joined to another person stands in no stage of his own any more. */
async function leaveMerged(tx: Tx, corpId: number): Promise<void> {
  await sql`insert into stage_movers (class, person_no, customer_id)
    select null, p.person_no, c.id from customers c join audience_people p on p.customer_id = c.id
    where c.corp_id = ${corpId} and c.merged_into is not null
      and c.id in (select customer_id from stage_stays where left_at is null)
      and not exists (select from stage_movers m where m.customer_id = c.id)`.execute(tx)
}

export interface StageMove {
  readonly customerId: number
  readonly from: string | null
  readonly to: string | null
}

/** Moves single persons: their stays, their marks, and one event each. */
export async function moveSome(
  tx: Tx,
  { version, stages }: LifeCycle,
  moves: readonly StageMove[],
  { corpId, at, cause, because }: Moving,
): Promise<void> {
  if (moves.length === 0) return
  const ids = moves.map((move) => move.customerId)
  const to = moves.map((move) => move.to)
  await sql`update stage_stays s set left_at = ${at}, next_stage = m.class
    from unnest(${ids}::bigint[], ${to}::text[]) m(customer_id, class)
    where s.customer_id = m.customer_id and s.left_at is null`.execute(tx)
  await sql`insert into stage_stays (customer_id, corp_id, stage, version, cause, entered_at)
    select customer_id, ${corpId}, class, ${version}, ${cause}, ${at}::timestamptz
    from unnest(${ids}::bigint[], ${to}::text[]) m(customer_id, class) where class is not null`.execute(tx)
  await noteChanges(
    tx,
    corpId,
    moves.flatMap(({ customerId, from, to: next }) => [
      ...(from === null ? [] : [{ customerId, kind: 'mark', key: markOf.stage(from), present: false } as const]),
      ...(next === null ? [] : [{ customerId, kind: 'mark', key: markOf.stage(next), present: true } as const]),
    ]),
  )
  await appendEvents(
    tx,
    moves.flatMap(({ customerId, from, to: next }) => {
      if (next === null) return []
      const name = stages.find((stage) => stage.id === next)?.name ?? next
      const payload = { stage: next, name, from, version, cause, recomputed: cause !== 'fact' }
      const event = { kind: 'stage.entered', corpId, customerId, staffUserid: undefined, occurredAt: at } as const
      return [{ ...event, cause: because, payload }]
    }),
    at,
  )
}

/** Who of these stands in a stage, by what is kept of his stays. */
export async function openStays(on: Executor, customerIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ customer_id: number; stage: string }>`
    select customer_id, stage from stage_stays where customer_id = any(${[...customerIds]}::bigint[]) and left_at is null
    order by customer_id`.execute(on)
  return new Map(rows.map((row) => [row.customer_id, row.stage]))
}

export interface StayRow {
  readonly stage: string
  readonly version: number
  readonly cause: StageCause
  readonly enteredAt: Date
  readonly leftAt: Date | null
}

/** What the person went through, under all of his homes; the latest first. */
export async function staysOf(on: Executor, homes: readonly number[]): Promise<readonly StayRow[]> {
  const { rows } = await sql<StayRow>`
    select stage, version, cause, entered_at as "enteredAt", left_at as "leftAt" from stage_stays
    where customer_id = any(${[...homes]}::bigint[]) order by entered_at desc, id desc limit 100`.execute(on)
  return rows
}
