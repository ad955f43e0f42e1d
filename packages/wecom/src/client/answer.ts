/** An answer of the platform, read: it said yes, or it refused, or it was no answer of the platform's at all. */
export type Reading =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly errcode: number; readonly errmsg: string }
  | { readonly kind: 'foreign'; readonly reason: string }

/** Success is `errcode` 0 or none; anything that is not a JSON object comes from a proxy, not from the platform. */
export function readAnswer(status: number, text: string): Reading {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { kind: 'foreign', reason: `HTTP ${status}, no JSON` }
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { kind: 'foreign', reason: `HTTP ${status}, no JSON object` }
  }
  const errcode = 'errcode' in body ? body.errcode : 0
  if (errcode === 0) return status < 400 ? { kind: 'ok', body } : { kind: 'foreign', reason: `HTTP ${status}` }
  if (typeof errcode !== 'number') return { kind: 'foreign', reason: 'errcode is not a number' }
  const errmsg = 'errmsg' in body && typeof body.errmsg === 'string' ? body.errmsg : ''
  return { kind: 'refused', errcode, errmsg }
}
