import type { CallbackRecord, CallRecord, OracleSummary, ReachedMessage, StreamEvent } from '../admin/schema.ts'
import type { SandboxClock } from '../clock/clock.ts'
import { type AddLog, createAddLog } from './adds.ts'
import { percentiles } from './percentiles.ts'
import { type Ring, ring } from './ring.ts'

/** Everything that reached the platform and every person, seen from the platform's side. Counts are complete. */
export interface Oracle {
  readonly calls: Ring<CallRecord>
  readonly callbacks: Ring<CallbackRecord>
  readonly messages: Ring<ReachedMessage & { seq: number }>
  readonly adds: AddLog
  recordCall(call: Omit<CallRecord, 'seq'>): void
  recordCallback(attempt: Omit<CallbackRecord, 'seq'>): void
  /** A callback was given up, or its first attempt is under way. */
  callbackOpened(): void
  callbackClosed(acknowledged: boolean): void
  recordMessage(reached: ReachedMessage): void
  recordExpiredWelcome(): void
  summary(): OracleSummary
  reset(): void
  /** What happens from now on, as it happens. */
  listen(listener: (event: StreamEvent) => void): () => void
  emit(event: StreamEvent): void
}

const KEPT_CALLS = 20_000
const KEPT_CALLBACKS = 20_000
const KEPT_MESSAGES = 50_000
const FREQUENCY = 45009

interface Counts {
  sinceMs: number
  limitErrors: number
  byPath: Map<string, { count: number; errors: Map<number, number> }>
  bySource: Map<string, number>
  callbacks: { total: number; acknowledged: number; lost: number; attempts: number }
  expired: number
}

export function createOracle(clock: SandboxClock): Oracle {
  const calls = ring<CallRecord>(KEPT_CALLS)
  const callbacks = ring<CallbackRecord>(KEPT_CALLBACKS)
  const messages = ring<ReachedMessage & { seq: number }>(KEPT_MESSAGES)
  const adds = createAddLog()
  const listeners = new Set<(event: StreamEvent) => void>()
  let counts = zero(clock.now())
  let inFlight = 0
  const emit = (event: StreamEvent) => {
    for (const listener of listeners) listener(event)
  }

  return {
    calls,
    callbacks,
    messages,
    adds,
    recordCall(call) {
      const data = calls.push((seq) => ({ seq, ...call }))
      const known = counts.byPath.get(call.path)
      const path = known ?? { count: 0, errors: new Map<number, number>() }
      if (known === undefined) counts.byPath.set(call.path, path)
      path.count++
      if (call.errcode !== 0) path.errors.set(call.errcode, (path.errors.get(call.errcode) ?? 0) + 1)
      if (call.errcode === FREQUENCY) counts.limitErrors++
      if (listeners.size > 0) emit({ event: 'call', data })
    },
    recordCallback(attempt) {
      const data = callbacks.push((seq) => ({ seq, ...attempt }))
      if (attempt.result !== 'lost') counts.callbacks.attempts++
      if (listeners.size > 0) emit({ event: 'callback', data })
    },
    callbackOpened() {
      inFlight++
      counts.callbacks.total++
    },
    callbackClosed(acknowledged) {
      inFlight--
      if (acknowledged) counts.callbacks.acknowledged++
      else counts.callbacks.lost++
    },
    recordMessage(reached) {
      messages.push((seq) => ({ seq, ...reached }))
      const { source } = reached.message
      counts.bySource.set(source, (counts.bySource.get(source) ?? 0) + 1)
      if (listeners.size > 0) emit({ event: 'message', data: reached })
    },
    recordExpiredWelcome: () => void counts.expired++,
    summary() {
      const nowMs = clock.now()
      return {
        sinceMs: counts.sinceMs,
        nowMs,
        ...judgeAdds(adds, nowMs, counts.expired),
        calls: {
          total: calls.total,
          limitErrors: counts.limitErrors,
          byPath: Object.fromEntries(
            [...counts.byPath].map(([path, { count, errors }]) => [
              path,
              { count, errors: Object.fromEntries(errors) },
            ]),
          ),
        },
        callbacks: { ...counts.callbacks, inFlight },
        messages: { total: messages.total, bySource: Object.fromEntries(counts.bySource) },
      }
    },
    reset() {
      calls.clear()
      callbacks.clear()
      messages.clear()
      adds.clear()
      counts = zero(clock.now())
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit,
  }
}

function zero(sinceMs: number): Counts {
  const callbacks = { total: 0, acknowledged: 0, lost: 0, attempts: 0 }
  return { sinceMs, limitErrors: 0, byPath: new Map(), bySource: new Map(), callbacks, expired: 0 }
}

function judgeAdds(
  adds: AddLog,
  nowMs: number,
  expired: number,
): Pick<OracleSummary, 'adds' | 'welcomes' | 'latencyMs'> {
  const of = { total: adds.total, withCode: 0, withoutCode: 0, half: 0 }
  const welcomes = { sent: 0, duplicates: 0, missing: 0, pending: 0, expired, peakPerMinute: 0 }
  const toAck: number[] = []
  const ackTo: number[] = []
  const toWelcome: number[] = []
  const sentIn = new Map<number, number>()
  for (const add of adds.rows()) {
    if (add.codes > 0) of.withCode++
    else of.withoutCode++
    if (add.half) of.half++
    if (add.firstAckMs >= 0) toAck.push(add.firstAckMs - add.scannedMs)
    if (add.welcomes > 0) {
      welcomes.sent++
      welcomes.duplicates += add.welcomes - 1
      toWelcome.push(add.welcomedMs - add.scannedMs)
      if (add.firstAckMs >= 0) ackTo.push(add.welcomedMs - add.firstAckMs)
      const minute = Math.floor(add.welcomedMs / 60_000)
      sentIn.set(minute, (sentIn.get(minute) ?? 0) + 1)
    } else if (add.codes > 0) {
      if (nowMs > add.expiresMs) welcomes.missing++
      else welcomes.pending++
    }
  }
  welcomes.peakPerMinute = Math.max(0, ...sentIn.values())
  return {
    adds: of,
    welcomes,
    latencyMs: {
      scanToAck: percentiles(toAck),
      ackToWelcome: percentiles(ackTo),
      scanToWelcome: percentiles(toWelcome),
    },
  }
}
