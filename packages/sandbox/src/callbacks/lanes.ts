/** Runs deliveries side by side up to a bound, or one after another per app. */
export interface Lanes {
  run(appKey: string, job: () => Promise<void>): void
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
}

export function createLanes(config: () => { order: 'any' | 'serial'; concurrency: number }): Lanes {
  const waiting: { appKey: string; job: () => Promise<void> }[] = []
  const busyApps = new Map<string, number>()
  let running = 0
  let first = 0
  let idlers: (() => void)[] = []

  const next = () => {
    const { order, concurrency } = config()
    while (running < concurrency && first < waiting.length) {
      // In serial order an app that is busy must not block the others behind it.
      let at = first
      if (order === 'serial') while (at < waiting.length && (busyApps.get(waiting[at]?.appKey ?? '') ?? 0) > 0) at++
      const entry = waiting[at]
      if (entry === undefined) return
      if (at === first) first++
      else waiting.splice(at, 1)
      start(entry)
    }
    if (first > 1000 && first * 2 > waiting.length) {
      waiting.splice(0, first)
      first = 0
    }
  }
  const start = ({ appKey, job }: { appKey: string; job: () => Promise<void> }) => {
    running++
    busyApps.set(appKey, (busyApps.get(appKey) ?? 0) + 1)
    const failed = (error: unknown) => console.error('the sandbox could not deliver a callback', error)
    void job()
      .catch(failed)
      .finally(() => {
        running--
        busyApps.set(appKey, (busyApps.get(appKey) ?? 1) - 1)
        next()
        if (running === 0 && first >= waiting.length) {
          const told = idlers
          idlers = []
          for (const tell of told) tell()
        }
      })
  }
  return {
    run(appKey, job) {
      waiting.push({ appKey, job })
      next()
    },
    idle: () =>
      running === 0 && first >= waiting.length
        ? Promise.resolve()
        : new Promise<void>((resolve) => idlers.push(resolve)),
  }
}
