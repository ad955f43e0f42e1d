import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { planRun } from '../server/src/domains/reach/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import { audienceRules } from './lib/audience-rules.ts'
import type { Bench } from './lib/bench.ts'
import { family, pssMb } from './lib/memory.ts'
import { useOf } from './lib/processor.ts'
import { openReach, openTagged, reachMoment, reachTag } from './lib/reach-world.ts'

const corpId = 1
const must = { rehearsal_s: 20, materialise_s: 45, peak_mb: 400 }

/** As brands exclude: complaints, who bought just now, who was added just now, who waits for something … */
const excluded = [
  ...['one rare tag', 'all of three tags', 'in one of three groups', 'of a department', 'of a big channel'],
  ...['added within 30 days', 'a product once in 30 days', 'rare event in 90 days', 'at a store in 90 days'],
  ...['looked at a product in 7 days, bought nothing', 'added to a store within 30 days', '8 orders in a year'],
]
const content = { text: '{品牌}周年庆，点 https://example.com/a 看看。不想再收到：{少打扰}', attachments: [] }
const spec = {
  ...{ kind: 'customer_send', marketing: true, goal: null, whom: { rule: { all: [] } }, schedule: { kind: 'now' } },
  exclusions: excluded.map((name) => ({ name, whom: { rule: audienceRules.find((one) => one.name === name)?.rule } })),
  variants: [
    { name: 'VIP', content, for: { stores: ['0199a0a0-0000-7000-8000-000000000000'] }, share: 1 },
    { name: 'A', content, for: null, share: 1 },
    { name: 'B', content, for: null, share: 1 },
  ],
  ...{ window: null, expires_hours: 24, senders: { set: null, most: null }, holdout_permille: 50, reminders: 1 },
  governed: { when_capped: 'hold', wait_hours: 72, priority: 5 },
  canary: { permille: 20, hours: 4, most_deletes_permille: 10 },
}

/** A Moment that all see who carry a corp tag, which everybody does. */
const byTags = {
  ...spec,
  ...{ kind: 'moment', whom: null, exclusions: [], moment: { tags: [reachTag] }, holdout_permille: 0, canary: null },
  variants: [{ name: 'A', content, for: null, share: 1 }],
}

/**
 * A send to everybody planned twice: rehearsed, and made with its recipients, tasks, reservations and events; with `--by-tags` a
 * Moment by a corp tag that everybody carries.
 */
export const bench: Bench = {
  name: 'plan',
  describe: `a send to 3,000,000 planned: rehearsed in ${must.rehearsal_s} s, made in ${must.materialise_s} s, ${must.peak_mb} MB`,
  async run(context) {
    const { say, folder } = context
    const tagged = context.flag('by-tags')
    const { database, world, touches, staff } = await (tagged ? openTagged : openReach)(context, corpId)
    try {
      const campaign = await aCampaign(database.pool, tagged ? byTags : spec, reachMoment(world))
      const plan = (rehearsal: boolean) => measured(database, folder, world, campaign, rehearsal)
      const rehearsal = await plan(true)
      say(`rehearsed in ${rehearsal.seconds} s`)
      const made = await plan(false)
      say(`made in ${made.seconds} s`)
      const floor_s = await floor(database.pool)
      const told = await toldOf(database.pool, made.runId)
      await putBack(database.pool, campaign)
      const peak_mb = Math.max(rehearsal.peakMb, made.peakMb)
      const within =
        rehearsal.seconds <= must.rehearsal_s && made.seconds <= must.materialise_s && peak_mb <= must.peak_mb
      return {
        ok: within && told.recipients === world.persons && told.twice === 0,
        config: {
          ...{ kind: tagged ? 'moment by tags' : 'customer_send', persons: world.persons, touches, staff },
          ...(tagged ? { exclusions: 0, variants: 1 } : { exclusions: excluded.length, variants: 3 }),
        },
        figures: {
          ...{ rehearsal_s: rehearsal.seconds, materialise_s: made.seconds, peak_mb },
          ...{ server_mb: made.serverMb, database_mb: made.databaseMb },
          ...{
            rehearsal_processor_s: rehearsal.processor,
            materialise_processor_s: made.processor,
            floor_copy_s: floor_s,
          },
          ...told,
        },
      }
    } finally {
      await database.close()
    }
  },
}

async function aCampaign(pool: pg.Pool, asked: object, at: Date): Promise<string> {
  const id = randomUUID()
  await pool.query(
    `insert into campaigns (id, corp_id, name, state, created_at, changed_at) values ($1, $2, 'Bench', 'live', $3, $3)`,
    [id, corpId, at],
  )
  await pool.query('insert into campaign_versions (campaign_id, version, spec, changed_at) values ($1, 1, $2, $3)', [
    ...[id, JSON.stringify(asked), at],
  ])
  return id
}

async function measured(
  { db, pool }: OpenDatabase,
  folder: string,
  world: Parameters<typeof reachMoment>[0],
  campaign: string,
  rehearsal: boolean,
) {
  const now = reachMoment(world)
  const { rows } = await pool.query<{ id: number }>(
    `insert into campaign_runs (corp_id, campaign_id, version, rehearsal, planned_for, created_at)
     values ($1, $2, 1, $3, $4, $4) returning id`,
    [corpId, campaign, rehearsal, now],
  )
  const runId = rows[0]?.id ?? 0
  const used = async () => {
    const { serverMs = 0, databaseMs = 0 } = await useOf(process.pid, folder, pool)
    return (serverMs + databaseMs) / 1000
  }
  const before = await used()
  let [serverMb, databaseMb] = [0, 0]
  const look = setInterval(() => {
    const own = pssMb(process.pid) ?? 0
    const all = family(process.pid).reduce((sum, pid) => sum + (pssMb(pid) ?? 0), 0)
    serverMb = Math.max(serverMb, own)
    databaseMb = Math.max(databaseMb, all - own)
  }, 250)
  const began = performance.now()
  const run = { id: 'bench', corpId, input: { runId }, checkpoint: null, progress: async () => undefined }
  await planRun({ db, clock: { now: () => now } }, run, async () => undefined)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  clearInterval(look)
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    ...{ runId, seconds, processor: round((await used()) - before) },
    ...{ serverMb: round(serverMb), databaseMb: round(databaseMb), peakMb: round(serverMb) },
  }
}

/** The least that must happen: the rows of the recipients written once, and their key. */
async function floor(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ name: string }>(
    `select 'campaign_recipients_' || max(id) as name from campaign_runs where not rehearsal`,
  )
  const began = performance.now()
  await pool.query(`create table bench_floor as select * from ${rows[0]?.name}`)
  await pool.query('create unique index on bench_floor (customer_id)')
  const seconds = Math.round((performance.now() - began) / 100) / 10
  await pool.query('drop table bench_floor')
  return seconds
}

async function toldOf(pool: pg.Pool, runId: number) {
  const { rows } = await pool.query<
    Record<'recipients' | 'twice' | 'sent_to' | 'held' | 'dropped' | 'excluded', number>
  >(
    `select count(*)::int as recipients, (count(*) - count(distinct customer_id))::int as twice,
       count(*) filter (where fate = 0)::int as sent_to, count(*) filter (where fate = 1)::int as held,
       count(*) filter (where fate = 2)::int as dropped, count(*) filter (where fate = 3)::int as excluded
     from campaign_recipients where run_id = $1`,
    [runId],
  )
  const { rows: tasks } = await pool.query<{ tasks: number }>(
    'select count(*)::int as tasks from campaign_tasks where run_id = $1',
    [runId],
  )
  const [told] = rows
  if (told === undefined) throw new Error('the run has no recipients')
  return { ...told, tasks: tasks[0]?.tasks ?? 0 }
}

/** A kept folder is left as it was. */
async function putBack(pool: pg.Pool, campaign: string): Promise<void> {
  const { rows } = await pool.query<{ id: number }>('select id from campaign_runs where campaign_id = $1', [campaign])
  for (const { id } of rows) await pool.query(`drop table if exists campaign_recipients_${id}`)
  const runs = rows.map(({ id }) => id)
  await pool.query('delete from touch_reservations where run_id = any($1::int[])', [runs])
  await pool.query('delete from events where cause = any($1::text[])', [runs.map((id) => `campaign:${id}`)])
  await pool.query('delete from campaign_tasks where run_id = any($1::int[])', [runs])
  await pool.query('delete from campaign_runs where campaign_id = $1', [campaign])
  await pool.query('delete from campaign_versions where campaign_id = $1', [campaign])
  await pool.query('delete from campaigns where id = $1', [campaign])
}
