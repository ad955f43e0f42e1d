import type { Budget, Priority } from '../budget/types.ts'
import type { Catalogue } from '../catalogue.ts'
import type { RequestOf, ResponseOf } from '../endpoint.ts'
import type { LimitProfile } from '../limits.ts'
import type { TokenStore } from '../tokens/types.ts'

export interface CallOptions {
  /** Machine time in ms after which the call must not go out. A read is not waited for beyond it either. */
  readonly deadline?: number | undefined
  /** Who goes first within one API's budget; `normal` when left out. */
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
}

/** One method for each endpoint of a tree. */
export type ClientOf<Tree> = {
  readonly [Group in keyof Tree]: {
    readonly [Name in keyof Tree[Group]]: (
      request: RequestOf<Tree[Group][Name]>,
      options?: CallOptions,
    ) => Promise<ResponseOf<Tree[Group][Name]>>
  }
}

/** One method for each declared endpoint of WeCom; it throws the errors of `client/errors.ts`. */
export type Client = ClientOf<Catalogue>

/** How one attempt ended. */
export type CallOutcome =
  | 'ok'
  /** The platform answered an error code. */
  | 'refused'
  /** No answer after the request went out. */
  | 'lost'
  /** The request did not go out. */
  | 'not_sent'

/** One attempt, for logs and metrics. Holds no token, no secret and no body. */
export interface CallRecord {
  readonly endpoint: string
  readonly path: string
  readonly corpId: string
  readonly appKey: string
  /** 1 for the first. */
  readonly attempt: number
  readonly outcome: CallOutcome
  readonly errcode?: number
  readonly errmsg?: string
  /** Machine time in ms. */
  readonly startedAt: number
  /** From sending to the answer's end. */
  readonly ms: number
  /** Wait for budget and gate before sending. */
  readonly waitedMs: number
}

export interface ClientOptions {
  /** `https://qyapi.weixin.qq.com`, or the sandbox's address. */
  readonly baseUrl: string
  readonly corpId: string
  /** Our name of the app, to tell tokens and records apart. */
  readonly appKey: string
  readonly secret: string
  readonly tokens: TokenStore
  readonly budget: Budget
  /** Used in place of the own keep-alive transport. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Machine time in ms. */
  readonly clock?: (() => number) | undefined
  /** Waits that many ms; tests pass their own. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined
  /** Of one attempt. */
  readonly timeoutMs?: number | undefined
  /** The corp's limits, against which requests are checked before they go out. */
  readonly limits?: LimitProfile | undefined
  /** Told of every attempt; must not throw, because by then the thing is done. */
  readonly onCall?: ((record: CallRecord) => void) | undefined
}

export interface ClientControl {
  /** A person changed the secret or re-enabled the app: forgets the token and closes the circuit. */
  invalidate(): Promise<void>
}
