import {
  BudgetExhaustedError,
  type Client,
  DeadlineError,
  type ExternalUserId,
  NetworkError,
  UnknownOutcomeError,
  WecomError,
  type WelcomeCode,
} from '@nuanyu/wecom'
import type { Clock } from '../../infra/clock.ts'
import type { Log } from '../../infra/log.ts'
import type { WelcomeSendOutcome } from './welcome.store.ts'
import type { WelcomeJob } from './welcome-job.ts'
import { readWelcomeAnswer, welcomePause } from './welcome-outcome.ts'
import { type PlatformMedia, renderWelcome, usesName } from './welcome-render.ts'

export interface WelcomeResult {
  readonly job: WelcomeJob
  readonly outcome: Exclude<WelcomeSendOutcome, 'no_code' | 'none'>
  readonly errcode: number | undefined
  readonly reason: string | undefined
  readonly customerName: string | undefined
}

export interface WelcomeSenderPorts {
  readonly clock: Clock
  readonly log: Log
  readonly client: (job: WelcomeJob) => Promise<Client | undefined>
  readonly media: (assetIds: readonly string[], now: Date) => Promise<ReadonlyMap<string, PlatformMedia>>
  readonly onResult: (result: WelcomeResult) => void
  readonly wait: (ms: number) => Promise<void>
  /** Sends under way at once. */
  readonly concurrency: number
}

export interface WelcomeSender {
  push(jobs: readonly WelcomeJob[]): void
  readonly waiting: number
  drain(): Promise<void>
}

/** The name look-up on the path: at most this long, then the wording without the name. */
const nameLimitMs = 1_000
/** With more welcomes waiting than this, names are switched off: each would cost a call of the budget and time. */
const overloadAt = 300

/** Sends claimed welcomes, earliest deadline first, each within its deadline or not at all. */
export function createWelcomeSender(ports: WelcomeSenderPorts): WelcomeSender {
  const queue: WelcomeJob[] = []
  let active = 0
  const idle: (() => void)[] = []

  function pump(): void {
    if (queue.length > 1) queue.sort((a, b) => a.deadlineMs - b.deadlineMs)
    while (active < ports.concurrency && queue.length > 0) {
      const job = queue.shift()
      if (job === undefined) break
      active += 1
      send(job)
        .catch((error): WelcomeResult => {
          ports.log.error({ err: error, key: job.key }, 'a welcome failed unexpectedly; whether it went out is unknown')
          return { job, outcome: 'unknown', errcode: undefined, reason: 'unexpected_error', customerName: undefined }
        })
        .then(ports.onResult)
        .finally(() => {
          active -= 1
          pump()
        })
    }
    if (active === 0 && queue.length === 0) for (const resolve of idle.splice(0)) resolve()
  }

  async function send(job: WelcomeJob): Promise<WelcomeResult> {
    const result = (outcome: WelcomeResult['outcome'], reason?: string, errcode?: number): WelcomeResult => ({
      job,
      outcome,
      reason,
      errcode,
      customerName: name,
    })
    let name: string | undefined
    if (remaining(job) <= 0) return result('late', 'deadline_passed')
    const client = await ports.client(job)
    if (client === undefined) return result('refused', 'no_app')
    name = await lookUpName(client, job)
    const assets = job.content.attachments.flatMap((attachment) =>
      'assetId' in attachment ? [attachment.assetId] : [],
    )
    const media = await ports.media(assets, ports.clock.now())
    const message = renderWelcome(job.content, { customer: name, staff: job.staffName, store: job.storeName }, (id) =>
      media.get(id),
    )
    stage(job, 'rendered')
    let answerLost = job.maybeSent
    for (let attempt = 1; ; attempt += 1) {
      if (remaining(job) <= 0) return answerLost ? result('unknown', 'answer_lost') : result('late', 'deadline_passed')
      try {
        await client.welcome.send(
          {
            welcome_code: job.welcomeCode as WelcomeCode,
            ...(message.text ? { text: message.text } : {}),
            attachments: [...message.attachments],
          },
          { deadline: Date.now() + remaining(job), priority: 'urgent' },
        )
        stage(job, 'answered')
        return result('sent')
      } catch (error) {
        if (error instanceof WecomError) {
          const read = readWelcomeAnswer(error.errcode, answerLost || error.afterLostAnswer)
          stage(job, 'answered')
          if (read.kind === 'sent') return result('sent', 'delivered_before', error.errcode)
          if (read.kind === 'late') return result('late', 'code_expired', error.errcode)
          if (read.kind === 'refused') return result('refused', read.reason, error.errcode)
        } else if (error instanceof BudgetExhaustedError) {
          return answerLost ? result('unknown', 'answer_lost') : result('late', 'no_budget')
        } else if (error instanceof DeadlineError) {
          return answerLost ? result('unknown', 'answer_lost') : result('late', 'deadline_passed')
        } else if (error instanceof UnknownOutcomeError) answerLost = true
        else if (!(error instanceof NetworkError)) throw error
      }
      await ports.wait(Math.min(welcomePause(attempt), Math.max(remaining(job), 0)))
    }
  }

  async function lookUpName(client: Client, job: WelcomeJob): Promise<string | undefined> {
    if (!usesName(job.content) || queue.length > overloadAt) return undefined
    const limit = Math.min(nameLimitMs, remaining(job) - 2_000)
    if (limit <= 0) return undefined
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), limit)
    try {
      const answer = await client.customers.get(
        { external_userid: job.externalUserid as ExternalUserId },
        { deadline: Date.now() + limit, priority: 'interactive', signal: controller.signal },
      )
      return answer.external_contact.name
    } catch (error) {
      // a half add cannot be read yet (84061), a slow platform is cut off: the greeting goes without the name
      ports.log.debug({ err: error, key: job.key }, 'no name for a welcome')
      return undefined
    } finally {
      clearTimeout(timer)
      stage(job, 'named')
    }
  }

  const remaining = (job: WelcomeJob): number => job.deadlineMs - ports.clock.now().getTime()

  return {
    push(jobs) {
      queue.push(...jobs)
      pump()
    },
    get waiting() {
      return queue.length
    },
    drain: () =>
      new Promise((resolve) => {
        idle.push(resolve)
        pump()
      }),
  }
}

function stage(job: WelcomeJob, name: string): void {
  job.stages[name] = Math.round((performance.now() - job.receivedMs) * 10) / 10
}
