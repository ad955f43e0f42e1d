import {
  countMembers,
  estimateMembers,
  foldChanges,
  noteChanges,
  ruleClass,
  ruleFaults,
} from '../server/src/domains/audiences/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import { audienceRules } from './lib/audience-rules.ts'
import type { Bench } from './lib/bench.ts'
import { percentile } from './lib/percentiles.ts'
import { openWorld } from './lib/world-database.ts'
import { generateChanges, worldOf } from './lib/world-generator.ts'

const limits = { simple: 60, window: 400, free: 3_000 }
const corpId = 1
const today = 20_650

/** What a rule would hold, counted over the whole corp as its editor asks; the floor is a bare parallel scan of buyers. */
export const bench: Bench = {
  name: 'audience',
  describe:
    'preview counts at 3,000,000 persons, 60,000 changes pending: simple p95 ≤ 60, window ≤ 400, free ≤ 3,000 ms',
  async run(context) {
    const { say, option } = context
    const world = worldOf(option('persons', 3_000_000), today)
    const runs = option('runs', 20)
    const pending = option('pending', 60_000)
    const database = await openWorld(context, corpId, world)
    try {
      const left = await foldChanges(database.db, corpId)
      if (left > 0) say(`${left} changes that an earlier run had left are folded in`)
      const changes = generateChanges(world, pending)
      const noting = performance.now()
      for (let at = 0; at < changes.length; at += 5_000) {
        const batch = changes.slice(at, at + 5_000)
        await database.db.transaction().execute((tx) => noteChanges(tx, corpId, batch))
      }
      const noteMs = Math.round(performance.now() - noting)
      await database.pool.query('vacuum analyze audience_changes')
      const all: Record<keyof typeof limits, number[]> = { simple: [], window: [], free: [] }
      const estimates: number[] = []
      let worst = { name: '', ms: 0, share: 0 }
      const each: Record<string, number> = {}
      for (const { name, class: kind, rule } of audienceRules) {
        if (ruleFaults(rule).length > 0 || ruleClass(rule) !== kind) throw new Error(`${name} is no ${kind} rule`)
        const ask = () => countMembers(database.db, corpId, rule, today)
        const counted = await ask()
        const took = await times(runs, ask)
        all[kind].push(...took)
        if (kind === 'free')
          estimates.push(...(await times(runs, () => estimateMembers(database.db, corpId, rule, today))))
        const p95 = rounded(took)
        each[name] = p95
        if (p95 / limits[kind] > worst.share) worst = { name, ms: p95, share: p95 / limits[kind] }
        say(`${kind.padEnd(6)} ${String(p95).padStart(7)} ms  ${String(counted.count).padStart(8)}  ${name}`)
      }
      const floor = await bareScan(database, runs)
      const began = performance.now()
      const folded = await foldChanges(database.db, corpId)
      const figures = {
        ...{ simple_p95_ms: rounded(all.simple), window_p95_ms: rounded(all.window), free_p95_ms: rounded(all.free) },
        estimate_p95_ms: rounded(estimates),
        ...{ worst_rule: worst.name, worst_p95_ms: worst.ms, floor_parallel_scan_ms: floor },
        ...{
          note_ms: noteMs,
          folded,
          fold_ms: Math.round(performance.now() - began),
          generate_s: database.generatedSeconds,
          database_mb: database.megabytes,
        },
      }
      return {
        ok:
          figures.simple_p95_ms <= limits.simple &&
          figures.window_p95_ms <= limits.window &&
          figures.free_p95_ms <= limits.free,
        config: { persons: world.persons, seed: world.seed, rules: audienceRules.length, runs, pending, each },
        figures,
      }
    } finally {
      await database.close()
    }
  },
}

async function times(runs: number, ask: () => Promise<unknown>): Promise<readonly number[]> {
  const took: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now()
    await ask()
    took.push(performance.now() - began)
  }
  return took
}

function rounded(took: readonly number[]): number {
  return Math.round((percentile(Float64Array.from(took).sort(), 0.95) ?? 0) * 10) / 10
}

async function bareScan({ pool }: OpenDatabase, runs: number): Promise<number> {
  return rounded(
    await times(runs, () =>
      pool.query('select count(*) from audience_buyers where corp_id = $1 and net >= 0', [corpId]),
    ),
  )
}
