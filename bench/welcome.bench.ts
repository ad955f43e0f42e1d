import { openDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { ask, type BenchBrand, makeCodes, oracle, runScenario, startBrand } from './lib/brand.ts'
import { familyMb } from './lib/memory.ts'

/**
 * `peak-1111`: from the scan to the welcome at the person, judged from the platform's side. A welcome with the customer's
 * name costs a second call in a row, which asks for the name: `--named 1` measures that one, whatever the time of day.
 */
export const bench: Bench = {
  name: 'welcome',
  describe: '8,000 adds a minute, platform delay 100 ms: scan to welcome at the person',
  async run({ folder, say, option }) {
    const config = {
      ...{ durationS: option('seconds', 180), delayMs: 100, staff: 200, people: 1_000 },
      named: option('named', 0) === 1,
    }
    const brand = await startBrand(folder, config)
    try {
      await greetWith(brand, config.named ? '{客户昵称}你好，我是{员工姓名}' : '你好，我是{员工姓名}')
      await makeCodes(brand, config.staff)
      await ask(`${brand.sandboxUrl}/sandbox/settings`, { platform: { delayMs: config.delayMs } }, 'PATCH')
      await runScenario(brand, 'peak-1111', config.durationS, say)
      const { adds, welcomes, latencyMs, calls, callbacks } = await oracle(brand)
      const { p50, p99, p999, max } = latencyMs.scanToWelcome
      const figures = {
        p50_ms: p50,
        p99_ms: p99,
        p999_ms: p999,
        max_ms: max,
        expired: welcomes.expired,
        duplicates: welcomes.duplicates,
        missing: welcomes.missing,
        adds: adds.total,
        adds_per_min: Math.round((adds.total / config.durationS) * 60),
        callbacks: callbacks.total,
        calls: calls.total,
        server_mb: familyMb(brand.server.pid),
      }
      const ok =
        p50 <= 180 && p99 <= 400 && p999 <= 1_000 && welcomes.expired + welcomes.duplicates + welcomes.missing === 0
      return { ok, config, figures }
    } finally {
      await brand.stop()
    }
  },
}

/** The same words in every band of every welcome: the demo brand's say the name by day and not by night. */
async function greetWith(brand: BenchBrand, text: string): Promise<void> {
  const database = openDatabase(brand.database().url)
  try {
    await database.pool.query(
      `update welcome_versions set bands = (
         select jsonb_agg(jsonb_set(band, '{content,text}', to_jsonb($1::text)) order by place)
         from jsonb_array_elements(bands) with ordinality as b (band, place))`,
      [text],
    )
  } finally {
    await database.close()
  }
}
