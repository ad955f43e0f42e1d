import { z } from 'zod'
import { ClockState, Fault } from './schema.control.ts'
import { Message, PersonId } from './schema.people.ts'

/** One call that reached the platform's paths. */
export const CallRecord = z.object({
  seq: z.number().int(),
  atMs: z.number(),
  method: z.string(),
  path: z.string(),
  appKey: z.string().nullable(),
  /** Query or body as received; uploads name their file only; long ones are cut. */
  request: z.unknown(),
  errcode: z.number().int(),
  errmsg: z.string(),
  /** Machine milliseconds. */
  ms: z.number(),
  /** The fault that hit it. */
  fault: z.string().optional(),
})
export type CallRecord = z.infer<typeof CallRecord>

/** One attempt to deliver a callback. */
export const CallbackRecord = z.object({
  seq: z.number().int(),
  /** Attempts of one callback share it. */
  callbackId: z.number().int(),
  atMs: z.number(),
  appKey: z.string(),
  /** `Event/ChangeType`. */
  event: z.string(),
  userid: z.string().optional(),
  externalUserId: z.string().optional(),
  attempt: z.number().int(),
  result: z.enum(['acknowledged', 'refused', 'timeout', 'network', 'lost']),
  status: z.number().int().optional(),
  ms: z.number(),
  fault: z.string().optional(),
})
export type CallbackRecord = z.infer<typeof CallbackRecord>

/** A message together with the person it reached. */
export const ReachedMessage = z.object({ person: PersonId, message: Message })
export type ReachedMessage = z.infer<typeof ReachedMessage>

/** `?after=<seq>&limit=&path=&appKey=&errcode=`; `total` counts all since the last reset, the list holds what the ring still has. */
export const CallsResponse = z.object({ total: z.number().int(), calls: z.array(CallRecord) })
export type CallsResponse = z.infer<typeof CallsResponse>
/** `?after=&limit=&appKey=&event=` */
export const CallbacksResponse = z.object({ total: z.number().int(), callbacks: z.array(CallbackRecord) })
export type CallbacksResponse = z.infer<typeof CallbacksResponse>
/** `?person=&limit=&source=` */
export const ReachedResponse = z.object({ total: z.number().int(), messages: z.array(ReachedMessage) })
export type ReachedResponse = z.infer<typeof ReachedResponse>

export const Percentiles = z.object({
  count: z.number().int(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  p999: z.number().nullable(),
  max: z.number().nullable(),
})
export type Percentiles = z.infer<typeof Percentiles>

/** `GET /sandbox/oracle/adds?after=&limit=`: one row an add since the reset, columns by position, times in sandbox ms or -1. */
export const AddsResponse = z.object({
  total: z.number().int(),
  columns: z.tuple([
    z.literal('add'),
    z.literal('userid'),
    z.literal('externalUserId'),
    z.literal('scannedMs'),
    z.literal('firstAckMs'),
    z.literal('welcomedMs'),
    z.literal('welcomes'),
    z.literal('codes'),
    z.literal('rejectedWelcomes'),
  ]),
  rows: z.array(
    z.tuple([
      z.number(),
      z.string(),
      z.string(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
    ]),
  ),
})
export type AddsResponse = z.infer<typeof AddsResponse>

/** `GET /sandbox/oracle/summary`: complete counts since the last reset, whatever the rings have forgotten. */
export const OracleSummary = z.object({
  sinceMs: z.number(),
  nowMs: z.number(),
  adds: z.object({
    total: z.number().int(),
    withCode: z.number().int(),
    withoutCode: z.number().int(),
    half: z.number().int(),
  }),
  welcomes: z.object({
    /** Adds that got at least one welcome by an app. */
    sent: z.number().int(),
    /** Welcomes beyond the first of one add. Must be 0. */
    duplicates: z.number().int(),
    /** Adds with a code, no welcome, and the code's 20 s over. */
    missing: z.number().int(),
    /** Adds with a code, no welcome yet, code still valid. */
    pending: z.number().int(),
    /** Calls answered 41050 because the code was too old. */
    expired: z.number().int(),
    /** The busiest minute. */
    peakPerMinute: z.number().int(),
  }),
  latencyMs: z.object({
    /** Scan to the first acknowledged callback. */
    scanToAck: Percentiles,
    ackToWelcome: Percentiles,
    scanToWelcome: Percentiles,
  }),
  calls: z.object({
    total: z.number().int(),
    limitErrors: z.number().int(),
    byPath: z.record(z.string(), z.object({ count: z.number().int(), errors: z.record(z.string(), z.number().int()) })),
  }),
  callbacks: z.object({
    total: z.number().int(),
    acknowledged: z.number().int(),
    /** Given up after the last attempt. */
    lost: z.number().int(),
    attempts: z.number().int(),
    inFlight: z.number().int(),
  }),
  messages: z.object({ total: z.number().int(), bySource: z.record(z.string(), z.number().int()) }),
})
export type OracleSummary = z.infer<typeof OracleSummary>

/**
 * `GET /sandbox/oracle/weixin`: what people did with the Official Account, the mini program and the shop since the last
 * reset, and how many follow now. A brand's own figures must come to the same.
 */
export const WeixinOracle = z.object({
  sinceMs: z.number(),
  /** Persons who did anything. */
  people: z.number().int(),
  followers: z.number().int(),
  /** By what was done: `oa.subscribed`, `mini_program.opened`, `shop.order_paid`, `subscribe_message.accepted`, … */
  counts: z.record(z.string(), z.object({ count: z.number().int(), fen: z.number().int() })),
})
export type WeixinOracle = z.infer<typeof WeixinOracle>

/** Server-sent events of `GET /sandbox/stream`: the `event:` line names the kind, `data:` holds this as JSON. */
export const StreamEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('call'), data: CallRecord }),
  z.object({ event: z.literal('callback'), data: CallbackRecord }),
  z.object({ event: z.literal('message'), data: ReachedMessage }),
  z.object({ event: z.literal('clock'), data: ClockState }),
  z.object({ event: z.literal('fault'), data: Fault }),
])
export type StreamEvent = z.infer<typeof StreamEvent>
