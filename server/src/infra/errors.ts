/**
 * One error type with stable codes and one HTTP map. The message is for a person: what happened and why; the hint: what to do.
 * An unexpected error is not one of these: it fails the request with `internal` and is logged with its cause.
 */
export const errorCodes = {
  /** The request does not fit the schema; details list the fields. */
  invalid_request: 400,
  /** Not logged in, or the session ended. */
  unauthenticated: 401,
  /** Logged in, but the role or the data scope does not allow it; the message names the missing permission. */
  forbidden: 403,
  /** The CSRF token is missing or wrong. */
  csrf: 403,
  /** Logged in with a published demo password where a real corp is connected: only a new password opens anything. */
  password_change_required: 403,
  not_found: 404,
  /** Somebody changed it meanwhile, or a thing of that name exists. */
  conflict: 409,
  /** The body is larger than the limit. */
  too_large: 413,
  /** A rule of the business refuses it, e.g. a member at his customer cap in a code. */
  rule: 422,
  /** Too many attempts; details.retry_after_s says when to try again. */
  too_many: 429,
  internal: 500,
  /** The platform refused or did not answer; details carry its errcode, meaning and remedy. */
  platform: 502,
  /** The database or a needed part is away. */
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorCodes
export type ErrorStatus = (typeof errorCodes)[ErrorCode]

export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
  readonly details: unknown
}

/** A text in both languages of the interface. */
export interface Said {
  readonly zh: string
  readonly en: string
}

export class AppError extends Error {
  readonly code: ErrorCode
  readonly said: Said
  readonly hint: Said | undefined
  readonly details: unknown

  constructor(code: ErrorCode, said: Said, options: { hint?: Said; details?: unknown; cause?: unknown } = {}) {
    super(said.en, { cause: options.cause })
    this.code = code
    this.said = said
    this.hint = options.hint
    this.details = options.details
  }

  get status(): ErrorStatus {
    return errorCodes[this.code]
  }

  body(language: keyof Said): ErrorBody {
    return { code: this.code, message: this.said[language], hint: this.hint?.[language], details: this.details }
  }
}

/** The usual answer for a thing that is not there, or not in the reader's data scope: both look the same. */
export function notFound(what: Said): AppError {
  return new AppError(
    'not_found',
    {
      zh: `没有找到这个${what.zh}，它可能已被删除，或不在你的数据范围内。`,
      en: `This ${what.en} was not found: it may have been deleted, or lies outside your data scope.`,
    },
    {
      hint: {
        zh: '请核对地址；如果它应当由你看到，请管理员调整你的数据范围。',
        en: 'Check the address; if it should be yours to see, ask an administrator to widen your data scope.',
      },
    },
  )
}
