import type { Client, ExternalUserId } from '@nuanyu/wecom'
import { type Clock, systemClock } from '../../../infra/clock.ts'
import type { Log } from '../../../infra/log.ts'
import { assetsOf, type PlatformMedia } from '../../content/index.ts'
import type { WelcomeSendOutcome } from './welcome.store.ts'
import { type Attempt, attemptWelcome } from './welcome-attempt.ts'
import { nextCode, type TriedCode, type WelcomeCodeOfApp } from './welcome-codes.ts'
import type { WelcomeJob } from './welcome-job.ts'
import { welcomePause } from './welcome-outcome.ts'
import { type RenderedWelcome, renderWelcome, usesName, usesPreferences } from './welcome-render.ts'

export interface WelcomeResult {
  readonly job: WelcomeJob
  readonly outcome: Exclude<WelcomeSendOutcome, 'no_code' | 'none'>
  readonly errcode: number | undefined
  readonly reason: string | undefined
  readonly customerName: string | undefined
  /** Every call that was made, in order. */
  readonly tried: readonly TriedCode[]
}

export interface WelcomeSenderPorts {
  readonly clock: Clock
  readonly log: Log
  readonly client: (corpId: number, appId: string) => Promise<Client | undefined>
  /** The codes that the corp's apps have for the same add so far, its own among them. */
  readonly codes: (job: WelcomeJob) => Promise<readonly WelcomeCodeOfApp[]>
  readonly media: (assetIds: readonly string[], now: Date) => Promise<ReadonlyMap<string, PlatformMedia>>
  /** The address of the customer's own page of preferences. */
  readonly preferences: (job: WelcomeJob, now: Date) => Promise<string>
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
/** Callbacks of one add reach a corp's apps within seconds of each other: looked for so often, in an add no older than this. */
const othersLooks = 3
const othersMs = 5_000
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
          return {
            job,
            outcome: 'unknown',
            errcode: undefined,
            reason: 'unexpected_error',
            customerName: undefined,
            tried: [],
          }
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
    const tried: { readonly appId: string; readonly errcode: number | undefined }[] = []
    let codes: readonly WelcomeCodeOfApp[] = []
    let name: string | undefined
    const result = (outcome: WelcomeResult['outcome'], reason?: string, errcode?: number): WelcomeResult => ({
      job,
      outcome,
      reason,
      errcode,
      customerName: name,
      tried: tried.map(({ appId, errcode }) => ({
        app: codes.find((one) => one.appId === appId)?.appName,
        errcode,
      })),
    })
    if (remaining(job) <= 0) return result('late', 'deadline_passed')
    let client = await ports.client(job.corpId, job.appId)
    if (client !== undefined) name = await lookUpName(client, job)
    const message = await render(job, name)
    stage(job, 'rendered')
    let code: WelcomeCodeOfApp = { appId: job.appId, appName: undefined, code: job.welcomeCode }
    const dead = new Set<string>()
    /** Goes over to another app's code, if there is one by now; without, on with this one while it may work. */
    const turn = async (): Promise<boolean> => {
      if (codes.length < 2) codes = await codesOf(job)
      const next = nextCode(codes.length === 0 ? [code] : codes, code, dead)
      if (next === undefined) return false
      if (next.appId !== code.appId) client = await ports.client(job.corpId, next.appId)
      code = next
      return true
    }
    /** The other apps' callbacks may be a moment behind: a code that fails so young is worth waiting for them. */
    const otherCode = async (): Promise<boolean> => {
      for (let look = 1; ; look += 1) {
        if (await turn()) return true
        if (look > othersLooks || ports.clock.now().getTime() - job.addedAt.getTime() > othersMs) return false
        await ports.wait(welcomePause(look))
      }
    }
    const giveUp = (outcome: 'late' | 'refused', reason: string, errcode?: number): WelcomeResult =>
      answerLost ? result('unknown', 'answer_lost', errcode) : result(outcome, reason, errcode)
    let answerLost = job.maybeSent
    for (let attempt = 1; ; attempt += 1) {
      if (remaining(job) <= 0) return giveUp('late', 'deadline_passed')
      const { outcome, errcode }: Attempt =
        client === undefined
          ? { outcome: { kind: 'app_refused' }, errcode: undefined }
          : await attemptWelcome(client, code.code, message, machineDeadline(remaining(job)), answerLost)
      tried.push({ appId: code.appId, errcode })
      if (errcode !== undefined) stage(job, 'answered')
      switch (outcome.kind) {
        case 'sent':
          return errcode === 0 ? result('sent') : result('sent', 'delivered_before', errcode)
        case 'refused':
          return result('refused', outcome.reason, errcode)
        case 'no_time':
          return giveUp('late', outcome.reason)
        case 'dead_code':
          dead.add(code.appId)
          if (await otherCode()) continue
          return giveUp('late', 'code_expired', errcode)
        case 'app_refused':
          dead.add(code.appId)
          if (await otherCode()) continue
          return giveUp('refused', client === undefined ? 'no_app' : 'other', errcode)
        case 'again':
          await turn()
          break
        case 'lost':
          answerLost = true
      }
      await ports.wait(Math.min(welcomePause(attempt), Math.max(remaining(job), 0)))
    }
  }

  async function codesOf(job: WelcomeJob): Promise<readonly WelcomeCodeOfApp[]> {
    try {
      return await ports.codes(job)
    } catch (error) {
      // the platform's answer stands whether or not our log can be read
      ports.log.warn({ err: error, key: job.key }, 'the codes of other apps could not be read')
      return []
    }
  }

  async function render(job: WelcomeJob, name: string | undefined): Promise<RenderedWelcome> {
    const assets = assetsOf(job.content.attachments)
    const media = await ports.media(assets, ports.clock.now())
    const preferences = usesPreferences(job.content) ? await ports.preferences(job, ports.clock.now()) : undefined
    const names = { customer: name, staff: job.staffName, store: job.storeName, preferences }
    return renderWelcome(job.content, names, (id) => media.get(id))
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
        { deadline: machineDeadline(limit), priority: 'interactive', signal: controller.signal },
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

/** The client's deadlines are in machine time: what is left of a code's life runs on the machine while the call is out. */
function machineDeadline(ms: number): number {
  return systemClock.now().getTime() + ms
}

function stage(job: WelcomeJob, name: string): void {
  job.stages[name] = Math.round((performance.now() - job.receivedMs) * 10) / 10
}
