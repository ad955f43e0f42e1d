import { Hono } from 'hono'
import { sql } from 'kysely'
import type { Services } from '../services.ts'

export interface HealthFacts {
  readonly version: string
  readonly databaseKind: string
  readonly migration: string
  readonly sandbox: boolean
  readonly depth: () => number
  /** Everything that a start does is done. */
  readonly ready: () => boolean
}

/** `GET /healthz` and `GET /metrics`: for people, probes and Prometheus; no log-in, no personal data. */
export function healthRoutes(services: Services, facts: HealthFacts): Hono {
  const app = new Hono()
  app.get('/healthz', async (c) => {
    const base = {
      version: facts.version,
      ready: facts.ready(),
      database: { kind: facts.databaseKind, version: null as string | null },
      migration: facts.migration,
      roles: [...services.config.roles],
      sandbox: facts.sandbox,
      inbox: {
        depth: facts.depth(),
        stored: null as number | null,
        oldest_s: null as number | null,
        dead: null as number | null,
      },
      jobs: { waiting: null as number | null },
    }
    try {
      const state = await readHealth(services.db)
      return c.json({
        ok: true,
        ...base,
        database: { kind: facts.databaseKind, version: state.version },
        inbox: { depth: facts.depth(), stored: state.stored, oldest_s: state.oldest_s, dead: state.dead },
        jobs: { waiting: state.jobs },
      })
    } catch (error) {
      services.log.warn({ err: error }, 'the database does not answer the health check')
      return c.json(
        {
          ok: false,
          ...base,
          problem: '数据库没有应答；回调正写入应急文件 The database does not answer; callbacks go to the spill file.',
        },
        503,
      )
    }
  })
  app.get('/metrics', async (c) =>
    c.text(await services.metrics.registry.metrics(), 200, { 'content-type': services.metrics.registry.contentType }),
  )
  return app
}

interface HealthState {
  readonly version: string
  readonly stored: number
  readonly oldest_s: number | null
  readonly dead: number
  readonly jobs: number
}

async function readHealth(db: Services['db']): Promise<HealthState> {
  const { rows } = await sql<HealthState>`
    select current_setting('server_version') as version,
      (select coalesce(sum(size), 0)::int from inbox_batches) as stored,
      (select extract(epoch from (now() - min(received_at)))::float8 from inbox_batches) as oldest_s,
      (select count(*)::int from callback_retries where dead_at is not null) as dead,
      (select count(*)::int from graphile_worker.jobs where locked_at is null) as jobs`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Error('the health query answered nothing')
  return row
}
