import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type OpenDatabase, openDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { ask, type BenchBrand, startBrand } from './lib/brand.ts'
import { familyMb, pssMb } from './lib/memory.ts'

const pagesPath = '/cgi-bin/externalcontact/batch/get_by_user'

/** The first sync against a sandbox in its own process, platform limits on; again, killed at half way. */
export const bench: Bench = {
  name: 'sync',
  describe:
    'first sync of 500 staff and 100,000 relations: ≥ 5,000 a second, ≤ 400 MB, ≤ 2 % repeated calls after a kill',
  async run({ folder, say, option }) {
    const relations = option('relations', 100_000)
    const config = { staff: option('staff', 500), people: Math.round(relations / 1.4), relations }
    const whole = await inBrand(join(folder, 'whole'), config, async (brand, database) => {
      const memory = watchMemory([() => pssMb(brand.server.pid) ?? 0, () => familyMb(brand.database().pid)])
      const done = await untilDone(database, say)
      const [server = 0, postgres = 0] = memory.stop()
      return { ...done, calls: await pagesAsked(brand), server, postgres }
    })
    say(`whole: ${whole.relations} relations in ${whole.seconds.toFixed(1)} s`)
    const killed = await inBrand(join(folder, 'killed'), config, async (brand, database) => {
      await untilDone(database, say, config.relations / 2)
      await brand.server.kill()
      const before = await pagesAsked(brand)
      brand.server = await brand.startServer()
      const done = await untilDone(database, say)
      return { ...done, calls: await pagesAsked(brand), before }
    })
    const repeated = (killed.calls - whole.calls) / whole.calls
    const figures = {
      relations_per_s: Math.round(whole.relations / whole.seconds),
      peak_mb: round(whole.server),
      repeated_share: Math.max(0, Math.round(repeated * 10_000) / 10_000),
      relations: whole.relations,
      seconds: round(whole.seconds),
      calls: whole.calls,
      calls_before_the_kill: killed.before,
      calls_killed: killed.calls,
      relations_killed: killed.stored,
      limit_errors: whole.limitErrors,
      floor_pages_per_s: whole.pagesPerS,
      postgres_peak_mb: round(whole.postgres),
    }
    const ok =
      figures.relations_per_s >= 5_000 &&
      figures.peak_mb <= 400 &&
      figures.repeated_share <= 0.02 &&
      killed.stored === whole.stored &&
      figures.limit_errors === 0
    return { ok, config, figures }
  },
}

interface Outcome {
  readonly relations: number
  readonly seconds: number
  /** Rows in the database. */
  readonly stored: number
}

async function inBrand<T extends object>(
  folder: string,
  config: { staff: number; people: number },
  measure: (brand: BenchBrand, database: OpenDatabase) => Promise<T>,
): Promise<T & { limitErrors: number; pagesPerS: number }> {
  await mkdir(folder)
  const brand = await startBrand(folder, config)
  const database = openDatabase(brand.database().url, { max: 2 })
  try {
    const measured = await measure(brand, database)
    const { calls } = await ask<{ calls: { limitErrors: number } }>(`${brand.sandboxUrl}/sandbox/oracle/summary`)
    return { ...measured, limitErrors: calls.limitErrors, pagesPerS: await barePages(brand) }
  } finally {
    await database.close()
    await brand.stop()
  }
}

/** Waits for the sync that the server began by itself, or until so many relations are done. */
async function untilDone(
  database: OpenDatabase,
  say: (text: string) => void,
  half = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  for (let said = 0; ; ) {
    const { rows } = await database.pool.query<{
      state: string
      relations: number
      seconds: number
      error: string | null
    }>(
      `select o.state, o.error, coalesce((o.result->>'relations')::int, (p.report->>'relations')::int, 0) as relations,
         extract(epoch from o.finished_at - o.started_at)::float8 as seconds
       from operations o left join sync_points p on p.operation_id = o.id where o.kind = 'sync.first'`,
    )
    const [run] = rows
    if (run?.state === 'failed') throw new Error(`the sync failed: ${run.error}`)
    if (run !== undefined && (run.state === 'done' || run.relations >= half)) {
      const stored = await database.pool.query<{ n: number }>('select count(*)::int as n from relations')
      return { relations: run.relations, seconds: run.seconds, stored: stored.rows[0]?.n ?? 0 }
    }
    if (run !== undefined && run.relations - said >= 20_000) {
      said = run.relations
      say(`${said} relations`)
    }
    await pause(50)
  }
}

async function pagesAsked(brand: BenchBrand): Promise<number> {
  const { calls } = await ask<{ calls: { byPath: Record<string, { count: number }> } }>(
    `${brand.sandboxUrl}/sandbox/oracle/summary`,
  )
  return calls.byPath[pagesPath]?.count ?? 0
}

/** The floor: bare pages of one member's customers, one call after the other, nothing done with them. */
async function barePages(brand: BenchBrand): Promise<number> {
  const { corps } = await ask<{ corps: { corpId: string; apps: { appKey: string; secret: string }[] }[] }>(
    `${brand.sandboxUrl}/sandbox/corps`,
  )
  const secret = corps[0]?.apps.find((app) => app.appKey === 'nuanyu')?.secret
  const { access_token } = await ask<{ access_token: string }>(
    `${brand.sandboxUrl}/cgi-bin/gettoken?corpid=${corps[0]?.corpId}&corpsecret=${secret}`,
  )
  const { follow_user } = await ask<{ follow_user: string[] }>(
    `${brand.sandboxUrl}/cgi-bin/externalcontact/get_follow_user_list?access_token=${access_token}`,
  )
  const started = performance.now()
  let pages = 0
  while (performance.now() - started < 2_000) {
    await ask(`${brand.sandboxUrl}${pagesPath}?access_token=${access_token}`, {
      userid_list: follow_user.slice(0, 100),
      limit: 100,
    })
    pages += 1
  }
  return Math.round(pages / ((performance.now() - started) / 1000))
}

/** The highest of each reading while it is watched, in MB. */
function watchMemory(readings: readonly (() => number)[]): { stop(): number[] } {
  const peaks = readings.map(() => 0)
  const look = () => {
    readings.forEach((read, at) => {
      peaks[at] = Math.max(peaks[at] ?? 0, read())
    })
  }
  const timer = setInterval(look, 250)
  return {
    stop() {
      look()
      clearInterval(timer)
      return peaks
    },
  }
}

const round = (value: number) => Math.round(value * 10) / 10
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
