import { type RawBuilder, sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { afterHours } from './definitions.ts'
import type { ReportedRun } from './runs.store.ts'

const n = (value: number) => sql.raw(String(value))
const sent = n(sendStatus.sent)
const hourMs = 3_600_000
/** An order may be placed so long before it is paid: a deposit now, the rest at the festival. */
export const paidLaterMs = 31 * 24 * hourMs

/** What happened to people, by kind. */
export const factKinds = { order: 0, goal: 1, deleted: 2, opened: 3, issued: 4, claimed: 5, redeemed: 6 } as const
const kind = (name: keyof typeof factKinds) => n(factKinds[name])

/** The times within which a run's facts lie. */
export interface Span {
  readonly firstAt: Date
  readonly lastAt: Date
  /** When the last window of goal, opens and deletes ends. */
  readonly closesAt: Date
  /** Deliveries in order, spread evenly over the people: of a hundred the first, second … */
  readonly anchors: readonly Date[]
}

/** When it was delivered, minute by minute; undefined: to nobody yet. Millions of deliveries come back as some hundred rows. */
export async function spanOf(tx: Tx, run: ReportedRun): Promise<Span | undefined> {
  const { rows } = await sql<{ at: Date; persons: number }>`
    select date_trunc('minute', sent_at) as at, count(*)::int as persons from campaign_recipients
    where run_id = ${run.id} and status = ${sent} and sent_at is not null group by 1 order by 1`.execute(tx)
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const whole = rows.reduce((sum, { persons }) => sum + persons, 0)
  const anchors: Date[] = []
  let counted = 0
  for (const { at, persons } of rows) {
    counted += persons
    while (anchors.length < 100 && (anchors.length + 0.5) * whole <= counted * 100) anchors.push(at)
  }
  const hours = Math.max(run.spec.goal?.window_hours ?? 0, afterHours)
  const lastAt = new Date(last.at.getTime() + 60_000)
  return { firstAt: first.at, lastAt, closesAt: new Date(lastAt.getTime() + hours * hourMs), anchors }
}

/**
 * What people did within the times of a run, as `report_facts` of this transaction: kind, whose (a home), when, and of orders
 * their number, what they were worth, whether they are what the goal asks for, and who sold them where.
 */
export async function gatherFacts(
  tx: Tx,
  run: ReportedRun,
  span: Span,
  asOf: Date,
  elsewhere?: { readonly from: Date; readonly until: Date },
): Promise<void> {
  await sql`
    create temporary table report_facts (kind smallint, customer_id bigint, at timestamptz, order_id bigint, net bigint,
      hit boolean, seller text, store text) on commit drop`.execute(tx)
  const credit = await creditSpan(tx, run, span, asOf)
  const from = elsewhere !== undefined && elsewhere.from < credit.from ? elsewhere.from : credit.from
  const last = elsewhere !== undefined && elsewhere.until > credit.until ? elsewhere.until : credit.until
  const until = last > asOf ? asOf : last
  const goal = run.spec.goal
  const category = goal?.metric === 'order' ? goal.category : undefined
  const hit =
    goal?.metric !== 'order'
      ? sql`false`
      : category === undefined
        ? sql`true`
        : sql`exists (select from jsonb_array_elements(o.lines) line where line->>'category' = ${category})`
  await sql`
    insert into report_facts
    select ${kind('order')}, o.customer_id, o.paid_at, o.id, o.amount - o.refunded, ${hit}, o.staff_userid, o.store_code
    from orders o
    where o.corp_id = ${run.corpId} and o.ordered_at >= ${new Date(from.getTime() - paidLaterMs)} and o.ordered_at <= ${until}
      and o.paid_at >= ${from} and o.paid_at <= ${until} and o.status in ('paid', 'part_refunded')`.execute(tx)
  // what only a send brought to light was deleted before it, and of who is held out nothing is brought to light
  await sql`
    insert into report_facts
    select ${kind('deleted')}, customer_id, occurred_at from events
    where corp_id = ${run.corpId} and kind = 'relation.ended' and occurred_at >= ${from} and occurred_at <= ${until}
      and payload->>'by' = 'customer' and cause not like 'effect:%'`.execute(tx)
  await sql`
    insert into report_facts
    select ${kind('opened')}, customer_id, at from link_opens
    where run_id = ${run.id} and customer_id <> 0 and at <= ${until}`.execute(tx)
  if (goal?.metric === 'event')
    await sql`
      insert into report_facts
      select ${kind('goal')}, customer_id, at from behaviours
      where corp_id = ${run.corpId} and name = ${goal.event ?? ''} and at >= ${from} and at <= ${until}`.execute(tx)
  const { coupon } = run.spec
  for (const step of couponSteps) {
    const name = coupon?.[step] ?? null
    if (coupon === undefined || name === null) continue
    const batch = coupon.batch === null ? sql`true` : sql`properties->>${coupon.batch.property} = ${coupon.batch.value}`
    await sql`
      insert into report_facts
      select ${kind(step)}, customer_id, at from behaviours
      where corp_id = ${run.corpId} and name = ${name} and at >= ${from} and at <= ${until} and ${batch}`.execute(tx)
  }
  await sql`analyze report_facts`.execute(tx)
  await resolvePersons(tx)
}

/** The way of a coupon (M47), each step told as an event. */
const couponSteps = ['issued', 'claimed', 'redeemed'] as const

/** Within which times orders may be credited: a click may come long after the send, and be told before it. */
async function creditSpan(tx: Tx, run: ReportedRun, span: Span, asOf: Date): Promise<{ from: Date; until: Date }> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    select min(at) as first, max(at) as last from link_opens where run_id = ${run.id} and customer_id <> 0`.execute(tx)
  const { first = null, last = null } = rows[0] ?? {}
  const { click_hours, send_hours } = windowsOf(run)
  const latest = Math.max(
    span.closesAt.getTime(),
    span.lastAt.getTime() + send_hours * hourMs,
    (last?.getTime() ?? 0) + click_hours * hourMs,
  )
  return {
    from: first !== null && first < span.firstAt ? first : span.firstAt,
    until: new Date(Math.min(asOf.getTime(), latest)),
  }
}

/** A spec of before there were windows has those that hold where nobody says. */
export function windowsOf({ spec }: Pick<ReportedRun, 'spec'>): { click_hours: number; send_hours: number } {
  return spec.attribution ?? { click_hours: 168, send_hours: 24 }
}

/** The person of each fact, and every home that a person of one has. */
async function resolvePersons(tx: Tx): Promise<void> {
  await sql`
    create temporary table report_homes on commit drop as
    with roots as (
      select distinct coalesce(c.merged_into, c.id) as root
      from (select distinct customer_id from report_facts) f join customers c on c.id = f.customer_id
    )
    select root, root as home from roots
    union all select r.root, c.id from roots r join customers c on c.merged_into = r.root`.execute(tx)
  await sql`analyze report_homes`.execute(tx)
}

/**
 * What each recipient did within his windows, as `report_outcome`: only those who did anything. Two recipients who turned out
 * to be one person count once, as who got it.
 */
export async function judgeRecipients(tx: Tx, run: ReportedRun, { anchors }: Span): Promise<void> {
  await sql`
    create temporary table report_senders on commit drop as
    select sender, percentile_disc(0.5) within group (order by sent_at) as at from campaign_recipients
    where run_id = ${run.id} and status = ${sent} and sent_at is not null group by sender`.execute(tx)
  await sql`analyze report_senders`.execute(tx)
  await sql`
    create temporary table report_reached on commit drop as
    select r.customer_id, r.bucket, r.sender, case when r.status = ${sent} then r.sent_at end as sent_at
    from campaign_recipients r where r.run_id = ${run.id} and r.customer_id in (select home from report_homes)`.execute(
    tx,
  )
  await sql`analyze report_reached`.execute(tx)
  const spread = sql`${textArray(anchors.map((at) => at.toISOString()))}::timestamptz[]`
  const did = didWithin(run, sql`m.since`)
  await sql`
    create temporary table report_outcome on commit drop as
    with mine as (
      select distinct on (h.root) h.root, r.customer_id, r.sent_at is not null as got,
        coalesce(r.sent_at, s.at, (${spread})[1 + r.bucket % 100]) as since
      from report_reached r join report_homes h on h.home = r.customer_id left join report_senders s on s.sender = r.sender
      order by h.root, r.sent_at is null, r.customer_id
    ), did as (
      select h.root, f.* from report_facts f join report_homes h on h.home = f.customer_id
    )
    select m.customer_id, bool_or(${did.converted}) as converted,
      coalesce(sum(f.net) filter (where ${did.spent}), 0)::bigint as gmv,
      bool_or(${did.deleted}) as deleted, bool_or(m.got and ${did.opened}) as opened,
      bool_or(${did.issued}) as issued, bool_or(${did.claimed}) as claimed, bool_or(${did.redeemed}) as redeemed
    from mine m join did f on f.root = m.root and f.at >= m.since and ${did.within}
    group by m.customer_id`.execute(tx)
  await sql`analyze report_outcome`.execute(tx)
}

/** What a fact `f` says of somebody whose windows count from a moment: that he did it, and in time. */
export function didWithin({ spec: { goal } }: Pick<ReportedRun, 'spec'>, since: RawBuilder<unknown>) {
  const goalHours = goal?.window_hours ?? 0
  const within = (hours: number) => sql`f.at < ${since} + make_interval(hours => ${n(hours)})`
  const did = (name: keyof typeof factKinds, hours = goalHours) => sql`f.kind = ${kind(name)} and ${within(hours)}`
  const reached = { order: sql`f.hit and ${did('order')}`, event: did('goal'), open: did('opened') } as const
  return {
    converted: goal === null ? sql`false` : reached[goal.metric],
    ...{ spent: did('order'), deleted: did('deleted', afterHours), opened: did('opened', afterHours) },
    ...{ issued: did('issued'), claimed: did('claimed'), redeemed: did('redeemed') },
    within: within(Math.max(goalHours, afterHours)),
  }
}

/** The same of a run that reached nobody yet: nothing happened. */
export async function judgeNobody(tx: Tx): Promise<void> {
  await sql`create temporary table report_homes (root bigint, home bigint) on commit drop`.execute(tx)
  await sql`
    create temporary table report_outcome (customer_id bigint, converted boolean, gmv bigint, deleted boolean, opened boolean,
      issued boolean, claimed boolean, redeemed boolean)
      on commit drop`.execute(tx)
}
