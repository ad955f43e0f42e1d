import type { SandboxClock } from './clock/clock.ts'
import type { IdMaker } from './world/ids.ts'

/** App messages that went out: to recall them, and to know a repetition [90236]. */
export interface SentMessages {
  add(appKey: string, content: string): string
  get(msgid: string): { appKey: string; atMs: number } | undefined
  /** The same content of the same app within the interval. */
  same(appKey: string, content: string, intervalMs: number): string | undefined
}

/** Two days: past what may be recalled, so that "too late" is told from "unknown". */
const REMEMBERED_MS = 2 * 86_400_000

export function createSentMessages(clock: SandboxClock, newId: IdMaker): SentMessages {
  const sent = new Map<string, { appKey: string; atMs: number }>()
  const byContent = new Map<string, string>()
  return {
    add(appKey, content) {
      for (const [msgid, { atMs }] of sent) {
        if (atMs + REMEMBERED_MS > clock.now()) break
        sent.delete(msgid)
      }
      for (const [key, msgid] of byContent) {
        if (sent.has(msgid)) break
        byContent.delete(key)
      }
      const msgid = newId('', 64)
      sent.set(msgid, { appKey, atMs: clock.now() })
      byContent.delete(`${appKey} ${content}`)
      byContent.set(`${appKey} ${content}`, msgid)
      return msgid
    },
    get: (msgid) => sent.get(msgid),
    same(appKey, content, intervalMs) {
      const msgid = byContent.get(`${appKey} ${content}`)
      const before = msgid === undefined ? undefined : sent.get(msgid)
      return before !== undefined && before.atMs + intervalMs > clock.now() ? msgid : undefined
    },
  }
}
