import type pg from 'pg'
import type { TouchPolicy } from '../../server/src/domains/reach/index.ts'
import type { OpenDatabase } from '../../server/src/infra/db/database.ts'
import type { BenchContext } from './bench.ts'
import { openEmpty, openWorld, type WorldDatabase } from './world-database.ts'
import { type World, worldOf } from './world-generator.ts'

/** What a send is planned from, beside a world: members, people with their contacts, a year's ledger of touches, policies. */
export interface ReachWorld {
  readonly world: World
  readonly touches: number
  readonly staff: number
}

/** A corp tag that every contact of a tagged world carries. */
export const reachTag = 'etBench000000000000000000000000001'
export const reachMoment = (world: World) => new Date(world.today * 86_400_000 + 4 * 3_600_000)
const months = 12
const today = 20_650

/** A world and what sends are planned from in the bench's folder, of the size that its options say; written once. */
export async function openReach(
  context: BenchContext,
  corpId: number,
): Promise<ReachWorld & { readonly database: WorldDatabase }> {
  const world = worldOf(context.option('persons', 3_000_000), today)
  const reach: ReachWorld = { world, touches: context.option('touches', 60_000_000), staff: 8_000 }
  const database = await openWorld(context, corpId, world)
  try {
    await fillReach(database.pool, corpId, reach, context.say)
    return { ...reach, database }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * As many people of whom every contact carries `reachTag`, a fifth of them at two members, and nothing else: a Moment by tags asks
 * for no more. It is written anew for each run.
 */
export async function openTagged(
  context: BenchContext,
  corpId: number,
): Promise<ReachWorld & { readonly database: OpenDatabase }> {
  const world = worldOf(context.option('persons', 3_000_000), today)
  const staff = 8_000
  const database = await openEmpty(context)
  const { pool } = database
  const now = reachMoment(world)
  await fillMembers(pool, corpId, staff, now)
  await pool.query(
    'insert into customers (id, corp_id, created_at) select n, $1::int, $2 from generate_series(1, $3::int) n',
    [corpId, now, world.persons],
  )
  await pool.query(
    `insert into relations (customer_id, corp_id, userid, external_userid, added_at, tag_ids)
     select n, $1::int, 'u' || (n + other * 7) % $3::int, 'wm' || lpad(n::text, 28, '0'), $2, array[$5]
     from generate_series(1, $4::int) n, lateral generate_series(0, (n % 5 = 0)::int) other`,
    [corpId, now, staff, world.persons, reachTag],
  )
  await pool.query('vacuum analyze customers, relations, staff')
  context.say('people and contacts written')
  return { world, touches: 0, staff, database }
}

async function fillMembers(pool: pg.Pool, corpId: number, staff: number, now: Date): Promise<void> {
  await pool.query(
    "insert into corps (corpid, name, created_at) values ('wwbench0000000000001', 'Bench', $1) on conflict do nothing",
    [now],
  )
  await pool.query(
    `insert into staff (corp_id, userid, name, follows, status, first_seen_at, seen_at)
     select $1, 'u' || n, 'u' || n, true, 1, $2, $2 from generate_series(0, $3::int - 1) n`,
    [corpId, now, staff],
  )
}

const everybody: TouchPolicy = {
  ...{ whom: null, marketing: 'limited', kept_from: 8, gap_minutes: 24 * 60, quiet: { from: 1260, until: 540 } },
  caps: [
    { channel: null, per: 'day', most: 1, kept: 0 },
    { channel: null, per: 'week', most: 2, kept: 0 },
    { channel: 'customer_send', per: 'month', most: 4, kept: 1 },
    { channel: null, per: 'month', most: 8, kept: 0 },
  ],
  ...{ less_per_week: 1, fatigue: { high: 200, most: 400 } },
}
/** Their order is their place. */
export const reachPolicies: readonly TouchPolicy[] = [
  { ...everybody, whom: { is: 'tier', any: ['tier4'] }, gap_minutes: 0 },
  everybody,
]

/** Writes it once into a database that holds the world; a kept one is left as it is. */
async function fillReach(
  pool: pg.Pool,
  corpId: number,
  { world, touches, staff }: ReachWorld,
  say: (text: string) => void,
): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>('select exists (select from recent_touches) as there')
  if (rows[0]?.there) return
  const now = reachMoment(world)
  await fillMembers(pool, corpId, staff, now)
  await pool.query(
    `insert into customers (id, corp_id, created_at) select customer_id, corp_id, $2 from audience_people where corp_id = $1`,
    [corpId, now],
  )
  await pool.query(
    `insert into relations (customer_id, corp_id, userid, external_userid, added_at, ended_at)
     select p.customer_id, p.corp_id, r.staff, 'wm' || lpad(p.customer_id::text, 28, '0'),
       'epoch'::timestamptz + r.since * interval '1 day', 'epoch'::timestamptz + r.ended * interval '1 day'
     from audience_relations r join audience_people p using (corp_id, person_no) where r.corp_id = $1 order by 1`,
    [corpId],
  )
  say('people and contacts written')
  for (const [place, rules] of reachPolicies.entries()) {
    const id = `0199a0a0-0000-7000-8000-00000000000${place + 1}`
    const before = new Date(now.getTime() - 86_400_000)
    await pool.query('insert into touch_policies (id, corp_id, name, created_at) values ($1, $2, $3, $4)', [
      ...[id, corpId, `p${place}`, before],
    ])
    await pool.query(
      'insert into touch_policy_versions (policy_id, version, place, rules, created_at) values ($1, 1, $2, $3, $4)',
      [id, place, JSON.stringify(rules), before],
    )
    await pool.query('insert into touch_policy_turns (policy_id, at, version) values ($1, $2, 1)', [id, before])
  }
  await fillTouches(pool, corpId, { now, persons: world.persons, touches, staff }, say)
  await pool.query('vacuum analyze customers, relations, staff, touches, recent_touches')
}

/** A year of touches, some people touched much more than others, and the latest of each beside them. */
async function fillTouches(
  pool: pg.Pool,
  corpId: number,
  { now, persons, touches, staff }: { now: Date; persons: number; touches: number; staff: number },
  say: (text: string) => void,
): Promise<void> {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  for (let at = 0; at < months; at += 1) {
    const from = new Date(Date.UTC(year, month - months + 1 + at))
    const until = new Date(Date.UTC(year, month - months + 2 + at))
    const name = `touches_${from.toISOString().slice(0, 7).replace('-', '')}`
    await pool.query(`create table ${name} (like touches including defaults including constraints)`)
    await pool.query(
      `insert into ${name} (customer_id, at, effect, corp_id, channel, kind, sender, weight)
       select 1 + (floor(power(random(), 1.5) * $1::int)::bigint * 7919) % $1::int,
         least($2::timestamptz + random() * ($3::timestamptz - $2::timestamptz), $6::timestamptz),
         'send:' || $5::int || ':' || n, $7, 'customer_send', case when n % 5 = 0 then 'service' else 'marketing' end,
         'u' || n % $8::int, 100
       from generate_series(1, $4::int) as n`,
      [persons, from, until, Math.floor(touches / months), at, now, corpId, staff],
    )
    await pool.query(
      `alter table touches attach partition ${name} for values from ('${from.toISOString()}') to ('${until.toISOString()}')`,
    )
    say(`touches of month ${at + 1} of ${months} written`)
  }
  await pool.query(
    `insert into recent_touches (customer_id, corp_id, latest)
     select customer_id, $2, array_agg(extract(epoch from at)::bigint * 65536 + weight * 64 + 1 order by at desc) from touches
     where kind = 'marketing' and at > $1::timestamptz - interval '31 days' and at <= $1 group by customer_id order by customer_id`,
    [now, corpId],
  )
}
