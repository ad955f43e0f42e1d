import { z } from 'zod'
import { attachmentSchema } from '../../content/index.ts'
import type { WelcomeContent } from './welcome.ts'

/** A welcome that was decided and claimed; all that is needed to send it, also after a crash. */
export interface WelcomeJob {
  readonly key: string
  readonly corpId: number
  readonly appId: string
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly welcomeCode: string
  readonly channelId: string | undefined
  readonly welcomeId: string
  readonly versionId: string
  readonly content: WelcomeContent
  readonly staffName: string
  readonly storeName: string | undefined
  readonly addedAt: Date
  readonly receivedAt: Date
  /** Business time, ms: not sent after it. */
  readonly deadlineMs: number
  readonly trace: unknown
  /** An earlier process may have sent it: 41051 then means delivered. */
  readonly maybeSent: boolean
  /** Machine time (performance.now) at receipt, and ms from it to each stage. */
  readonly receivedMs: number
  readonly stages: Record<string, number>
}

const claimed = z.object({
  appId: z.string(),
  corpId: z.number(),
  customerId: z.number(),
  userid: z.string(),
  externalUserid: z.string(),
  welcomeCode: z.string(),
  channelId: z.string().optional(),
  welcomeId: z.string(),
  versionId: z.string(),
  content: z.object({
    text: z.string(),
    textWithoutName: z.string().optional(),
    attachments: z.array(attachmentSchema),
  }),
  staffName: z.string(),
  storeName: z.string().optional(),
  addedAt: z.coerce.date(),
  receivedAt: z.coerce.date(),
  deadlineMs: z.number(),
  trace: z.unknown(),
})

/** What the ledger keeps of a claim. */
export function claimDetail(job: WelcomeJob): unknown {
  const { key: _key, maybeSent: _maybeSent, receivedMs: _receivedMs, stages: _stages, ...detail } = job
  return detail
}

/** A claim that a dead process left, as a job again. */
export function reviveJob(key: string, detail: unknown, nowMs: number): WelcomeJob {
  const { channelId, storeName, ...rest } = claimed.parse(detail)
  return { ...rest, channelId, storeName, key, maybeSent: true, receivedMs: nowMs, stages: {} }
}
