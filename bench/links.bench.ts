import { randomBytes } from 'node:crypto'
import { linkAddress, mintLinks } from '../server/src/domains/content/index.ts'
import { saveCorp } from '../server/src/domains/organisation/index.ts'
import { openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import { createVault } from '../server/src/infra/secrets/vault.ts'
import type { Bench } from './lib/bench.ts'
import type { GeneratorPlan, GeneratorReport } from './lib/callback-generator.ts'
import { bareRedirect } from './lib/floors.ts'
import { summary } from './lib/percentiles.ts'
import { freePort, runWorker, startServerProcess } from './lib/processes.ts'
import { perThousand, useOf } from './lib/processor.ts'

const key = randomBytes(32).toString('hex')
const quiet = { info: () => undefined, warn: () => undefined }
const target = 'https://shop.example/p/cherries?id=1&from=wecom#top'

/** Openings of the links of a campaign's tasks; the server is killed in the middle and started again. */
export const bench: Bench = {
  name: 'links',
  describe: 'tracked links: led on once the opening is durable, and none lost through a kill -9; fsync on',
  async run({ folder: dataDir, say, option }) {
    const config = {
      tasks: option('tasks', 8_000),
      connections: option('connections', 96),
      burst: option('burst', 60_000),
      rate_per_s: option('rate', 3_000),
      steady_s: option('seconds', 10),
      killed_rate_per_s: option('killed-rate', 1_500),
      after: option('after', 2_000),
    }
    const postgres = await startEmbeddedPostgres({ dataDir, log: quiet })
    const database = openDatabase(postgres.url)
    const port = await freePort()
    const env = { SANDBOX: 'off', DATABASE_URL: postgres.url, DATA_DIR: dataDir, NUANYU_KEY: key }
    try {
      await migrate(database.pool)
      const corp = await saveCorp(database.db, { corpid: 'wwbench0000000000001', name: 'Bench' }, new Date())
      const wanted = Array.from({ length: config.tasks }, (_, task) => ({ target, run: 1, task, place: 0 }))
      const minting = performance.now()
      const tokens = await database.db.transaction().execute((tx) => mintLinks(tx, createVault(key), corp.id, wanted))
      const mintMs = performance.now() - minting
      const paths = tokens.map((token) => linkAddress('', token))
      const answered = new Map<string, number>()
      const ask = async (plan: Pick<GeneratorPlan, 'port' | 'rate' | 'limitMs'> & { count: number }) => {
        const { count, ...rest } = plan
        const requests = Array.from({ length: count }, () => ({ path: paths[random(paths.length)] ?? '' }))
        const report = await runWorker<GeneratorReport>('callback-generator.ts', {
          ...{ host: '127.0.0.1', connections: config.connections, requests },
          ...rest,
        } satisfies GeneratorPlan)
        if (plan.port === port)
          for (const [path, times] of Object.entries(report.answeredOf))
            answered.set(path, (answered.get(path) ?? 0) + times)
        return report
      }

      const bare = await bareRedirect(target)
      const floor = await ask({ port: bare.port, rate: 0, limitMs: 8_000, count: config.burst })
      await bare.close()
      say(`floor ${perSecond(floor)}/s`)

      let server = await startServerProcess(port, env)
      try {
        await ask({ port, rate: 0, limitMs: 5_000, count: 4_000 })
        const fast = await ask({ port, rate: 0, limitMs: 30_000, count: config.burst })
        say(`as fast as it goes ${perSecond(fast)}/s`)
        const paced = { port, rate: config.rate_per_s, limitMs: config.steady_s * 2_000 }
        const before = await useOf(server.pid, dataDir, database.pool)
        const steady = await ask({ ...paced, count: config.rate_per_s * config.steady_s })
        const after = await useOf(server.pid, dataDir, database.pool)
        const waited = summary(steady.latencies)
        say(`at ${config.rate_per_s}/s p99 ${waited.p99} ms`)

        const killed = { port, rate: config.killed_rate_per_s, limitMs: 4_000, count: config.killed_rate_per_s * 4 }
        const through = ask(killed)
        await pause(2_000)
        await server.kill()
        const cut = await through
        server = await startServerProcess(port, env)
        await ask({ ...killed, rate: 0, limitMs: 30_000, count: config.after })
        await server.stop()
        const { kept, lost } = await account(database, paths, answered)
        const figures = {
          rate_per_s: perSecond(fast),
          ...{ p99_ms: waited.p99, p50_ms: waited.p50, max_ms: waited.max },
          burst_p99_ms: summary(fast.latencies).p99,
          lost,
          unanswered: fast.broken + fast.refused + steady.broken + steady.refused,
          answered: [...answered.values()].reduce((sum, one) => sum + one, 0),
          kept,
          cut_by_the_kill: cut.broken,
          mint_ms: Math.round(mintMs),
          ...perThousand(before, after, steady.answered),
          floor_per_s: perSecond(floor),
          floor_ratio: Math.round((perSecond(fast) / perSecond(floor)) * 100) / 100,
        }
        const ok =
          figures.rate_per_s >= 3_000 &&
          (figures.p99_ms ?? Number.POSITIVE_INFINITY) <= 20 &&
          figures.lost === 0 &&
          figures.unanswered === 0
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

/** Of every link: was somebody led on whose opening is not kept? */
async function account(
  { pool }: Pick<ReturnType<typeof openDatabase>, 'pool'>,
  paths: readonly string[],
  answered: ReadonlyMap<string, number>,
): Promise<{ kept: number; lost: number }> {
  const { rows } = await pool.query<{ task: number; n: number }>(
    'select task, count(*)::int as n from link_opens group by task',
  )
  const kept = new Map(rows.map((row) => [row.task, row.n]))
  const lost = paths.map((path, task) => Math.max(0, (answered.get(path) ?? 0) - (kept.get(task) ?? 0)))
  const sum = (counts: Iterable<number>) => [...counts].reduce((all, one) => all + one, 0)
  return { kept: sum(kept.values()), lost: sum(lost) }
}

const random = (most: number): number => Math.floor(Math.random() * most)

const perSecond = ({ answered, elapsedMs }: GeneratorReport): number => Math.round((answered / elapsedMs) * 1000)

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
