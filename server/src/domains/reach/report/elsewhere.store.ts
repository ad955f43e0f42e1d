import { type RawBuilder, sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { collectMembers } from '../../audiences/index.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import type { Slice } from './bootstrap.ts'
import type { ReachedElsewhere } from './comparison.schema.ts'
import type { Comparison } from './comparisons.store.ts'
import { slicesOf, wouldBePlanned } from './count.store.ts'
import { afterHours } from './definitions.ts'
import { didWithin, type Span } from './gather.store.ts'
import type { ReportedRun } from './runs.store.ts'

const n = (value: number) => sql.raw(String(value))
const hourMs = 3_600_000
/** The place of those whom the system drew; those who are named beside a run follow in their order. */
export const drawnPlace = 0

/**
 * Who was reached by other channels, as `report_elsewhere` of this transaction: a row a person and channel, since when his
 * windows count, whether he was reached at all, and whether he had this run too.
 */
export async function gatherElsewhere(
  tx: Tx,
  run: ReportedRun,
  { anchors, firstAt }: Pick<Span, 'anchors' | 'firstAt'>,
  comparisons: readonly Comparison[],
  until: Date,
): Promise<void> {
  await sql`
    create temporary table report_elsewhere (place smallint, root bigint, since timestamptz, reached boolean, would boolean,
      both_ boolean not null default false) on commit drop`.execute(tx)
  if (run.spec.elsewhere !== undefined) {
    const { event } = run.spec.elsewhere
    const told =
      event === null
        ? sql`select null::bigint as root, null::timestamptz as at where false`
        : eventsOf(run, { event, property: null, from: new Date(firstAt.getTime() - dayMs), until })
    const spread = sql`${textArray(anchors.map((at) => at.toISOString()))}::timestamptz[]`
    await sql`
      insert into report_elsewhere (place, root, since, reached, would)
      select ${n(drawnPlace)}, root, coalesce(min(told.at), min((${spread})[1 + r.bucket % 100])), bool_or(told.at is not null),
        bool_or(${wouldBePlanned(run)})
      from (
        select coalesce(c.merged_into, c.id) as root, r.* from campaign_recipients r join customers c on c.id = r.customer_id
        where r.run_id = ${run.id} and r.fate = ${n(fateNumber('elsewhere'))}
      ) r left join (${told}) told using (root) group by root`.execute(tx)
  }
  for (const [at, { who }] of comparisons.entries()) await gatherNamed(tx, run, at, who)
  await sql`create index on report_elsewhere (root)`.execute(tx)
  await sql`analyze report_elsewhere`.execute(tx)
  await sql`
    update report_elsewhere e set both_ = true
    from campaign_recipients r join customers c on c.id = r.customer_id
    where r.run_id = ${run.id} and r.status = 1 and r.sent_at is not null and e.root = coalesce(c.merged_into, c.id)`.execute(
    tx,
  )
}

const dayMs = 24 * hourMs

async function gatherNamed(tx: Tx, run: ReportedRun, at: number, who: ReachedElsewhere): Promise<void> {
  const place = n(drawnPlace + 1 + at)
  if ('event' in who) {
    const told = eventsOf(run, { ...who, from: new Date(who.from), until: new Date(who.until) })
    await sql`insert into report_elsewhere (place, root, since, reached, would)
      select ${place}, root, at, true, false from (${told}) told`.execute(tx)
    return
  }
  const table = `report_named_${at}`
  // a rule that names an audience reads its marks, whatever the day
  await collectMembers(tx, run.corpId, table, [{ class: null, rule: { is: 'audience', id: who.audience } }], 0)
  await sql`
    insert into report_elsewhere (place, root, since, reached, would)
    select distinct ${place}, coalesce(c.merged_into, c.id), ${who.at}::timestamptz, true, false
    from ${sql.table(table)} m join customers c on c.id = m.customer_id`.execute(tx)
}

interface Told {
  readonly event: string
  readonly property: { readonly name: string; readonly value: string } | null
  readonly from: Date
  readonly until: Date
}

/** Of whom another system told this event within these times, and when first. */
function eventsOf({ corpId }: ReportedRun, { event, property, from, until }: Told): RawBuilder<unknown> {
  const says = property === null ? sql`true` : sql`b.properties->>${property.name} = ${property.value}`
  return sql`
    select coalesce(c.merged_into, c.id) as root, min(b.at) as at from behaviours b join customers c on c.id = b.customer_id
    where b.corp_id = ${corpId} and b.name = ${event} and b.at >= ${from} and b.at < ${until} and ${says} group by 1`
}

/** The times within which people were reached elsewhere; undefined: nobody was. */
export async function elsewhereSpan(tx: Tx, run: ReportedRun): Promise<{ from: Date; until: Date } | undefined> {
  const { rows } = await sql<{ from: Date | null; until: Date | null }>`
    select min(since) as from, max(since) as until from report_elsewhere`.execute(tx)
  const { from = null, until = null } = rows[0] ?? {}
  if (from === null || until === null) return undefined
  const hours = Math.max(run.spec.goal?.window_hours ?? 0, afterHours)
  return { from, until: new Date(until.getTime() + hours * hourMs) }
}

/** What each of them did within his windows, as `report_elsewhere_outcome`: only those who did anything. */
export async function judgeElsewhere(tx: Tx, run: ReportedRun): Promise<void> {
  const did = didWithin(run, sql`e.since`)
  await sql`
    create temporary table report_elsewhere_outcome on commit drop as
    select e.place, e.root, bool_or(${did.converted}) as converted,
      coalesce(sum(f.net) filter (where ${did.spent}), 0)::bigint as gmv, bool_or(${did.issued}) as issued,
      bool_or(${did.claimed}) as claimed, bool_or(${did.redeemed}) as redeemed
    from report_elsewhere e join report_homes h on h.root = e.root
    join report_facts f on f.customer_id = h.home and f.at >= e.since and ${did.within}
    group by e.place, e.root`.execute(tx)
  await sql`analyze report_elsewhere_outcome`.execute(tx)
}

export interface ElsewhereCount {
  readonly place: number
  readonly persons: number
  readonly both: number
  readonly reached: number
  readonly issued: number
  readonly claimed: number
  readonly redeemed: number
  readonly converted: number
  readonly gmv: number
  readonly would: number
  readonly would_converted: number
  readonly would_redeemed: number
  readonly would_gmv: number
}

/** A row a channel: who was reached there, less those who had this run too; and those whom only the lot kept from it. */
export async function countElsewhere(tx: Tx): Promise<readonly ElsewhereCount[]> {
  const count = (what: RawBuilder<unknown>) => sql`count(*) filter (where ${what})::int`
  const alone = sql`e.reached and not e.both_`
  const { rows } = await sql<ElsewhereCount>`
    select e.place, count(*)::int as persons, ${count(sql`e.reached and e.both_`)} as both, ${count(alone)} as reached,
      ${count(sql`${alone} and o.issued`)} as issued, ${count(sql`${alone} and o.claimed`)} as claimed,
      ${count(sql`${alone} and o.redeemed`)} as redeemed, ${count(sql`${alone} and o.converted`)} as converted,
      coalesce(sum(o.gmv) filter (where ${alone}), 0)::bigint as gmv,
      ${count(sql`e.would`)} as would, ${count(sql`e.would and o.converted`)} as would_converted,
      ${count(sql`e.would and o.redeemed`)} as would_redeemed,
      coalesce(sum(o.gmv) filter (where e.would), 0)::bigint as would_gmv
    from report_elsewhere e left join report_elsewhere_outcome o on o.place = e.place and o.root = e.root
    group by e.place order by e.place`.execute(tx)
  return rows
}

/** What those whom only the lot gave to the other channel paid, for the bootstrap. */
export async function drawnSlices(tx: Tx): Promise<readonly Slice[]> {
  const slices = await slicesOf(
    tx,
    sql`select 'drawn' as side, o.gmv from report_elsewhere e
      join report_elsewhere_outcome o on o.place = e.place and o.root = e.root
      where e.place = ${n(drawnPlace)} and e.would and o.gmv <> 0`,
  )
  return slices('drawn')
}

interface SideCount {
  readonly side: 'treated' | 'holdout'
  readonly persons: number
  readonly issued: number
  readonly claimed: number
  readonly redeemed: number
  readonly converted: number
  readonly gmv: number
}

/** What those to whom the run was to be sent did, those held out, and those who got it (`sent`), by its cells. */
export async function countRunSides(tx: Tx) {
  const sum = (name: string, as: string) => sql`coalesce(sum(${sql.ref(name)}), 0)::bigint as ${sql.ref(as)}`
  const steps = ['issued', 'claimed', 'redeemed', 'converted', 'gmv'] as const
  const { rows: sides } = await sql<SideCount>`
    select side, sum(persons)::int as persons, ${sql.join(steps.map((step) => sum(`all_${step}`, step)))}
    from report_cells where side in ('treated', 'holdout') group by side`.execute(tx)
  const { rows: sent } = await sql<Omit<SideCount, 'side' | 'persons'> & { reached: number }>`
    select ${sum('delivered', 'reached')}, ${sql.join(steps.map((step) => sum(step, step)))} from report_cells`.execute(
    tx,
  )
  return {
    treated: sides.find(({ side }) => side === 'treated'),
    holdout: sides.find(({ side }) => side === 'holdout'),
    sent: sent[0],
  }
}
