import type { WeixinEvent } from '@nuanyu/wecom'

/**
 * What one callback says of the messages that somebody agreed to: his answers when he was asked, what he turned off in his
 * settings, and what became of a message.
 */
export interface ConsentFact {
  readonly openid: string
  readonly templateId: string
  readonly kind: 'accepted' | 'rejected' | 'refused' | 'sent' | 'failed'
  readonly at: Date
  /** Of a message its id. */
  readonly number: string
  readonly reason: string | null
}

const done = '0'

export function consentsOf(event: WeixinEvent): readonly ConsentFact[] {
  const base = { openid: event.openId, at: new Date(event.createTime * 1000), number: '', reason: null }
  switch (event.kind) {
    case 'subscribe_message.answered':
      return event.answers.map(({ templateId, status }) => ({
        ...base,
        templateId,
        kind: status === 'accept' ? 'accepted' : 'rejected',
      }))
    case 'subscribe_message.changed':
      // only turning off is told; what else may come one day is no refusal
      return event.changes
        .filter(({ status }) => status === 'reject')
        .map(({ templateId }) => ({ ...base, templateId, kind: 'refused' }))
    case 'subscribe_message.sent':
      return event.results.map(({ templateId, messageId, errorCode, errorStatus }) => ({
        ...base,
        templateId,
        kind: errorCode === done ? 'sent' : 'failed',
        number: messageId,
        reason: errorCode === done ? null : `${errorCode} ${errorStatus}`,
      }))
    default:
      return []
  }
}

/** How somebody stands to one template. */
export interface ConsentStanding {
  readonly accepted: number
  readonly rejected: number
  readonly sent: number
  readonly failed: number
  readonly refusedAt: Date | null
  readonly acceptedSinceRefusal: number
  readonly usedSinceRefusal: number
}

/** One agreement is one message; turning the template off ends those that are left. A failed one is used up too. */
export function messagesLeft({ acceptedSinceRefusal, usedSinceRefusal }: ConsentStanding): number {
  return Math.max(0, acceptedSinceRefusal - usedSinceRefusal)
}

/** A message that reached somebody, as the ledger of touches keeps it. */
export interface ReportedTouch {
  readonly customerId: number
  readonly at: Date
  readonly effect: string
  readonly corpId: number
  readonly channel: 'subscribe_message' | 'official_account'
  readonly kind: 'service'
}

/** Messages that reached somebody, whichever system sent them: he had asked for them, so they are service. */
export function touchesOfConsents(
  corpId: number,
  accountId: string,
  facts: readonly (ConsentFact & { readonly home: number })[],
): ReportedTouch[] {
  return facts
    .filter(({ kind }) => kind === 'sent')
    .map(({ home, at, number }) => ({
      ...{ customerId: home, at, effect: `subscribe:${accountId}:${number}`, corpId },
      ...{ channel: 'subscribe_message', kind: 'service' },
    }))
}

const delivered = 'success'

/** Template messages of an account that arrived, whichever system sent them: they tell of what somebody did, so they are service. */
export function touchesOfTemplates(
  corpId: number,
  accountId: string,
  events: readonly WeixinEvent[],
  homes: ReadonlyMap<string, number>,
): ReportedTouch[] {
  return events.flatMap((event): ReportedTouch[] => {
    if (event.kind !== 'oa.template_sent' || event.status !== delivered) return []
    const home = homes.get(event.openId)
    const at = new Date(event.createTime * 1000)
    const effect = `template:${accountId}:${event.messageId}`
    return home === undefined
      ? []
      : [{ customerId: home, at, effect, corpId, channel: 'official_account', kind: 'service' }]
  })
}
