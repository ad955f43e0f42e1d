import type { Budget } from '../budget/types.ts'
import type { Endpoint, UploadFile } from '../endpoint.ts'
import type { LimitProfile } from '../limits.ts'
import { budgetPath, type PlatformName } from '../platform-name.ts'
import { checkRequest } from '../request.ts'
import { type Reading, readAnswer } from './answer.ts'
import { encode } from './encode.ts'
import {
  type CallContext,
  CircuitOpenError,
  DeadlineError,
  InvalidRequestError,
  NetworkError,
  UnexpectedAnswerError,
  UnknownOutcomeError,
  WecomError,
} from './errors.ts'
import {
  type Attempts,
  afterLoss,
  afterNotSent,
  afterRefusal,
  noAttempts,
  type RefusalRules,
  type Verdict,
} from './repeat.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, CallOutcome, CallRecord } from './types.ts'

export interface CallSetting {
  readonly baseUrl: string
  readonly corpId: string
  readonly appKey: string
  readonly secret: string
  readonly budget: Budget
  readonly transport: Transport
  readonly clock: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly timeoutMs: number
  readonly limits: LimitProfile
  readonly onCall: (record: CallRecord) => void
  readonly token: () => Promise<string>
  readonly dropToken: (bad: string) => Promise<void>
  readonly openCircuit: (reason: string) => Promise<void>
  /** Whose words the answers are, and whose limits the calls draw on. */
  readonly platform: PlatformName
  readonly refusals: (endpoint: Endpoint) => RefusalRules
}

type Attempt = Exclude<Reading, { kind: 'foreign' }> | { readonly kind: 'lost' | 'not_sent'; readonly cause: unknown }

const outcomes: Readonly<Record<Attempt['kind'], CallOutcome>> = {
  ok: 'ok',
  refused: 'refused',
  lost: 'lost',
  not_sent: 'not_sent',
}

/** One call with its repeats, from the check of the request to the parsed answer. */
export class Call {
  readonly #setting: CallSetting
  readonly #endpoint: Endpoint
  readonly #context: CallContext
  readonly #input: object
  readonly #file: UploadFile | undefined
  readonly #options: CallOptions
  #attempt = 0
  #token: string | undefined

  constructor(
    setting: CallSetting,
    name: string,
    endpoint: Endpoint,
    input: object,
    file: UploadFile | undefined,
    options: CallOptions,
  ) {
    this.#setting = setting
    this.#endpoint = endpoint
    this.#input = input
    this.#file = file
    this.#options = options
    const { corpId, appKey, platform } = setting
    const of = platform === 'wecom' ? {} : { platform }
    this.#context = { endpoint: name, path: endpoint.path, corpId, appKey, ...of }
  }

  async run(): Promise<unknown> {
    const checked = checkRequest(this.#endpoint, this.#input, this.#setting.limits)
    if (!checked.ok) throw new InvalidRequestError(this.#context, checked.errcode, checked.issues)

    let so = noAttempts
    for (;;) {
      const attempt = await this.#once(checked.request, so)
      if (attempt.kind === 'ok') return this.#parse(attempt.body)
      const verdict = await this.#judge(attempt, so)
      if (verdict.next === 'give_up' || verdict.next === 'open_circuit') throw this.#error(attempt, so, verdict)
      if (verdict.next === 'repeat' && !(await this.#wait(verdict))) throw this.#error(attempt, so, verdict)
      so = verdict.attempts
    }
  }

  /** One attempt: token, budget, request. What ends it before sending is thrown, unless an earlier answer was lost. */
  async #once(request: unknown, so: Attempts): Promise<Attempt> {
    const setting = this.#setting
    const endpoint = this.#endpoint
    const priority = this.#options.priority ?? 'normal'
    const asked = setting.clock()
    let release: () => void
    try {
      this.#token = endpoint.credential.includes('none') ? undefined : await setting.token()
      const { corpId } = setting
      release = await setting.budget.acquire({
        corpId,
        path: budgetPath(setting.platform, endpoint.path),
        priority,
        deadline: this.#options.deadline,
      })
    } catch (cause) {
      throw this.#unsettled(so) ? new UnknownOutcomeError(this.#context, 'the answer was lost', cause) : cause
    }
    try {
      return await this.#send(request, so, setting.clock() - asked)
    } finally {
      release()
    }
  }

  async #send(request: unknown, so: Attempts, waitedMs: number): Promise<Attempt> {
    const { clock, transport, baseUrl } = this.#setting
    const startedAt = clock()
    const { deadline, signal } = this.#options
    if (signal?.aborted === true || (deadline !== undefined && deadline <= startedAt)) {
      if (this.#unsettled(so)) throw new UnknownOutcomeError(this.#context, 'the answer was lost, and the time is over')
      signal?.throwIfAborted()
      throw new DeadlineError(this.#context, deadline ?? startedAt)
    }
    this.#attempt += 1
    // a read that comes too late is worth nothing; of a change that went out we want to hear what became of it
    const readUntil =
      this.#endpoint.repeat === 'safe' ? (deadline ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
    const timeoutMs = Math.min(this.#setting.timeoutMs, readUntil - startedAt)
    const outgoing = await encode(baseUrl, this.#endpoint, request, this.#file, this.#token)
    const incoming = await transport({ ...outgoing, timeoutMs, signal })
    const attempt = settle(incoming)
    this.#record(attempt, startedAt, clock() - startedAt, waitedMs)
    return attempt
  }

  async #judge(attempt: Attempt, so: Attempts): Promise<Verdict> {
    if (attempt.kind === 'not_sent') return afterNotSent(so)
    if (attempt.kind !== 'refused') return afterLoss(this.#endpoint.repeat, so)
    const { limits, refusals } = this.#setting
    const rules = refusals(this.#endpoint)
    const verdict = afterRefusal(attempt.errcode, so, limits.value('api.busy_repeats'), rules)
    if (verdict.next === 'refresh_token' && this.#token !== undefined) await this.#setting.dropToken(this.#token)
    if (verdict.next === 'open_circuit')
      await this.#setting.openCircuit(`${attempt.errcode} ${this.#scrub(attempt.errmsg)}`)
    return verdict
  }

  /** Waits before the next attempt; false when the deadline or the caller does not allow it. */
  async #wait(verdict: Extract<Verdict, { next: 'repeat' }>): Promise<boolean> {
    const { budget, clock, sleep, corpId, platform } = this.#setting
    const path = budgetPath(platform, this.#endpoint.path)
    if (verdict.limited !== undefined) budget.limited({ corpId, path }, verdict.limited)
    if (this.#options.signal?.aborted === true) return false
    if (clock() + verdict.afterMs >= (this.#options.deadline ?? Number.POSITIVE_INFINITY)) return false
    if (verdict.afterMs > 0) await sleep(verdict.afterMs)
    return true
  }

  /** An earlier attempt may have done the thing. */
  #unsettled(so: Attempts): boolean {
    return so.lost > 0 && this.#endpoint.repeat !== 'safe'
  }

  #error(attempt: Exclude<Attempt, { kind: 'ok' }>, so: Attempts, verdict: Verdict): Error {
    const context = this.#context
    if (attempt.kind === 'refused') {
      const errmsg = this.#scrub(attempt.errmsg)
      if (verdict.next === 'open_circuit') return new CircuitOpenError(context, `${attempt.errcode} ${errmsg}`)
      return new WecomError(context, attempt.errcode, errmsg, so.lost > 0)
    }
    const mayBeDone = this.#endpoint.repeat !== 'safe' && (attempt.kind === 'lost' || so.lost > 0)
    if (mayBeDone) return new UnknownOutcomeError(context, 'the answer was lost', this.#reason(attempt.cause))
    const what = attempt.kind === 'lost' ? 'no answer' : 'the request did not go out'
    return new NetworkError(context, what, this.#reason(attempt.cause))
  }

  #parse(body: unknown): unknown {
    const parsed = this.#endpoint.response.safeParse(body)
    if (parsed.success) return parsed.data
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new UnexpectedAnswerError(this.#context, `the answer is not as declared: ${issues.join('; ')}`)
  }

  #record(attempt: Attempt, startedAt: number, ms: number, waitedMs: number): void {
    const refused = attempt.kind === 'refused' ? { errcode: attempt.errcode, errmsg: this.#scrub(attempt.errmsg) } : {}
    const outcome = outcomes[attempt.kind]
    this.#setting.onCall({ ...this.#context, attempt: this.#attempt, outcome, startedAt, ms, waitedMs, ...refused })
  }

  /** The platform repeats parts of a request in its words; a token or a secret must not travel on in them. */
  #scrub(text: string): string {
    const hidden = [this.#token, this.#setting.secret].filter((part) => part !== undefined && part !== '')
    return hidden.reduce((scrubbed: string, part) => scrubbed.replaceAll(part ?? '', '***'), text)
  }

  /** The cause's words alone: the error itself may hold the address with the token. */
  #reason(cause: unknown): string {
    return this.#scrub(cause instanceof Error ? cause.message : String(cause))
  }
}

function settle(incoming: Awaited<ReturnType<Transport>>): Attempt {
  if (incoming.kind !== 'answer') return incoming
  if (incoming.picture !== undefined) return { kind: 'ok', body: incoming.picture }
  const reading = readAnswer(incoming.status, incoming.text)
  return reading.kind === 'foreign' ? { kind: 'lost', cause: reading.reason } : reading
}
