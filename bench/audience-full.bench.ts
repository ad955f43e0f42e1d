import { randomUUID } from 'node:crypto'
import { computeAll } from '../server/src/domains/audiences/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import { audienceRules } from './lib/audience-rules.ts'
import type { Bench } from './lib/bench.ts'
import { openWorld } from './lib/world-database.ts'
import { worldOf } from './lib/world-generator.ts'

const corpId = 1
const today = 20_650
const clock = { now: () => new Date(today * 86_400_000) }
const most = 2

/** Every saved audience computed anew as the nightly operation does it, membership and snapshot written. */
export const bench: Bench = {
  name: 'audience-full',
  describe: `200 saved audiences of 3,000,000 persons recomputed: at most ${most} minutes`,
  async run(context) {
    const { say, option } = context
    const world = worldOf(option('persons', 3_000_000), today)
    const audiences = option('audiences', 200)
    const database = await openWorld(context, corpId, world)
    const { db, pool } = database
    try {
      const ids = await makeAudiences(pool, audiences)
      const compute = async (cause: 'start' | 'schedule') => {
        const began = performance.now()
        const told = async ({ done, total }: { done: number; total: number }) => {
          if (done % 50 === 0) say(`${done} of ${total}`)
        }
        const computed = await computeAll({ db, clock }, corpId, { ids, cause, because: 'bench' }, told)
        const minutes = Math.round((performance.now() - began) / 600) / 100
        return { minutes, computed, ...(await kept(pool)) }
      }
      const first = await compute('start')
      say(`computed for the first time in ${first.minutes} minutes`)
      const next = await compute('schedule')
      const began = performance.now()
      await pool.query('select count(*) from audience_buyers where corp_id = $1 and net >= 0', [corpId])
      return {
        // the same facts: nobody may have come or gone
        ok: next.minutes <= most && next.computed === audiences && next.members === first.members && next.moved === 0,
        config: { persons: world.persons, seed: world.seed, audiences, rules: audienceRules.length },
        figures: {
          ...{ minutes: next.minutes, first_minutes: first.minutes, members: next.members, moved: next.moved },
          ...{ slowest_ms: next.slowest, slowest: next.name, generate_s: database.generatedSeconds },
          floor_parallel_scan_ms: Math.round(performance.now() - began),
        },
      }
    } finally {
      await database.close()
    }
  },
}

async function makeAudiences(pool: OpenDatabase['pool'], count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  // what an earlier run in a kept folder left
  await pool.query('delete from audiences; delete from audience_runs; delete from audience_run_bits')
  await pool.query("delete from audience_bits where key ~ '^audience:.{36}$'")
  for (const [index, id] of ids.entries()) {
    const { name, rule } = audienceRules[index % audienceRules.length] ?? {}
    await pool.query(
      `insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
       values ($1, $2, $3, 'refreshed', 1, $4, $5, $5)`,
      [id, corpId, `${index} ${name}`, JSON.stringify(rule), clock.now()],
    )
  }
  return ids
}

/** What the latest computations found, and which of them took longest. */
async function kept(pool: OpenDatabase['pool']) {
  const { rows } = await pool.query<{ members: number; moved: number; slowest: number; name: string }>(
    `with latest as (select distinct on (audience_id) * from audience_runs order by audience_id, id desc)
     select sum(r.size)::bigint as members, sum(r.joined + r.gone)::bigint as moved, max(r.took_ms) as slowest,
       (array_agg(a.name order by r.took_ms desc))[1] as name
     from latest r join audiences a on a.id = r.audience_id`,
  )
  const { members = 0, moved = 0, slowest = 0, name = '' } = rows[0] ?? {}
  return { members: Number(members), moved: Number(moved), slowest, name }
}
