import { openCallback, parseEvent } from '@nuanyu/wecom'
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
    createdAt: new Date(event.createTime * 1000),
    receivedAt,
    receivedMs,
    ...laneOf(event, timing.lifeMs, timing.marginMs),
    event,
    xml,
  }
}
