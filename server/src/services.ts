import { memoryBudget } from '@nuanyu/wecom'
import type { Clock } from './infra/clock.ts'
import type { Config } from './infra/config.ts'
import type { OpenDatabase } from './infra/db/database.ts'
import { createListener, type Listener } from './infra/db/listen.ts'
import { createEffects } from './infra/effects/effects.ts'
import { createJobs, type Jobs } from './infra/jobs/jobs.ts'
import type { Log } from './infra/log.ts'
import { createMetrics } from './infra/metrics.ts'
import { createOperations } from './infra/operations/create.ts'
import { createPlatform } from './infra/platform/platform.ts'
import { type ProcessRegistration, registerProcess } from './infra/processes.ts'
import { createVault, loadMasterKey } from './infra/secrets/vault.ts'
import type { Services } from './infra/services.ts'

export interface OpenServices {
  readonly services: Services
  readonly jobs: Jobs
  readonly listener: Listener
  readonly registration: ProcessRegistration
}

/** Makes what every room is given, once a process. */
export async function openServices(
  config: Config,
  database: OpenDatabase,
  clock: Clock,
  log: Log,
  platformUrl: string,
): Promise<OpenServices> {
  const { db, pool } = database
  const metrics = createMetrics()
  const vault = createVault(await loadMasterKey(config.key, config.dataDir))
  const registration = await registerProcess(db, pool, [...config.roles].join(','), (error) => {
    log.warn({ err: error }, 'the connection that says this process lives was lost; it is taken again')
  })
  const listener = createListener(pool, log)
  const jobs = createJobs({ pool, log })
  await jobs.migrate()
  const operations = createOperations({ db, jobs, listener, clock, log, processId: registration.id })
  const platform = createPlatform({
    db,
    vault,
    log,
    metrics,
    listener,
    baseUrl: platformUrl,
    budgetOf: (_corpId, limits) => memoryBudget(limits),
  })
  const services: Services = {
    config,
    database,
    db,
    clock,
    log,
    metrics,
    vault,
    processId: registration.id,
    platform,
    effects: createEffects(registration.id),
    operations,
  }
  return { services, jobs, listener, registration }
}
