import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { refreshReport, reportedRun } from '../server/src/domains/reach/index.ts'
import { openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import type { Bench } from './lib/bench.ts'

const must = { report_s: 60, report_matched_s: 90 }
const quiet = { info: () => undefined, warn: () => undefined }
const corpId = 1
const start = '2026-11-02T02:00:00Z'
const senders = 8_000

const spec = {
  kind: 'customer_send',
  goal: { metric: 'order', window_hours: 168, baseline: null },
  variants: [{ name: 'A', content: { text: '', attachments: [] }, for: null, share: 1 }],
  exclusions: [],
  attribution: { click_hours: 168, send_hours: 24 },
  coupon: {
    issued: null,
    claimed: 'coupon.claimed',
    redeemed: 'coupon.redeemed',
    batch: { property: 'batch', value: 'K' },
  },
}

/** A run to two thirds of everybody, a third reached by SMS beside it, a year of orders: its report, alone and with matching. */
export const bench: Bench = {
  name: 'report',
  describe: `the report of a run to 2,000,000 of 3,000,000 persons, ≤ ${must.report_s} s; with another channel matched ≤ ${must.report_matched_s} s`,
  async run({ folder, say, option }) {
    const persons = option('persons', 3_000_000)
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
    const database = openDatabase(postgres.url)
    const { pool, db } = database
    try {
      await migrate(pool)
      const runId = await world(pool, persons, say)
      const run = await reportedRun(db, corpId, runId)
      if (run === undefined) throw new Error('the run was just written')
      const measured = async () => {
        const began = performance.now()
        const { figures } = await refreshReport(db, run, new Date('2026-12-20T00:00:00Z'))
        return { seconds: Math.round((performance.now() - began) / 100) / 10, figures }
      }
      await pool.query('delete from run_comparisons')
      const alone = await measured()
      say(`alone in ${alone.seconds} s`)
      await pool.query(
        `insert into run_comparisons (id, corp_id, run_id, name, who, cost, created_at) values ($1, $2, $3, 'SMS', $4, 1, $5)`,
        [
          randomUUID(),
          corpId,
          runId,
          JSON.stringify({ event: 'sms.sent', from: start, until: '2026-11-04T00:00:00Z' }),
          start,
        ],
      )
      const beside = await measured()
      say(`with another channel in ${beside.seconds} s`)
      const matched = beside.figures.channels.find(({ how }) => how === 'brought')?.matched
      return {
        ok: alone.seconds <= must.report_s && beside.seconds <= must.report_matched_s && (matched?.strata ?? 0) > 1,
        config: { persons, senders },
        figures: {
          ...{ report_s: alone.seconds, report_matched_s: beside.seconds },
          ...{ delivered: alone.figures.sends.delivered, orders_credited: alone.figures.credited.orders },
          ...{ strata: matched?.strata ?? 0, matched: matched?.a.persons ?? 0, counterparts: matched?.b.persons ?? 0 },
        },
      }
    } finally {
      await database.close()
      await postgres.stop()
    }
  },
}

/** The world of an earlier run of this bench in the same folder, or a new one: some facts a person, written in sets. */
async function world(pool: pg.Pool, persons: number, say: (text: string) => void): Promise<number> {
  const { rows: known } = await pool.query<{ id: number }>('select id from campaign_runs order by id limit 1')
  if (known[0] !== undefined) return known[0].id
  const campaign = randomUUID()
  await pool.query(`insert into corps (corpid, name, created_at) values ('wwreport', 'Report', $1)`, [start])
  await pool.query(
    `insert into campaigns (id, corp_id, name, state, created_at, changed_at) values ($1, 1, 'report', 'live', $2, $2)`,
    [campaign, start],
  )
  await pool.query(`insert into campaign_versions (campaign_id, version, spec, changed_at) values ($1, 1, $2, $3)`, [
    ...[campaign, JSON.stringify(spec), start],
  ])
  const { rows } = await pool.query<{ id: number }>(
    `insert into campaign_runs (corp_id, campaign_id, version, state, planned_for, started_at, created_at)
     values (1, $1, 1, 'ended', $2, $2, $2) returning id`,
    [campaign, start],
  )
  const runId = rows[0]?.id ?? 0
  const all = `generate_series(1, ${persons}) as id`
  const luck = (salt: number) => `(hashint8extended(id, ${salt}) & 65535) / 65536.0`
  const at = (salt: number, days: number) => `'${start}'::timestamptz + ${luck(salt)} * interval '${days} days'`
  const step = async (what: string, statement: string) => {
    await pool.query(statement)
    say(what)
  }
  await step('persons', `insert into customers (id, corp_id, created_at) select id, 1, '2020-01-01' from ${all}`)
  await step(
    'staff and relations',
    `insert into staff (corp_id, userid, name, first_seen_at, seen_at)
       select 1, 's' || n, 's' || n, '2020-01-01', '2020-01-01' from generate_series(0, ${senders - 1}) n;
     insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at)
       select id, 1, 's' || id % ${senders}, 'wm' || id, '2025-01-01', '2025-01-01' from ${all}`,
  )
  // every second person bought in the year before: who did is likelier to get the run, and buys again
  const orders = (salt: number, when: string, chance: string, number: number) => `
    insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, lines, version_at, learnt_at)
    select id, id * 10 + ${number}, 1, 'shop', (id * 10 + ${number})::text, 'paid', 5000 + (hashint8(id) & 65535), 0, w, w, '[]', w, w
    from (select id, ${when} as w from ${all} where ${luck(salt)} < ${chance}) bought`
  for (const [place, days] of [300, 200, 100, 40].entries())
    await step(
      `orders ${place + 1} of 5`,
      orders(
        10 + place,
        `${at(20 + place, 30)} - interval '${days + 30} days'`,
        `case when id % 2 = 0 then 0.7 else 0.05 end`,
        place,
      ),
    )
  await step('orders 5 of 5', orders(30, at(31, 9), `case when id % 2 = 0 then 0.12 else 0.04 end`, 9))
  const partition = `campaign_recipients_${runId}`
  // of three persons two are in the run, more of those who bought; a tenth of it is held out, a tenth not delivered
  const chosen = `${luck(40)} < case when id % 2 = 0 then 0.85 else 0.48 end`
  await step(
    'recipients',
    `create table ${partition} partition of campaign_recipients for values in (${runId});
     insert into ${partition} (run_id, customer_id, corp_id, fate, bucket, variant, sender, task, status, sent_at)
       select ${runId}, id, 1, case when b < 1000 then 4 else 0 end, b, case when b < 1000 then null else 0 end, 's' || id % ${senders},
         case when b < 1000 then null else 1 + id % ${senders} end, case when b < 1000 then null when b < 2000 then 0 else 1 end,
         case when b >= 2000 then '${start}'::timestamptz + (id % ${senders}) * interval '5 seconds' end
       from (select id, (${luck(41)} * 10000)::int % 10000 as b from ${all} where ${chosen}) drawn;
     create unique index on ${partition} (customer_id);
     insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state, asked_at, confirmed_at)
       select ${runId}, 1 + n, 1, 0, 's' || n, 1, 'confirmed', '${start}', '${start}' from generate_series(0, ${senders - 1}) n`,
  )
  const told = (name: string, from: string) =>
    `insert into behaviours (customer_id, at, corp_id, name, source, properties) select id, w, 1, '${name}', 'coupon', '{"batch":"K"}' from ${from}`
  await step(
    'events of other systems',
    `${told('sms.sent', `(select id, ${at(50, 1)} as w from ${all} where not (${chosen})) p`)};
     ${told('coupon.claimed', `(select id, ${at(51, 6)} as w from ${all} where ${luck(52)} < 0.1) p`)};
     ${told('coupon.redeemed', `(select id, ${at(53, 7)} as w from ${all} where ${luck(54)} < 0.05) p`)};
     insert into events (customer_id, corp_id, kind, occurred_at, learnt_at, cause, payload)
       select id, 1, 'relation.ended', w, w, 'bench', '{"by":"customer"}' from (select id, ${at(60, 5)} as w from ${all} where ${luck(61)} < 0.005) p;
     insert into link_opens (link_id, id, at, corp_id, run_id, task, customer_id)
       select 1, gen_random_uuid(), w, 1, ${runId}, 1, id from (select id, ${at(62, 3)} as w from ${all} where ${luck(63)} < 0.05) p;
     insert into stage_stays (customer_id, corp_id, stage, version, cause, entered_at)
       select id, 1, 'stage ' || id % 5, 1, 'start', '2025-06-01' from ${all}`,
  )
  await step('statistics', 'vacuum analyze')
  return runId
}
