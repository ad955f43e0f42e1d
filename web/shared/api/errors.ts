/** What every refusal of the server looks like: a stable code, what happened, what to do. */
export interface ErrorBody {
  code: string
  message: string
  hint?: string | undefined
  details?: unknown
}

/** A refusal, or no answer at all (`status` 0, code `network`). `message` and `hint` are written for the reader. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly details: unknown

  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.name = 'ApiError'
    this.status = status
    this.code = body.code
    this.hint = body.hint
    this.details = body.details
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Reads a refusal's body; anything else (a proxy's page, an empty body) becomes a sentence with the status. */
export function errorFrom(status: number, body: unknown): ApiError {
  if (isRecord(body) && typeof body.code === 'string' && typeof body.message === 'string') {
    const hint = typeof body.hint === 'string' ? body.hint : undefined
    return new ApiError(status, { code: body.code, message: body.message, hint, details: body.details })
  }
  return new ApiError(status, { code: `http_${status}`, message: '' })
}
