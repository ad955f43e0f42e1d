import { chancesOf, reactionOf } from '@nuanyu/sandbox'
import type { Appeal } from '@nuanyu/sandbox/admin'
import type pg from 'pg'
import { bucketOf, campaignSeed, liftOf, refreshReport, reportedRun } from '../../server/src/domains/reach/index.ts'
import type { OpenDatabase } from '../../server/src/infra/db/database.ts'
import { dice } from './customer-generator.ts'

const hourMs = 3_600_000
const windowHours = 72
const deleteHours = 72
const holdoutBuckets = 1_000
const senders = 40
/** Fen of one order: from 50 to 500 yuan, more small ones. */
const amountOf = (luck: number) => Math.round(5_000 + 45_000 * luck * luck)
const meanAmount = 5_000 + 45_000 / 3

export interface LiftWorld {
  readonly corpId: number
  readonly persons: number
}

export interface Drawn {
  readonly seed: number
  /** How people take the message (the sandbox's model); `buys` is the planted effect. */
  readonly appeal: Appeal
  /** How many in a hundred buy within the window without any message, on average. */
  readonly baseline: number
}

/** A number that the report gave, the true one, and whether the interval holds it and tells it from nothing. */
export interface Judged {
  readonly truth: number
  readonly value: number
  readonly held: boolean
  readonly significant: boolean
}

export type Judgement = Readonly<Record<'lift' | 'perDelivered' | 'gmv' | 'deletes', Judged>> & {
  /** What comparing the delivered with the holdout would have said, and how far from the truth about them that is. */
  readonly naive: { readonly value: number; readonly truth: number }
  /** How long the product worked on the report. */
  readonly reportMs: number
}

export async function makeLiftWorld({ pool }: Pick<OpenDatabase, 'pool'>, persons: number): Promise<LiftWorld> {
  const at = new Date('2020-01-01T00:00:00Z')
  const { rows } = await pool.query<{ id: number }>(
    `insert into corps (corpid, name, created_at) values ('wwlift', 'Lift', $1) returning id`,
    [at],
  )
  const corpId = rows[0]?.id ?? 0
  await pool.query(
    `insert into customers (id, corp_id, created_at) select id, $1, $2 from generate_series(1, $3::int) as id`,
    [corpId, at, persons],
  )
  await pool.query('analyze customers')
  return { corpId, persons }
}

interface Rows {
  readonly bucket: number[]
  readonly sender: string[]
  readonly status: (number | null)[]
  readonly sentAt: (string | null)[]
  readonly orders: { customer: number; at: number; amount: number }[]
  readonly deletes: { customer: number; at: number }[]
}

/** What is true on average of the planned: sums of chances, not of what then happened. */
interface Truth {
  planned: number
  delivered: number
  buys: number
  spends: number
  deletes: number
}

/**
 * Draws a campaign and what people then did: a tenth is held out by the bucket of the plan; members confirm at once, late or
 * never, and those who do have customers who buy more anyway, so that who got it is no fair sample; purchases and deletes
 * without any message come at any time; what the message does is the sandbox's model. Then the product works out the report
 * from the tables, and its intervals are held against the truth.
 */
export async function judgeCampaign({ db, pool }: OpenDatabase, world: LiftWorld, drawn: Drawn): Promise<Judgement> {
  const startMs = Date.UTC(2026, 0, 5, 2) + drawn.seed * 7 * 24 * hourMs
  const campaignId = uuidOf(drawn.seed)
  const { rows, truth } = draw(world, drawn, campaignId, startMs)
  const runId = await write(pool, world, campaignId, new Date(startMs), rows)
  const run = await reportedRun(db, world.corpId, runId)
  if (run === undefined) throw new Error('the run was just written')
  const began = performance.now()
  const { figures } = await refreshReport(db, run, new Date(startMs + 40 * 24 * hourMs))
  const reportMs = Math.round(performance.now() - began)
  await forget(pool, runId)
  const lift = liftOf(figures, run)
  if (lift === null) throw new Error('a tenth was held out')
  const { treated, holdout } = figures.sides
  const judged = (
    estimate: { value: number; low: number; high: number; significant: boolean } | null,
    real: number,
  ): Judged => {
    if (estimate === null) throw new Error('both sides have people')
    const { value, low, high, significant } = estimate
    return { truth: real, value, significant, held: low <= real && real <= high }
  }
  const [each, got] = [1 / truth.planned, 1 / truth.delivered]
  return {
    reportMs,
    lift: judged(lift.itt, truth.buys * each),
    perDelivered: judged(lift.delivered, truth.buys * got),
    gmv: judged(lift.gmv_person, truth.spends * each),
    deletes: judged(lift.deletes, 1_000 * truth.deletes * each),
    naive: {
      value:
        figures.reached.converted / Math.max(1, treated.delivered) - holdout.converted / Math.max(1, holdout.persons),
      truth: truth.buys * got,
    },
  }
}

function draw({ persons }: LiftWorld, { seed, appeal, baseline }: Drawn, campaignId: string, startMs: number) {
  const random = dice(seed * 7_919 + 17)
  const model = { world: { seed } }
  const split = campaignSeed(campaignId)
  // who confirms sooner serves his customers better; half of the rest of the difference between people is their own
  const confirms = Array.from({ length: senders }, () => {
    const luck = random()
    if (luck < 0.6) return { afterMs: random() * 2 * hourMs, serves: 1.2 }
    return luck < 0.85 ? { afterMs: (2 + random() * 20) * hourMs, serves: 0.9 } : { afterMs: undefined, serves: 0.5 }
  })
  const rows: Rows = { bucket: [], sender: [], status: [], sentAt: [], orders: [], deletes: [] }
  const truth: Truth = { planned: 0, delivered: 0, buys: 0, spends: 0, deletes: 0 }
  for (let customer = 1; customer <= persons; customer += 1) {
    const place = Math.floor(random() * senders)
    const { afterMs, serves } = confirms[place] ?? { afterMs: undefined, serves: 1 }
    const bucket = bucketOf(split, customer)
    const held = bucket < holdoutBuckets
    const noFriend = random() < 0.03
    const sentMs = held || afterMs === undefined || noFriend ? undefined : startMs + afterMs
    const buysAnyway = Math.min(0.9, baseline * serves * (0.5 + random()))
    const leavesAnyway = 0.002
    happen(random, buysAnyway, windowHours, (at) =>
      rows.orders.push({ customer, at: startMs + at, amount: amountOf(random()) }),
    )
    happen(random, leavesAnyway, deleteHours, (at) => rows.deletes.push({ customer, at: startMs + at }))
    rows.bucket.push(bucket)
    rows.sender.push(`s${place}`)
    rows.status.push(held ? null : sentMs !== undefined ? 1 : afterMs === undefined ? 0 : 2)
    rows.sentAt.push(sentMs === undefined ? null : new Date(sentMs).toISOString())
    if (held) continue
    truth.planned += 1
    if (sentMs === undefined) continue
    truth.delivered += 1
    const chances = chancesOf(model, customer, appeal)
    truth.buys += chances.buys * (1 - buysAnyway)
    truth.spends += chances.buys * meanAmount
    truth.deletes += chances.deletes * (1 - leavesAnyway)
    const { buysMs, deletesMs } = reactionOf(model, customer, seed, appeal)
    if (buysMs !== undefined) rows.orders.push({ customer, at: sentMs + buysMs, amount: amountOf(random()) })
    if (deletesMs !== undefined) rows.deletes.push({ customer, at: sentMs + deletesMs })
  }
  return { rows, truth }
}

/** At any moment of five days, so often that within any window of these hours it happens at least once with this chance. */
function happen(random: () => number, chance: number, hours: number, then: (atMs: number) => void): void {
  const rate = -Math.log(1 - chance) / (hours * hourMs)
  const pause = () => -Math.log(1 - random()) / rate
  for (let at = pause(); at < 5 * 24 * hourMs; at += pause()) then(at)
}

const spec = JSON.stringify({
  kind: 'customer_send',
  goal: { metric: 'order', window_hours: windowHours, baseline: null },
  variants: [{ name: 'A', content: { text: '', attachments: [] }, for: null, share: 1 }],
  exclusions: [],
  attribution: { click_hours: 168, send_hours: 24 },
})

async function write(
  pool: pg.Pool,
  { corpId, persons }: LiftWorld,
  campaignId: string,
  at: Date,
  rows: Rows,
): Promise<number> {
  await pool.query(
    `insert into campaigns (id, corp_id, name, state, created_at, changed_at) values ($1, $2, 'lift', 'live', $3, $3)`,
    [campaignId, corpId, at],
  )
  await pool.query(`insert into campaign_versions (campaign_id, version, spec, changed_at) values ($1, 1, $2, $3)`, [
    campaignId,
    spec,
    at,
  ])
  const { rows: made } = await pool.query<{ id: number }>(
    `insert into campaign_runs (corp_id, campaign_id, version, state, planned_for, started_at, created_at) values ($1, $2, 1, 'ended', $3, $3, $3) returning id`,
    [corpId, campaignId, at],
  )
  const runId = made[0]?.id ?? 0
  const partition = `campaign_recipients_${runId}`
  await pool.query(`create table ${partition} partition of campaign_recipients for values in (${runId})`)
  await pool.query(
    `insert into ${partition} (run_id, corp_id, customer_id, fate, bucket, variant, sender, task, status, sent_at)
     select $1, $2, customer_id, case when bucket < ${holdoutBuckets} then 4 else 0 end, bucket,
       case when bucket < ${holdoutBuckets} then null else 0 end, sender, case when bucket < ${holdoutBuckets} then null else 1 end, status, sent_at
     from unnest($3::int[], $4::smallint[], $5::text[], $6::smallint[], $7::timestamptz[]) as told(customer_id, bucket, sender, status, sent_at)`,
    [
      runId,
      corpId,
      Array.from({ length: persons }, (_, place) => place + 1),
      rows.bucket,
      rows.sender,
      rows.status,
      rows.sentAt,
    ],
  )
  await pool.query(`create unique index on ${partition} (customer_id)`)
  await pool.query(
    `insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, lines, version_at, learnt_at)
     select customer_id, id, $1, 'shop', id::text, 'paid', amount, 0, at, at, '[]', at, at
     from unnest($2::int[], $3::bigint[], $4::timestamptz[]) with ordinality as told(customer_id, amount, at, id)`,
    [
      corpId,
      rows.orders.map((one) => one.customer),
      rows.orders.map((one) => one.amount),
      rows.orders.map((one) => new Date(one.at).toISOString()),
    ],
  )
  await pool.query(
    `insert into events (customer_id, corp_id, kind, occurred_at, learnt_at, cause, payload)
     select customer_id, $1, 'relation.ended', at, at, 'lift', '{"by":"customer"}' from unnest($2::int[], $3::timestamptz[]) as told(customer_id, at)`,
    [corpId, rows.deletes.map((one) => one.customer), rows.deletes.map((one) => new Date(one.at).toISOString())],
  )
  await pool.query(`analyze ${partition}; analyze orders; analyze events`)
  return runId
}

/** So that the hundredth campaign takes as long as the first. */
async function forget(pool: pg.Pool, runId: number): Promise<void> {
  await pool.query(`drop table campaign_recipients_${runId}`)
  await pool.query('truncate orders, events, order_credits')
}

/** The same for the same seed, so that the same people are held out. */
function uuidOf(seed: number): string {
  return `${seed.toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`
}
