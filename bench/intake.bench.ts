import { randomBytes } from 'node:crypto'
import { saveApp, saveCorp } from '../server/src/domains/organisation/index.ts'
import { openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import { createVault } from '../server/src/infra/secrets/vault.ts'
import type { Bench } from './lib/bench.ts'
import type { GeneratorPlan, GeneratorReport } from './lib/callback-generator.ts'
import { type CallbackTarget, makeCallbacks } from './lib/callbacks.ts'
import { bareHttp, bareInsert, openAndParse } from './lib/floors.ts'
import { freePort, healthOf, runWorker, startServerProcess } from './lib/processes.ts'

const key = randomBytes(32).toString('hex')
const quiet = { info: () => undefined, warn: () => undefined }
const target: CallbackTarget = {
  corpid: 'wwbench0000000000001',
  appKey: 'bench',
  token: randomBytes(12).toString('hex'),
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

const config = {
  connections: 160,
  floor_rows_per_commit: 64,
  burst: 60_000,
  steady_per_s: 2_000,
  steady_s: 15,
  floor_s: 4,
}

/** Encrypted callbacks over HTTP into the embedded database, handled too. */
export const bench: Bench = {
  name: 'intake',
  describe: 'encrypted callbacks over HTTP, stored, acknowledged and handled; fsync on',
  async run({ folder: dataDir }) {
    const postgres = await startEmbeddedPostgres({ dataDir, log: quiet })
    const database = openDatabase(postgres.url)
    const port = await freePort()
    try {
      await migrate(database.pool)
      const corp = await saveCorp(database.db, { corpid: target.corpid, name: 'Bench' }, new Date())
      await saveApp(
        database.db,
        createVault(key),
        { corpId: corp.id, appKey: target.appKey, kind: 'app', name: 'Bench', callback: target },
        new Date(),
      )
      const burst = makeCallbacks(target, config.burst, 'b')
      const decryptFloor = openAndParse(target, burst.slice(0, 20_000))
      const sample = burst[0]?.body ?? ''
      const httpFloor = await httpFloorOf(burst.slice(0, 40_000))
      const insertFloor = await bareInsert(
        database.pool,
        sample.slice(0, 480),
        config.floor_rows_per_commit,
        config.floor_s * 1000,
      )

      const server = await startServerProcess(port, {
        SANDBOX: 'off',
        DATABASE_URL: postgres.url,
        DATA_DIR: dataDir,
        NUANYU_KEY: key,
      })
      try {
        await generate({ port, rate: 0, requests: makeCallbacks(target, 4_000, 'w'), limitMs: 20_000 })
        await settled(port)
        const started = performance.now()
        const fast = await generate({ port, rate: 0, requests: burst, limitMs: 60_000 })
        await settled(port)
        const handledS = (performance.now() - started) / 1000
        const steady = await generate({
          port,
          rate: config.steady_per_s,
          requests: makeCallbacks(target, config.steady_per_s * config.steady_s, 's'),
          limitMs: 120_000,
        })
        await settled(port)
        const stored = await database.pool.query<{ n: number }>('select count(*)::int as n from callbacks')
        const events = await database.pool.query<{ n: number }>('select count(*)::int as n from events')
        const sent = 4_000 + fast.sent + steady.sent
        const rate = fast.answered / handledS
        const figures = {
          rate_per_s: Math.round(rate),
          ack_p99_ms: at(steady.latencies, 0.99),
          ack_p50_ms: at(steady.latencies, 0.5),
          ack_max_ms: at(steady.latencies, 1),
          burst_ack_p99_ms: at(fast.latencies, 0.99),
          lost: sent - Math.min(stored.rows[0]?.n ?? 0, events.rows[0]?.n ?? 0),
          unanswered: fast.broken + fast.refused + steady.broken + steady.refused,
          floor_http_per_s: Math.round(httpFloor),
          floor_decrypt_per_s: Math.round(decryptFloor),
          floor_insert_per_s: Math.round(insertFloor),
          insert_floor_ratio: Math.round((rate / insertFloor) * 1000) / 1000,
        }
        const ok =
          figures.rate_per_s >= 4_000 &&
          figures.ack_p99_ms <= 50 &&
          figures.ack_max_ms <= 300 &&
          figures.lost === 0 &&
          figures.insert_floor_ratio >= 0.15
        return { ok, config, figures }
      } finally {
        await server.stop()
      }
    } finally {
      await database.close()
      await postgres.stop()
    }
  },
}

function generate(plan: Pick<GeneratorPlan, 'port' | 'rate' | 'requests' | 'limitMs'>): Promise<GeneratorReport> {
  return runWorker<GeneratorReport>('callback-generator.ts', {
    host: '127.0.0.1',
    connections: config.connections,
    ...plan,
  } satisfies GeneratorPlan)
}

async function httpFloorOf(requests: GeneratorPlan['requests']): Promise<number> {
  const http = await bareHttp()
  const report = await generate({ port: http.port, rate: 0, requests, limitMs: 20_000 })
  http.close()
  return (report.answered / report.elapsedMs) * 1000
}

/** Waits until everything acknowledged is handled too. */
async function settled(port: number): Promise<void> {
  for (let i = 0; i < 1_200; i += 1) {
    const { inbox } = await healthOf(port)
    if (inbox.depth === 0 && inbox.stored === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('callbacks were not handled within a minute')
}

function at(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return Math.round(value * 10) / 10
}
