import type { Bench } from './lib/bench.ts'
import { ask, makeCodes, oracle, runScenario, startBrand } from './lib/brand.ts'
import { familyMb } from './lib/memory.ts'

/** `peak-1111`: from the scan to the welcome at the person, judged from the platform's side. */
export const bench: Bench = {
  name: 'welcome',
  describe: '8,000 adds a minute, platform delay 100 ms: scan to welcome at the person',
  async run({ folder, say, option }) {
    const config = { durationS: option('seconds', 180), delayMs: 100, staff: 200, people: 1_000 }
    const brand = await startBrand(folder, config)
    try {
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
