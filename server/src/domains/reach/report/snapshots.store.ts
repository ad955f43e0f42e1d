import { type RawBuilder, sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { type Figures, figuresShape, type PartName, type PartRow } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'
import type { PartSum } from './sums.ts'

export interface Snapshot {
  readonly figures: Figures
  readonly asOf: Date
  readonly closesAt: Date | null
}

export async function snapshotOf(on: Executor, runId: number): Promise<Snapshot | undefined> {
  const row = await on
    .selectFrom('campaign_reports')
    .select(['figures', 'as_of', 'closes_at'])
    .where('run_id', '=', runId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { figures: figuresShape.parse(row.figures), asOf: row.as_of, closesAt: row.closes_at }
}

export async function keepSnapshot(tx: Tx, run: ReportedRun, { figures, asOf, closesAt }: Snapshot): Promise<void> {
  await sql`
    insert into campaign_reports (run_id, corp_id, campaign_id, as_of, closes_at, figures)
    values (${run.id}, ${run.corpId}, ${run.campaignId}, ${asOf}, ${closesAt}, ${JSON.stringify(figures)}::jsonb)
    on conflict (run_id) do update set as_of = excluded.as_of, closes_at = excluded.closes_at, figures = excluded.figures`.execute(
    tx,
  )
}

const sentTo = sql.raw(String(fateNumber('sent_to')))
const summed = sql`sum(c.persons)::int, sum(c.asked)::int, sum(c.confirmed)::int, sum(c.delivered)::int, sum(c.opened)::int,
  sum(c.converted)::int, sum(c.deleted)::int, sum(c.gmv)::bigint`
const columns = sql`run_id, corp_id, part, key, name, planned, asked, confirmed, delivered, opened, converted, deleted, gmv`

/** The parts of a run from its cells; what was there before goes. */
export async function keepParts(tx: Tx, run: ReportedRun): Promise<void> {
  await tx.deleteFrom('campaign_report_parts').where('run_id', '=', run.id).execute()
  const keep = async (
    part: PartName,
    key: RawBuilder<unknown>,
    name: RawBuilder<unknown>,
    from = sql`report_cells c`,
  ) => {
    await sql`
      insert into campaign_report_parts (${columns})
      select ${run.id}, ${run.corpId}, ${part}, ${key}, coalesce(max(${name}), ''), ${summed}
      from ${from} where c.fate = ${sentTo} group by ${key}`.execute(tx)
  }
  const members = sql`report_cells c left join staff s on s.corp_id = ${run.corpId} and s.userid = c.sender
    left join stores t on t.corp_id = ${run.corpId} and t.id = s.store_id`
  await keep('sender', sql`coalesce(c.sender, '')`, sql`s.name`, members)
  await keep('store', sql`coalesce(t.id::text, '')`, sql`t.name`, members)
  const names = run.spec.variants.map((one, place) => sql`when ${sql.lit(place)} then ${one.name}::text`)
  await keep('variant', sql`coalesce(c.variant::text, '')`, sql`case c.variant ${sql.join(names, sql` `)} end`)
  await keep('hour', sql`coalesce(to_char(c.hour, 'FM00'), '')`, sql`to_char(c.hour, 'FM00":00"')`)
  await keepCredited(tx, run)
}

/** Orders credited to the run, by who earned them, and beside each part of who got it; an order of somebody else is of none. */
async function keepCredited(tx: Tx, run: ReportedRun): Promise<void> {
  await sql`
    insert into campaign_report_parts (run_id, corp_id, part, key, name, credited, orders)
    select ${run.id}, ${run.corpId}, 'earner', case c.earner_kind when 'none' then '' else concat(c.earner_kind, ':', c.earner) end, coalesce(max(s.name), max(t.name), ''),
      sum(c.net)::bigint, count(*)::int
    from order_credits c left join staff s on s.corp_id = c.corp_id and s.userid = c.earner and c.earner_kind in ('seller', 'owner')
    left join stores t on t.corp_id = c.corp_id and t.code = c.earner and c.earner_kind = 'store'
    where c.run_id = ${run.id} group by 4`.execute(tx)
  await sql`
    create temporary table report_earned on commit drop as
    with mine as materialized (
      select distinct on (c.customer_id, c.order_id) c.net, r.sender, r.variant, r.sent_at
      from order_credits c
      left join report_homes own on own.home = c.customer_id left join report_homes h on h.root = own.root
      left join (select customer_id, sender, variant, sent_at from campaign_recipients
        where run_id = ${run.id} and fate = ${sentTo}) r on r.customer_id = h.home
      where c.run_id = ${run.id} order by c.customer_id, c.order_id, r.customer_id is null, r.sent_at is null, r.customer_id
    )
    select m.*, coalesce(s.store_id::text, '') as store, extract(hour from m.sent_at at time zone z.time_zone)::int as hour
    from mine m join corps z on z.id = ${run.corpId} left join staff s on s.corp_id = ${run.corpId} and s.userid = m.sender`.execute(
    tx,
  )
  const add = async (part: PartName, key: RawBuilder<unknown>) => {
    await sql`
      insert into campaign_report_parts (run_id, corp_id, part, key, name, credited, orders)
      select ${run.id}, ${run.corpId}, ${part}, ${key}, '', sum(net)::bigint, count(*)::int from report_earned group by ${key}
      on conflict (run_id, part, key) do update set credited = excluded.credited, orders = excluded.orders`.execute(tx)
  }
  await add('sender', sql`coalesce(sender, '')`)
  await add('store', sql`store`)
  await add('variant', sql`coalesce(variant::text, '')`)
  await add('hour', sql`coalesce(to_char(hour, 'FM00'), '')`)
}

const rowColumns = sql`key, name, planned, asked, confirmed, delivered, opened, converted, deleted, gmv, credited, orders`

export interface PartKey {
  readonly delivered: number
  readonly credited: number
  readonly key: string
}

/** A page of a run's parts, those with the most delivered first. */
export async function partsOf(
  on: Executor,
  runId: number,
  part: PartName,
  { after, limit }: { readonly after: PartKey | undefined; readonly limit: number },
): Promise<readonly PartRow[]> {
  const later =
    after === undefined
      ? sql``
      : sql`and (delivered < ${after.delivered} or (delivered = ${after.delivered} and (credited < ${after.credited}
          or (credited = ${after.credited} and key > ${after.key}))))`
  const { rows } = await sql<PartRow>`
    select ${rowColumns} from campaign_report_parts where run_id = ${runId} and part = ${part} ${later}
    order by delivered desc, credited desc, key limit ${limit}`.execute(on)
  return rows
}

export async function partOf(on: Executor, runId: number, part: PartName, key: string): Promise<PartRow | undefined> {
  const { rows } = await sql<PartRow>`
    select ${rowColumns} from campaign_report_parts where run_id = ${runId} and part = ${part} and key = ${key}`.execute(
    on,
  )
  return rows[0]
}

/** The sums of each part of a run. */
function sumsOf(runId: RawBuilder<unknown>): RawBuilder<PartSum> {
  const sum = (name: string) => sql`sum(${sql.ref(name)})::bigint as ${sql.ref(name)}`
  return sql<PartSum>`
    select part, ${sql.join(counted.map(sum))} from campaign_report_parts where run_id = ${runId} group by part`
}

const counted = [
  ...['planned', 'asked', 'confirmed', 'delivered', 'opened', 'converted', 'deleted', 'gmv', 'credited', 'orders'],
]

/** The sums of each part, to be held against the whole. */
export async function partSums(on: Executor, runId: number): Promise<readonly PartSum[]> {
  const { rows } = await sumsOf(sql`${runId}`).execute(on)
  return rows
}

/** A report with the sums of its parts, of one moment: another process may put a newer one in its place at any time. */
export async function snapshotWithSums(
  on: Executor,
  runId: number,
): Promise<{ readonly snapshot: Snapshot; readonly parts: readonly PartSum[] } | undefined> {
  const { rows } = await sql<{ figures: unknown; asOf: Date; closesAt: Date | null; parts: readonly PartSum[] | null }>`
    select figures, as_of as "asOf", closes_at as "closesAt",
      (select json_agg(summed) from (${sumsOf(sql`r.run_id`)}) summed) as parts
    from campaign_reports r where run_id = ${runId}`.execute(on)
  const [row] = rows
  if (row === undefined) return undefined
  const { figures, asOf, closesAt, parts } = row
  return { snapshot: { figures: figuresShape.parse(figures), asOf, closesAt }, parts: parts ?? [] }
}

export async function countParts(on: Executor, runId: number): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select count(*)::int as rows from campaign_report_parts where run_id = ${runId}`.execute(on)
  return rows[0]?.rows ?? 0
}
