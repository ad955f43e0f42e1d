import { foldChanges, keepBuyers, refreshValues } from '../server/src/domains/audiences/index.ts'
import { computeStages } from '../server/src/domains/customers/index.ts'
import { type OpenDatabase, openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import type { Bench } from './lib/bench.ts'
import { generateWorld, worldOf } from './lib/world-generator.ts'

const quiet = { info: () => undefined, warn: () => undefined }
const most = 2
const today = 20_650
const noon = (day: number) => new Date(day * 86_400_000 + 4 * 3_600_000)

/** What a night costs: RFM, tiers and stages of everybody, a day after they were computed for the first time. */
export const bench: Bench = {
  name: 'rfm',
  describe: `nightly RFM, value tiers and life-cycle stages of 3,000,000 persons: at most ${most} minutes`,
  async run({ folder, say, option }) {
    const world = worldOf(option('persons', 3_000_000), today)
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
    const database = openDatabase(postgres.url)
    const { db } = database
    try {
      await migrate(database.pool)
      const { id: corpId } = await db
        .insertInto('corps')
        .values({ corpid: 'wwbench', name: 'bench', created_at: noon(today) })
        .returning('id')
        .executeTakeFirstOrThrow()
      await generateWorld(database.pool, corpId, world, say)
      await keepBuyers(db, corpId)
      // the world's own stages and tiers are names that no rule knows
      await database.pool.query("delete from audience_bits where key like 'stage:%' or key like 'tier:%'")
      await database.pool.query('vacuum analyze audience_buyers')
      const night = async (day: number) => {
        const [values, values_s] = await timed(() => refreshValues(db, corpId, noon(day), 'bench'))
        say(`day ${day}: values of ${values.buyers} buyers, ${values.moved} moved, in ${values_s} s`)
        const [moved, stages_s] = await timed(() => computeStages(db, corpId, noon(day), 'time', 'bench'))
        say(`day ${day}: stages, ${moved} moved, in ${stages_s} s`)
        return { buyers: values.buyers, tiers_moved: values.moved, values_s, stages_moved: moved, stages_s }
      }
      const first = await night(today)
      await database.pool.query('vacuum analyze stage_stays, rfm_people, audience_bits')
      await foldChanges(db, corpId)
      const next = await night(today + 1)
      const floor_s = await bareScan(database, corpId)
      const minutes = Math.round(((next.values_s + next.stages_s) / 60) * 100) / 100
      const firstMinutes = Math.round(((first.values_s + first.stages_s) / 60) * 100) / 100
      return {
        ok: minutes <= most,
        config: { persons: world.persons, seed: world.seed, first },
        figures: { minutes, first_minutes: firstMinutes, ...next, floor_parallel_scan_s: floor_s },
      }
    } finally {
      await database.close()
      await postgres.stop()
    }
  },
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
