import { type RawBuilder, sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { appendEventsOf } from '../../../infra/events/events.store.ts'
import { moveMarks } from '../kept/value-marks.store.ts'
import { markOf } from '../rules/facts.ts'
import type { Tier } from './rfm.schema.ts'
import type { RfmBounds } from './rfm.ts'
import { boughtOf } from './rfm-orders.store.ts'
import { type TierMeasure, tierMeasures } from './value.ts'

export interface Snapshot {
  readonly day: number
  readonly at: Date
  readonly buyers: number
  readonly bounds: RfmBounds
}

export async function latestSnapshot(on: Executor, corpId: number): Promise<Snapshot | undefined> {
  const { rows } = await sql<Snapshot>`
    select day, at, buyers, bounds from rfm_snapshots where corp_id = ${corpId} order by id desc limit 1`.execute(on)
  return rows[0]
}

/** From so many buyers on a night is soon enough for new fifths. */
const manyBuyers = 10_000

/** Whether a young corp has twice the buyers that its fifths were made of, so that these say nothing any more. */
export async function outgrown(on: Executor, corpId: number): Promise<boolean> {
  const buyers = (await latestSnapshot(on, corpId))?.buyers
  if (buyers === undefined || buyers >= manyBuyers) return false
  const { rows } = await sql<{ now: number }>`select count(*)::int as now from (
    select from audience_buyers where corp_id = ${corpId} limit ${2 * buyers + 1}) found`.execute(on)
  return (rows[0]?.now ?? 0) > 2 * buyers
}

/** Nothing of a corp's values is computed twice at the same time; those of single persons beside each other. */
export async function lockValues(tx: Tx, corpId: number, whole: boolean): Promise<void> {
  await (whole
    ? sql`select pg_advisory_xact_lock(${locks.values}, ${corpId})`
    : sql`select pg_advisory_xact_lock_shared(${locks.values}, ${corpId})`
  ).execute(tx)
}

export interface SnapshotReport {
  readonly buyers: number
  readonly moved: number
}

/**
 * Scores every buyer of a corp, set-based: bounds of fifths, scores, tiers, their marks, and an event for each real change
 * of tier. The first time is no change.
 */
export async function takeSnapshot(
  tx: Tx,
  corpId: number,
  tiers: readonly Tier[],
  { today, at, cause }: { readonly today: number; readonly at: Date; readonly cause: string },
): Promise<SnapshotReport> {
  const began = performance.now()
  await lockValues(tx, corpId, true)
  await sql`set local work_mem = '256MB'`.execute(tx)
  const first = (await latestSnapshot(tx, corpId)) === undefined
  await sql`create temporary table rfm_bought on commit drop as ${boughtOf(corpId, today)}`.execute(tx)
  const { buyers, bounds } = await boundsOf(tx, today)
  await sql`create temporary table rfm_scored on commit drop as
    select person_no, last_day, orders, net, r, f, m, ${tierCase(tiers)} as tier
    from (select *, ${scoreSql(today, bounds)} from rfm_bought) scored`.execute(tx)
  await sql`create temporary table rfm_moves on commit drop as
    select coalesce(new.person_no, old.person_no) as person_no, old.tier as before, new.tier as tier
    from rfm_scored new full join (select person_no, tier from rfm_people where corp_id = ${sql.lit(corpId)}) old using (person_no)
    where new.tier is distinct from old.tier`.execute(tx)
  await writeScored(tx, corpId, at)
  const moved = await tellMoves(tx, corpId, tiers, first ? undefined : { at, cause })
  await sql`insert into rfm_snapshots (corp_id, day, at, buyers, bounds, took_ms)
    values (${corpId}, ${today}, ${at}, ${buyers}, ${JSON.stringify(bounds)}::jsonb, ${Math.round(performance.now() - began)})`.execute(
    tx,
  )
  return { buyers, moved }
}

async function boundsOf(tx: Tx, today: number): Promise<{ buyers: number; bounds: RfmBounds }> {
  const fifths = (value: string) =>
    sql`coalesce(to_json(percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by ${sql.raw(value)})), '[0, 0, 0, 0]')`
  const { rows } = await sql<{ buyers: number } & RfmBounds>`
    select count(*)::int as buyers, ${fifths(`greatest(${today} - last_day, 0)`)} as r, ${fifths('orders')} as f,
      ${fifths('net')} as m from rfm_bought`.execute(tx)
  const { buyers = 0, r = [0, 0, 0, 0], f = [0, 0, 0, 0], m = [0, 0, 0, 0] } = rows[0] ?? {}
  return { buyers, bounds: { r, f, m } }
}

/** `scoresOf` as SQL. */
function scoreSql(today: number, { r, f, m }: RfmBounds): RawBuilder<unknown> {
  const above = (value: string, edges: readonly number[]) =>
    sql.raw(edges.map((edge) => `(${value} > ${Number(edge)})::int`).join(' + ') || '0')
  return sql`(5 - (${above(`greatest(${today} - last_day, 0)`, r)}))::smallint as r,
    (1 + ${above('orders', f)})::smallint as f, (1 + ${above('net', m)})::smallint as m`
}

/** `tierOf` as SQL. */
function tierCase(tiers: readonly Tier[]): RawBuilder<unknown> {
  const bounds = (measure: TierMeasure, span: { from?: number | undefined; to?: number | undefined } | undefined) => [
    ...(span?.from === undefined ? [] : [sql`${sql.raw(measure)} >= ${sql.lit(span.from)}`]),
    ...(span?.to === undefined ? [] : [sql`${sql.raw(measure)} <= ${sql.lit(span.to)}`]),
  ]
  const cases = tiers.map(({ id, when }) => {
    const all = tierMeasures.flatMap((measure) => bounds(measure, when[measure]))
    return sql`when ${all.length === 0 ? sql`true` : sql.join(all, sql` and `)} then ${sql.lit(id)}`
  })
  return cases.length === 0 ? sql`null::text` : sql`case ${sql.join(cases, sql` `)} end`
}

async function writeScored(tx: Tx, corpId: number, at: Date): Promise<void> {
  // both are read as a whole; a table that was analysed while it was empty would else be looked through for each of millions
  await sql`set local enable_nestloop = off`.execute(tx)
  await sql`update rfm_people old set last_day = new.last_day, orders = new.orders, net = new.net, r = new.r, f = new.f,
      m = new.m, tier = new.tier,
      tier_since = case when new.tier is distinct from old.tier then ${at}::timestamptz else old.tier_since end
    from rfm_scored new where old.corp_id = ${corpId} and old.person_no = new.person_no
      and (old.last_day, old.orders, old.net, old.r, old.f, old.m, old.tier)
        is distinct from (new.last_day, new.orders, new.net, new.r, new.f, new.m, new.tier)`.execute(tx)
  await sql`insert into rfm_people (corp_id, chunk, person_no, last_day, orders, net, r, f, m, tier, tier_since)
    select ${corpId}, person_no >> 16, person_no, last_day, orders, net, r, f, m, tier, ${at}::timestamptz from rfm_scored new
    where not exists (select from rfm_people old where old.corp_id = ${corpId} and old.person_no = new.person_no)`.execute(
    tx,
  )
  await sql`delete from rfm_people old where corp_id = ${corpId}
    and not exists (select from rfm_scored new where new.person_no = old.person_no)`.execute(tx)
  await sql`set local enable_nestloop = on`.execute(tx)
}

/** Marks and events of the moves that `rfm_moves` holds. Answers how many they are. */
async function tellMoves(
  tx: Tx,
  corpId: number,
  tiers: readonly Tier[],
  told: { at: Date; cause: string } | undefined,
): Promise<number> {
  const { rows } = await sql<{ tier: string }>`
    select distinct tier from (select before as tier from rfm_moves union all select tier from rfm_moves) both_
    where tier is not null`.execute(tx)
  const { rows: counted } = await sql<{ moved: number }>`select count(*)::int as moved from rfm_moves`.execute(tx)
  const moved = counted[0]?.moved ?? 0
  if (moved === 0) return 0
  const keys = rows.map(({ tier }) => markOf.tier(tier))
  await moveMarks(tx, corpId, keys, sql`select person_no, ${sql.lit(markOf.tier(''))} || tier as key from rfm_moves`)
  if (told) {
    const names = JSON.stringify(Object.fromEntries(tiers.map(({ id, name }) => [id, name])))
    await appendEventsOf(
      tx,
      sql`select p.customer_id, p.corp_id, 'tier.changed', ${told.at}::timestamptz, ${told.cause}::text,
          jsonb_build_object('tier', m.tier, 'name', ${names}::jsonb->>m.tier, 'from', m.before, 'recomputed', true)
        from rfm_moves m join audience_people p on p.corp_id = ${corpId} and p.person_no = m.person_no`,
      told.at,
    )
  }
  return moved
}
