/** Work that is looked after again and again by a process: what came is worked off, then it is looked again. */
export interface Rounds<T = void> {
  /** Looks at once, and then every so often; a round that takes longer is not joined by a second. */
  start(): void
  /** No more rounds; comes back when the one under way has ended. */
  stop(): Promise<void>
  /** Long rounds ask between their steps whether they are still wanted. */
  isStopped(): boolean
  /** One round, now and beside the others. */
  pass(): Promise<T>
}

export interface RoundsOptions<T> {
  /** How often to look, in machine time. */
  readonly everyMs: number
  /** One round. One that fails is logged, and the next one tries again. */
  readonly pass: () => Promise<T>
  /** Of what these are rounds, for the log: `tags`. */
  readonly what: string
  readonly log: { warn(fields: { err: unknown }, message: string): void }
}

/** Any number of processes may have rounds of the same thing; each process has one at a time. */
export function createRounds<T>({ everyMs, pass, what, log }: RoundsOptions<T>): Rounds<T> {
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const round = async (): Promise<void> => {
    try {
      await pass()
    } catch (error) {
      log.warn({ err: error }, `a round of ${what} failed; the next one tries again`)
    } finally {
      running = undefined
    }
  }
  const look = (): void => {
    running ??= round()
  }
  return {
    start() {
      stopped = false
      clearInterval(timer)
      timer = setInterval(look, everyMs)
      timer.unref()
      look()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
    isStopped: () => stopped,
    pass,
  }
}
