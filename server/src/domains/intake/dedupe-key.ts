import { hash } from 'node:crypto'
import type { WecomEvent } from '@nuanyu/wecom'

/**
 * The key on which repeats of one callback collapse and nothing else does, chosen per event family: two different events
 * of one second must stay two (the platform's advice, FromUserName + CreateTime, loses one of them).
 * Unique per corp and app: each app of a corp gets its own copy of an event.
 */
export function dedupeKey(corpId: number, appId: string, event: WecomEvent, xml: string): Buffer {
  return digest([String(corpId), appId, ...familyKey(event, xml)])
}

/** The key of the domain event that several apps' copies of one fact become. */
export function factKey(corpId: number, parts: readonly (string | number | undefined)[]): Buffer {
  return digest(['fact', String(corpId), ...parts.map((part) => (part === undefined ? '' : String(part)))])
}

function familyKey(event: WecomEvent, xml: string): readonly string[] {
  switch (event.kind) {
    case 'customer.added':
    case 'customer.half_added':
      return [event.kind, event.userId, event.externalUserId, String(event.createTime), event.welcomeCode ?? '']
    case 'customer.edited':
    case 'customer.removed_by_member':
    case 'customer.removed_by_customer':
      return [event.kind, event.userId, event.externalUserId, String(event.createTime)]
    default:
      // every other family (groups with their member lists, tags, links, contacts, unknown ones): the whole decrypted
      // document, which the platform repeats to the letter, is the key
      return [event.kind, xml]
  }
}

function digest(parts: readonly string[]): Buffer {
  // length before each part: no two lists of parts run together to the same bytes
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  return hash('sha256', text, 'buffer').subarray(0, 16)
}
