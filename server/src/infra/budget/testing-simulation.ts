import { type BudgetKey, type History, keyText, type LeaseSource, type MachineClock } from './leases.ts'
import { type Ask, type Lease, type MinuteCount, type Pace, takeLease } from './rules.ts'

/** For tests: several processes on one simulated machine clock, and the shared state in memory behind a delay. */
export interface Simulation {
  now(): number
  /** The clock of one process; `skew` ms beside the shared one. */
  clock(skew?: number): MachineClock
  source: LeaseSource & { away: boolean; processes: number; corps: number }
  at(ms: number, act: () => void): void
  /** Runs until that moment; answers when nothing is left to do before it. */
  run(until: number): Promise<void>
}

export function simulate(options: { delayMs?: () => number; start?: number } = {}): Simulation {
  const start = options.start ?? 1_000_000
  const delayMs = options.delayMs ?? (() => 2)
  let now = start
  let order = 0
  // a plain sorted array: a few thousand timers at most stand in it
  const timers: { at: number; order: number; fire: () => void; off: boolean }[] = []
  const add = (at: number, fire: () => void) => {
    const timer = { at: Math.max(at, now), order: order++, fire, off: false }
    let low = 0
    let high = timers.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = timers[middle]
      if (other !== undefined && (other.at < timer.at || (other.at === timer.at && other.order < timer.order)))
        low = middle + 1
      else high = middle
    }
    timers.splice(low, 0, timer)
    return () => {
      timer.off = true
    }
  }
  const later = <T>(give: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      add(now + delayMs() / 2, () => {
        let answer: T
        try {
          answer = give()
        } catch (error) {
          reject(error)
          return
        }
        add(now + delayMs() / 2, () => resolve(answer))
      })
    })

  const paces = new Map<string, Pace>()
  const counts = new Map<string, Map<number, number>>()
  const countsOf = (key: BudgetKey) => {
    const known = counts.get(keyText(key)) ?? new Map<number, number>()
    counts.set(keyText(key), known)
    return known
  }
  const listed = (known: ReadonlyMap<number, number>): MinuteCount[] =>
    [...known].map(([minute, count]) => ({ minute, count }))
  const blockHandlers = new Set<(key: BudgetKey | undefined) => void>()
  const here = () => {
    if (source.away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  }
  const source = {
    away: false,
    processes: 1,
    corps: 1,
    lease: (key: BudgetKey, ask: Ask): Promise<Lease> =>
      later(() => {
        here()
        const known = countsOf(key)
        for (const { minute, count } of ask.returned) known.set(minute, (known.get(minute) ?? 0) - count)
        for (const { minute, count } of ask.spent) known.set(minute, (known.get(minute) ?? 0) + count)
        const pace = paces.get(keyText(key)) ?? { paceAt: 0, blockedUntil: undefined }
        const taken = takeLease(pace, listed(known), ask, now)
        paces.set(keyText(key), taken.pace)
        known.set(taken.lease.minute, (known.get(taken.lease.minute) ?? 0) + taken.lease.count)
        return taken.lease
      }),
    block: (key: BudgetKey, ms: number) =>
      later(() => {
        here()
        const pace = paces.get(keyText(key)) ?? { paceAt: 0, blockedUntil: undefined }
        paces.set(keyText(key), { ...pace, blockedUntil: Math.max(pace.blockedUntil ?? 0, now + ms) })
        for (const handler of blockHandlers) handler(key)
      }),
    history: (key: BudgetKey): Promise<History> =>
      later(() => ({ now, counts: listed(countsOf(key)), blockedUntil: paces.get(keyText(key))?.blockedUntil })),
    apis: (corpId: number): Promise<readonly string[]> =>
      later(() =>
        [...counts.keys()].filter((text) => text.startsWith(`${corpId} `)).map((text) => text.split(' ')[2] ?? ''),
      ),
    survey: () =>
      later(() => {
        here()
        return { processes: source.processes, corps: source.corps }
      }),
    onBlock(handler: (key: BudgetKey | undefined) => void) {
      blockHandlers.add(handler)
      return () => blockHandlers.delete(handler)
    },
  }
  return {
    now: () => now,
    clock: (skew = 0) => ({
      now: () => now + skew,
      wall: () => now + skew,
      // as Node does: whole milliseconds, one at least
      setTimer: (ms, fire) => add(now + Math.max(1, Math.ceil(ms)), fire),
    }),
    source,
    at: add,
    async run(until) {
      for (;;) {
        // let what was resolved go on before time does
        await new Promise((resolve) => setImmediate(resolve))
        const timer = timers[0]
        if (timer === undefined || timer.at > until) break
        timers.shift()
        now = timer.at
        if (!timer.off) timer.fire()
        while (timers[0] !== undefined && timers[0].at === now) {
          const same = timers.shift()
          if (same !== undefined && !same.off) same.fire()
        }
      }
      now = until
    },
  }
}

/** The most calls in any window of this length, wherever it begins. */
export function mostInWindow(moments: readonly number[], windowMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b)
  let most = 0
  let from = 0
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[from] ?? 0) <= (sorted[to] ?? 0) - windowMs) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}
