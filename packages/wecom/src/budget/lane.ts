import { BudgetExhaustedError } from '../client/errors.ts'
import { type Allowance, ceiling, rank } from './policy.ts'
import type { BudgetForecast, LimitKind, Priority } from './types.ts'
import { SlidingWindow } from './window.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Minute and hour of one limited thing: a corp's API, or a source IP's. */
export class Usage {
  readonly minute = new SlidingWindow(minuteMs, 600)
  readonly hour = new SlidingWindow(hourMs, 360)

  add(now: number): void {
    this.minute.add(now)
    this.hour.add(now)
  }

  roomAt(now: number, minuteLimit: number, hourLimit: number): number {
    return Math.max(this.minute.roomAt(now, minuteLimit), this.hour.roomAt(now, hourLimit))
  }
}

interface Waiter {
  readonly priority: Priority
  readonly deadline: number
  readonly order: number
  readonly go: () => void
  readonly refuse: (error: BudgetExhaustedError) => void
}

export interface LaneContext {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** How long the platform refuses after a limit was exceeded. */
  readonly blockMs: { readonly minute: number; readonly hour: number }
}

/** After this many calls without a conflict one more may run at the same time. */
const callsPerRecovery = 20

/** The budget of one corp × API: who may go now, who waits, who cannot be in time. */
export class Lane {
  readonly #corpId: string
  readonly #path: string
  readonly #allowance: Allowance
  readonly #context: LaneContext
  readonly #ip: Usage
  readonly #own = new Usage()
  readonly #waiting: Waiter[] = []
  #gate: number
  #running = 0
  #sinceConflict = 0
  #blockedUntil = 0
  #order = 0
  #wakeAt = Number.POSITIVE_INFINITY

  constructor(corpId: string, path: string, allowance: Allowance, ip: Usage, context: LaneContext) {
    this.#corpId = corpId
    this.#path = path
    this.#allowance = allowance
    this.#gate = allowance.gate
    this.#ip = ip
    this.#context = context
  }

  acquire(priority: Priority, deadline: number | undefined): Promise<() => void> {
    const until = deadline ?? Number.POSITIVE_INFINITY
    const roomAt = this.#roomAt(priority)
    if (roomAt > until) return Promise.reject(new BudgetExhaustedError(this.#corpId, this.#path, roomAt))
    return new Promise((resolve, reject) => {
      this.#order += 1
      this.#enqueue({
        priority,
        deadline: until,
        order: this.#order,
        go: () => resolve(this.#release()),
        refuse: reject,
      })
      this.#pump()
      if (deadline !== undefined && this.#waiting.length > 0) this.#wake(deadline)
    })
  }

  limited(kind: LimitKind): void {
    const { now, blockMs } = this.#context
    if (kind === 'concurrent') {
      this.#gate = Math.max(1, Math.floor(this.#gate / 2))
      this.#sinceConflict = 0
      return
    }
    this.#blockedUntil = Math.max(this.#blockedUntil, now() + blockMs[kind])
    this.#pump()
  }

  forecast(): BudgetForecast {
    const now = this.#context.now()
    const used = this.#own.hour.used(now)
    const perMinute = this.#own.minute.used(now)
    const left = this.#allowance.hour - used
    // In the first hour nothing leaves the window; afterwards the same rate only lasts when it is below the hour's.
    const lasting = perMinute * 60 <= this.#allowance.hour
    return {
      corpId: this.#corpId,
      path: this.#path,
      minute: { used: perMinute, limit: this.#allowance.minute },
      hour: { used, limit: this.#allowance.hour },
      running: this.#running,
      waiting: this.#waiting.length,
      perMinute,
      ...(lasting ? {} : { exhaustedAt: now + (Math.max(0, left) / perMinute) * minuteMs }),
      ...(this.#blockedUntil > now ? { blockedUntil: this.#blockedUntil } : {}),
    }
  }

  #roomAt(priority: Priority): number {
    const now = this.#context.now()
    const { minute, hour, ipMinute, ipHour } = this.#allowance
    return Math.max(
      this.#blockedUntil,
      this.#own.roomAt(now, ceiling(minute, priority), ceiling(hour, priority)),
      this.#ip.roomAt(now, ceiling(ipMinute, priority), ceiling(ipHour, priority)),
    )
  }

  #enqueue(waiter: Waiter): void {
    let low = 0
    let high = this.#waiting.length
    while (low < high) {
      const middle = (low + high) >> 1
      const there = this.#waiting[middle]
      if (there !== undefined && before(there, waiter)) low = middle + 1
      else high = middle
    }
    this.#waiting.splice(low, 0, waiter)
  }

  /** Lets go whom there is room for. A priority never has less room than a lower one, so the first decides for all. */
  #pump(): void {
    const { now } = this.#context
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const roomAt = this.#roomAt(first.priority)
      if (roomAt > first.deadline || now() > first.deadline) {
        this.#waiting.shift()
        first.refuse(new BudgetExhaustedError(this.#corpId, this.#path, Math.max(roomAt, now())))
        continue
      }
      if (this.#running >= this.#gate) return
      if (roomAt > now()) {
        this.#wake(roomAt)
        return
      }
      this.#waiting.shift()
      this.#own.add(now())
      this.#ip.add(now())
      this.#running += 1
      first.go()
    }
  }

  #release(): () => void {
    let released = false
    return () => {
      if (released) return
      released = true
      this.#running -= 1
      this.#sinceConflict += 1
      if (this.#gate < this.#allowance.gate && this.#sinceConflict >= callsPerRecovery) {
        this.#gate += 1
        this.#sinceConflict = 0
      }
      this.#pump()
    }
  }

  #wake(at: number): void {
    if (at >= this.#wakeAt || at === Number.POSITIVE_INFINITY) return
    this.#wakeAt = at
    const ms = Math.max(1, Math.ceil(at - this.#context.now()))
    void this.#context.sleep(ms).then(() => {
      // A later sleep may have been replaced by this earlier one: whoever comes first looks again.
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.#expire()
      this.#pump()
      this.#wake(
        this.#waiting.reduce((soonest, waiter) => Math.min(soonest, waiter.deadline), Number.POSITIVE_INFINITY),
      )
    })
  }

  #expire(): void {
    const now = this.#context.now()
    for (const waiter of this.#waiting.filter((one) => one.deadline <= now)) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      waiter.refuse(new BudgetExhaustedError(this.#corpId, this.#path, Math.max(this.#roomAt(waiter.priority), now)))
    }
  }
}

function before(a: Waiter, b: Waiter): boolean {
  const ranks = rank(a.priority) - rank(b.priority)
  if (ranks !== 0) return ranks < 0
  return a.deadline === b.deadline ? a.order < b.order : a.deadline < b.deadline
}
