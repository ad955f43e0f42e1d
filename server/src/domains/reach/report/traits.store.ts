import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { nobody, type Stratum, type Tally, traits } from './matching.ts'
import type { ReportedRun } from './runs.store.ts'

const n = (value: number) => sql.raw(String(value))
const dayMs = 86_400_000
/** Beyond so many classes of people the store is left out: thousands of stores would leave hardly anybody a counterpart. */
const strataMost = 20_000

/** Those who got the run, as `report_guided` of this transaction: a row a person, with what he did within his windows. */
export async function keepGuided(tx: Tx, run: ReportedRun): Promise<void> {
  await sql`
    create temporary table report_guided on commit drop as
    select coalesce(c.merged_into, c.id) as root, bool_or(coalesce(o.converted, false)) as converted,
      bool_or(coalesce(o.redeemed, false)) as redeemed, coalesce(max(o.gmv), 0) as gmv
    from campaign_recipients r join customers c on c.id = r.customer_id
    left join report_outcome o on o.customer_id = r.customer_id
    where r.run_id = ${run.id} and r.status = 1 and r.sent_at is not null group by 1`.execute(tx)
  await sql`create index on report_guided (root)`.execute(tx)
  await sql`analyze report_guided`.execute(tx)
}

/**
 * What was known of everybody on either side before anybody was reached, as `report_traits`: the classes of `traits`. All of it
 * as it stood at one moment, so nothing of it can be what a message did.
 */
export async function keepTraits(tx: Tx, run: ReportedRun, before: Date): Promise<void> {
  const ago = (days: number) => new Date(before.getTime() - days * dayMs)
  await sql`
    create temporary table report_people on commit drop as
    select root from report_guided union select root from report_elsewhere where reached and place > 0`.execute(tx)
  await sql`create index on report_people (root)`.execute(tx)
  await sql`analyze report_people`.execute(tx)
  // what was given back afterwards was not known then; an order may be placed a month before it is paid
  await sql`
    create temporary table report_bought on commit drop as
    select p.root, count(*) filter (where o.paid_at >= ${ago(90)})::int as orders, sum(o.amount)::bigint as spent,
      max(o.paid_at) as latest, (array_agg(o.store_code order by o.paid_at desc))[1] as store
    from orders o join customers c on c.id = o.customer_id join report_people p on p.root = coalesce(c.merged_into, c.id)
    where o.corp_id = ${run.corpId} and o.ordered_at >= ${ago(365 + 31)} and o.ordered_at < ${before}
      and o.paid_at >= ${ago(365)} and o.paid_at < ${before} group by p.root`.execute(tx)
  await sql`analyze report_bought`.execute(tx)
  await sql`
    create temporary table report_traits on commit drop as
    with quarters as (
      select percentile_disc(array[0.25, 0.5, 0.75]) within group (order by spent) as at from report_bought
    ), moved as (
      select distinct on (e.customer_id) e.customer_id, e.payload->>'from' as tier from events e
      where e.corp_id = ${run.corpId} and e.kind = 'tier.changed' and e.occurred_at >= ${before}
        and e.customer_id in (select root from report_people) order by e.customer_id, e.occurred_at
    )
    select p.root, coalesce(s.stage, '') as stage,
      coalesce(case when m.customer_id is not null then m.tier when v.tier_since < ${before} then v.tier end, '') as tier,
      case when b.orders is null or b.orders = 0 then '0' when b.orders = 1 then '1' when b.orders < 4 then '2-3' else '4+' end as orders,
      case when b.root is null then '' else (width_bucket(b.spent, q.at) + 1)::text end as spent,
      case when b.root is null then '' when b.latest >= ${ago(30)} then '30' when b.latest >= ${ago(90)} then '90'
        when b.latest >= ${ago(180)} then '180' else '365' end as latest,
      coalesce(b.store, '') as store
    from report_people p cross join quarters q
    left join report_bought b on b.root = p.root
    left join stage_stays s on s.customer_id = p.root and s.entered_at < ${before} and (s.left_at is null or s.left_at >= ${before})
    left join moved m on m.customer_id = p.root
    left join audience_people a on a.customer_id = p.root
    left join rfm_people v on v.corp_id = ${run.corpId} and v.person_no = a.person_no and v.chunk = a.person_no >> 16`.execute(
    tx,
  )
  await sql`create index on report_traits (root)`.execute(tx)
  await sql`analyze report_traits`.execute(tx)
}

interface StratumRow extends Tally {
  readonly classes: readonly string[]
  readonly side: 'a' | 'b'
}

/**
 * Those who got the run and those reached by one other channel, class by class; who had both is on neither side. `used`: by
 * which traits they were told apart. At most some ten thousand rows come back, however many people they are.
 */
export async function strataOf(
  tx: Tx,
  place: number,
): Promise<{ readonly strata: readonly Stratum[]; readonly used: readonly (typeof traits)[number][] }> {
  await sql`drop table if exists report_sides`.execute(tx)
  await sql`
    create temporary table report_sides on commit drop as
    select t.*, x.side, x.converted, x.redeemed, x.gmv from (
      select g.root, 'a' as side, g.converted, g.redeemed, g.gmv from report_guided g
      where not exists (select from report_elsewhere e where e.root = g.root and e.place = ${n(place)})
      union all
      select e.root, 'b', coalesce(o.converted, false), coalesce(o.redeemed, false), coalesce(o.gmv, 0) from report_elsewhere e
      left join report_elsewhere_outcome o on o.place = e.place and o.root = e.root
      where e.place = ${n(place)} and e.reached and not e.both_
    ) x join report_traits t on t.root = x.root`.execute(tx)
  const whole = [...traits]
  const { rows } = await sql<{ many: boolean }>`
    select count(*) > ${n(strataMost)} as many from (
      select from report_sides group by ${columns(whole)} limit ${n(strataMost + 1)}) found`.execute(tx)
  const used = rows[0]?.many === true ? whole.filter((one) => one !== 'store') : whole
  const { rows: cells } = await sql<StratumRow>`
    select array[${columns(used)}] as classes, side, count(*)::int as persons,
      count(*) filter (where converted)::int as converted, count(*) filter (where redeemed)::int as redeemed,
      sum(gmv)::bigint as gmv, sum(gmv::float8 * gmv) as squares
    from report_sides group by ${columns(used)}, side`.execute(tx)
  return { strata: paired(cells), used }
}

const columns = (used: readonly string[]) => sql.join(used.map((one) => sql.ref(one)))

function paired(cells: readonly StratumRow[]): readonly Stratum[] {
  const found = new Map<string, Stratum>()
  for (const { classes, side, ...tally } of cells) {
    const key = JSON.stringify(classes)
    const known = found.get(key) ?? { classes, a: nobody, b: nobody }
    found.set(key, { ...known, [side]: tally })
  }
  return [...found.values()]
}
