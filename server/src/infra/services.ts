import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { OpenDatabase } from './db/database.ts'
import type { Due } from './due/due.ts'
import type { Effects } from './effects/effects.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Operations } from './operations/operations.ts'
import type { Platform } from './platform/platform.ts'
import type { Pressure } from './pressure.ts'
import type { Vault } from './secrets/vault.ts'

/** What every room is given; made once in main.ts. */
export interface Services {
  readonly config: Config
  readonly database: OpenDatabase
  readonly db: OpenDatabase['db']
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly vault: Vault
  /** This process in the table `processes`: the owner of what it claims. */
  readonly processId: number
  /** Clients of the platform, one a corp and app. */
  readonly platform: Platform
  readonly effects: Effects
  readonly operations: Operations
  /** Lets what can wait give way to a burst at the inbox. */
  readonly pressure: Pressure
  /** Schedules in business time. */
  readonly due: Due
  /** Where the sandbox is reached; undefined: the platform is the real one. */
  readonly sandboxUrl?: string | undefined
}
