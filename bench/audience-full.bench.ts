import { randomUUID } from 'node:crypto'
import { computeAudience, findAudience } from '../server/src/domains/audiences/index.ts'
import { audienceRules } from './lib/audience-rules.ts'
import type { Bench } from './lib/bench.ts'
import { openWorld } from './lib/world-database.ts'
import { worldOf } from './lib/world-generator.ts'

const corpId = 1
const today = 20_650
const at = new Date(today * 86_400_000)
const most = 2

/** Every saved audience computed anew, one after the other, membership and snapshot written. */
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
      await pool.query('delete from audiences')
      const ids = Array.from({ length: audiences }, () => randomUUID())
      for (const [index, id] of ids.entries())
        await pool.query(
          `insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
           values ($1, $2, $3, 'refreshed', 1, $4, $5, $5)`,
          [id, corpId, `audience ${index}`, JSON.stringify(audienceRules[index % audienceRules.length]?.rule), at],
        )
      const compute = async () => {
        const began = performance.now()
        let persons = 0
        for (const id of ids) {
          const audience = await findAudience(db, corpId, id)
          if (!audience) throw new Error(`Audience ${id} is gone`)
          const report = await db
            .transaction()
            .execute((tx) => computeAudience(tx, audience, { today, at, cause: 'schedule', because: 'bench' }))
          persons += report.size
        }
        return { minutes: Math.round((performance.now() - began) / 600) / 100, persons }
      }
      const first = await compute()
      say(`computed for the first time in ${first.minutes} minutes`)
      const { minutes, persons } = await compute()
      const began = performance.now()
      await pool.query('select count(*) from audience_buyers where corp_id = $1 and net >= 0', [corpId])
      return {
        ok: minutes <= most && persons === first.persons,
        config: { persons: world.persons, seed: world.seed, audiences, rules: audienceRules.length },
        figures: {
          ...{ minutes, first_minutes: first.minutes, members: persons, generate_s: database.generatedSeconds },
          floor_parallel_scan_ms: Math.round(performance.now() - began),
        },
      }
    } finally {
      await database.close()
    }
  },
}
