import { foldChanges, refreshValues } from '../server/src/domains/audiences/index.ts'
import { computeStages } from '../server/src/domains/customers/index.ts'
import { saveCorp } from '../server/src/domains/organisation/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { openWorld } from './lib/world-database.ts'
import { worldOf } from './lib/world-generator.ts'

const most = 2
const corpId = 1
const today = 20_650
const noon = (day: number) => new Date(day * 86_400_000 + 4 * 3_600_000)

/** What a night costs: RFM, tiers and stages of everybody, a day after they were computed for the first time. */
export const bench: Bench = {
  name: 'rfm',
  describe: `nightly RFM, value tiers and life-cycle stages of 3,000,000 persons: at most ${most} minutes`,
  async run(context) {
    const { say, option } = context
    const world = worldOf(option('persons', 3_000_000), today)
    const database = await openWorld(context, corpId, world)
    const { db, pool } = database
    try {
      await saveCorp(db, { corpid: 'wwbench0000000000001', name: 'Bench' }, noon(today))
      await forget(pool)
      const night = async (day: number) => {
        const [values, values_s] = await timed(() => refreshValues(db, corpId, noon(day), 'bench'))
        say(`day ${day}: values of ${values.buyers} buyers, ${values.moved} moved, in ${values_s} s`)
        const [moved, stages_s] = await timed(() => computeStages(db, corpId, noon(day), 'time', 'bench'))
        say(`day ${day}: stages, ${moved} moved, in ${stages_s} s`)
        return { buyers: values.buyers, tiers_moved: values.moved, values_s, stages_moved: moved, stages_s }
      }
      const first = await night(today)
      await pool.query('vacuum analyze stage_stays, rfm_people, audience_bits')
      await foldChanges(db, corpId)
      const next = await night(today + 1)
      const floor_s = await bareScan(database, corpId)
      await forget(pool)
      const minutes = Math.round(((next.values_s + next.stages_s) / 60) * 100) / 100
      const firstMinutes = Math.round(((first.values_s + first.stages_s) / 60) * 100) / 100
      return {
        // a night that scores nobody or moves nobody was none
        ok: minutes <= most && next.buyers === first.buyers && first.stages_moved > 0 && next.stages_moved > 0,
        config: { persons: world.persons, seed: world.seed, first },
        figures: { minutes, first_minutes: firstMinutes, ...next, floor_parallel_scan_s: floor_s },
      }
    } finally {
      await database.close()
    }
  },
}

/** The world's own stages and tiers, names that no life-cycle knows, stay for the other benches of a kept folder. */
async function forget(pool: OpenDatabase['pool']): Promise<void> {
  await pool.query('truncate rfm_people, rfm_snapshots, stage_stays, life_cycles')
  await pool.query("delete from events where kind in ('stage.entered', 'tier.changed')")
  await pool.query(
    "delete from audience_bits where key like any(array['stage:%', 'tier:%']) and key !~ '^(stage:stage|tier:tier)[0-9]$'",
  )
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now()
  const answer = await work()
  return [answer, Math.round((performance.now() - began) / 10) / 100]
}

/** The least that RFM must do: read every order once and group it by buyer. */
async function bareScan({ pool }: OpenDatabase, corpId: number): Promise<number> {
  const [, seconds] = await timed(() =>
    pool.query(
      'select count(*), sum(n) from (select person_no, count(*) as n, sum(net), max(day) from audience_orders where corp_id = $1 group by person_no) buyers',
      [corpId],
    ),
  )
  return seconds
}
