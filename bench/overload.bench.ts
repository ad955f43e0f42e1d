import { openDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { ask, makeCodes, oracle, runScenario, startBrand } from './lib/brand.ts'

/** `overload`: more adds than the platform lets anyone welcome. As many in time as the limit allows; the rest are tasks. */
export const bench: Bench = {
  name: 'overload',
  describe: '12,000 adds a minute with the platform limits on: no 45009, none late, a task for every other add',
  async run({ folder, say, option }) {
    const config = { durationS: option('seconds', 180), delayMs: 100, staff: 200, people: 1_000 }
    const brand = await startBrand(folder, config)
    const database = openDatabase(brand.database().url, { max: 2 })
    try {
      await makeCodes(brand, config.staff)
      await ask(`${brand.sandboxUrl}/sandbox/settings`, { platform: { delayMs: config.delayMs } }, 'PATCH')
      const atItsEnd = await runScenario(brand, 'overload', config.durationS, say)
      const { adds, welcomes, calls, latencyMs } = await oracle(brand)
      for (const [path, { count, errors }] of Object.entries(calls.byPath))
        say(`${path}: ${count} calls, errors ${JSON.stringify(errors)}`)
      const tasks = await database.pool.query<{ n: number }>(
        `select count(*)::int as n from staff_tasks where kind = 'welcome'`,
      )
      const late = await database.pool.query<{ n: number }>(
        `select count(*)::int as n from welcome_sends where errcode = 41050`,
      )
      const withoutTask = adds.withCode - welcomes.sent - (tasks.rows[0]?.n ?? 0)
      const figures = {
        limit_errors: calls.limitErrors,
        // what was sent after the scenario's end would flatter the rate
        sent_per_min: Math.round((atItsEnd.welcomes.sent / config.durationS) * 60),
        late: late.rows[0]?.n ?? -1,
        duplicates: welcomes.duplicates,
        without_task: withoutTask,
        adds: adds.total,
        sent: welcomes.sent,
        tasks: tasks.rows[0]?.n ?? 0,
        peak_sent_in_a_minute: welcomes.peakPerMinute,
        p50_ms: latencyMs.scanToWelcome.p50,
        p99_ms: latencyMs.scanToWelcome.p99,
      }
      const ok =
        figures.limit_errors === 0 &&
        figures.sent_per_min >= 9_500 &&
        figures.late === 0 &&
        figures.duplicates === 0 &&
        withoutTask === 0
      return { ok, config, figures }
    } finally {
      await database.close()
      await brand.stop()
    }
  },
}
