import { databaseLeases } from './infra/budget/budget.store.ts'
import { createSharedBudget } from './infra/budget/budget.ts'
import type { Clock } from './infra/clock.ts'
import type { Config } from './infra/config.ts'
import { type OpenDatabase, openDatabase } from './infra/db/database.ts'
import { createListener, type Listener } from './infra/db/listen.ts'
import { createDue } from './infra/due/due.ts'
import { createEffects } from './infra/effects/effects.ts'
import { createJobs, type Jobs } from './infra/jobs/jobs.ts'
import type { Log } from './infra/log.ts'
import { createMetrics } from './infra/metrics.ts'
import { createOperations } from './infra/operations/create.ts'
import { createCallFailures } from './infra/platform/failures.ts'
import { createPlatform } from './infra/platform/platform.ts'
import { createPressure } from './infra/pressure.ts'
import { type ProcessRegistration, registerProcess } from './infra/processes.ts'
import { createVault, loadMasterKey } from './infra/secrets/vault.ts'
import type { Services } from './infra/services.ts'

export interface OpenServices {
  readonly services: Services
  readonly jobs: Jobs
  readonly listener: Listener
  readonly registration: ProcessRegistration
  /** Refuses who still waits for budget and closes its connections. */
  readonly closeBudget: () => Promise<void>
}

/** Makes what every room is given, once a process. */
export async function openServices(
  config: Config,
  database: OpenDatabase,
  clock: Clock,
  log: Log,
  sandboxUrl: string | undefined,
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
  // a lease must not queue behind other work, so the budget has connections of its own
  const budgetDatabase = openDatabase(pool.options.connectionString ?? '', {
    max: 2,
    onError: (error) => log.warn({ err: error }, 'a connection of the budget broke'),
  })
  const budget = createSharedBudget({ source: databaseLeases({ db: budgetDatabase.db, listener }), log })
  const failures = createCallFailures({ db, clock, log })
  const platform = createPlatform({
    db,
    vault,
    log,
    metrics,
    listener,
    budget,
    baseUrl: sandboxUrl ?? config.wecomUrl,
    onFailure: failures.note,
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
    pressure: createPressure(),
    due: createDue({ db, clock, listener, log }),
    sandboxUrl,
  }
  const closeBudget = async () => {
    budget.stop()
    await failures.flush()
    await budgetDatabase.close()
  }
  return { services, jobs, listener, registration, closeBudget }
}
