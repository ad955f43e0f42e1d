import type { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { defaultLimitProfile, type LimitProfile, underLimits } from './limits.ts'

/** A request as the declaration sees it: parsed, or refused with the code that the platform would answer. */
export type CheckedRequest<Request> =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly errcode: number; readonly issues: readonly string[] }

/** Answer to a request whose fields have no code of their own: invalid parameter (D90313). */
const invalidParameter = 40058

/** The code that a failed check stands for: the first issue's own one, or 40058. */
export function requestErrcode(error: z.ZodError): number {
  const own = error.issues.map((issue) => /^(\d{5,6}) /.exec(issue.message)?.[1]).find((code) => code !== undefined)
  return own === undefined ? invalidParameter : Number(own)
}

/**
 * Checks a request against its declaration under one corp's limits; the client before sending, the sandbox on receipt.
 *
 * @param input query (GET, uploads) or JSON body (POST)
 */
export function checkRequest<Req extends z.ZodType>(
  endpoint: Endpoint<Req>,
  input: unknown,
  limits: LimitProfile = defaultLimitProfile,
): CheckedRequest<z.output<Req>> {
  const result = underLimits(limits, () => endpoint.request.safeParse(input))
  if (result.success) return { ok: true, request: result.data }
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
  return { ok: false, errcode: requestErrcode(result.error), issues }
}
