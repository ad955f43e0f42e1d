import { openCallback, parseEvent } from '@nuanyu/wecom'
import { daysKept } from '../../infra/retention/rules.ts'
import { type Callback, laneOf, partiesOf } from './callback.ts'
import type { CallbackApp } from './callback-apps.ts'
import { dedupeKey } from './dedupe-key.ts'

export interface ReceivedRequest {
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface WelcomeTiming {
  /** Life of a welcome code, ms. */
  readonly lifeMs: number
  /** Kept for the call itself: nothing is sent later than this before the end, ms. */
  readonly marginMs: number
}

/** Verifies and decrypts the body of a callback; throws `CallbackError` with the official code. */
export function openRequest(app: CallbackApp, request: ReceivedRequest): string {
  return openCallback({
    token: app.token,
    aesKey: app.aesKey,
    receiveId: app.corpid,
    query: {
      msg_signature: request.query['msg_signature'] ?? '',
      timestamp: request.query['timestamp'] ?? '',
      nonce: request.query['nonce'] ?? '',
    },
    body: request.body,
  }).xml
}

const dayMs = 86_400_000
const keysKeptDays = daysKept('dedupe_keys') ?? Number.POSITIVE_INFINITY

/** The last moment that is written with four digits of a year: PostgreSQL reads no more of ISO 8601. */
const endOfTime = Date.UTC(9999, 11, 31)

/** The callback as the inbox keeps it. */
export function toCallback(
  app: { readonly corpId: number; readonly appId: string },
  xml: string,
  receivedAt: Date,
  receivedMs: number,
  timing: WelcomeTiming,
): Callback {
  const event = parseEvent(xml)
  const { subject, staffUserid } = partiesOf(event)
  return {
    id: 0,
    key: dedupeKey(app.corpId, app.appId, event, xml),
    corpId: app.corpId,
    appId: app.appId,
    kind: event.kind,
    subject,
    staffUserid,
    createdAt: new Date(Math.min(event.createTime * 1000, endOfTime)),
    receivedAt,
    receivedMs,
    ...laneOf(event, timing.lifeMs, timing.marginMs),
    event,
    xml,
  }
}

/**
 * Told of longer ago than repeats are remembered: what comes then is an old body that somebody replays. Documents whose
 * family we do not know may lack a time, and are handled by nobody.
 */
export function isStale(callback: Callback): boolean {
  const age = callback.receivedAt.getTime() - callback.createdAt.getTime()
  return callback.event.kind !== 'unknown' && age > (keysKeptDays - 1) * dayMs
}
