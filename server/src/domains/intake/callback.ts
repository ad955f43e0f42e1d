import type { WecomEvent } from '@nuanyu/wecom'

/** A callback that was verified and decrypted, on its way through the inbox. */
export interface Callback {
  /** 0 until it is stored. */
  readonly id: number
  readonly key: Buffer
  readonly corpId: number
  readonly appId: string
  readonly kind: string
  readonly subject: string | undefined
  readonly staffUserid: string | undefined
  /** When the platform says it happened. */
  readonly createdAt: Date
  readonly receivedAt: Date
  /** Machine milliseconds (performance.now) at receipt: stage timings are measured from it. */
  readonly receivedMs: number
  readonly lane: Lane
  /** Welcome lane: the moment (business time, ms) after which the welcome must not be sent. */
  readonly deadlineMs: number
  readonly event: WecomEvent
  readonly xml: string
}

export type Lane = 'welcome' | 'normal'

// Longer than any id of the platform. What is longer still must be stored, and an index takes no row above 2,700 bytes.
const maxSubject = 128
const maxUserid = 64

/** Whom an event is about and which member it concerns; what the callback log is searched by. */
export function partiesOf(event: WecomEvent): { subject: string | undefined; staffUserid: string | undefined } {
  const fields = event as { externalUserId?: string; userId?: string; chatId?: string; id?: string; linkId?: string }
  return {
    subject: (fields.externalUserId ?? fields.chatId ?? fields.id ?? fields.linkId ?? fields.userId)?.slice(
      0,
      maxSubject,
    ),
    staffUserid: fields.userId?.slice(0, maxUserid),
  }
}

/** An add that carries a welcome code must be answered within its life; everything else can wait. */
export function laneOf(event: WecomEvent, welcomeLifeMs: number, marginMs: number): { lane: Lane; deadlineMs: number } {
  const adds = event.kind === 'customer.added' || event.kind === 'customer.half_added'
  if (!adds || event.welcomeCode === undefined) return { lane: 'normal', deadlineMs: Number.POSITIVE_INFINITY }
  return { lane: 'welcome', deadlineMs: event.createTime * 1000 + welcomeLifeMs - marginMs }
}
