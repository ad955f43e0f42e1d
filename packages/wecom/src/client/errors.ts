import { explain } from '../errors/index.ts'
import type { PlatformName } from '../platform-name.ts'
import { explainWeixin } from '../weixin/errors.ts'

/** What every error of a call carries. Never the token, never the secret. */
export interface CallContext {
  /** `group.name` in the catalogue. */
  readonly endpoint: string
  readonly path: string
  readonly corpId: string
  readonly appKey: string
  /** Left out for WeCom. The same code may mean something else on another platform. */
  readonly platform?: PlatformName
}

const meaningOf = ({ platform }: CallContext, errcode: number) =>
  platform === 'weixin' ? explainWeixin(errcode) : explain(errcode)

/** A call to the platform that did not end well; the subclasses say how. */
export abstract class CallError extends Error {
  readonly call: CallContext
  constructor(call: CallContext, message: string, cause?: unknown) {
    super(`${call.endpoint}: ${message}`, cause === undefined ? undefined : { cause })
    this.call = call
  }

  get endpoint(): string {
    return this.call.endpoint
  }
}

/** The platform answered an error code: the thing was not done. */
export class WecomError extends CallError {
  override readonly name = 'WecomError'
  readonly errcode: number
  /** The platform's words; for the log only, never to branch on (D90313). */
  readonly errmsg: string
  /**
   * An earlier attempt of the same call got no answer. Then the code may speak of that attempt's success:
   * 41051 after a lost answer means that the welcome was delivered.
   */
  readonly afterLostAnswer: boolean

  constructor(call: CallContext, errcode: number, errmsg: string, afterLostAnswer = false) {
    super(call, `${errcode} ${meaningOf(call, errcode).meaning}`)
    this.errcode = errcode
    this.errmsg = errmsg
    this.afterLostAnswer = afterLostAnswer
  }

  get meaning(): string {
    return meaningOf(this.call, this.errcode).meaning
  }

  get remedy(): string {
    return meaningOf(this.call, this.errcode).remedy
  }
}

/** The request does not fit the declaration, so it was not sent. `errcode` is what the platform would have answered. */
export class InvalidRequestError extends CallError {
  override readonly name = 'InvalidRequestError'
  readonly errcode: number
  readonly issues: readonly string[]

  constructor(call: CallContext, errcode: number, issues: readonly string[]) {
    super(call, `invalid request: ${issues.join('; ')}`)
    this.errcode = errcode
    this.issues = issues
  }
}

/** The answer was lost after the request went out, and repeating might do the thing twice. */
export class UnknownOutcomeError extends CallError {
  override readonly name = 'UnknownOutcomeError'
}

/** Nothing was done: the request never went out, or a read failed after its repeats. */
export class NetworkError extends CallError {
  override readonly name = 'NetworkError'
}

/** The platform said yes in a shape that is not the declared one. The thing was done. */
export class UnexpectedAnswerError extends CallError {
  override readonly name = 'UnexpectedAnswerError'
}

/** The secret was refused (40001); no call goes out until a person changes it, because repeats ban the IP. */
export class CircuitOpenError extends CallError {
  override readonly name = 'CircuitOpenError'
  readonly reason: string

  constructor(call: CallContext, reason: string) {
    super(call, `the secret was refused and waits for a person: ${reason}`)
    this.reason = reason
  }
}

/** The platform's limit leaves no room before the deadline. Nothing was sent. */
export class BudgetExhaustedError extends Error {
  override readonly name = 'BudgetExhaustedError'
  readonly corpId: string
  readonly path: string
  /** Machine time in ms at which a call may go out again. */
  readonly availableAt: number

  constructor(corpId: string, path: string, availableAt: number) {
    super(`${path}: no room within the platform's limit before ${new Date(availableAt).toISOString()}`)
    this.corpId = corpId
    this.path = path
    this.availableAt = availableAt
  }
}

/** The deadline passed before the request went out. Nothing was sent. */
export class DeadlineError extends CallError {
  override readonly name = 'DeadlineError'
  /** Machine time in ms. */
  readonly deadline: number

  constructor(call: CallContext, deadline: number) {
    super(call, 'the deadline passed before the request went out')
    this.deadline = deadline
  }
}
